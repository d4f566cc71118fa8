"""What stands near the player, read off the text observation as any agent could."""

import re
from dataclasses import dataclass
from typing import Final

from pokebench.types import Action

_PLACE: Final = re.compile(
    r"^Place: (?P<name>.*), column (?P<column>-?\d+), row (?P<row>-?\d+), ", re.MULTILINE
)
_QUOTE: Final = "On screen:"
_YOU: Final = "@"
_WAYS: Final = {Action.UP: (0, -1), Action.RIGHT: (1, 0), Action.DOWN: (0, 1), Action.LEFT: (-1, 0)}
_PASSABLE: Final = '.",'


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in a straight line from the player, with nothing in between.

    Attributes:
        glyph: what it is, as the map in words draws it.
        way: the button that leads there.
        distance: cells to it; 1 stands beside the player.
        name: place and cell, the same whenever it is seen.
    """

    glyph: str
    way: Action
    distance: int
    name: str


def is_walking(text: str) -> bool:
    """Return whether the player walks about: the text tells where, and quotes no words or menus."""
    return _PLACE.search(text) is not None and _QUOTE not in text


def things_in_line(text: str) -> list[Thing]:
    """Return the first thing in each of the four directions, as far as the text draws it."""
    found = _PLACE.search(text)
    if found is None:
        return []
    rows = text[found.end() :].split("\n")[1:]
    row = next((number for number, cells in enumerate(rows) if _YOU in cells), None)
    if row is None:
        return []
    column = rows[row].index(_YOU)
    things = []
    for way, (across, down) in _WAYS.items():
        distance = 1
        while _glyph(rows, column + across * distance, row + down * distance) in _PASSABLE:
            distance += 1
        glyph = _glyph(rows, column + across * distance, row + down * distance)
        at = (int(found["column"]) + across * distance, int(found["row"]) + down * distance)
        things.append(Thing(glyph, way, distance, f"{found['name']} {at[0]} {at[1]}"))
    return things


def _glyph(rows: list[str], column: int, row: int) -> str:
    if 0 <= row < len(rows) and 0 <= column < len(rows[row]):
        return rows[row][column]
    return " "
