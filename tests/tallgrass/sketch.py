"""Tiny worlds drawn as text and packed into bytes, for tests that must not need the generator."""

import struct
from dataclasses import dataclass, field

from pokebench.tallgrass import format as tgw
from pokebench.tallgrass.format import Op
from pokebench.tallgrass.tiles import ATTRIBUTES, Tile

LEGEND = {
    ".": Tile.LAWN,
    "#": Tile.TREE,
    '"': Tile.TALL_GRASS,
    "~": Tile.WATER,
    "*": Tile.ICE,
    "v": Tile.LEDGE,
    "b": Tile.BUSH,
    "=": Tile.COUNTER,
    "o": Tile.BOULDER,
}
"""What a character of a drawing is; any other is lawn with the event of that name on it."""


@dataclass
class Warp:
    map: int
    x: int
    y: int


@dataclass
class Npc:
    script: int
    hide_flag: int = tgw.NO_FLAG


@dataclass
class Sign:
    script: int


@dataclass
class Trigger:
    script: int
    flag: int


@dataclass
class Condition:
    metatile: int
    flag: int
    when_clear: int = 0
    before: int = Tile.TREE


@dataclass
class Drawing:
    rows: list[str]
    events: dict[str, object]
    milestone: int = tgw.NO_MILESTONE


@dataclass
class Sketch:
    """A world in the making; `pack` turns it into ROM bytes."""

    drawings: list[Drawing] = field(default_factory=list)
    scripts: list[bytes] = field(default_factory=list)
    trainers: list[list[tuple[int, int]]] = field(default_factory=lambda: [[(1, 3)]])
    start: tuple[int, int, int] = (0, 0, 0)

    def script(self, *operations: tuple[int, ...]) -> int:
        """Add a script; a 16-bit operand is given as its value, a target as a byte offset."""
        code = b"".join(_encode(operation) for operation in operations)
        self.scripts.append(code + bytes([Op.END]))
        return len(self.scripts) - 1

    def map(self, drawing: str, **events: object) -> int:
        """Add a map; `@` in it is where the game starts."""
        rows = [line.strip() for line in drawing.strip().splitlines()]
        for y, row in enumerate(rows):
            if "@" in row:
                self.start = (len(self.drawings), row.index("@"), y)
        self.drawings.append(Drawing(rows, events))
        return len(self.drawings) - 1

    def pack(self) -> bytes:
        """Return a ROM without an engine."""
        return _Packer(self).pack()


def champion(sketch: Sketch, *conditions: tuple[int, ...]) -> Npc:
    """Return somebody who sets the champion milestone."""
    return Npc(sketch.script(*conditions, (Op.MILESTONE, tgw.MilestoneBit.CHAMPION)))


def _encode(operation: tuple[int, ...]) -> bytes:
    op, *operands = operation
    wide = {Op.TEXT, Op.SET, Op.IF_FLAG, Op.MONEY}
    if op in wide:
        return bytes([op]) + struct.pack("<H", operands[0]) + bytes(operands[1:])
    return bytes([op, *operands])


class _Packer:
    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.rom = bytearray(tgw.ROM_BANKS * tgw.BANK_SIZE)
        self.cursor = tgw.WORLD_BANK * tgw.BANK_SIZE + 128

    def put(self, data: bytes) -> bytes:
        self.rom[self.cursor : self.cursor + len(data)] = data
        bank, offset = divmod(self.cursor, tgw.BANK_SIZE)
        self.cursor += len(data)
        return struct.pack("<BH", bank, offset + tgw.BANK_SIZE)

    def put_all(self, parts: list[bytes]) -> bytes:
        return self.put(b"".join(self.put(part) for part in parts))

    def pack(self) -> bytes:
        sketch = self.sketch
        attributes = bytes(ATTRIBUTES[Tile(i)] if i < len(Tile) else 1 for i in range(64))
        tables = {
            "maps": self.put(b"".join(self.map(d) for d in sketch.drawings)),
            "species": self.put(b"".join(species(i) for i in range(4))),
            "moves": self.put(b"".join(moves())),
            "items": self.put(b"".join(items())),
            "trainers": self.put(b"".join(trainer(team) for team in sketch.trainers)),
            "type_chart": self.put(bytes([10, 5, 20, 10])),
            "type_names": self.put(b"PLAIN\0\0\0MOSS\0\0\0\0"),
            "texts": self.put_all([b"Hello.\0"]),
            "scripts": self.put_all(sketch.scripts),
            "encounters": self.put(bytes([1, 3] * 8)),
            "graphics": self.put(self.put(b"\0") * 3 + self.put(attributes)),
        }
        counts = (len(sketch.drawings), 4, 4, 6, len(sketch.trainers), 2, *sketch.start, 1)
        header = struct.pack(tgw.HEADER_STRUCT, b"TGW2", 2, 0, 0x12345678, 7, *counts)
        header += b"".join(tables[name] for name in tgw.TABLES) + b"Sketchland\0\0"
        start = tgw.WORLD_BANK * tgw.BANK_SIZE
        self.rom[start : start + len(header)] = header
        return bytes(self.rom)

    def map(self, drawing: Drawing) -> bytes:
        cells, events = _cells(drawing), _events(drawing)
        record = self.put(cells) + struct.pack("<H", len(cells))
        record += self.put(events) + struct.pack("<H", len(events))
        size = len(drawing.rows[0]), len(drawing.rows)
        return record + struct.pack("<6BH2x", *size, 0, Tile.TREE, 0, drawing.milestone, 0)


