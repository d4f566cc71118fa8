"""What lies around the player in Gold, Silver and Crystal, from the map's blocks.

A block is two by two cells, and the person's own ROM says for each cell of a tileset's blocks what
it is. Source: pret/pokecrystal home/map.asm GetCoordTile, data/collision/.
"""

from functools import cache
from typing import Final

from pokebench.reader import ground as g
from pokebench.reader.facts import rows
from pokebench.reader.ram import Ram

_BLOCK_BYTES: Final = 1300
_BORDER: Final = 3
_CELLS: Final = 4
_BANK_BYTES: Final = 0x4000
_STRUCTS: Final = 13
_STRUCT_BYTES: Final = 40
_MAP_X: Final = 0x10
_MAP_Y: Final = 0x11
_MARGIN: Final = 4
_BALL_SPRITE: Final = 0x54
_SIGN_BYTES: Final = 5
_MOST_SIGNS: Final = 64
_WALL: Final = 0xFF
_READ_KINDS: Final = range(5)
"""Spots that are read from any side, or from one; those of other kinds are hidden."""
_GLYPHS: Final = {
    "free": g.FREE,
    "grass": g.GRASS,
    "water": g.WATER,
    "rapids": g.RAPIDS,
    "wall": g.WALL,
    "bush": g.BUSH,
    "ice": g.ICE,
    "way": g.WAY,
    "exit": g.EXIT,
    "counter": g.COUNTER,
    **{f"ledge_{way}": glyph for way, glyph in g.LEDGES.items()},
}
_BESIDE: Final = {
    "wTileDown": (0, 1),
    "wTileUp": (0, -1),
    "wTileLeft": (-1, 0),
    "wTileRight": (1, 0),
}


@cache
def glyphs() -> tuple[str, ...]:
    """Return the glyph of each collision id."""
    kinds = {int(row["id"], 16): row["kind"] for row in rows("gen2_collisions")}
    return tuple(_GLYPHS[kinds.get(i, "wall")] for i in range(256))


_HOPS: Final = range(0xA0, 0xA8)
"""Cells at a ledge's edge, from which a step in the right direction jumps."""
_SIDE_WALLS: Final = (range(0xB0, 0xB8), range(0xC0, 0xC8))
"""Cells on land and water with a fence along some of their sides."""
_SIDES: Final = (
    ("right",), ("left",), ("up",), ("down",),
    ("down", "right"), ("down", "left"), ("up", "right"), ("up", "left"),
)  # fmt: skip
"""The directions of those cells, by the last three bits of their ids."""


def ground_of(ram: Ram, rom: bytes, spot: g.Spot) -> g.Ground:
    """Return what is on screen around the player."""
    ground = g.Ground(spot)
    ground.walkable |= dict.fromkeys(g.LEDGES.values(), "1")
    table = _collisions(ram, rom)
    if table:
        _put_blocks(ram, ground, table)
    else:
        _put_neighbours(ram, ground)
    _put_signs(ram, rom, ground)
    _put_people(ram, ground)
    ground.finish()
    return ground


def _collisions(ram: Ram, rom: bytes) -> bytes:
    """Return the ids of the current tileset's cells, four a block; b"" if the ROM has none."""
    bank = ram.byte("wTilesetCollisionBank")
    address = int.from_bytes(ram.span("wTilesetCollisionAddress", 2), "little")
    return rom_slice(rom, bank, address, 256 * _CELLS)


def rom_slice(rom: bytes, bank: int, address: int, most: int) -> bytes:
    """Return up to `most` bytes of a bank from an address on; b"" for one outside the ROM."""
    if not _BANK_BYTES <= address < 2 * _BANK_BYTES:
        return b""
    start = bank * _BANK_BYTES + address - _BANK_BYTES
    return rom[start : min(start + most, (bank + 1) * _BANK_BYTES)]


def _put_blocks(ram: Ram, ground: g.Ground, table: bytes) -> None:
    """Mark the cells by the map's blocks, which have a border of three and a fixed room."""
    stride = ground.spot.width // 2 + 2 * _BORDER
    first = max(min((ground.top // 2 + _BORDER) * stride, _BLOCK_BYTES - 1), 0)
    size = min(stride * (g.ROWS // 2 + 2), _BLOCK_BYTES - first)
    blocks = ram.span("wOverworldMapBlocks", size, first)
    glyph_of = glyphs()
    for y, cells in enumerate(ground.rows):
        row = ground.top + y
        line = (row // 2 + _BORDER) * stride + _BORDER - first
        half = 2 * (row & 1)
        for x in range(g.COLUMNS):
            column = ground.left + x
            at = line + column // 2
            block = blocks[at] if 0 <= at < size else 0
            cell = block * _CELLS + half + (column & 1)
            kind = table[cell] if block and cell < len(table) else _WALL
            cells[x] = glyph_of[kind]
            if kind >= _HOPS.start:
                _put_steps(ground, x, y, kind)


def _put_steps(ground: g.Ground, x: int, y: int, kind: int) -> None:
    """Note the steps from a cell that jump down a ledge, and those that a fence bars."""
    if kind in _HOPS:
        for way in _SIDES[kind & 7]:
            ground.leap(x, y, way)
    elif any(kind in walls for walls in _SIDE_WALLS):
        for way in _SIDES[kind & 7]:
            ground.bar(x, y, way)


def _put_neighbours(ram: Ram, ground: g.Ground) -> None:
    """Mark what RAM alone tells: the cells beside the player."""
    ground.rows = [[g.UNKNOWN] * g.COLUMNS for _ in range(g.ROWS)]
    spot = ground.spot
    for label, (dx, dy) in _BESIDE.items():
        ground.put(spot.column + dx, spot.row + dy, glyphs()[ram.byte(label)])


def _put_signs(ram: Ram, rom: bytes, ground: g.Ground) -> None:
    count = min(ram.byte("wCurMapBGEventCount"), _MOST_SIGNS)
    address = int.from_bytes(ram.span("wCurMapBGEventCount", 2, 1), "little")
    bank = ram.byte("wMapScriptsBank")
    entries = rom_slice(rom, bank, address, count * _SIGN_BYTES)
    for at in range(0, len(entries) - _SIGN_BYTES + 1, _SIGN_BYTES):
        if entries[at + 2] in _READ_KINDS:
            ground.put(entries[at + 1], entries[at], g.SIGN)


def _put_people(ram: Ram, ground: g.Ground) -> None:
    structs = ram.span("wObjectStructs", _STRUCTS * _STRUCT_BYTES)
    for at in range(_STRUCT_BYTES, len(structs), _STRUCT_BYTES):
        sprite = structs[at]
        if sprite:
            column, row = structs[at + _MAP_X] - _MARGIN, structs[at + _MAP_Y] - _MARGIN
            ground.put(column, row, g.BALL if sprite == _BALL_SPRITE else g.PERSON)
