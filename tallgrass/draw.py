"""Compile the pictures in tallgrass/art/ into pokebench/tallgrass/data/art.bin.

A sheet is a text file of pictures. A line `= name name ...` opens a band; each line below it is one
row of pixels of every picture in the band, between bars. A pixel is a space, `.`, `o` or `#`: the
four shades from lightest to darkest. On sprites the lightest is transparent. A line that begins
with `;` is a comment.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from pokebench.tallgrass.tiles import ATTRIBUTES, Person, Tile  # noqa: E402

ART_FOLDER: Final = ROOT / "tallgrass" / "art"
OUTPUT: Final = ROOT / "pokebench" / "tallgrass" / "data" / "art.bin"
SHADES: Final = " .o#"
TILE_PIXELS: Final = 8
TILE_BYTES: Final = 16
SET_TILES: Final = 128
FIRST_BACKGROUND_ID: Final = 0x80
SCREEN_COLUMNS: Final = 20
SCREEN_ROWS: Final = 18
SPACE_ID: Final = 32
METATILES: Final = 64

INTERFACE_IDS: Final = {
    "top_left": 1,
    "edge": 2,
    "top_right": 3,
    "left_edge": 4,
    "right_edge": 5,
    "bottom_left": 6,
    "more": 7,
    "bottom_right": 8,
    **{f"bar_{pixels}": 16 + pixels for pixels in range(9)},
}
FACES: Final = ("down", "up", "left")
SPRITE_NAMES: Final = ("player", "player_step", *(person.name.lower() for person in Person))


class ArtError(Exception):
    """A sheet is wrong; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A named rectangle of shades 0 (lightest) to 3 (darkest), and where it was drawn."""

    name: str
    place: str
    rows: tuple[tuple[int, ...], ...]

    def tile(self, column: int, row: int) -> bytes:
        """Return the 8 x 8 tile at `column`, `row` (in tiles), 16 bytes of two bits a pixel."""
        top, left = row * TILE_PIXELS, column * TILE_PIXELS
        lines = self.rows[top : top + TILE_PIXELS]
        return b"".join(_two_planes(line[left : left + TILE_PIXELS]) for line in lines)


def _two_planes(pixels: tuple[int, ...]) -> bytes:
    low = sum((pixel & 1) << (7 - i) for i, pixel in enumerate(pixels))
    high = sum((pixel >> 1) << (7 - i) for i, pixel in enumerate(pixels))
    return bytes((low, high))


def read_sheet(path: Path, width: int, height: int) -> dict[str, Picture]:
    """Read the pictures of the sheet at `path`, each `width` x `height` pixels, by name.

    Raises:
        ArtError: the sheet is malformed; the message begins with the file and the line.
    """
    pictures: dict[str, Picture] = {}
    for names, place, lines in _bands(path):
        if len(lines) != height:
            raise ArtError(f"{place}: the band has {len(lines)} rows of pixels, not {height}")
        columns = zip(*(_cells(line, at, len(names), width) for at, line in lines), strict=True)
        for name, rows in zip(names, columns, strict=True):
            if name in pictures:
                raise ArtError(f"{place}: {name!r} is drawn twice, first at {pictures[name].place}")
            pictures[name] = Picture(name, place, tuple(rows))
    return pictures


def _bands(path: Path) -> Iterator[tuple[list[str], str, list[tuple[str, str]]]]:
    """Yield the names of each band, its place, and its pixel lines, each with its place."""
    names: list[str] = []
    place = ""
    lines: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        at = f"{path.name}:{number}"
        if line.startswith("|"):
            if not names:
                raise ArtError(f"{at}: pixels before the first '= name' line")
            lines.append((at, line))
        elif line.startswith("= "):
            if names:
                yield names, place, lines
            names, place, lines = line[2:].split(), at, []
        elif line and not line.startswith(";"):
            raise ArtError(f"{at}: a line begins with '=', '|' or ';', not {line[0]!r}")
    if names:
        yield names, place, lines


def _cells(line: str, place: str, count: int, width: int) -> list[tuple[int, ...]]:
    """Split a pixel line into one row of shades for each picture."""
    if len(line) != count * (width + 1) + 1 or not line.endswith("|"):
        raise ArtError(f"{place}: {count} pictures of {width} pixels between bars expected")
    cells = line[1:-1].split("|")
    for character in "".join(cells):
        if character not in SHADES:
            raise ArtError(f"{place}: {character!r} is no shade; use one of {SHADES!r}")
    if any(len(cell) != width for cell in cells):
        raise ArtError(f"{place}: a bar is not between two pictures")
    return [tuple(SHADES.index(character) for character in cell) for cell in cells]


def _require(pictures: dict[str, Picture], name: str, sheet: str) -> Picture:
    if name not in pictures:
        raise ArtError(f"{sheet}:1: {name!r} is not drawn")
    return pictures[name]


def _refuse_unknown(pictures: dict[str, Picture], known: set[str]) -> None:
    for name, picture in pictures.items():
        if name not in known:
            raise ArtError(f"{picture.place}: nothing uses a picture named {name!r}")


def compile_interface(folder: Path) -> bytes:
    """Return the 128 interface tiles: frames and bars at ids 1 to 31, ASCII at 32 to 126."""
    glyphs = read_sheet(folder / "font.txt", TILE_PIXELS, TILE_PIXELS)
    parts = read_sheet(folder / "interface.txt", TILE_PIXELS, TILE_PIXELS)
    characters = {"space" if code == SPACE_ID else chr(code): code for code in range(32, 127)}
    _refuse_unknown(glyphs, set(characters))
    _refuse_unknown(parts, set(INTERFACE_IDS))
    tiles = [bytes(TILE_BYTES)] * SET_TILES
    for name, tile_id in characters.items():
        tiles[tile_id] = _require(glyphs, name, "font.txt").tile(0, 0)
    for name, tile_id in INTERFACE_IDS.items():
        tiles[tile_id] = _require(parts, name, "interface.txt").tile(0, 0)
    return b"".join(tiles)


def compile_sprites(folder: Path) -> bytes:
    """Return the 128 sprite tiles: four for each face of the player, its step, and each person.

    A figure with one picture that names no face looks the same from every side.
    """
    pictures = read_sheet(folder / "people.txt", 2 * TILE_PIXELS, 2 * TILE_PIXELS)
    tiles = b""
    used = set()
    for figure in SPRITE_NAMES:
        for face in FACES:
            name = figure if figure in pictures else f"{figure}.{face}"
            picture = _require(pictures, name, "people.txt")
            tiles += b"".join(picture.tile(column, row) for column in (0, 1) for row in (0, 1))
            used.add(name)
    _refuse_unknown(pictures, used)
    return tiles.ljust(SET_TILES * TILE_BYTES, b"\0")


class TilePool:
    """Background tiles, each kept once, with ids from 0x80."""

    def __init__(self, sheet: str) -> None:
        """Start empty; `sheet` names the file in errors."""
        self._sheet = sheet
        self._ids: dict[bytes, int] = {}

    def add(self, tile: bytes, place: str) -> int:
        """Return the id of `tile`, adding it if it is new."""
        if tile not in self._ids and len(self._ids) == SET_TILES:
            raise ArtError(f"{place}: more than {SET_TILES} different tiles in {self._sheet}")
        return self._ids.setdefault(tile, FIRST_BACKGROUND_ID + len(self._ids))

    def __len__(self) -> int:
        """Return how many different tiles there are."""
        return len(self._ids)

    def pixels(self) -> bytes:
        """Return the 128 tiles, blank after the last one used."""
        return b"".join(self._ids).ljust(SET_TILES * TILE_BYTES, b"\0")


def compile_title(folder: Path) -> bytes:
    """Return the title picture: 128 tiles, then 18 rows of 20 tile ids.

    A blank tile becomes the space of the font, so that text can be printed over it.
    """
    size = (SCREEN_COLUMNS * TILE_PIXELS, SCREEN_ROWS * TILE_PIXELS)
    picture = _require(read_sheet(folder / "title.txt", *size), "title", "title.txt")
    pool = TilePool("title.txt")
    ids = bytearray()
    for row in range(SCREEN_ROWS):
        for column in range(SCREEN_COLUMNS):
            tile = picture.tile(column, row)
            ids.append(pool.add(tile, picture.place) if any(tile) else SPACE_ID)
    return pool.pixels() + bytes(ids)


def compile_tileset(folder: Path) -> bytes:
    """Return the tileset of maps: 64 attributes, 64 x 4 tile ids, 128 tiles."""
    pictures = read_sheet(folder / "metatiles.txt", 2 * TILE_PIXELS, 2 * TILE_PIXELS)
    _refuse_unknown(pictures, {tile.name.lower() for tile in Tile})
    pool = TilePool("metatiles.txt")
    attributes = bytearray(METATILES)
    ids = bytearray()
    for tile in Tile:
        picture = _require(pictures, tile.name.lower(), "metatiles.txt")
        attributes[tile] = ATTRIBUTES[tile]
        for row in (0, 1):
            ids += bytes(pool.add(picture.tile(column, row), picture.place) for column in (0, 1))
    return bytes(attributes) + bytes(ids.ljust(METATILES * 4, b"\0")) + pool.pixels()


def compile_art(folder: Path = ART_FOLDER) -> bytes:
    """Return what art.bin holds: interface, sprites, title and tileset, in this order.

    Raises:
        ArtError: a sheet is malformed, or a picture is missing or unknown.
    """
    return (
        compile_interface(folder)
        + compile_sprites(folder)
        + compile_title(folder)
        + compile_tileset(folder)
    )


def main() -> int:
    """Write art.bin, or compare it with the sheets; return the exit code."""
    parser = argparse.ArgumentParser(description="Compile tallgrass/art/ into art.bin.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if art.bin is not up to date"
    )
    arguments = parser.parse_args()
    try:
        art = compile_art()
    except ArtError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.check:
        is_current = OUTPUT.is_file() and OUTPUT.read_bytes() == art
        print("art.bin is up to date" if is_current else "art.bin differs; run tallgrass/draw.py")
        return 0 if is_current else 1
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_bytes(art)
    print(f"{OUTPUT.relative_to(ROOT)}: {len(art)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
