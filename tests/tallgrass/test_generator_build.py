from hashlib import sha1

import pytest

from pokebench.errors import ConfigError
from pokebench.tallgrass.build import HIGHEST_SEED, build_world, holds, preset_names
from pokebench.tallgrass.format import FLAG_COUNT, MilestoneBit
from pokebench.tallgrass.generator import PRESETS, generate
from pokebench.tallgrass.generator.builder import Builder, GenerationError
from pokebench.tallgrass.generator.ice import IceField, draw_rocks
from pokebench.tallgrass.generator.presets import preset_named
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import Cell, Facing


def test_a_built_world_is_proven_and_named_by_its_hash() -> None:
    built = build_world("micro", 7)

    assert built.solution.is_sound
    assert built.sha1 == sha1(built.rom).hexdigest()
    assert MilestoneBit.CHAMPION in built.solution.reached_milestones


def test_a_seed_is_built_the_same_twice() -> None:
    assert build_world("mini", 9).rom == build_world("mini", 9).rom


@pytest.mark.parametrize("seed", [-1, HIGHEST_SEED + 1])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ConfigError, match="a world seed is 0 to"):
        build_world("micro", seed)


def test_a_preset_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match="no world preset 'giant'"):
        build_world("giant", 1)


def test_presets_are_named_smallest_first() -> None:
    assert preset_names() == ("micro", "mini", "short")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_largest_seed_builds_too(preset: str) -> None:
    assert build_world(preset, HIGHEST_SEED).solution.is_completable


def test_a_world_that_misses_a_milestone_does_not_hold() -> None:
    solution = build_world("micro", 7).solution
    other = generate("mini", 7)

    assert not holds(other, solution)


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_nearly_all_worlds_hold_at_the_first_attempt(preset: str) -> None:
    attempts = [build_world(preset, seed).attempt for seed in range(200)]

    assert attempts.count(0) >= 196


def test_flags_run_out_with_an_error_that_asks_for_another_attempt() -> None:
    builder = Builder(preset_named("micro"), 1, 0)
    for _ in range(FLAG_COUNT - builder.flag() - 1):
        builder.flag()

    with pytest.raises(GenerationError, match="flags"):
        builder.flag()


def test_ice_carries_to_the_next_rock_and_floor_stops() -> None:
    field = IceField(1, 4, 5, 5, frozenset([Cell(3, 5)]))

    assert field.slide(Cell(3, 9), Facing.UP) == Cell(3, 6)
    assert field.slide(Cell(3, 6), Facing.LEFT) == Cell(1, 6)
    assert field.slide(Cell(1, 6), Facing.UP) == Cell(1, 3)
    assert field.slide(Cell(2, 9), Facing.RIGHT) == Cell(3, 9)


def test_a_clear_field_takes_one_slide() -> None:
    assert IceField(1, 4, 5, 5, frozenset()).slides_to_top(Cell(3, 9)) == 1


def test_a_closed_field_leads_nowhere() -> None:
    rocks = frozenset(Cell(x, 5) for x in range(1, 6))

    assert IceField(1, 4, 5, 5, rocks).slides_to_top(Cell(3, 9)) is None


def test_drawn_rocks_make_a_puzzle_of_some_moves() -> None:
    door = Cell(6, 13)
    rocks = draw_rocks(Pcg32(5), 1, 4, 11, 9, door)
    moves = IceField(1, 4, 11, 9, frozenset(rocks)).slides_to_top(door)

    assert moves is not None
    assert moves >= 5
