import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from pokebench.errors import RomError
from pokebench.milestone import Cartridge
from pokebench.tallgrass.build import BuiltWorld, build_world
from pokebench.tallgrass.duel import experience_to_grow
from pokebench.tallgrass.format import ItemKind, Key, Op
from pokebench.tallgrass.manual import manual_text
from pokebench.tallgrass.rom import WorldRom
from tests.tallgrass import battle_model
from tests.tallgrass.sketch import Sketch

SOURCES = Path(__file__).parents[2] / "tallgrass" / "src"
MOST_CHARACTERS = 32_000
WORLDS = [("micro", 1), ("micro", 2), ("mini", 1), ("mini", 4), ("short", 7), ("short", 8)]

every_world = pytest.mark.parametrize(("preset", "seed"), WORLDS)


@cache
def built(preset: str, seed: int) -> BuiltWorld:
    return build_world(preset, seed)


@cache
def world_of(preset: str, seed: int) -> WorldRom:
    return WorldRom(built(preset, seed).rom)


@cache
def manual_of(preset: str, seed: int) -> str:
    return manual_text(built(preset, seed).rom)


def section(text: str, heading: str) -> list[str]:
    """Return the lines of the section whose heading begins so, without the heading."""
    parts = [part.splitlines() for part in text.split("\n\n")]
    (lines,) = [lines for lines in parts if lines[0].startswith(heading)]
    return lines[1:]


def table(text: str, heading: str) -> list[list[str]]:
    """Return the rows of a section's table, without the names of its columns."""
    return [line.split(" | ") for line in section(text, heading)[1:]]


@cache
def defines() -> dict[str, str]:
    """Return the constants of the engine's sources."""
    found: dict[str, str] = {}
    for path in sorted(SOURCES.rglob("*.[ch]")):
        found.update(re.findall(r"^#define (\w+) (-?\d+)\b", path.read_text("ascii"), re.MULTILINE))
    return found


