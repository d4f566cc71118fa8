"""The engine's start and everything on foot."""

import pytest

from pokebench.tallgrass.format import NO_FLAG, Key, Op
from pokebench.tallgrass.tiles import Tile
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import ENUMS, PLACES, Game
from tests.tallgrass.mini import FIELD, MiniMap, MiniWorld, assemble

DIRECTIONS = {"D": (0, 1), "U": (0, -1), "L": (-1, 0), "R": (1, 0)}
FACING = {"D": 0, "U": 1, "L": 2, "R": 3}


def field_with(x: int, y: int, letter: str) -> tuple[str, ...]:
    rows = [list(row) for row in FIELD]
    rows[y][x] = letter
    return tuple("".join(row) for row in rows)


def test_the_title_shows_the_region_and_the_world(boot: Boot) -> None:
    game = boot(title=True)

    assert game.is_mode("TITLE")
    assert game.frames < 150
    assert game.shows("TINYLAND")
    assert game.shows("1234ABCD")
    assert game.shows("NEW GAME")
    assert not game.shows("CONTINUE")


def test_a_title_picture_is_drawn_under_the_menu(boot: Boot) -> None:
    game = boot(MiniWorld(has_title_picture=True), title=True)

    assert game.read(0x8800, 16) == bytes([0, 0] * 8)
    assert game.read(0x8810, 4) != bytes(4)
    assert game.shows("NEW GAME")


def test_a_new_game_begins_as_the_world_says(boot: Boot) -> None:
    game = boot(MiniWorld(maps=[MiniMap(FIELD), MiniMap(FIELD, milestone=8)], start=(1, 2, 5)))

    assert game.array("magic") == b"TGS2"
    assert game["version"] == 2
    assert game["world_id"] == 0x1234ABCD
    assert (game["map"], *game.position) == (1, 2, 5)
    assert (game["heal_map"], game["heal_x"], game["heal_y"]) == (1, 2, 5)
    assert (game["map_width"], game["map_height"]) == (10, 9)
    assert game["money"] == 500
    assert game.bag() == {1: 3, 2: 5}
    assert game.has_milestone(ENUMS["MS_NEW_GAME"])
    assert game.has_milestone(8)
    assert game["milestone_count"] == 2
    assert game["last_milestone"] == 8
    assert game["script_id"] == 0xFFFF
    assert game["canary"] == 0xA55A


@pytest.mark.parametrize("key", "UDLR")
def test_one_step_walks_one_cell_and_is_ready_again(boot: Boot, key: str) -> None:
    game = boot()
    x, y = game.position
    presses = game["input_seq"]

    for count in range(1, 4):
        game.step(key)
        assert game.position == (x + count * DIRECTIONS[key][0], y + count * DIRECTIONS[key][1])
        assert game["ready"] == 1
        assert game["facing"] == FACING[key]
    assert game["steps"] == 3
    assert game["input_seq"] == presses + 3


@pytest.mark.parametrize(
    ("hold_frames", "cells"),
    [(1, 1), (4, 1), (8, 1), (15, 1), (16, 1), (18, 2), (24, 2), (32, 2), (35, 3), (40, 3)],
)
def test_a_press_of_some_frames_walks_so_many_cells(
    boot: Boot, hold_frames: int, cells: int
) -> None:
    game = boot(MiniWorld(start=(0, 1, 4)))

    game.hold("R", hold_frames, 60)

    assert game.position == (1 + cells, 4)


def test_a_step_against_a_wall_only_turns(boot: Boot) -> None:
    game = boot(MiniWorld(start=(0, 1, 1)))

    game.step("L")

    assert game.position == (1, 1)
    assert game["facing"] == FACING["L"]
    assert game["ready"] == 1
    assert game["steps"] == 0


def test_the_edge_of_the_map_is_a_wall(boot: Boot) -> None:
    game = boot(MiniWorld(maps=[MiniMap(["..", ".."])], start=(0, 0, 0)))

    game.step("ULDRDRU")

    assert game.position == (1, 0)


@pytest.mark.parametrize("letter", "#?=%B~X")
def test_cells_that_nobody_enters(boot: Boot, letter: str) -> None:
    game = boot(MiniWorld(maps=[MiniMap(field_with(5, 4, letter))]))

    game.step("R")

    assert game.position == (4, 4)