def _cells(drawing: Drawing) -> bytes:
    cells = bytearray()
    for character in "".join(drawing.rows):
        event = drawing.events.get(character)
        tile = event.before if isinstance(event, Condition) else Tile.LAWN
        if isinstance(event, Sign):
            tile = Tile.SIGN
        cells.append(LEGEND.get(character, tile))
    return bytes(cells)


def _events(drawing: Drawing) -> bytes:
    records: list[list[bytes]] = [[], [], [], [], []]
    for y, row in enumerate(drawing.rows):
        for x, character in enumerate(row):
            _add_event(records, drawing.events.get(character), x, y)
    counts = bytes(len(kind) for kind in records)
    return counts + b"".join(record for kind in records for record in kind)


def _add_event(records: list[list[bytes]], event: object, x: int, y: int) -> None:
    match event:
        case Warp():
            records[0].append(struct.pack(tgw.WARP_STRUCT, x, y, event.map, event.x, event.y))
        case Npc():
            record = struct.pack(tgw.NPC_STRUCT, x, y, 0, 0, event.script, event.hide_flag)
            records[1].append(record)
        case Sign():
            records[2].append(struct.pack(tgw.SIGN_STRUCT, x, y, event.script))
        case Trigger():
            records[3].append(struct.pack(tgw.TRIGGER_STRUCT, x, y, event.script, event.flag))
        case Condition():
            values = x, y, event.metatile, event.when_clear, event.flag
            records[4].append(struct.pack(tgw.CONDITION_STRUCT, *values))


def species(index: int) -> bytes:
    """Return a species record; number 1 evolves into 2 at level 16."""
    evolution = (16, 2) if index == 1 else (0, 0)
    learned = bytes([1, 1, 6, 2]).ljust(16, b"\0")
    numbers = bytes([index % 2, 45, 45, 45, 45, 45, 200, 50, 6, 0, 0x40, *evolution, 0])
    return f"Beast{index}".encode().ljust(10, b"\0") + numbers + learned


def moves() -> list[bytes]:
    """Return four move records: none, a plain attack, a typed attack, a lulling."""
    table = [("-", 0, 0, 0, 0, 0), ("Bump", 0, 35, 100, 35, 0), ("Leaf", 1, 40, 100, 30, 0)]
    table.append(("Lull", 0, 0, 90, 15, 2))
    return [name.encode().ljust(10, b"\0") + bytes([*rest, 0]) for name, *rest in table]


def items() -> list[bytes]:
    """Return six item records: none, salve, orb, tonic and two quest objects."""
    table = [("-", 0, 0, 0), ("Salve", 100, 1, 30), ("Orb", 150, 2, 0), ("Tonic", 80, 3, 0)]
    table += [("Idol", 0, 0, 0), ("Vial", 0, 0, 0)]
    return [n.encode().ljust(12, b"\0") + struct.pack("<HBB", *rest) for n, *rest in table]


def trainer(team: list[tuple[int, int]]) -> bytes:
    """Return a tamer's record."""
    data = bytes(number for pair in team for number in pair).ljust(12, b"\0")
    record = b"Tamer".ljust(12, b"\0") + bytes([len(team)]) + data
    return record + struct.pack("<H", 100) + bytes(5)
