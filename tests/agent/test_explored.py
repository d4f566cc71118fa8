"""A map with fog of war, and ways over it."""

import json
from dataclasses import replace

import pytest

from pokebench.agent.explored import MOST_COLUMNS, ExploredMap, NoWayError
from pokebench.types import Action, Step, View, letters_of

GRID = (
    "####D###",
    "#......#",
    "#.####.#",
    "#.P..#.#",
    "#......#",
)
WALK = {"#": "0", ".": "1", "D": "2", "P": "0", "*": "2"}


def view(column: int, row: int, grid: tuple[str, ...] = GRID, facing: str = "down") -> View:
    rows = [
        "".join("@" if (c, r) == (column, row) else glyph for c, glyph in enumerate(line))
        for r, line in enumerate(grid)
    ]
    walkable = tuple("".join(WALK.get(glyph, "0") for glyph in line) for line in rows)
    legend = ("@ you", "# wall", "P person", "~ water")
    return View(1, "Hall", column, row, facing, 0, 0, tuple(rows), walkable, legend)


def seen(column: int, row: int, **options: str) -> ExploredMap:
    explored = ExploredMap()
    explored.see(view(column, row, **options))  # type: ignore[arg-type]
    return explored


def test_the_shortest_way_goes_over_cells_that_were_seen() -> None:
    assert letters_of(seen(1, 1).way_to(6, 4)) in ("RRRRRDDD", "DDDRRRRR")
    assert letters_of(seen(1, 4).way_to(6, 1)) in ("RRRRRUUU", "UUURRRRR")


def test_a_way_may_end_where_it_leads_elsewhere_but_not_pass_it() -> None:
    assert letters_of(seen(3, 1).way_to(4, 0)) == "RU"
    corridor = ("#####", "#.*.#", "#####")
    explored = ExploredMap()
    explored.see(view(1, 1, corridor))

    assert letters_of(explored.way_to(2, 1)) == "R"
    with pytest.raises(NoWayError, match="no way to column 3, row 1 is known"):
        explored.way_to(3, 1)


def test_what_cannot_be_entered_is_walked_up_to_and_faced() -> None:
    assert letters_of(seen(4, 3).way_to(2, 3)) == "L"
    assert letters_of(seen(1, 1).way_to(2, 3)) == "DDR"
    assert letters_of(seen(3, 3).way_to(2, 3)) == "L"
    with pytest.raises(NoWayError, match="you stand beside it already"):
        seen(3, 3, facing="left").way_to(2, 3)


def test_what_was_not_seen_is_not_known() -> None:
    explored = seen(1, 1)
    with pytest.raises(NoWayError, match="column 20, row 4 of this place was not seen"):
        explored.way_to(20, 4)
    with pytest.raises(NoWayError, match="no place was seen yet"):
        ExploredMap().way_to(1, 1)


def test_the_drawing_shows_what_was_seen_and_leaves_the_rest_blank() -> None:
    explored = seen(1, 1)
    beyond = replace(view(1, 1), column=9, row=1, left=8, top=1)
    explored.see(replace(beyond, rows=(".@",), walkable=("10",)))

    assert explored.drawing().split("\n") == [
        "Hall: what you have seen of it. Blank is unseen.",
        "     0000000000",
        "     0123456789",
        "   0 ####D###",
        "   1 #......#.@",
        "   2 #.####.#",
        "   3 #.P..#.#",
        "   4 #......#",
        "(@ you, # wall, P person)",
    ]


def test_a_large_place_is_drawn_around_the_player() -> None:
    explored = ExploredMap()
    wide = "." * 200
    explored.see(View(1, "Plain", 150, 0, "up", 0, 0, (wide,), ("1" * 200,)))
    lines = explored.drawing().split("\n")

    assert max(len(line) for line in lines[1:]) == 5 + MOST_COLUMNS
    assert lines[-2][5 + MOST_COLUMNS // 2] == "@"
    assert len(explored.way_to(10, 0)) == 100


def test_what_changed_is_remembered_as_it_was_last_seen() -> None:
    explored = seen(1, 3)
    with pytest.raises(NoWayError, match="beside it already"):
        seen(1, 3, facing="right").way_to(2, 3)
    open_grid = (*GRID[:3], "#....#.#", GRID[4])
    explored.see(view(1, 3, open_grid))

    assert explored.way_to(2, 3) == (Action.RIGHT,)
    assert letters_of(explored.way_to(4, 3)) == "RRR"


def test_a_map_is_the_same_after_a_stop() -> None:
    explored = seen(1, 1)
    copy = ExploredMap.from_json(json.loads(json.dumps(explored.to_json())))

    assert copy.drawing() == explored.drawing()
    assert copy.way_to(6, 4) == explored.way_to(6, 4)


LEDGE = ("#####", "#...#", "#___#", "#...#", "#####")


def with_steps(
    column: int, row: int, *, barred: frozenset[Step] = frozenset(), leaps: frozenset[Step]
) -> ExploredMap:
    explored = ExploredMap()
    explored.see(replace(view(column, row, LEDGE), barred=barred, leaps=leaps))
    return explored


def test_a_ledge_is_jumped_down_and_never_up() -> None:
    leaps = frozenset({(1, 1, "down"), (2, 1, "down"), (3, 1, "down")})
    assert letters_of(with_steps(1, 1, leaps=leaps).way_to(1, 3)) == "D"
    assert letters_of(with_steps(1, 1, leaps=leaps).way_to(2, 3)) in ("DR", "RD")
    with pytest.raises(NoWayError, match="no way to column 1, row 1 is known"):
        with_steps(1, 3, leaps=leaps).way_to(1, 1)


def test_a_barred_step_is_walked_around() -> None:
    barred = frozenset({(1, 1, "right"), (2, 1, "left")})
    leaps = frozenset({(1, 1, "down")})
    with pytest.raises(NoWayError):
        with_steps(1, 1, barred=barred, leaps=frozenset()).way_to(3, 1)
    assert letters_of(with_steps(1, 1, barred=barred, leaps=leaps).way_to(3, 3)) == "DRR"


def test_steps_are_kept_with_the_map_and_seen_anew() -> None:
    leaps = frozenset({(1, 1, "down")})
    explored = with_steps(1, 1, leaps=leaps)
    again = ExploredMap.from_json(json.loads(json.dumps(explored.to_json())))
    assert letters_of(again.way_to(1, 3)) == "D"

    again.see(view(1, 1, LEDGE))
    with pytest.raises(NoWayError):
        again.way_to(1, 3)