def test_ice_carries_on_until_something_stops_it(boot: Boot) -> None:
    rows = ["########", "#.ooo..#", "########"]
    game = boot(MiniWorld(maps=[MiniMap(rows)], start=(0, 1, 1)))

    game.press("R")

    assert game.position == (5, 1)


def test_ice_stops_at_a_wall(boot: Boot) -> None:
    rows = ["########", "#.oooo##", "########"]
    game = boot(MiniWorld(maps=[MiniMap(rows)], start=(0, 1, 1)))

    game.press("R")
    assert game.position == (5, 1)
    game.press("L")

    assert game.position == (1, 1)


def test_a_ledge_is_entered_downwards_only(boot: Boot) -> None:
    rows = ["####", "#..#", "#vv#", "#..#", "####"]
    game = boot(MiniWorld(maps=[MiniMap(rows)], start=(0, 1, 1)))

    game.step("DD")
    assert game.position == (1, 3)
    game.step("U")

    assert game.position == (1, 3)


def test_the_raft_crosses_water(boot: Boot) -> None:
    game = boot(MiniWorld(maps=[MiniMap(field_with(5, 4, "~"))]))
    game["keys"] = 1 << Key.RAFT

    game.step("RR")

    assert game.position == (6, 4)


def test_water_without_a_raft_says_so(boot: Boot) -> None:
    game = boot(MiniWorld(maps=[MiniMap(field_with(5, 4, "~"))]))

    game.press("RA")
    assert game.shows("The water is deep.")
    game.press("A")

    assert game.is_mode("WORLD")


def test_the_cutter_clears_a_bush(boot: Boot) -> None:
    game = boot(MiniWorld(maps=[MiniMap(field_with(5, 4, "%"))]))
    game["keys"] = 1 << Key.CUTTER

    game.press("RAR")

    assert game.position == (5, 4)
    assert game.memory[PLACES["MAP_CELLS"] + 4 * 10 + 5] == Tile.LAWN


def test_a_bush_without_a_cutter_asks_for_one(boot: Boot) -> None:
    game = boot(MiniWorld(maps=[MiniMap(field_with(5, 4, "%"))]))

    game.press("RA")

    assert game.shows("Some tool could cut it.")


def test_a_warp_leads_to_another_map_and_sets_its_milestone(boot: Boot) -> None:
    maps = [
        MiniMap(field_with(5, 4, "+"), warps=[(5, 4, 1, 2, 3)]),
        MiniMap(["######", "#....#", "#....#", "#....#", "######"], milestone=9),
    ]
    game = boot(MiniWorld(maps=maps))

    game.press("R")

    assert (game["map"], *game.position) == (1, 2, 3)
    assert (game["map_width"], game["map_height"]) == (6, 5)
    assert game.has_milestone(9)
    assert game.is_mode("WORLD")
    frame = int.from_bytes(game.array("milestone_frames")[36:40], "little")
    assert 0 < frame <= game["frame"]


def test_a_person_blocks_and_turns_to_the_player(boot: Boot) -> None:
    maps = [MiniMap(FIELD, people=[(5, 4, 0, 0, 0, NO_FLAG)])]
    game = boot(MiniWorld(maps=maps, texts=["Hi"], scripts=[assemble(Op.TEXT, (0,), Op.END)]))

    game.press("R")
    assert game.position == (4, 4)
    game.press("A")

    assert game.shows("Hi")
    assert game.memory[PLACES["MAP_EVENTS"] + 5 + 3] == FACING["L"]


def test_a_hidden_person_is_not_there(boot: Boot) -> None:
    maps = [MiniMap(FIELD, people=[(5, 4, 0, 0, 0, 7)])]
    game = boot(MiniWorld(maps=maps))
    game.write(game.address("flags"), bytes([1 << 7]))

    game.press("R")

    assert game.position == (5, 4)


def test_somebody_behind_a_counter_hears_the_player(boot: Boot) -> None:
    maps = [MiniMap(field_with(5, 4, "="), people=[(6, 4, 4, 2, 0, NO_FLAG)])]
    game = boot(MiniWorld(maps=maps, texts=["Buy!"], scripts=[assemble(Op.TEXT, (0,), Op.END)]))

    game.press("RA")

    assert game.shows("Buy!")


def test_a_sign_can_be_read(boot: Boot) -> None:
    maps = [MiniMap(field_with(5, 4, "?"), signs=[(5, 4, 0)])]
    game = boot(MiniWorld(maps=maps, texts=["A sign"], scripts=[assemble(Op.TEXT, (0,), Op.END)]))

    game.press("RA")

    assert game.shows("A sign")


