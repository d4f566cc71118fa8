"""What `doctor` says, and the self-check on a program that stands in for a game."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pokebench.cli import main
from pokebench.cli.checks import State
from pokebench.cli.selfcheck import self_check
from pokebench.milestone import Cartridge, GameSpec, GameTable
from pokebench.milestone.table import Dump, Start
from pokebench.rom import Rom
from pokebench.testing.cartridge import image_rom
from tests.milestone.ram import Ram, table_of
from tests.milestone.test_flags import honest, put


def cartridge(ram: Ram, table: GameTable) -> Cartridge:
    """A game's own table on a cartridge that makes RAM; only here is its SHA-1 accepted."""
    rom = Rom.of(image_rom(bytes(ram.data[0xC000:0xE000]), title="POKEMON RED"))
    start = Start(
        boot_frames=90,
        max_idle_frames=0,
        reaches=table.start.reaches,
        expect=table.start.expect,
    )
    dump = Dump(sha1=rom.sha1, region="nowhere")
    changed = table.model_copy(update={"start": start, "rom": (dump,)})
    titles = {m.id: m.title for m in table.milestones}
    return Cartridge(GameSpec(table.game.id), changed, "0" * 64, rom, table.milestones, titles)


def bedroom() -> Ram:
    """Red at the first turn, as far as the table looks."""
    ram = honest("pokemon_red")
    put(ram, "pokemon_red", map=38, x=3, y=6, tileset=4, map_height=4, map_width=4)
    put(ram, "pokemon_red", map_height_squares=8, map_width_squares=8, party_count=0)
    put(ram, "pokemon_red", dex_owned=0, dex_seen=0)
    return ram


def test_the_self_check_tells_what_holds_and_what_does_not() -> None:
    table = table_of("pokemon_red")
    checks = {c.name + c.detail[:9]: c for c in self_check(cartridge(bedroom(), table))}
    states = {check.name: check.state for check in checks.values()}

    assert states["ROM"] is states["start"] is states["RAM at the start"] is State.GOOD
    assert states["milestones"] is states["flags"] is State.GOOD
    assert states["determinism"] is states["save and restore"] is State.GOOD
    assert states["names"] is State.BAD  # this ROM holds no names
    assert states["walking"] is State.BAD  # and no game that could walk
    bad = [check for check in checks.values() if check.state is State.BAD]
    assert all(check.todo for check in bad)


@pytest.mark.slow
def test_the_self_check_names_what_ram_holds_too_early() -> None:
    ram = bedroom()
    put(ram, "pokemon_red", badges=1, badges_copy=1, money=0x1000, towns_visited=2)
    checks = list(self_check(cartridge(ram, table_of("pokemon_red"))))
    bad = {check.name: check.detail for check in checks if check.state is State.BAD}

    assert bad["RAM at the start"] == "there are 3000 in the purse"
    assert bad["milestones"] == "at the start: control, viridian; expected: control"
    assert bad["flags"] == "at the start: a badge whose leader was not beaten"


def test_the_self_check_stops_where_the_start_script_does() -> None:
    table = table_of("pokemon_red")
    game = cartridge(Ram(), table)
    line = table.start.script[0].model_copy(update={"within_frames": 60})
    start = game.table.start.model_copy(update={"script": (line,)})
    last = list(
        self_check(
            Cartridge(
                game.spec,
                game.table.model_copy(update={"start": start}),
                game.table_sha256,
                game.rom,
                game.milestones,
                game.titles,
            )
        )
    )[-1]

    assert (last.name, last.state) == ("start", State.BAD)
    assert "did not lead to the main menu" in last.detail


def test_doctor_checks_this_machine_and_shows_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POKEBENCH_CONFIG", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-very-secret")
    done = CliRunner().invoke(main, ["doctor", "--json"])
    told = json.loads(done.stdout)
    states = {check["name"]: check["state"] for check in told["checks"]}

    assert done.exit_code == 0, done.output
    assert told["good"] is True
    assert states["Python"] == states["PyBoy"] == states["one frame"] == "good"
    assert states["key ANTHROPIC_API_KEY"] == "good"
    assert "sk-very-secret" not in done.output


def test_doctor_explains_a_wrong_rom_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "red.gb"
    path.write_bytes(image_rom(title="POKEMON RED"))
    done = CliRunner().invoke(main, ["doctor", "--rom", str(path)])

    assert done.exit_code == 1
    assert f"✘ ROM {path}: It looks like a hack or another language of Pokémon Red" in done.output
    assert "→ see roms_README.md" in done.output
