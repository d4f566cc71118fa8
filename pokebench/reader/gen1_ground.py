"""What lies around the player in Red, Blue and Yellow, from the tiles on screen.

A cell is two by two tiles, and its lower left tile decides. Source: pret/pokered
home/overworld.asm CollisionCheckOnLand, engine/overworld/ledges.asm, cut.asm, data/tilesets/.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from pokebench.reader import ground as g
from pokebench.reader.facts import hex_set, rows
from pokebench.reader.ram import Ram
from pokebench.reader.text import SCREEN_COLUMNS

_WATER: Final = frozenset({0x14, 0x32, 0x48})
"""Open water and two shores, in tilesets that have water."""
_OPEN_WATER: Final = frozenset({0x14})
_SHIP_PORT: Final = 14
_OVERWORLD: Final = 0
_BUSHES: Final = {0: 0x3D, 7: 0x50}
_MOST_WARPS: Final = 32
_MOST_SIGNS: Final = 16
_SPRITES: Final = 16
_SPRITE_BYTES: Final = 16
_OFF_SCREEN: Final = 255
_MARGIN: Final = 4
_IS_BALL: Final = 0x80


@dataclass(frozen=True, slots=True)
class Tileset:
    """What the tiles of one tileset are."""

    walkable: frozenset[int]
    counters: frozenset[int]
    grass: frozenset[int]
    ways: frozenset[int]
    water: frozenset[int]


@cache
def tilesets() -> dict[int, Tileset]:
    """Return the tilesets by number."""
    return {int(row["tileset"]): _tileset(row) for row in rows("gen1_tilesets")}


def ground_of(ram: Ram, tiles: bytes, spot: g.Spot) -> g.Ground:
    """Return what is on screen around the player."""
    number = ram.byte("wCurMapTileset") & 0x7F
    glyphs = _glyphs(number)
    ground = g.Ground(spot)
    starts = range(SCREEN_COLUMNS, len(tiles), 2 * SCREEN_COLUMNS)
    cells = [tiles[start : start + SCREEN_COLUMNS : 2] for start in starts]
    ground.rows = [[glyphs[tile] for tile in row] for row in cells]
    _put_steps(ground, number, cells)
    _put_warps(ram, ground, number, tiles)
    _put_signs(ram, ground)
    _put_people(ram, ground)
    ground.finish()
    return ground


def _put_steps(ground: g.Ground, number: int, cells: list[bytes]) -> None:
    """Note the steps that are barred between two tiles, and those that jump down a ledge."""
    pairs, ledges = _pairs(number, is_surfing=ground.spot.is_surfing), _ledges(number)
    special = {tile for tile, _ in pairs} | {tile for _, _, tile in ledges}
    for y, row in enumerate(cells):
        if special.isdisjoint(row):
            continue
        for x, tile in enumerate(row):
            if tile in special:
                _put_steps_to(ground, cells, (x, y), (pairs, ledges))


def _put_steps_to(
    ground: g.Ground,
    cells: list[bytes],
    cell: tuple[int, int],
    rules: tuple[frozenset[tuple[int, int]], frozenset[tuple[str, int, int]]],
) -> None:
    """Note the special steps into a cell from the cells beside it."""
    (x, y), (pairs, ledges) = cell, rules
    for way, (dx, dy) in g.WAYS.items():
        before = (x - dx, y - dy)
        if 0 <= before[0] < g.COLUMNS and 0 <= before[1] < g.ROWS:
            tile = cells[before[1]][before[0]]
            if (tile, cells[y][x]) in pairs:
                ground.bar(*before, way)
            if (way, tile, cells[y][x]) in ledges:
                ground.leap(*before, way)


@cache
def _pairs(number: int, *, is_surfing: bool) -> frozenset[tuple[int, int]]:
    """Return the pairs of tiles of a tileset between which there is no step, both ways round."""
    mode = "surf" if is_surfing else "land"
    found = [
        (int(row["one"], 16), int(row["other"], 16))
        for row in rows("gen1_pairs")
        if (row["mode"], int(row["tileset"])) == (mode, number)
    ]
    return frozenset([*found, *((other, one) for one, other in found)])


@cache
def _ledges(number: int) -> frozenset[tuple[str, int, int]]:
    """Return a tileset's ledges: direction, tile to stand on, and tile to jump over."""
    return frozenset(
        (row["direction"], int(row["standing"], 16), int(row["ledge"], 16))
        for row in rows("gen1_ledges")
        if number == _OVERWORLD
    )


