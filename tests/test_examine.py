"""`pokebench examine` on RAM that lies in a file."""

import json
from pathlib import Path

from click.testing import CliRunner

from pokebench.cli import main
from tests.milestone.test_flags import honest, put


def image(tmp_path: Path, game: str, **numbers: int) -> str:
    ram = honest(game)
    put(ram, game, **numbers)
    path = tmp_path / "work.ram"
    path.write_bytes(ram.data[0xC000:0xE000])
    return str(path)


def test_an_image_is_told_in_words(tmp_path: Path) -> None:
    path = image(tmp_path, "pokemon_red", badges=1)
    result = CliRunner().invoke(main, ["examine", path, "--game", "pokemon_red"])

    assert result.exit_code == 0, result.output
    assert "Pokémon Red: walking, takes a button" in result.output
    assert "Place: map 1, column 5, row 6, facing down." in result.output
    assert "Milestones: none" in result.output
    assert "Flags: a badge whose leader was not beaten" in result.output


def test_programs_get_numbers(tmp_path: Path) -> None:
    path = image(tmp_path, "pokemon_yellow", party_level=101)
    result = CliRunner().invoke(main, ["examine", path, "--game", "pokemon_yellow", "--json"])
    found = json.loads(result.output)

    assert [flag["id"] for flag in found["flags"]] == ["party"]
    assert found["scene"] == "walking"
    assert found["is_ready"] is True
    assert (found["place"], found["position"]) == (1, [5, 6])
    assert found["numbers"]["money"] == 3000
    assert found["numbers"]["party_level"] == [101]


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.ram"
    path.write_bytes(b"abc")
    result = CliRunner().invoke(main, ["examine", str(path), "--game", "pokemon_red"])

    assert result.exit_code == 2
    assert "a RAM image of 3 bytes" in result.output