def formula(text: str, name: str, **values: int) -> int:
    """Return what the formula `name = ...` of a manual comes to."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} = ")]
    expression = line.partition(" = ")[2].partition(" (both")[0].replace(" x ", " * ")
    expression = expression.replace(" / ", " // ")
    for word in sorted(values, key=len, reverse=True):
        expression = expression.replace(word.replace("_", " "), str(values[word]))
    assert re.fullmatch(r"[0-9 ()+*/-]+", expression), expression
    return int(eval(expression))


@every_world
def test_a_manual_is_plain_ascii_of_bounded_length(preset: str, seed: int) -> None:
    text = manual_of(preset, seed)

    assert len(text) <= MOST_CHARACTERS
    assert all(character == "\n" or " " <= character <= "~" for character in text)
    assert not re.search(r"[{}]| $|\n\n\n", text, re.MULTILINE)


def test_the_manual_of_the_smallest_world_is_short() -> None:
    assert len(manual_of("micro", 1)) < 10_000


def test_a_manual_does_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    rom = tmp_path / "world.gb"
    rom.write_bytes(built("mini", 1).rom)
    code = (
        "import sys; from pathlib import Path; from pokebench.tallgrass.manual import manual_text;"
        "sys.stdout.write(manual_text(Path(sys.argv[1]).read_bytes()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    told = subprocess.run(
        [sys.executable, "-c", code, rom], env=environment, capture_output=True, check=True
    )

    assert told.stdout.decode("ascii").splitlines() == manual_of("mini", 1).splitlines()


def test_manuals_of_different_seeds_differ() -> None:
    assert manual_of("micro", 1) != manual_of("micro", 2)


@every_world
def test_everything_that_has_a_name_is_named(preset: str, seed: int) -> None:
    text, world = manual_of(preset, seed), built(preset, seed).world
    names = {world.title, *world.type_names, *(area.name for area in world.maps)}
    names |= {species.name for species in world.species}
    names |= {move.name for move in world.moves[1:]} | {item.name for item in world.items[1:]}

    assert {name for name in names if name not in text} == set()


@every_world
def test_the_type_chart_is_that_of_the_rom(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    tenths = {"x2": 20, "x1/2": 5, "x0": 0}
    chart: list[tuple[int, ...]] = []
    for line in section(manual_of(preset, seed), "TYPES"):
        name, told = line.split(": ")
        assert name == world.type_names[len(chart)]
        row = [10] * world.type_count
        for group in told.split("; ") if told != "all x1" else []:
            targets, factor = group.rsplit(" ", 1)
            for target in targets.split(", "):
                row[world.type_names.index(target)] = tenths[factor]
        chart.append(tuple(row))

    assert tuple(chart) == world.type_chart


@every_world
def test_species_have_the_numbers_of_the_rom(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    rows = table(manual_of(preset, seed), "SPECIES")
    learned = {row[0]: row[6] for row in rows}

    assert len(rows) == world.species_count
    for row, species in zip(rows, world.species, strict=True):
        values = f"{species.hp}/{species.attack}/{species.defense}/{species.speed}"
        assert row[:3] == [species.name, world.type_names[species.type], values]
        assert row[3:5] == [str(species.catch_rate), str(species.exp)]
        later = world.species[species.evolve_to].name
        assert row[5] == (f"{later} at {species.evolve_level}" if species.evolve_level else "-")
        learns = learned[row[6][3:]] if row[6].startswith("as ") else row[6]
        pairs = [f"{level} {world.moves[move].name}" for level, move in species.learnset]
        assert learns == ", ".join(pairs)


@every_world
def test_moves_have_the_numbers_of_the_rom(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    effects = ["-", "PSN", "SLP", "lowers_attack", "lowers_defense", "user_recovers", "PAR"]
    rows = table(manual_of(preset, seed), "MOVES")

    assert len(rows) == world.move_count - 1
    for row, move in zip(rows, world.moves[1:], strict=True):
        assert row[:2] == [move.name, world.type_names[move.type]]
        assert row[2] == (str(move.power) if move.power else "-")
        assert row[4:] == [str(move.pp), effects[move.effect].replace("_", " ")]


@pytest.mark.parametrize(("accuracy", "hits"), [(100, 100), (95, 96), (85, 88), (75, 80)])
def test_hits_are_counted_as_the_engine_draws_them(accuracy: int, hits: int) -> None:
    world = world_of("short", 7)
    rows = table(manual_of("short", 7), "MOVES")
    told = {
        int(row[3])
        for row, move in zip(rows, world.moves[1:], strict=True)
        if move.accuracy == accuracy
    }
    drawn = 100 * sum(not byte % 100 >= accuracy for byte in range(256)) / 256

    assert told == {hits}
    assert abs(drawn - hits) <= 0.5


@every_world
def test_items_have_the_prices_and_amounts_of_the_rom(preset: str, seed: int) -> None:
    rows = table(manual_of(preset, seed), "ITEMS")

    for row, item in zip(rows, world_of(preset, seed).items[1:], strict=True):
        assert row[:2] == [item.name, f"{item.price} coins" if item.price else "not sold"]
        assert item.kind != ItemKind.HEAL or row[2].startswith(f"{item.amount} HP")


@every_world
def test_chiefs_and_champion_stand_there_with_their_levels(preset: str, seed: int) -> None:
    text, world = manual_of(preset, seed), built(preset, seed).world
    chiefs = {trainer.name: trainer for trainer in world.trainers if "Chief" in trainer.name}
    halls = table(text, "HALLS")

    assert [row[0] for row in halls] == [str(number + 1) for number in range(world.badge_count)]
    for _, town, name, kind, levels in halls:
        team = chiefs.pop(name).team
        assert {world.type_names[world.species[member.species].type] for member in team} == {kind}
        assert levels == " ".join(f"L{member.level}" for member in team)
        assert any(line.startswith(f"{town}: ") for line in section(text, "TOWNS"))
    assert chiefs == {}
    (_, champion, _, levels) = table(text, "CHAMPION")[0]
    team = next(trainer.team for trainer in world.trainers if trainer.name == champion)
    assert levels == " ".join(f"L{member.level}" for member in team)


@every_world
def test_roads_join_the_places_that_they_join_in_the_world(preset: str, seed: int) -> None:
    text, maps = manual_of(preset, seed), built(preset, seed).world.maps
    lines = [*section(text, "TOWNS"), *section(text, "ROADS")[1:]]
    told = {name: line for name, _, line in (line.partition(": ") for line in lines)}
    joined = [(area, maps[warp.map]) for area in maps for warp in area.warps]

    assert len(told) == len(lines)
    for area, other in joined:
        if area.name in told and other.index != area.index:
            assert other.name in told[area.name]


def test_sides_are_those_of_the_map() -> None:
    towns = section(manual_of("short", 7), "TOWNS")

    assert towns[0].startswith("Foosfoo Town: east Route 1. Houses: Rest House, Shop")
    assert towns[3].startswith("Nexnoss Green: west Route 3, south Route 4.")


@every_world
def test_wild_creatures_are_those_of_the_encounter_tables(preset: str, seed: int) -> None:
    world, maps = world_of(preset, seed), built(preset, seed).world.maps
    row_of = {area.name: area.encounter for area in maps}
    lines = section(manual_of(preset, seed), "ROADS")[1:]

    for name, _, told in (line.partition(": ") for line in lines):
        slots = world.encounter(row_of[name])
        found = re.findall(r"(\w+) (\d)/8 L(\d+)(?:-(\d+))?", told)
        assert sum(int(count) for _, count, _, _ in found) == 8
        for species, count, lowest, highest in found:
            levels = [level for row, level in slots if world.species[row].name == species]
            assert len(levels) == int(count)
            assert (min(levels), max(levels)) == (int(lowest), int(highest or lowest))


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("with chance {} in 256", ["ENCOUNTER_CHANCE"]),
        ("loses a turn in {} of 256 cases", ["PARALYSIS_CHANCE"]),
        ("come in {} of 256 cases from a move with power", ["STATUS_SELDOM"]),
        ("in {} of 256 from one without", ["STATUS_OFTEN"]),
        ("(level {} is the highest)", ["LEVEL_MAX"]),
        ("room for {};", ["PARTY_MAX"]),
        ("holds {} kinds of things, {} of each", ["BAG_SLOTS", "MAX_QUANTITY"]),
        ("with {} coins, {} Salves, {} Orbs", ["FIRST_COINS", "FIRST_SALVES", "FIRST_ORBS"]),
    ],
)
def test_the_numbers_of_the_rules_stand_in_the_engine(phrase: str, names: list[str]) -> None:
    assert phrase.format(*(defines()[name] for name in names)) in manual_of("micro", 1)


def test_values_fall_by_the_stages_of_the_engine() -> None:
    stages = -int(defines()["LOWEST_STAGE"])
    lowered = [battle_model.STAGES[stage] for stage in range(-1, -stages - 1, -1)]
    fractions = [f"{times}/{over}" for times, over in lowered]
    told = re.search(r"counts (\S+), then (.*), and no less", manual_of("micro", 1))

    assert told is not None
    assert [told[1], *told[2].split(", ")] == fractions


@pytest.mark.parametrize("level", [1, 5, 14, 37, 99])
def test_formulas_come_to_what_the_engine_computes(level: int) -> None:
    text = manual_of("micro", 1)
    strike = battle_model.Strike(level, 41, 37, 60, is_own_type=False, effect=10)

    struck = formula(text, "Damage", level=level, power=60, attack=41, defense=37)
    assert struck == battle_model.damage(strike, 38)
    assert struck * 217 // 255 == battle_model.damage(strike, 0)
    assert "x 217/255 to 255/255 by chance" in text
    gained = formula(text, "EXP won", exp=95, level=level)
    assert gained == battle_model.experience(95, level, from_tamer=False)
    assert gained * 3 // 2 == battle_model.experience(95, level, from_tamer=True)
    assert formula(text, "EXP to the next level", level=level) == experience_to_grow(level)
    assert formula(text, "Max HP", base=52, level=level) == battle_model.max_hp(52, level)
    told = formula(text, "Attack, defense, speed", base=52, level=level)
    assert told == battle_model.value(52, level)


@pytest.mark.parametrize("hp", [1, 20, 45])
def test_the_chance_of_taming_is_that_of_the_engine(hp: int) -> None:
    told = formula(manual_of("micro", 1), "Chance", catch=130, HP=hp, max_HP=45)

    assert told == battle_model.catch_chance(130, hp, 45, has_status=False)
    assert told * 3 // 2 == battle_model.catch_chance(130, hp, 45, has_status=True)


@every_world
def test_a_manual_tells_no_cell_and_no_flag(preset: str, seed: int) -> None:
    text = manual_of(preset, seed)

    assert not re.search(
        r"\(\d+, ?\d+\)|\bx ?= ?\d|\by ?= ?\d|flag|chest|purse|metatile", text, re.I
    )
    places = "\n".join([*section(text, "TOWNS"), *section(text, "ROADS")[1:]])
    assert not re.search(r"\d", re.sub(r"Route \d+| B\d+|\w+ \d/8 L\d+(-\d+)?", "", places))


@every_world
def test_a_manual_does_not_tell_what_lies_where(preset: str, seed: int) -> None:
    text, items = manual_of(preset, seed), world_of(preset, seed).items
    elsewhere = text.replace("\n".join(section(text, "ITEMS")), "")
    quests = [item.name for item in items[1:] if item.kind == ItemKind.QUEST]
    places = "\n".join([*section(text, "TOWNS"), *section(text, "ROADS"), *section(text, "HALLS")])

    assert [name for name in quests if name in elsewhere] == []
    for name in (*(item.name for item in items[1:]), "cutter", "raft", "thorn", "guard"):
        assert not re.search(rf"\b{name}s?\b", places, re.IGNORECASE)


@every_world
def test_a_manual_says_nothing_that_people_or_signs_say(preset: str, seed: int) -> None:
    text, world = manual_of(preset, seed), built(preset, seed).world
    names = {area.name for area in world.maps}
    pages = {" ".join(page.split()) for said in world.texts for page in said.split("\f")}

    assert [page for page in pages - names if page in text] == []


@every_world
def test_only_tools_that_the_world_has_are_told_of(preset: str, seed: int) -> None:
    text, world = manual_of(preset, seed), world_of(preset, seed)
    scripts = {npc.script for area in world.maps for npc in area.npcs}
    instructions = [i for script in scripts for i in world.script(script).values()]
    keys = {i.arguments[0] for i in instructions if i.op == Op.KEY}

    assert ("cutter" in text) == (Key.CUTTER in keys)
    assert ("raft" in text) == (Key.RAFT in keys)
    assert ("nobody crosses" in text) == (Key.RAFT not in keys)


@every_world
def test_the_gifts_are_those_that_a_script_gives(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    scripts = {npc.script for area in world.maps for npc in area.npcs}
    instructions = [i for script in sorted(scripts) for i in world.script(script).values()]
    given = {i.arguments for i in instructions if i.op == Op.GIVE_CREATURE}
    told = re.search(r"is a gift, one of: (.*)\.", manual_of(preset, seed))

    assert told is not None
    assert set(told[1].split(", ")) == {
        f"{world.species[species].name} L{level}" for species, level in given
    }


def test_bytes_without_a_world_have_no_manual() -> None:
    with pytest.raises(RomError, match="no TGW2 world"):
        manual_text(bytes(256 * 1024))


def test_a_world_that_nobody_can_win_has_no_manual() -> None:
    sketch = Sketch()
    sketch.map("###\n#@#\n###")

    with pytest.raises(RomError, match="no champion"):
        manual_text(sketch.pack())


def test_a_cartridge_offers_its_manual(micro: Cartridge) -> None:
    assert micro.manual() == manual_text(micro.rom.data)


def test_a_cartridge_of_another_game_has_no_manual(micro: Cartridge) -> None:
    assert replace(micro, world=None).manual() is None
