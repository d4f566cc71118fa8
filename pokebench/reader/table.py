"""Any game in words, as its table's `[screen]` says: the reader for games that have none."""

from typing import Final

from pokebench.milestone.predicate import Predicate, ReadBytes, Test
from pokebench.milestone.screen import Cells, Fact, ScreenForm
from pokebench.milestone.symbol import Symbols
from pokebench.reader.protocol import Scene, Situation
from pokebench.types import LONGEST_TEXT, RamPort, View

COLUMNS: Final = 10
ROWS: Final = 9
_LEFT_OF_PLAYER: Final = 4
_ABOVE_PLAYER: Final = 4
_YOU: Final = "@"
_WALL: Final = "#"
_WALKS: Final = {"freely": "1", "end": "2", "not": "0"}
_UNWRITTEN: Final = (Scene.WORLD, Scene.TRANSITION)
_MOST_NUMBERS: Final = 32


class TableReader:
    """Reads a game by what its table states; keeps nothing between reads."""

    def __init__(self, form: ScreenForm, symbols: Symbols) -> None:
        """Read by `form`, whose names are those of `symbols`."""
        self._form = form
        self._symbols = symbols
        self._shown = _tile_texts(form)
        self._rules = [
            (
                Scene(rule.scene),
                _bound(rule.when, symbols),
                _bound(rule.ready, symbols),
                _bound(rule.reads_on, symbols),
            )
            for rule in form.scenes
        ]
        self._facings = {number: name for name, number in form.player.facings.items()}
        self._cells = _Cells(form.cells, symbols) if form.cells else None

    def read(self, ram: RamPort) -> str:
        """Return the text of this moment."""
        scene, _, _ = self._rule(ram.read)
        parts = []
        if scene not in (Scene.TITLE, Scene.NAMING):
            parts.append(self._place(ram.read))
            view = self._view(ram.read) if scene is Scene.WORLD else None
            if view is not None:
                parts += [*view.rows, f"({', '.join(_used(view))})"]
        written = "\n".join(self._lines(ram.read))
        if written:
            parts.append(f"On screen:\n{written}")
        if scene is not Scene.TITLE:
            parts += [self._fact(fact, ram.read) for fact in self._form.facts]
        return "\n".join(parts)[:LONGEST_TEXT]

    def situation(self, ram: RamPort) -> Situation:
        """Return what the game is doing."""
        scene, ready, reads_on = self._rule(ram.read)
        place, column, row = (self._number(part, ram.read) for part in ("place", "column", "row"))
        facing = self._number("facing", ram.read)
        words = "\n".join(self._lines(ram.read))
        return Situation(
            scene=scene,
            is_ready=ready(ram.read) if ready else scene is Scene.WORLD,
            has_text=reads_on(ram.read) if reads_on else scene is Scene.TEXT,
            place=place,
            position=(column, row),
            fingerprint=f"{scene} {place} {column} {row} {facing} {words}".encode(),
            is_ready_when_still=ready is None,
            may_turn_first=self._form.player.turns_first,
        )

    def view(self, ram: RamPort) -> View | None:
        """Return the cells on screen, while the player walks about and the table has cells."""
        scene, _, _ = self._rule(ram.read)
        return self._view(ram.read) if scene is Scene.WORLD else None

    def _rule(self, read: ReadBytes) -> tuple[Scene, Test | None, Test | None]:
        for scene, when, ready, reads_on in self._rules:
            if when is None or when(read):
                return scene, ready, reads_on
        raise AssertionError("a table whose last rule has a condition is refused")

    def _number(self, part: str, read: ReadBytes) -> int:
        return self._symbols[getattr(self._form.player, part)].number(read)

    def _place(self, read: ReadBytes) -> str:
        place = self._number("place", read)
        facing = self._facing(read)
        column, row = self._number("column", read), self._number("row", read)
        name = self._name(place)
        return f"Place: {name}, column {column}, row {row}, facing {facing}."

    def _name(self, place: int) -> str:
        return self._form.player.names.get(str(place), f"map {place}")

    def _facing(self, read: ReadBytes) -> str:
        return self._facings.get(self._number("facing", read), "down")

    def _lines(self, read: ReadBytes) -> list[str]:
        written = self._form.written
        if written is None:
            return []
        start, size = self._symbols[written.tiles].span
        if written.rows is not None:
            rows = self._symbols[written.rows].number(read)
            size = max(min(size, rows * written.columns), 0)
        tiles = read(start, size) if size else b""
        lines = (tiles[i : i + written.columns] for i in range(0, len(tiles), written.columns))
        texts = ("".join(self._shown[tile] for tile in line).rstrip() for line in lines)
        return [text for text in texts if text]

    def _fact(self, fact: Fact, read: ReadBytes) -> str:
        symbol = self._symbols[fact.symbol]
        numbers = (
            [symbol.number(read)]
            if symbol.records is None
            else (symbol.numbers(read, self._symbols))
        )
        shown = [fact.names.get(str(number), str(number)) for number in numbers[:_MOST_NUMBERS]]
        return f"{fact.label}: {', '.join(shown) or 'none'}."

    def _view(self, read: ReadBytes) -> View | None:
        if self._cells is None:
            return None
        place = self._number("place", read)
        column, row = self._number("column", read), self._number("row", read)
        rows = self._cells.around(column, row, read)
        return View(
            place=place,
            name=self._name(place),
            column=column,
            row=row,
            facing=self._facing(read),
            left=column - _LEFT_OF_PLAYER,
            top=row - _ABOVE_PLAYER,
            rows=rows,
            walkable=tuple(cells.translate(self._cells.walkable) for cells in rows),
            legend=self._cells.legend,
        )


