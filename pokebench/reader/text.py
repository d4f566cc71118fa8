"""Characters of the games' own encoding, as tiles on screen and as names in memory."""

from collections.abc import Mapping
from typing import Final

from pokebench.reader.protocol import Scene

SCREEN_COLUMNS: Final = 20
SCREEN_ROWS: Final = 18
SCREEN_TILES: Final = SCREEN_COLUMNS * SCREEN_ROWS
NAME_END: Final = 0x50
CURSOR: Final = 0xED
MORE: Final = 0xEE
"""The arrow that says there is more text."""
BLANK: Final = 0x7F
_BOX_CORNER: Final = 0x79
_FIRST_CHARACTER: Final = 0x60
_SCREEN_ONLY: Final = range(_FIRST_CHARACTER, BLANK)
_HUD: Final = range(0x60, 0x79)
"""Tiles that are pieces of bars and frames on full screens, and quotation marks in dialogues."""
_LEVEL: Final = 0x6E
_BOX_ROW: Final = 12
_BOX_LINES: Final = range(13, 17)
_LETTERS: Final = (0x80, 0xA0)
_KEYBOARD_ROWS: Final = range(4, 10)
_KEYS_IN_A_ROW: Final = 9


class Characters:
    """One generation's encoding."""

    def __init__(self, charset: Mapping[int, str]) -> None:
        """Take what each code is shown as."""
        self._names = {c: text for c, text in charset.items() if c not in _SCREEN_ONLY}
        shown = [charset.get(code, " ") if code >= _FIRST_CHARACTER else " " for code in range(256)]
        self.dialogue = tuple(shown)
        plain = {code: " " for code in _HUD if code != _LEVEL}
        self.panel = tuple(plain.get(code, text) for code, text in enumerate(shown))

    def name(self, raw: bytes) -> str | None:
        """Return the name at the start of `raw`, or None if no game would have written it.

        A name ends at 0x50 or with `raw`, and has nothing but characters.
        """
        codes = raw.split(b"\x50", 1)[0]
        if not codes or any(code not in self._names for code in codes):
            return None
        return "".join(self._names[code] for code in codes).strip() or None


class Screen:
    """The 20 by 18 tiles that a game wants on screen."""

    def __init__(self, tiles: bytes, characters: Characters) -> None:
        """Take `SCREEN_TILES` tile ids, row by row."""
        self.tiles = tiles
        self._characters = characters

    @property
    def has_cursor(self) -> bool:
        """Whether a menu's filled cursor is shown."""
        return CURSOR in self.tiles

    @property
    def has_box(self) -> bool:
        """Whether a dialogue's box is open at the bottom."""
        return self.tiles[_BOX_ROW * SCREEN_COLUMNS] == _BOX_CORNER

    @property
    def has_keyboard(self) -> bool:
        """Whether letters are offered to write a name: nine in order in every other column."""
        for row in _KEYBOARD_ROWS:
            keys = self.tiles[row * SCREEN_COLUMNS + 2 : (row + 1) * SCREEN_COLUMNS : 2]
            if keys[0] in _LETTERS and keys == bytes(range(keys[0], keys[0] + _KEYS_IN_A_ROW)):
                return True
        return False

    @property
    def words(self) -> bytes:
        """The tiles without the arrow that blinks, to tell whether anything changed."""
        return self.tiles.replace(bytes([MORE]), bytes([BLANK]))

    def scene(self, *, is_question: bool = False) -> Scene:
        """Return what a text or menu over the map is; `is_question` if the game says so."""
        if self.has_cursor:
            return Scene.CHOICE if self.has_box or is_question else Scene.MENU
        return Scene.TEXT if self.has_box else Scene.MENU

    def has_more(self, column: int, row: int) -> bool:
        """Whether the arrow that says there is more text stands at a place."""
        return self.tiles[row * SCREEN_COLUMNS + column] == MORE

    def dialogue(self) -> str:
        """Return the lines in the box at the bottom."""
        table = self._characters.dialogue
        rows = (_cells(self.words, row, table)[1:-1] for row in _BOX_LINES)
        texts = ("".join(cells).strip() for cells in rows)
        return "\n".join(text for text in texts if text)

    def panel(self) -> str:
        """Return everything written on screen, laid out as it stands there; no empty lines."""
        table = self._characters.panel
        lines = ("".join(_cells(self.tiles, row, table)).rstrip() for row in range(SCREEN_ROWS))
        return "\n".join(line for line in lines if line)

    def choice(self) -> str:
        """Return the entry that the cursor points at, or ""."""
        at = self.tiles.find(CURSOR)
        if at < 0:
            return ""
        row, column = divmod(at, SCREEN_COLUMNS)
        after = "".join(_cells(self.tiles, row, self._characters.panel)[column + 1 :])
        return after.split("|")[0].strip().split("  ")[0].split(">")[0].strip()


def _cells(tiles: bytes, row: int, table: tuple[str, ...]) -> list[str]:
    start = row * SCREEN_COLUMNS
    return [table[tile] for tile in tiles[start : start + SCREEN_COLUMNS]]
