"""What an agent has seen of each place, and ways over it: a map with fog of war.

Fed with the cells on screen and with nothing else, so it knows what a person with a pencil would.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from pokebench.types import Action, JsonObject, Step, View

UNSEEN: Final = " "
MOST_COLUMNS: Final = 60
MOST_ROWS: Final = 40
LONGEST_WAY: Final = 100
"""Steps that one way may have; what is left can be walked in the next turn."""
_YOU: Final = "@"
_FLOOR: Final = "."
_FREE, _END_ONLY = "1", "2"
_STEPS: Final = {
    Action.UP: (0, -1),
    Action.DOWN: (0, 1),
    Action.LEFT: (-1, 0),
    Action.RIGHT: (1, 0),
}
_FACING: Final = {
    "up": Action.UP,
    "down": Action.DOWN,
    "left": Action.LEFT,
    "right": Action.RIGHT,
}
_WAYS: Final = {action: way for way, action in _FACING.items()}
Cell = tuple[int, int]
"""Column and row."""


class NoWayError(Exception):
    """There is no way that is known; the message is for the agent."""


@dataclass(slots=True)
class _Place:
    """The cells of one place that were seen, each with its glyph and how it can be walked on.

    Attributes:
        name: the place's name.
        cells: glyph and walkability of each cell.
        steps: how many cells a step leads on, where that is not one: none, or two.
    """

    name: str
    cells: dict[Cell, str] = field(default_factory=dict)
    steps: dict[Step, int] = field(default_factory=dict)

    def beside(self, cell: Cell, action: Action) -> Cell | None:
        """Return where a step from `cell` leads, whether one can stand there or not."""
        count = self.steps.get((*cell, _WAYS[action]), 1)
        dx, dy = _STEPS[action]
        return (cell[0] + count * dx, cell[1] + count * dy) if count else None


class ExploredMap:
    """Everything seen so far, place by place."""

    def __init__(self) -> None:
        self._places: dict[int, _Place] = {}
        self._legend: tuple[str, ...] = ()
        self._here = -1
        self._at: Cell = (0, 0)
        self._facing = Action.DOWN

    def see(self, view: View) -> None:
        """Remember the cells on screen; what changed since is as it is now."""
        place = self._places.setdefault(view.place, _Place(view.name))
        self._legend = view.legend
        self._here, self._at = view.place, (view.column, view.row)
        self._facing = _FACING[view.facing]
        for row, (glyphs, walkable) in enumerate(zip(view.rows, view.walkable, strict=True)):
            for column, seen in enumerate(zip(glyphs, walkable, strict=True)):
                cell = (view.left + column, view.top + row)
                if seen[0] != _YOU:
                    place.cells[cell] = "".join(seen)
                else:
                    place.cells.setdefault(cell, _FLOOR + _FREE)
        self._see_steps(place, view)

    @staticmethod
    def _see_steps(place: _Place, view: View) -> None:
        """Remember the steps of the cells on screen as they are now."""
        for row in range(view.top, view.top + len(view.rows)) if place.steps else ():
            for column in range(view.left, view.left + len(view.rows[0])):
                for way in _FACING:
                    place.steps.pop((column, row, way), None)
        place.steps |= dict.fromkeys(view.barred, 0) | dict.fromkeys(view.leaps, 2)

    def way_to(self, column: int, row: int) -> tuple[Action, ...]:
        """Return the presses that lead to a cell of this place, over cells that were seen.

        The way to a cell that cannot be entered ends beside it, facing it.

        Raises:
            NoWayError: the cell was not seen, is where the agent stands, or no way is known.
        """
        place = self._place()
        goal = (column, row)
        if goal not in place.cells:
            raise NoWayError(f"column {column}, row {row} of this place was not seen yet")
        if goal == self._at:
            raise NoWayError("you stand there already")
        way = self._search(place, goal)
        if way is None:
            raise NoWayError(f"no way to column {column}, row {row} is known")
        if place.cells[goal][1] == "0" and way and way[-1] is self._facing_after(way[:-1]):
            way = way[:-1]
        if not way:
            raise NoWayError("you stand beside it already, facing it; it cannot be entered")
        return tuple(way[:LONGEST_WAY])

    def drawing(self) -> str:
        """Return what was seen of this place, with columns and rows numbered."""
        place = self._place()
        first, last = _window(place, self._at)
        columns = range(first[0], last[0] + 1)
        lines = [
            f"{place.name}: what you have seen of it. Blank is unseen.",
            "     " + "".join(str(column // 10 % 10) for column in columns),
            "     " + "".join(str(column % 10) for column in columns),
        ]
        drawn: set[str] = set()
        for row in range(first[1], last[1] + 1):
            glyphs = "".join(self._glyph(place, (column, row)) for column in columns)
            lines.append(f"{row:4d} {glyphs}".rstrip())
            drawn.update(glyphs)
        legend = ", ".join(words for words in self._legend if words[0] in drawn)
        return "\n".join([*lines, f"({legend})"])

    def to_json(self) -> JsonObject:
        """Return everything as JSON."""
        places = {
            str(number): {
                "name": place.name,
                "cells": [[*cell, seen] for cell, seen in place.cells.items()],
                "steps": [[*step, count] for step, count in place.steps.items()],
            }
            for number, place in self._places.items()
        }
        return {
            "places": places,
            "here": self._here,
            "at": list(self._at),
            "facing": int(self._facing),
            "legend": list(self._legend),
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> "ExploredMap":
        """Return the map that `to_json` wrote."""
        result = cls()
        for number, place in data["places"].items():
            cells = {(column, row): seen for column, row, seen in place["cells"]}
            steps = {(c, r, way): count for c, r, way, count in place.get("steps", ())}
            result._places[int(number)] = _Place(place["name"], cells, steps)
        result._here, result._facing = data["here"], Action(data["facing"])
        result._at = (data["at"][0], data["at"][1])
        result._legend = tuple(data["legend"])
        return result

    def _place(self) -> _Place:
        if self._here not in self._places:
            raise NoWayError("no place was seen yet")
        return self._places[self._here]

    def _glyph(self, place: _Place, cell: Cell) -> str:
        return _YOU if cell == self._at else place.cells.get(cell, UNSEEN)[0]

    def _facing_after(self, way: list[Action]) -> Action:
        return way[-1] if way else self._facing

    def _search(self, place: _Place, goal: Cell) -> list[Action] | None:
        """Return the shortest way, breadth first; the last press may only turn to the goal."""
        came: dict[Cell, tuple[Cell, Action] | None] = {self._at: None}
        queue = deque([self._at])
        while queue:
            cell = queue.popleft()
            for action in _STEPS:
                beside = place.beside(cell, action)
                if beside is None or beside in came or beside not in place.cells:
                    continue
                if beside == goal:
                    came[beside] = (cell, action)
                    return _traced(came, goal)
                if place.cells[beside][1] == _FREE:
                    came[beside] = (cell, action)
                    queue.append(beside)
        return None


def _traced(came: dict[Cell, tuple[Cell, Action] | None], goal: Cell) -> list[Action]:
    way: list[Action] = []
    step = came[goal]
    while step is not None:
        cell, action = step
        way.append(action)
        step = came[cell]
    return way[::-1]


def _window(place: _Place, at: Cell) -> tuple[Cell, Cell]:
    """Return the first and last cell of what is drawn: all that was seen, or what is near."""
    spans = []
    for axis, most in ((0, MOST_COLUMNS), (1, MOST_ROWS)):
        low, high = (f(cell[axis] for cell in place.cells) for f in (min, max))
        if high - low >= most:
            low = min(max(low, at[axis] - most // 2), high - most + 1)
            high = low + most - 1
        spans.append((low, high))
    return (spans[0][0], spans[1][0]), (spans[0][1], spans[1][1])
