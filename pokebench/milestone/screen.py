"""The form of a table's `[screen]`: how a game's moments are read as text, without code.

A game that has no reader of its own names `reader = "table"` and states here where its tiles,
numbers and cells lie, and by which conditions its scenes are known.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from pokebench.milestone.predicate import Predicate
from pokebench.milestone.symbol import Strict, Symbols
from pokebench.types import TEXT_CHARACTERS

SceneName = Literal[
    "title", "walking", "dialogue", "choice", "menu", "battle", "naming", "transition"
]
Glyph = Annotated[str, StringConstraints(pattern=r"^[!-~]$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[ -~]+$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}$")]
"""A number as a key of a table, which TOML writes as text."""
_YOU: Final = "@"
_MOST_FACTS: Final = 32


class Characters(Strict):
    """Consecutive tile ids and what is written on them.

    Attributes:
        first: the first tile's id.
        text: one character a tile.
    """

    first: int = Field(ge=0, le=255)
    text: str = Field(min_length=1, max_length=256)


class Written(Strict):
    """Where text stands: tile ids in RAM, row by row.

    Attributes:
        tiles: symbol that holds them.
        columns: tiles in a row.
        rows: symbol that says how many rows count now; None for all.
        characters: what is written on which tile; all others are blank.
    """

    tiles: str
    columns: int = Field(ge=1, le=32)
    rows: str | None = None
    characters: tuple[Characters, ...] = Field(min_length=1, max_length=256)

    def faults(self, symbols: Symbols) -> Iterator[str]:
        """Yield what is wrong, given the symbols there are."""
        if self.tiles in symbols and symbols[self.tiles].span[1] % self.columns:
            yield f"{self.tiles!r} is no whole number of rows of {self.columns}"
        for part in self.characters:
            unknown = sorted(set(part.text) - set(TEXT_CHARACTERS))
            if unknown:
                yield f"characters from {part.first:#04x}: {unknown[0]!r} cannot be shown"
            if part.first + len(part.text) > 256:
                yield f"characters from {part.first:#04x}: they end past tile 0xff"


class Player(Strict):
    """Where the player is: symbols of the place's number, column, row, and facing.

    Attributes:
        facings: the number that each direction has.
        names: names of places, by their numbers written as text.
        turns_first: who faces elsewhere may only turn by a press, and walk by the next.
    """

    place: str
    column: str
    row: str
    facing: str
    facings: dict[Literal["down", "up", "left", "right"], int]
    names: dict[Number, Words] = Field(default={})
    turns_first: bool = False


class SceneRule(Strict):
    """One thing that a game can be doing; the first rule that holds says what it is.

    Attributes:
        scene: what it is.
        when: the condition; None always holds.
        ready: when the game takes a button; None: always while walking, else when nothing has
            changed for a while.
        reads_on: when there is text to read on; None: in dialogues.
    """

    scene: SceneName
    when: Predicate | None = None
    ready: Predicate | None = None
    reads_on: Predicate | None = None


class Fact(Strict):
    """A number that is told after a label, such as `Coins: 12`.

    Attributes:
        label: what it is.
        symbol: the number, or a list of numbers.
        names: words for some numbers, written as text.
    """

    label: Words
    symbol: str
    names: dict[Number, Words] = Field(default={})


class CellKind(Strict):
    """What some cells are.

    Attributes:
        glyph: one character that stands for them.
        meaning: what they are, for people.
        cells: their numbers.
        walk: whether one can walk on them: `freely`, only as the `end` of a way, or `not`.
    """

    glyph: Glyph
    meaning: Words
    cells: tuple[Annotated[int, Field(ge=0, le=255)], ...] = Field(min_length=1)
    walk: Literal["freely", "end", "not"] = "not"


class Cells(Strict):
    """The map around the player: one byte a cell, row by row. Cells of no kind are walls.

    Attributes:
        map: symbol that holds them.
        width: symbol of the map's columns.
        height: symbol of the map's rows.
        kinds: what they are.
    """

    map: str
    width: str
    height: str
    kinds: tuple[CellKind, ...] = Field(min_length=1)

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the kinds."""
        glyphs = [kind.glyph for kind in self.kinds]
        for glyph in (_YOU, "#"):
            if glyph in glyphs:
                yield f"cells: {glyph!r} stands for something already"
        if len(set(glyphs)) < len(glyphs):
            yield "cells: a glyph stands for two kinds"


class ScreenForm(Strict):
    """All that a table says about reading its game.

    Attributes:
        written: where text stands; None for a game whose text cannot be read.
        player: where the player is.
        scenes: what the game can be doing.
        facts: numbers to tell.
        cells: the map around the player; None for one that cannot be read.
    """

    written: Written | None = None
    player: Player
    scenes: tuple[SceneRule, ...] = Field(min_length=1, max_length=64)
    facts: tuple[Fact, ...] = Field(default=(), max_length=_MOST_FACTS)
    cells: Cells | None = None

    def faults(self, symbols: Symbols) -> Iterator[str]:
        """Yield what is wrong, given the symbols there are."""
        for place, name in self._names():
            if name not in symbols:
                yield f"screen.{place}: unknown symbol {name!r}"
        written = self.written.faults(symbols) if self.written else ()
        yield from (f"screen.written: {fault}" for fault in written)
        yield from (f"screen.{fault}" for fault in (self.cells.faults() if self.cells else ()))
        for number, rule in enumerate(self.scenes, 1):
            for condition in (rule.when, rule.ready, rule.reads_on):
                for fault in condition.faults(symbols) if condition else ():
                    yield f"screen.scenes, rule {number}: {fault}"
        if self.scenes[-1].when is not None:
            yield "screen.scenes: the last rule must have no `when`, so that one always holds"

    def _names(self) -> Iterator[tuple[str, str]]:
        player, written, cells = self.player, self.written, self.cells
        if written is not None:
            yield "written.tiles", written.tiles
            if written.rows is not None:
                yield "written.rows", written.rows
        for part in ("place", "column", "row", "facing"):
            yield f"player.{part}", getattr(player, part)
        for fact in self.facts:
            yield f"facts, {fact.label}", fact.symbol
        if cells is not None:
            yield from (("cells.map", cells.map), ("cells.width", cells.width))
            yield "cells.height", cells.height
