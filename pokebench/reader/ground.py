"""The cells around the player, in glyphs: what each is, and how it can be walked on."""

from dataclasses import dataclass
from typing import Final

from pokebench.types import Step, View

COLUMNS: Final = 10
ROWS: Final = 9
LEFT_OF_PLAYER: Final = 4
ABOVE_PLAYER: Final = 4
YOU: Final = "@"
PERSON: Final = "P"
BALL: Final = "!"
GRASS: Final = '"'
WATER: Final = "~"
WAY: Final = "D"
EXIT: Final = "M"
EDGE: Final = "E"
SIGN: Final = "S"
COUNTER: Final = "="
BUSH: Final = "T"
BOULDER: Final = "B"
ICE: Final = "*"
RAPIDS: Final = "%"
UNKNOWN: Final = "?"
WALL: Final = "#"
FREE: Final = "."
WAYS: Final = {"down": (0, 1), "up": (0, -1), "left": (-1, 0), "right": (1, 0)}
_OPPOSITE: Final = {"down": "up", "up": "down", "left": "right", "right": "left"}
LEDGES: Final = {"down": "_", "left": "<", "right": ">", "up": "^"}
_MEANINGS: Final = {
    YOU: "you",
    PERSON: "person or thing that stands there",
    BALL: "ball on the ground",
    GRASS: "tall grass",
    WATER: "water",
    WAY: "door, stairs or hole",
    EXIT: "exit, step on it and walk on towards the edge",
    EDGE: "leads to the next place",
    SIGN: "sign",
    COUNTER: "counter",
    BUSH: "tree that can be cut",
    BOULDER: "boulder",
    ICE: "ice or arrow, carries one on",
    RAPIDS: "whirlpool or waterfall",
    **{glyph: f"ledge, {way} only" for way, glyph in LEDGES.items()},
    UNKNOWN: "unknown",
    WALL: "wall, tree or thing",
    FREE: "free",
}
_SIDES: Final = {(-1, 0): "west", (1, 0): "east", (0, -1): "north", (0, 1): "south"}
_ON_FOOT: Final = {FREE: "1", GRASS: "1", EXIT: "1", WAY: "2", EDGE: "2", ICE: "2"}
"""How glyphs can be walked on, as in `View`; those that are missing, not at all."""
LEGEND: Final = tuple(f"{glyph} {meaning}" for glyph, meaning in _MEANINGS.items())


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the player is.

    Attributes:
        place: number of the map.
        name: its name, for people.
        column: column on the map, in cells of 16 pixels.
        row: row on the map.
        facing: down, up, left or right.
        width: columns of the map.
        height: rows of the map.
        exits: sides on which another map follows: north, south, west, east.
        is_surfing: the player goes on water.
    """

    place: int
    name: str
    column: int
    row: int
    facing: str
    width: int
    height: int
    exits: frozenset[str] = frozenset()
    is_surfing: bool = False


class Ground:
    """What is on screen around the player, cell by cell."""

    def __init__(self, spot: Spot) -> None:
        """Begin with free cells around `spot`, and ledges that nobody can stand on."""
        self.spot = spot
        self.left = spot.column - LEFT_OF_PLAYER
        self.top = spot.row - ABOVE_PLAYER
        self.rows = [[FREE] * COLUMNS for _ in range(ROWS)]
        self.walkable = {**_ON_FOOT, YOU: "1", **({WATER: "1"} if spot.is_surfing else {})}
        self._barred: set[Step] = set()
        self._leaps: set[Step] = set()

    def put(self, column: int, row: int, glyph: str) -> None:
        """Put a glyph at a cell of the map, if it is on screen."""
        x, y = column - self.left, row - self.top
        if 0 <= x < COLUMNS and 0 <= y < ROWS:
            self.rows[y][x] = glyph

    def bar(self, x: int, y: int, way: str) -> None:
        """Forbid the step from a cell on screen to the one beside it, and the step back."""
        column, row = self.left + x, self.top + y
        dx, dy = WAYS[way]
        self._barred |= {(column, row, way), (column + dx, row + dy, _OPPOSITE[way])}

    def leap(self, x: int, y: int, way: str) -> None:
        """Let a step from a cell on screen lead two cells on."""
        self._leaps.add((self.left + x, self.top + y, way))

    def finish(self) -> None:
        """Put the player, and close what lies outside the map but a neighbour's first cells."""
        columns = range(self.left, self.left + COLUMNS)
        is_inside = [0 <= column < self.spot.width for column in columns]
        for cells, row in zip(self.rows, range(self.top, self.top + ROWS), strict=True):
            is_row_inside = 0 <= row < self.spot.height
            if not is_row_inside or not all(is_inside):
                for x, column in enumerate(columns):
                    if not (is_row_inside and is_inside[x]):
                        cells[x] = self._outside(cells[x], column, row)
        self.rows[ABOVE_PLAYER][LEFT_OF_PLAYER] = YOU

    def in_words(self) -> str:
        """Return the place, the cells, and what the glyphs mean."""
        rows = ["".join(cells) for cells in self.rows]
        shown = set("".join(rows))
        legend = ", ".join(
            f"{glyph} {words}" for glyph, words in _MEANINGS.items() if glyph in shown
        )
        return "\n".join([spot_in_words(self.spot), *rows, f"({legend})"])

    def view(self) -> View:
        """Return the cells for tools that know the map."""
        spot = self.spot
        walkable = self.walkable
        return View(
            place=spot.place,
            name=spot.name,
            column=spot.column,
            row=spot.row,
            facing=spot.facing,
            left=self.left,
            top=self.top,
            rows=tuple("".join(cells) for cells in self.rows),
            walkable=tuple("".join(walkable.get(g, "0") for g in cells) for cells in self.rows),
            legend=LEGEND,
            barred=frozenset(self._barred),
            leaps=frozenset(self._leaps),
        )

    def _outside(self, glyph: str, column: int, row: int) -> str:
        """Return what a cell outside the map is: a wall, unless the next place begins there."""
        across = min(column, 0) + max(column - self.spot.width + 1, 0)
        down = min(row, 0) + max(row - self.spot.height + 1, 0)
        is_open = glyph in _ON_FOOT and _SIDES.get((across, down)) in self.spot.exits
        return EDGE if is_open else WALL


def spot_in_words(spot: Spot) -> str:
    """Return where the player is."""
    return f"Place: {spot.name}, column {spot.column}, row {spot.row}, facing {spot.facing}."
