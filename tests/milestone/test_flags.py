"""Edited and corrupt RAM is flagged; RAM that honest play leaves is not."""

import csv
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.content import content_dir
from pokebench.milestone import Tracker
from tests.milestone.ram import GAMES, Ram, table_of

FIRST, SECOND = GAMES[:3], GAMES[3:]
LAYOUTS = ("pokemon_red", "pokemon_yellow", "pokemon_gold", "pokemon_crystal")
"""Blue extends Red and Silver Gold, with nothing of RAM changed."""
ALIKE = {"pokemon_blue": "pokemon_red", "pokemon_silver": "pokemon_gold"}


def put(ram: Ram, game: str, **numbers: int) -> None:
    """Store numbers under their symbols; in a list, as those of the first record."""
    for name, value in numbers.items():
        symbol = table_of(game).symbols[name]
        is_big = symbol.encoding in ("u16be", "u24be", "bcd")
        raw = ((value - symbol.plus) // symbol.times).to_bytes(symbol.size, "little")
        ram.data[symbol.address : symbol.address + symbol.size] = raw[::-1] if is_big else raw


def row_of(game: str, **key: int) -> dict[str, int]:
    name = {"pokemon_crystal": "crystal"}.get(game, "gold_silver") if game in SECOND else "gen1"
    with (content_dir("milestones") / "shared" / f"pokemon_maps_{name}.csv").open() as file:
        rows = [{k: int(v) for k, v in row.items()} for row in csv.DictReader(file)]
    return next(row for row in rows if all(row[k] == v for k, v in key.items()))


def honest(game: str) -> Ram:
    """A player who stands in a town with one creature."""
    ram = Ram()
    put(
        ram, game, x=5, y=6, money=0x3000, play_minutes=12, play_seconds=30, dex_owned=2, dex_seen=3
    )
    put(ram, game, party_count=1, party_list=25, party_species=25, party_level=5, party_moves=84)
    put(ram, game, party_hp=19, party_max_hp=20, party_exp=125)
    if game in FIRST:
        row = row_of(game, map=1)
        put(ram, game, status_flags_6=1, map=1, tileset=row["tileset"])
        put(ram, game, map_height_squares=2 * row["height"], map_width_squares=2 * row["width"])
    else:
        row = row_of(game, group=24, number=4)
        put(ram, game, map_status=2, map_group=24, map_number=4, tileset=row["tileset"])
        put(ram, game, environment=row["environment"], step_direction=255, sprite_x=5, sprite_y=6)
    put(ram, game, map_height=row["height"], map_width=row["width"])
    return ram


def raised(game: str, ram: Ram, reads: int = 40) -> set[str]:
    table = table_of(game)
    tracker = Tracker(table.flags, table.symbols)
    for _ in range(reads):
        tracker.update(ram.read)
    return set(tracker.latched)


@pytest.mark.parametrize("game", GAMES)
def test_honest_ram_raises_no_flag(game: str) -> None:
    assert raised(game, honest(game)) == set()
    assert raised(game, Ram()) == set()


@pytest.mark.parametrize("game", GAMES)
def test_a_badge_without_its_leader_is_flagged_and_does_not_count(game: str) -> None:
    table = table_of(game)
    names = ["badges"] if game in FIRST else ["johto_badges", "kanto_badges"]
    for name in names:
        for bit in range(8):
            ram = honest(game)
            put(ram, game, **{name: 1 << bit})
            if game in FIRST:
                put(ram, game, badges_copy=1 << bit)

            flags = raised(game, ram, reads=4)
            assert flags - {"progress"} == {"badge_without_leader"}, (name, bit)
            assert ("progress" in flags) == (name == "kanto_badges")
    flag = next(flag for flag in table.flags if flag.id == "badge_without_leader")
    assert flag.severity == "invalid"


@pytest.mark.parametrize("game", GAMES)
def test_badges_with_their_leaders_raise_no_flag(game: str) -> None:
    ram = honest(game)
    table = table_of(game)
    names = ["badges", "badges_copy"] if game in FIRST else ["johto_badges", "kanto_badges"]
    put(ram, game, **dict.fromkeys(names, 255))
    test = table.milestones
    leaders = [m.when for m in test if m.id.startswith("badge") or m.id == "clair"]
    for condition in leaders:
        for start, size in condition.spans(table.symbols):
            # Every bit of the bytes that hold a leader's event: more than was asked for.
            ram.data[start : start + size] = b"\xff" * size

    assert "badge_without_leader" not in raised(game, ram)


@pytest.mark.parametrize("game", FIRST)
def test_the_two_copies_of_the_badges_are_compared(game: str) -> None:
    ram = honest(game)
    put(ram, game, badges_copy=4)

    assert raised(game, ram) == {"badges_disagree"}


@pytest.mark.parametrize("game", LAYOUTS)
@pytest.mark.parametrize("field", ["map_width", "map_height", "tileset"])
def test_a_header_of_another_map_is_flagged_once_it_stays(game: str, field: str) -> None:
    ram = honest(game)
    put(ram, game, **{field: 77})

    assert "map_header" not in raised(game, ram, reads=20)
    assert "map_header" in raised(game, ram)


@pytest.mark.parametrize("game", LAYOUTS)
@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"x": 200}, "outside_map"),
        ({"party_count": 7}, "party"),
        ({"party_count": 255}, "party"),
        ({"party_level": 101}, "party"),
        ({"party_moves": 252}, "party"),
        ({"party_hp": 21}, "party"),
        ({"party_hp": 0, "party_max_hp": 715}, "party"),
        ({"party_species": 26}, "party_records"),
        ({"party_level": 0}, "party_records"),
        ({"party_level": 60}, "experience"),
        ({"party_exp": 300_000}, "experience"),
        ({"dex_owned": 4}, "pokedex"),
        ({"play_minutes": 60}, "game_clock"),
        ({"play_seconds": 75}, "game_clock"),
    ],
)
def test_what_cannot_be_is_flagged(game: str, changes: dict[str, int], flag: str) -> None:
    ram = honest(game)
    put(ram, game, **changes)

    assert flag in raised(game, ram)


