import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pokebench.cli import main
from pokebench.errors import RomError
from pokebench.milestone import GameSpec, open_game
from pokebench.rom import Rom
from pokebench.testing.cartridge import image_rom

ROM = image_rom(title="HOMEBREW")
TABLE = f"""
schema = 1
game = {{ id = "homebrew", title = "Homebrew", reader = "tallgrass" }}
rom = [{{ sha1 = "{Rom.of(ROM).sha1}", region = "World", revision = "1.0" }}]
timing = {{ step_frames = 20, hold_frames = 8 }}
start = {{ boot_frames = 60, max_idle_frames = 0 }}
end = {{ milestone = "one" }}
[symbols]
place = {{ address = 0xC000, source = "here" }}
[[milestones]]
id = "one"
title = "One"
skill = "memory"
when = {{ symbol = "place", equals = 1 }}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person who has a table and a ROM of their own."""
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "homebrew.toml").write_text(TABLE)
    (tmp_path / "mine.gb").write_bytes(ROM)
    monkeypatch.setenv("POKEBENCH_GAMES", str(tmp_path / "games"))
    monkeypatch.setenv("POKEBENCH_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("POKEBENCH_ROMS", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_a_rom_is_added_listed_found_and_forgotten(home: Path) -> None:
    with pytest.raises(RomError, match="homebrew needs your own ROM: `pokebench rom add PATH`"):
        open_game(GameSpec.parse("homebrew"))

    code, out, err = call("rom", "add", "mine.gb")
    assert (code, out) == (0, "✔ mine.gb: Homebrew (World) 1.0\n")
    assert "doctor --game homebrew" in err
    assert open_game(GameSpec.parse("homebrew")).rom.data == ROM
    listed = json.loads(call("rom", "list", "--json")[1])
    assert [(rom["game"], rom["place"], rom["path"]) for rom in listed] == [
        ("homebrew", "remembered", str(home / "mine.gb"))
    ]
    assert "your own, found" in call("games")[1]

    assert call("rom", "forget", "homebrew")[0] == 0
    assert json.loads(call("rom", "list", "--json")[1]) == []
    assert (home / "mine.gb").read_bytes() == ROM


def test_a_wrong_rom_is_explained_and_not_remembered(home: Path) -> None:
    (home / "other.gb").write_bytes(image_rom(title="POKEMON BLUE"))
    code, out, err = call("rom", "add", "other.gb")

    assert (code, out) == (2, "")
    assert "✘ other.gb: It looks like a hack or another language of Pokémon Blue" in err
    assert not (home / "config").exists()


def test_a_rom_of_another_game_is_told_apart(home: Path) -> None:
    with pytest.raises(RomError, match=r"is not Pokémon Red\. It is Homebrew.*--game homebrew"):
        open_game(GameSpec.parse("pokemon_red"), home / "mine.gb")


def test_what_is_gone_is_listed_as_gone(home: Path) -> None:
    call("rom", "add", "mine.gb")
    (home / "mine.gb").unlink()
    code, out, _ = call("rom", "list")

    assert code == 0
    assert "the file is gone" in out
    assert call("rom", "add", "mine.gb")[0] == 2
    assert call("rom", "forget", "nothing")[0] == 2


def test_a_table_that_ships_is_not_replaced_by_ones_own(home: Path) -> None:
    (home / "games" / "pokemon_red.toml").write_text(TABLE.replace("homebrew", "pokemon_red"))

    assert open_game(GameSpec.parse("homebrew"), home / "mine.gb").spec.game == "homebrew"
    with pytest.raises(RomError):
        open_game(GameSpec.parse("pokemon_red"), home / "mine.gb")