class _Cells:
    """The cells of a map in RAM, as glyphs."""

    def __init__(self, form: Cells, symbols: Symbols) -> None:
        self._map = symbols[form.map].span
        self._width, self._height = symbols[form.width], symbols[form.height]
        glyphs = {cell: kind.glyph for kind in form.kinds for cell in kind.cells}
        self._glyphs = "".join(glyphs.get(cell, _WALL) for cell in range(256)).encode()
        self.walkable = str.maketrans(
            {kind.glyph: _WALKS[kind.walk] for kind in form.kinds} | {_YOU: "1", _WALL: "0"}
        )
        meanings = [f"{kind.glyph} {kind.meaning}" for kind in form.kinds]
        self.legend = (f"{_YOU} you", *meanings, f"{_WALL} wall or thing")

    def around(self, column: int, row: int, read: ReadBytes) -> tuple[str, ...]:
        """Return the rows on screen; what lies outside the map is a wall."""
        width, height = self._width.number(read), self._height.number(read)
        lines = [
            self._line(column - _LEFT_OF_PLAYER, row - _ABOVE_PLAYER + y, width, height, read)
            for y in range(ROWS)
        ]
        middle = lines[_ABOVE_PLAYER]
        lines[_ABOVE_PLAYER] = middle[:_LEFT_OF_PLAYER] + _YOU + middle[_LEFT_OF_PLAYER + 1 :]
        return tuple(lines)

    def _line(self, left: int, row: int, width: int, height: int, read: ReadBytes) -> str:
        start, size = self._map
        first, last = max(left, 0), min(left + COLUMNS, width)
        begin, end = row * width + first, row * width + last
        if not (0 <= row < height and first < last and end <= size):
            return _WALL * COLUMNS
        inside = read(start + begin, last - first).translate(self._glyphs).decode()
        return (_WALL * (first - left) + inside).ljust(COLUMNS, _WALL)


def _bound(condition: Predicate | None, symbols: Symbols) -> Test | None:
    return None if condition is None else condition.bind(symbols)


def _used(view: View) -> list[str]:
    """Return the legend of the glyphs that are shown."""
    shown = set("".join(view.rows))
    return [words for words in view.legend if words[0] in shown]


def _tile_texts(form: ScreenForm) -> list[str]:
    """Return what is written on each tile."""
    texts = [" "] * 256
    for part in form.written.characters if form.written else ():
        texts[part.first : part.first + len(part.text)] = part.text
    return texts