@cache
def _glyphs(number: int) -> tuple[str, ...]:
    """Return the glyph of each tile of a tileset; one that no game has is unknown ground."""
    known = tilesets().get(number)
    if known is None:
        return (g.UNKNOWN,) * 256
    ledges = {tile: g.LEDGES[way] for way, _, tile in _ledges(number)}
    glyphs = {}
    for tile in range(256):
        if tile in known.walkable:
            glyphs[tile] = g.GRASS if tile in known.grass else g.FREE
        elif tile in known.water:
            glyphs[tile] = g.WATER
        elif tile in known.counters:
            glyphs[tile] = g.COUNTER
        elif tile == _BUSHES.get(number):
            glyphs[tile] = g.BUSH
        else:
            glyphs[tile] = ledges.get(tile, g.WALL)
    return tuple(glyphs.values())


def _tileset(row: dict[str, str]) -> Tileset:
    shores = _OPEN_WATER if int(row["tileset"]) == _SHIP_PORT else _WATER
    return Tileset(
        walkable=hex_set(row["walkable"]),
        counters=hex_set(row["counters"]),
        grass=hex_set(row["grass"]),
        ways=hex_set(row["ways"]),
        water=shores if row["has_water"] == "1" else frozenset(),
    )


def _put_warps(ram: Ram, ground: g.Ground, number: int, tiles: bytes) -> None:
    """Mark what leads elsewhere: at once, or by walking on towards the edge."""
    known = tilesets().get(number)
    count = min(ram.byte("wNumberOfWarps"), _MOST_WARPS)
    entries = ram.span("wWarpEntries", 4 * count) if count else b""
    for at in range(0, len(entries), 4):
        row, column = entries[at], entries[at + 1]
        x, y = column - ground.left, row - ground.top
        if 0 <= x < g.COLUMNS and 0 <= y < g.ROWS:
            tile = tiles[(2 * y + 1) * SCREEN_COLUMNS + 2 * x]
            is_way = known is not None and tile in known.ways
            ground.put(column, row, g.WAY if is_way else g.EXIT)


def _put_signs(ram: Ram, ground: g.Ground) -> None:
    count = min(ram.byte("wNumSigns"), _MOST_SIGNS)
    entries = ram.span("wSignCoords", 2 * count) if count else b""
    for at in range(0, len(entries), 2):
        ground.put(entries[at + 1], entries[at], g.SIGN)


def _put_people(ram: Ram, ground: g.Ground) -> None:
    """Mark who and what stands about and is shown; the player's own follower is in nobody's way."""
    pictures = ram.span("wSpriteStateData1", _SPRITES * _SPRITE_BYTES)
    spots = ram.span("wSpriteStateData2", _SPRITES * _SPRITE_BYTES)
    texts = ram.span("wMapSpriteData", 2 * (_SPRITES - 1))
    defined = min(ram.byte("wNumSprites"), _SPRITES - 1)
    for slot in range(1, defined + 1):
        at = slot * _SPRITE_BYTES
        if pictures[at] and pictures[at + 2] != _OFF_SCREEN:
            is_ball = texts[2 * slot - 1] & _IS_BALL
            column, row = spots[at + 5] - _MARGIN, spots[at + 4] - _MARGIN
            ground.put(column, row, g.BALL if is_ball else g.PERSON)