@pytest.mark.parametrize(
    ("game", "changes", "flag"),
    [
        *((game, {"money": 0x30A0}, "money") for game in LAYOUTS[:2]),
        *((game, {"bag_count": 21}, "bag") for game in LAYOUTS[:2]),
        *((game, {"in_battle": 3}, "battle_state") for game in LAYOUTS[:2]),
        *((game, {"facing": 5}, "facing") for game in LAYOUTS[:2]),
        *((game, {"status_flags_6": 0}, "party_before_game") for game in LAYOUTS[:2]),
        *((game, {"money": 1_000_000}, "money") for game in LAYOUTS[2:]),
        *((game, {"coins": 10_000}, "money") for game in LAYOUTS[2:]),
        *((game, {"ball_count": 13}, "bag") for game in LAYOUTS[2:]),
        *((game, {"sprite_x": 9}, "position") for game in LAYOUTS[2:]),
        *((game, {"battle_mode": 3}, "battle_state") for game in LAYOUTS[2:]),
    ],
)
def test_what_only_one_generation_can_tell(game: str, changes: dict[str, int], flag: str) -> None:
    ram = honest(game)
    put(ram, game, **changes)

    assert raised(game, ram) == {flag}


def test_every_way_to_grow_lies_within_the_bounds() -> None:
    """Source: the four growth rates of pret/pokered data/growth_rates.asm."""
    for level in (2, 3, 5, 16, 40, 99, 100):
        for exp in (
            level**3,
            4 * level**3 // 5,
            5 * level**3 // 4,
            6 * level**3 // 5 - 15 * level**2 + 100 * level - 140,
        ):
            ram = honest("pokemon_blue")
            put(ram, "pokemon_blue", party_level=level, party_exp=exp)

            assert raised("pokemon_blue", ram) == set(), (level, exp)


