"""A game of a person's own, from its table to a verified and scored run, by commands alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pokebench.cli import main
from pokebench.milestone import Cartridge

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "meadow.toml"


@pytest.fixture
def rom(micro: Cartridge, tmp_path: Path) -> Path:
    path = tmp_path / "meadow.gb"
    path.write_bytes(micro.rom.data)
    return path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def played(rom: Path, tmp_path: Path) -> Path:
    options = ("--agent", "random", "--budget-minutes", 0.5, "--out", tmp_path / "runs")
    result = call("run", "--game", EXAMPLE, "--rom", rom, "--json", *options)
    assert result.exit_code == 0, result.stderr
    return Path(json.loads(result.stdout)["run"])


def test_a_run_of_an_own_game_is_verified_with_its_table(rom: Path, tmp_path: Path) -> None:
    folder = played(rom, tmp_path)

    verified = call("verify", folder, "--rom", rom, "--game", EXAMPLE)
    assert verified.exit_code == 0, verified.stderr
    assert "1 of 3 milestones" in verified.stdout

    without = call("verify", folder, "--rom", rom)
    assert without.exit_code == 2
    assert "--game PATH/meadow.toml" in without.stderr


def test_another_table_of_the_same_name_is_found_out(rom: Path, tmp_path: Path) -> None:
    folder = played(rom, tmp_path)
    other = tmp_path / "meadow.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    other.write_text(text.replace('title = "First battle won"', 'title = "Won"'), encoding="utf-8")

    result = call("verify", folder, "--rom", rom, "--game", other)
    assert result.exit_code == 1
    assert "game.table_sha256" in result.stderr


def test_the_hint_after_a_run_can_be_followed(rom: Path, tmp_path: Path) -> None:
    options = ("--agent", "random", "--budget-minutes", 0.2, "--out", tmp_path / "runs")
    result = call("run", "--game", EXAMPLE, "--rom", rom, *options)
    assert f"--game {EXAMPLE} --rom ROM" in result.stderr


def test_a_world_is_written_as_a_cartridge(micro: Cartridge, tmp_path: Path) -> None:
    path = tmp_path / "meadow.gb"
    result = call("world", "tallgrass:micro@1", "--out", tmp_path / "map.png", "--cartridge", path)
    assert result.exit_code == 0, result.stderr
    assert path.read_bytes() == micro.rom.data
