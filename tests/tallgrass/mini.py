"""A tiny world made by hand, for the engine's tests: they do not depend on the generator."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pokebench.tallgrass import format as tgw
from pokebench.tallgrass.format import Attribute, Effect, ItemKind, Op
from pokebench.tallgrass.tiles import ATTRIBUTES, Tile

CELLS: Final = {
    ".": Tile.LAWN, "#": Tile.TREE, ",": Tile.TALL_GRASS, "~": Tile.WATER, "o": Tile.ICE,
    "=": Tile.COUNTER, "v": Tile.LEDGE, "%": Tile.BUSH, "+": Tile.DOOR, "?": Tile.SIGN,
    "_": Tile.FLOOR, "X": Tile.GATE, "B": Tile.BOULDER,
}  # fmt: skip


@dataclass
class MiniMap:
    """A map drawn with the letters of `CELLS`, and its events in the order of their structs."""

    rows: Sequence[str]
    warps: Sequence[tuple[int, int, int, int, int]] = ()
    people: Sequence[tuple[int, int, int, int, int, int]] = ()
    signs: Sequence[tuple[int, int, int]] = ()
    triggers: Sequence[tuple[int, int, int, int]] = ()
    conditions: Sequence[tuple[int, int, int, int, int]] = ()
    milestone: int = tgw.NO_MILESTONE
    encounter: int = 0
    name: int = 0

    def cells(self) -> bytes:
        return bytes(CELLS[letter] for row in self.rows for letter in row)

    def events(self) -> bytes:
        groups = (
            (tgw.WARP_STRUCT, self.warps),
            (tgw.NPC_STRUCT, self.people),
            (tgw.SIGN_STRUCT, self.signs),
            (tgw.TRIGGER_STRUCT, self.triggers),
            (tgw.CONDITION_STRUCT, self.conditions),
        )
        counts = bytes(len(records) for _, records in groups)
        return counts + b"".join(
            struct.pack(form, *record) for form, records in groups for record in records
        )


@dataclass
class MiniSpecies:
    """A species; `learnset` holds up to eight (level, move)."""

    name: str
    type: int = 0
    base: tuple[int, int, int, int, int] = (50, 50, 50, 50, 50)
    catch_rate: int = 128
    experience: int = 60
    evolves: tuple[int, int] = (0, 0)
    learnset: Sequence[tuple[int, int]] = ((1, 1),)


@dataclass
class MiniMove:
    """A move."""

    name: str
    type: int = 0
    power: int = 40
    accuracy: int = 100
    uses: int = 20
    effect: int = Effect.NONE


@dataclass
class MiniTrainer:
    """A tamer with a team of (species, level)."""

    name: str
    team: Sequence[tuple[int, int]]
    reward: int = 100


MOVES: Final = (
    MiniMove("none"),
    MiniMove("Tap", power=40, uses=30),
    MiniMove("Ember", type=1, power=50, uses=15),
    MiniMove("Splash", type=2, power=50, uses=15),
    MiniMove("Venom", power=0, uses=10, effect=Effect.POISON),
    MiniMove("Lullaby", power=0, uses=10, effect=Effect.SLEEP),
    MiniMove("Growl", power=0, uses=10, effect=Effect.LOWER_ATTACK),
    MiniMove("Leer", power=0, uses=10, effect=Effect.LOWER_DEFENSE),
    MiniMove("Rest", power=0, uses=10, effect=Effect.RECOVER),
    MiniMove("Numb", power=0, uses=10, effect=Effect.PARALYSE),
    MiniMove("Wild Swing", power=90, accuracy=50, uses=5),
    MiniMove("Crush", power=250, uses=40),
)
SPECIES: Final = (
    MiniSpecies("Sprig", learnset=((1, 1), (1, 2), (6, 3), (7, 11)), evolves=(8, 1)),
    MiniSpecies("Sprigantor", type=1, base=(90, 90, 90, 90, 90), learnset=((1, 1), (1, 2))),
    MiniSpecies("Drip", type=2, base=(30, 20, 20, 20, 20), catch_rate=255),
    MiniSpecies("Ghost", type=3, base=(40, 30, 30, 200, 30), catch_rate=0, learnset=((1, 1),)),
    MiniSpecies("Titan", base=(255, 200, 255, 255, 50), catch_rate=3, learnset=((1, 11),)),
)
ITEMS: Final = (
    ("none", 0, ItemKind.QUEST, 0),
    ("Salve", 100, ItemKind.HEAL, 30),
    ("Orb", 150, ItemKind.ORB, 0),
    ("Tonic", 80, ItemKind.CURE, 0),
    ("Old Idol", 0, ItemKind.QUEST, 0),
)
TRAINERS: Final = (
    MiniTrainer("Tam", ((2, 2),)),
    MiniTrainer("Duo", ((2, 2), (2, 3)), reward=70),
    MiniTrainer("Chief Strong", ((4, 60),), reward=60000),
)
TYPE_NAMES: Final = ("PLAIN", "FLAME", "FLOOD", "SHADE")
CHART: Final = (
    (10, 10, 10, 0),
    (10, 5, 5, 10),
    (10, 20, 5, 10),
    (0, 10, 10, 20),
)
FIELD: Final = (
    "##########",
    "#........#",
    "#........#",
    "#........#",
    "#........#",
    "#........#",
    "#........#",
    "#........#",
    "##########",
)


def assemble(*operations: int | tuple[int, ...]) -> bytes:
    """Return script bytes: numbers up to 255 are bytes; a tuple (n,) is 16 bits."""
    parts = [
        struct.pack("<H", operation[0]) if isinstance(operation, tuple) else bytes([operation])
        for operation in operations
    ]
    return b"".join(parts)


@dataclass
class MiniWorld:
    """All of a world; tests replace what they care about."""

    maps: Sequence[MiniMap] = (MiniMap(FIELD),)
    texts: Sequence[str] = ("Meadow",)
    scripts: Sequence[bytes] = (b"\0",)
    species: Sequence[MiniSpecies] = SPECIES
    moves: Sequence[MiniMove] = MOVES
    trainers: Sequence[MiniTrainer] = TRAINERS
    encounters: Sequence[Sequence[tuple[int, int]]] = (((2, 2),) * 8,)
    start: tuple[int, int, int] = (0, 4, 4)
    world_id: int = 0x1234ABCD
    version: int = 2
    has_title_picture: bool = False
    banks: dict[int, bytearray] = field(default_factory=dict)

    def put(self, data: bytes, bank: int = tgw.WORLD_BANK) -> bytes:
        """Store `data` in `bank`, or a later one with room, and return its far pointer."""
        content = self.banks.setdefault(bank, bytearray())
        if len(content) + len(data) > tgw.BANK_SIZE:
            return self.put(data, bank + 1)
        pointer = struct.pack("<BH", bank, 0x4000 + len(content))
        content += data
        return pointer

    def rom(self, engine: bytes) -> bytes:
        """Return the cartridge: engine, art, world."""
        self.banks = {tgw.WORLD_BANK: bytearray(tgw.HEADER_BYTES)}
        header = self._header()
        self.banks[tgw.WORLD_BANK][: tgw.HEADER_BYTES] = header
        rom = bytearray(engine.ljust(tgw.ROM_BANKS * tgw.BANK_SIZE, b"\xff"))
        for bank, content in self.banks.items():
            rom[bank * tgw.BANK_SIZE : bank * tgw.BANK_SIZE + len(content)] = content
        rom[0x104:0x150] = bytes(0x4C)
        rom[0x134:0x13D] = b"TALLGRASS"
        rom[0x147:0x14A] = bytes((0x1B, 3, 2))
        rom[0x14D] = -sum(rom[0x134:0x14D]) - 25 & 0xFF
        return bytes(rom)

    def _header(self) -> bytes:
        counts = (
            len(self.maps), len(self.species), len(self.moves), len(ITEMS), len(self.trainers),
            len(TYPE_NAMES), *self.start, 8,
        )  # fmt: skip
        fixed = struct.pack(
            tgw.HEADER_STRUCT, tgw.WORLD_MAGIC, self.version, 0, self.world_id, 0x5EED, *counts
        )
        return fixed + b"".join(self._tables()) + b"TINYLAND".ljust(tgw.TITLE_BYTES, b"\0")

    def _tables(self) -> Iterator[bytes]:
        yield self.put(b"".join(self._map(one) for one in self.maps))
        yield self.put(b"".join(self._species(one) for one in self.species))
        yield self.put(b"".join(_move(one) for one in self.moves))
        yield self.put(
            b"".join(struct.pack("<12sHBB", n.encode(), p, k, a) for n, p, k, a in ITEMS)
        )
        yield self.put(b"".join(_trainer(one) for one in self.trainers))
        yield self.put(bytes(cell for row in CHART for cell in row))
        yield self.put(b"".join(name.encode().ljust(8, b"\0") for name in TYPE_NAMES))
        yield self.put(b"".join(self.put(text.encode() + b"\0") for text in self.texts))
        yield self.put(b"".join(self.put(script) for script in self.scripts))
        yield self.put(b"".join(bytes(n for slot in row for n in slot) for row in self.encounters))
        yield self.put(b"".join(self._graphics()))

    def _map(self, one: MiniMap) -> bytes:
        cells, events = one.cells(), one.events()
        width, height = len(one.rows[0]), len(one.rows)
        return b"".join((
            self.put(cells), struct.pack("<H", len(cells)),
            self.put(events), struct.pack("<H", len(events)),
            bytes((width, height, 0, Tile.TREE, one.encounter, one.milestone)),
            struct.pack("<HH", one.name, 0),
        ))  # fmt: skip

    def _species(self, one: MiniSpecies) -> bytes:
        learnset = [number for entry in one.learnset for number in entry]
        return b"".join((
            one.name.encode().ljust(10, b"\0"),
            bytes((one.type, *one.base, one.catch_rate, one.experience)),
            self.put(_portrait(len(one.name))),
            bytes((*one.evolves, 0, *learnset)).ljust(19, b"\0"),
        ))  # fmt: skip

    def _graphics(self) -> Iterator[bytes]:
        yield self.put(_interface_tiles(), tgw.ART_BANK)
        yield self.put(_figure_tiles(), tgw.ART_BANK)
        picture = _flat_tiles() + bytes([32] * 360)
        yield self.put(picture, tgw.ART_BANK) if self.has_title_picture else bytes(3)
        attributes = bytes(ATTRIBUTES.get(tile, Attribute.WALL) for tile in _tile_range())
        metatiles = bytes(0x80 + tile for tile in range(64) for _ in range(4))
        yield self.put(attributes + metatiles + _flat_tiles(), tgw.ART_BANK)


def _tile_range() -> list[Any]:
    return [Tile(number) if number < len(Tile) else number for number in range(64)]


def _move(one: MiniMove) -> bytes:
    return struct.pack(
        "<10s6B", one.name.encode(), one.type, one.power, one.accuracy, one.uses, one.effect, 0
    )


def _item(name: str, price: int, kind: ItemKind, amount: int) -> bytes:
    return struct.pack("<12sHBB", name.encode(), price, kind, amount)


def _trainer(one: MiniTrainer) -> bytes:
    team = bytes(number for member in one.team for number in member).ljust(12, b"\0")
    return struct.pack("<12sB12sH5x", one.name.encode(), len(one.team), team, one.reward)


def _tile(rows: Sequence[int]) -> bytes:
    return bytes(byte for row in rows for byte in (row, row))


def _interface_tiles() -> bytes:
    """Bars, and a different pattern for each character: enough for a machine to tell them apart."""
    tiles = [_tile([0] * 8) for _ in range(128)]
    for code in range(33, 127):
        tiles[code] = _tile([0, code, 0, code ^ 0xFF, 0, code, 0, 0])
    for code in range(1, 9):
        tiles[code] = _tile([0, 0, 0, 0xFF, 0xFF, 0, 0, 0])
    for cells in range(9):
        tiles[16 + cells] = _tile([0, 0xFF, 0xFF << (8 - cells) & 0xFF, 0, 0, 0xFF, 0, 0])
    return b"".join(tiles)


def _figure_tiles() -> bytes:
    return b"".join(_tile([number | 0x81] * 8) for number in range(128))


def _flat_tiles() -> bytes:
    return b"".join(_tile([number & 0x55, number & 0xAA] * 4) for number in range(128))


def _portrait(seed: int) -> bytes:
    return bytes((seed * 37 + place * 11) & 0xFF for place in range(tgw.PORTRAIT_BYTES))


SCRIPT_PERSON: Final = (4, 3, 0, 0, 0, tgw.NO_FLAG)
"""Somebody just above the start who runs script 0."""


def give(species: int, level: int) -> bytes:
    """Return the script part that gives a creature."""
    return bytes((Op.GIVE_CREATURE, species, level))