def events(game: str, ram: Ram, *names: str) -> None:
    """Set events that the game's table names."""
    with (content_dir("milestones") / f"{ALIKE.get(game, game)}.toml").open("rb") as file:
        known = tomllib.load(file)["events"]
    base = table_of(game).symbols["event_flags"].address
    for name in names:
        ram.data[base + known[name] // 8] |= 1 << known[name] % 8


def with_all_badges(game: str) -> Ram:
    ram = honest(game)
    leaders = [m for m in table_of(game).milestones if m.id.startswith("badge") or m.id == "clair"]
    bits = {"badges", "badges_copy"} if game in FIRST else {"johto_badges", "kanto_badges"}
    put(ram, game, **dict.fromkeys(bits, 255))
    for leader in leaders:
        parts: tuple[Any, ...] = getattr(leader.when, "all", (leader.when,))
        for part in parts:
            address = table_of(game).symbols[part.symbol].address + part.bit // 8
            ram.data[address] |= 1 << part.bit % 8
    return ram


@pytest.mark.parametrize("game", LAYOUTS)
def test_a_champion_needs_badges(game: str) -> None:
    is_first = game in FIRST
    won = "BEAT_LANCE" if is_first else "BEAT_CHAMPION_LANCE"
    edited, honest_one = honest(game), with_all_badges(game)
    events(game, edited, won)
    events(game, honest_one, won, *([] if is_first else ["BEAT_ELITE_FOUR", "OPENED_MT_SILVER"]))

    assert raised(game, edited) == {"progress"}
    assert raised(game, honest_one) == set()


@pytest.mark.parametrize("game", LAYOUTS[:2])
@pytest.mark.parametrize(
    "changes", [{"party_count": 1, "party_list": 25}, {"badges": 1}, {"play_seconds": 1}]
)
def test_nothing_is_done_before_the_game_is_entered(game: str, changes: dict[str, int]) -> None:
    ram = Ram()
    put(ram, game, **changes)

    assert "party_before_game" in raised(game, ram)


@pytest.mark.parametrize("game", LAYOUTS[2:])
def test_kanto_comes_after_the_hall_of_fame(game: str) -> None:
    ram = with_all_badges(game)

    assert raised(game, ram) == {"progress"}


@pytest.mark.parametrize("game", LAYOUTS[:2])
def test_numbers_between_those_of_species_are_flagged(game: str) -> None:
    table, ram, numbers = table_of(game), honest(game), set()
    is_raised = next(f for f in table.flags if f.id == "party").when.bind(table.symbols)
    for number in range(256):
        put(ram, game, party_list=number, party_species=number)
        if is_raised(ram.read):
            numbers.add(number)

    assert len(numbers) == 256 - 151
    assert {0, 31, 32, 50, 181, 184, 191, 255} <= numbers


@pytest.mark.parametrize("game", LAYOUTS)
def test_a_first_creature_that_is_gone_is_flagged(game: str) -> None:
    ram = honest(game)
    put(ram, game, party_count=0)
    assert raised(game, ram) == set()
    events(game, ram, "GOT_STARTER" if game in FIRST else "GOT_A_POKEMON_FROM_ELM")

    assert raised(game, ram) == {"party_records"}


@pytest.mark.parametrize("game", LAYOUTS[2:])
@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"party_species": 26}, "party_records"),
        ({"party_exp": 300_000}, "experience"),
        ({"party_list": 254}, "party"),
        ({"map_number": 200}, "map_header"),
    ],
)
def test_a_save_that_is_not_played_yet_is_judged_too(
    game: str, changes: dict[str, int], flag: str
) -> None:
    """As RAM is when only what a battery keeps is in it: no header, no map that runs."""
    ram = honest(game)
    put(ram, game, map_status=0, map_width=0, map_height=0, tileset=0, environment=0)
    put(ram, game, step_direction=0)
    assert raised(game, ram) == set()
    put(ram, game, **changes)

    assert flag in raised(game, ram)


def test_an_egg_is_no_fault() -> None:
    ram = honest("pokemon_crystal")
    put(ram, "pokemon_crystal", party_list=253, party_species=175)

    assert raised("pokemon_crystal", ram) == set()


@pytest.mark.parametrize("game", LAYOUTS)
@settings(max_examples=6, deadline=None)
@given(seed=st.binary(min_size=1, max_size=64))
def test_no_ram_whatever_breaks_tracker_or_flags(game: str, seed: bytes) -> None:
    table = table_of(game)
    ram = Ram()
    ram.data[:] = (seed * (0x10000 // len(seed) + 1))[:0x10000]
    trackers = [Tracker(table.milestones, table.symbols), Tracker(table.flags, table.symbols)]
    for line in table.start.script:
        assert line.until.bind(table.symbols)(ram.read) in (True, False)
    for _ in range(3):
        for tracker in trackers:
            tracker.update(ram.read)

    assert len(set(trackers[0].latched)) <= len(table.milestones)