def test_a_trigger_runs_until_its_flag_is_set(boot: Boot) -> None:
    maps = [MiniMap(FIELD, triggers=[(5, 4, 0, 3), (6, 4, 1, NO_FLAG)])]
    scripts = [assemble(Op.TEXT, (0,), Op.SET, (3,), Op.END), assemble(Op.MONEY, (5,), Op.END)]
    game = boot(MiniWorld(maps=maps, texts=["Stop!"], scripts=scripts))

    game.press("R")
    assert game.shows("Stop!")
    game.press("ALR")
    assert game.is_mode("WORLD")
    game.press("RLR")

    assert game["money"] == 510


def test_conditions_follow_their_flags_on_the_spot(boot: Boot) -> None:
    conditions = [(5, 2, Tile.GATE, 1, 4), (6, 2, Tile.FLOOR, 0, 4)]
    maps = [MiniMap(FIELD, triggers=[(5, 4, 0, 4)], conditions=conditions)]
    game = boot(MiniWorld(maps=maps, scripts=[assemble(Op.SET, (4,), Op.END)]))
    cells = PLACES["MAP_CELLS"] + 2 * 10

    assert (game.memory[cells + 5], game.memory[cells + 6]) == (Tile.GATE, Tile.LAWN)
    game.press("R")

    assert (game.memory[cells + 5], game.memory[cells + 6]) == (Tile.LAWN, Tile.FLOOR)
    assert screen_tile(game, 5, 2) == 0x80 + Tile.LAWN
    assert screen_tile(game, 6, 2) == 0x80 + Tile.FLOOR


def screen_tile(game: Game, x: int, y: int) -> int:
    game.tick(2)
    return int(game.memory[0x9800 + (y & 15) * 64 + (x & 15) * 2])


def test_the_screen_shows_the_map_after_any_walk(boot: Boot) -> None:
    inside = ["".join(".,_"[(x * 7 + y * 3) % 3] for x in range(22)) for y in range(18)]
    rows = ["#" * 24, *(f"#{row}#" for row in inside), "#" * 24]
    game = boot(MiniWorld(maps=[MiniMap(rows)], start=(0, 12, 10)))
    cells = game.read(PLACES["MAP_CELLS"], 24 * 20)

    for key in "RRRRRRRRDDDDDDDDLLLLLLLLLLLLLLLLLLUUUUUUUUUUUUUUUURRRR":
        game.step(key)
        x, y = game.position
        for column in range(max(x - 4, 0), min(x + 6, 24)):
            for row in range(max(y - 4, 0), min(y + 5, 20)):
                shown = game.memory[0x9800 + (row & 15) * 64 + (column & 15) * 2]
                assert shown == 0x80 + cells[row * 24 + column], (x, y, column, row)
    assert game["steps"] == 54


def test_grass_holds_wild_creatures_once_somebody_can_fight(boot: Boot) -> None:
    maps = [MiniMap([",,,,", ",,,,"])]
    game = boot(MiniWorld(maps=maps, start=(0, 0, 0)))

    game.step("RRRLLL" * 10)
    assert game.is_mode("WORLD")
    game["party_count"] = 1
    game.set_creature(0, hp=20, max_hp=20, level=5)
    for _ in range(300):
        game.step("R" if game["x"] == 0 else "L")
        if not game.is_mode("WORLD"):
            break
    game.settle()

    assert game.is_mode("BATTLE")
    assert game["battle"] == ENUMS["BATTLE_WILD"]
    assert game["battle_argument"] == 2
    assert game.creature(None, "level") == 2


def test_work_fits_into_the_frame_while_walking(boot: Boot) -> None:
    people = [(x, 2, 0, 0, 0, NO_FLAG) for x in range(1, 9)]
    game = boot(MiniWorld(maps=[MiniMap(FIELD, people=people)]))
    diagnostics = PLACES["DIAGNOSTICS"]
    lag = game.read(diagnostics + 2, 2)

    for key in "RRRLLLLLLDDDUUU" * 3:
        for hold in (True, False):
            for _ in range(10):
                game.hold(key, 1, 0) if hold else game.tick()
                assert 144 <= game.memory[diagnostics] <= 153
                done = (game.memory[diagnostics + 1] - 144) % 154
                assert done < 120

    assert game.read(diagnostics + 2, 2) == lag
