"""The facts that ship with the readers: numbers, and the same as in the games' tables."""

import re
from pathlib import Path

import pytest

from pokebench.milestone import game_ids, load_table
from pokebench.reader import facts
from pokebench.reader.facts import charset, places

LAYOUTS = ("red", "yellow", "gold", "crystal")
LAYOUT_OF = {
    "pokemon_red": "red", "pokemon_blue": "red", "pokemon_yellow": "yellow",
    "pokemon_gold": "gold", "pokemon_silver": "gold", "pokemon_crystal": "crystal",
}  # fmt: skip
DATA = Path(facts.__file__).with_name("data")
SOURCE = re.compile(r"pret/\w+ (?P<label>\w+)(?: \+(?P<offset>\d+))?")


@pytest.mark.parametrize("game_id", LAYOUT_OF)
def test_addresses_are_those_of_the_games_table(game_id: str) -> None:
    ram = places(LAYOUT_OF[game_id]).ram
    compared = 0
    for symbol in load_table(game_id).symbols.values():
        match = SOURCE.fullmatch(symbol.source)
        if match and match["label"] in ram:
            assert symbol.address == ram[match["label"]] + int(match["offset"] or 0), symbol.source
            compared += 1

    assert compared >= 12


def test_every_game_of_the_series_has_a_reader_of_its_own() -> None:
    games = {game_id for game_id in game_ids() if game_id.startswith("pokemon_")}
    assert games == set(LAYOUT_OF)
    for game_id in games:
        assert f"pokemon_{load_table(game_id).game.reader}" == game_id


@pytest.mark.parametrize("layout", LAYOUTS)
def test_addresses_lie_in_work_ram_and_tables_in_the_rom(layout: str) -> None:
    found = places(layout)
    assert all(0xC000 <= address < 0xE000 for address in found.ram.values())
    for tables in found.rom.values():
        for place in tables.values():
            assert 0x4000 <= place.address < 0x8000
            assert place.offset < 0x200000


@pytest.mark.parametrize("generation", [1, 2])
def test_letters_and_digits_are_where_both_generations_have_them(generation: int) -> None:
    shown = charset(generation)
    assert [shown[code] for code in (0x80, 0x99, 0xA0, 0xB9, 0xF6, 0xFF)] == list("AZaz09")
    assert (shown[0x7F], shown[0xED], shown[0xEE], shown[0x79]) == (" ", ">", "v", "+")


def test_no_name_of_a_game_ships() -> None:
    """Words in the data are labels, kinds and pieces of the character set; no list of names."""
    for path in DATA.glob("*.csv"):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        words = re.findall(r"[A-Za-z]{4,}", "\n".join(lines[1:]))
        assert set(words) <= {
            "PKMN", "POK", "TRAINER", "ROCKET", "free", "grass", "water", "wall", "bush", "rapids",
            "exit", "counter", "ledge", "right", "left", "down", "land", "surf",
        }, path.name  # fmt: skip
