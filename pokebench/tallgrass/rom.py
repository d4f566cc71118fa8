"""What a world is, read from the bytes of its ROM alone (format TGW2, see `tallgrass/src/world.h`).

Nothing here knows the generator: the solver and the oracle judge what a player would get.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pokebench.errors import RomError
from pokebench.tallgrass import format as tgw

WORLD_VERSION: Final = 2
ATTRIBUTE_COUNT: Final = 64
MAX_TYPES: Final = 15

_MAP_STRUCT: Final = "<BHHBHH6BH2x"
_SPECIES_STRUCT: Final = "<10s8BBH2Bx16s"
_MOVE_STRUCT: Final = "<10s5Bx"
_ITEM_STRUCT: Final = "<12sHBB"
_TRAINER_STRUCT: Final = "<12sB12sH5x"
_TARGET_OPS: Final = frozenset(
    {
        tgw.Op.IF_FLAG, tgw.Op.NEED_ITEM, tgw.Op.YES_NO, tgw.Op.JUMP,
        tgw.Op.NEED_KEY, tgw.Op.NEED_BADGES,
    }
)  # fmt: skip
"""Operations whose last operand is a byte offset to jump to."""
_ENDING_OPS: Final = frozenset({tgw.Op.END, tgw.Op.WARP})
_OPERANDS: Final = {
    tgw.Op.END: "", tgw.Op.TEXT: "H", tgw.Op.SET: "H", tgw.Op.IF_FLAG: "HB", tgw.Op.GIVE: "BB",
    tgw.Op.NEED_ITEM: "BB", tgw.Op.HEAL: "", tgw.Op.TRAINER: "B", tgw.Op.WARP: "BBB",
    tgw.Op.GIVE_CREATURE: "BB", tgw.Op.SHOP: "B", tgw.Op.YES_NO: "B", tgw.Op.BADGE: "B",
    tgw.Op.MILESTONE: "B", tgw.Op.JUMP: "B", tgw.Op.KEY: "B", tgw.Op.NEED_KEY: "BB",
    tgw.Op.NEED_BADGES: "BB", tgw.Op.MONEY: "H", tgw.Op.TAKE_ITEM: "B",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Warp:
    """A cell that leads elsewhere."""

    x: int
    y: int
    map: int
    to_x: int
    to_y: int


@dataclass(frozen=True, slots=True)
class Npc:
    """Somebody, or a chest; gone once `hide_flag` is set."""

    x: int
    y: int
    sprite: int
    facing: int
    script: int
    hide_flag: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A thing to read."""

    x: int
    y: int
    script: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """A script that runs when its cell is stepped on, until `flag` is set."""

    x: int
    y: int
    script: int
    flag: int


@dataclass(frozen=True, slots=True)
class Condition:
    """A cell that becomes `metatile` once `flag` is set, or while it is clear."""

    x: int
    y: int
    metatile: int
    when_clear: int
    flag: int


@dataclass(frozen=True, slots=True)
class GameMap:
    """One map with its events."""

    index: int
    width: int
    height: int
    cells: bytes
    """Metatile ids, row-major."""
    border: int
    encounter: int
    milestone: int
    name: int
    warps: tuple[Warp, ...]
    npcs: tuple[Npc, ...]
    signs: tuple[Sign, ...]
    triggers: tuple[Trigger, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Species:
    """A kind of creature."""

    name: str
    type: int
    hp: int
    attack: int
    defense: int
    speed: int
    special: int
    catch_rate: int
    exp: int
    evolve_level: int
    evolve_to: int
    learnset: tuple[tuple[int, int], ...]
    """Pairs of level and move."""


@dataclass(frozen=True, slots=True)
class Move:
    """What a creature can do in a turn."""

    name: str
    type: int
    power: int
    accuracy: int
    pp: int
    effect: int


@dataclass(frozen=True, slots=True)
class Item:
    """A thing for the bag."""

    name: str
    price: int
    kind: int
    amount: int


@dataclass(frozen=True, slots=True)
class Trainer:
    """A tamer to battle."""

    name: str
    team: tuple[tuple[int, int], ...]
    """Pairs of species and level."""
    reward: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """One script operation; `following` and `target` are offsets of what runs next."""

    op: tgw.Op
    arguments: tuple[int, ...]
    following: int
    target: int | None


Script = dict[int, Instruction]
"""Instructions by byte offset; a script starts at 0."""


@dataclass(frozen=True, slots=True)
class _Header:
    world_id: int
    rng_seed: int
    counts: tuple[int, ...]
    tables: dict[str, int]
    title: str


class WorldRom:
    """A world's maps, scripts and tables, parsed from its ROM.

    Args:
        rom: the whole ROM; it is kept.

    Raises:
        RomError: the bytes hold no TGW2 world, or a damaged one.
    """

    def __init__(self, rom: bytes) -> None:
        self._rom = rom
        header = self._read_header()
        self.world_id: int = header.world_id
        self.rng_seed: int = header.rng_seed
        self.title: str = header.title
        (
            self.map_count, self.species_count, self.move_count, self.item_count,
            self.trainer_count, self.type_count, self.start_map, self.start_x, self.start_y,
            self.badge_count,
        ) = header.counts  # fmt: skip
        self._tables = header.tables
        self._scripts: dict[int, Script] = {}
        self._check_counts()

    @cached_property
    def maps(self) -> tuple[GameMap, ...]:
        """All maps; their warps lead to cells that exist."""
        maps = tuple(self._read_map(index) for index in range(self.map_count))
        for game_map in maps:
            for warp in game_map.warps:
                _check_place(maps, warp.map, warp.to_x, warp.to_y, f"warp of map {game_map.index}")
        _check_place(maps, self.start_map, self.start_x, self.start_y, "start")
        return maps

    @cached_property
    def species(self) -> tuple[Species, ...]:
        """All kinds of creature."""
        return tuple(
            self._read_species(row)
            for row in self._rows("species", self.species_count, _SPECIES_STRUCT)
        )

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """All moves; row 0 is none, row 1 the plain attack."""
        rows = self._rows("moves", self.move_count, _MOVE_STRUCT)
        return tuple(Move(_name(name), *numbers) for name, *numbers in rows)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items; row 0 is none."""
        rows = self._rows("items", self.item_count, _ITEM_STRUCT)
        return tuple(Item(_name(name), *numbers) for name, *numbers in rows)

    @cached_property
    def trainers(self) -> tuple[Trainer, ...]:
        """All tamers."""
        rows = self._rows("trainers", self.trainer_count, _TRAINER_STRUCT)
        return tuple(
            Trainer(_name(name), self._check_team(_pairs(team)[:count]), reward)
            for name, count, team, reward in rows
        )

    @cached_property
    def type_names(self) -> tuple[str, ...]:
        """Names of the types."""
        rows = self._rows("type_names", self.type_count, f"<{tgw.TYPE_NAME_BYTES}s")
        return tuple(_name(row[0]) for row in rows)

    @cached_property
    def type_chart(self) -> tuple[tuple[int, ...], ...]:
        """Effectiveness in tenths, by attacker and defender."""
        rows = self._rows("type_chart", self.type_count, f"<{self.type_count}B")
        return tuple(rows)

    @cached_property
    def attributes(self) -> tuple[tgw.Attribute, ...]:
        """What each of the 64 metatiles does to a walker."""
        pointer = self._tables["graphics"] + 3 * tgw.Graphics.TILESET
        codes = self._slice(self._far(pointer), ATTRIBUTE_COUNT, "tile attributes")
        try:
            return tuple(tgw.Attribute(code) for code in codes)
        except ValueError as error:
            raise RomError(f"the world's tile set has an unknown attribute: {error}") from error

    def encounter(self, row: int) -> tuple[tuple[int, int], ...]:
        """Return the eight pairs of species and level of an encounter table."""
        offset = self._tables["encounters"] + row * tgw.ENCOUNTER_BYTES
        return self._check_team(
            _pairs(self._slice(offset, tgw.ENCOUNTER_BYTES, f"encounter table {row}"))
        )

    def text(self, index: int) -> str:
        """Return a text; a line feed ends a line, a form feed a page."""
        start = self._far(self._tables["texts"] + 3 * index)
        end = self._rom.find(b"\0", start, start + tgw.MAX_TEXT_BYTES + 1)
        if end < 0:
            raise RomError(f"text {index} of the world has no end; build the world anew")
        return self._rom[start:end].decode("ascii", "replace")

    def script(self, index: int) -> Script:
        """Return a script, decoded as far as it can run.

        Raises:
            RomError: it has an unknown operation or leaves its 96 bytes.
        """
        if index not in self._scripts:
            start = self._far(self._tables["scripts"] + 3 * index)
            code = self._slice(start, tgw.MAX_SCRIPT_BYTES, f"script {index}", is_exact=False)
            self._scripts[index] = _decode_script(code, index)
        return self._scripts[index]

    def effectiveness(self, attack_type: int, defender_type: int) -> int:
        """Return tenths: 0, 5, 10 or 20."""
        return self.type_chart[attack_type][defender_type]

    def check(self) -> None:
        """Parse everything that maps refer to, so that damage shows at once.

        Raises:
            RomError: something is damaged.
        """
        _ = self.species, self.moves, self.items, self.trainers, self.type_names, self.attributes
        for game_map in self.maps:
            self.encounter(game_map.encounter)
            self.text(game_map.name)
            for script in _script_ids(game_map):
                self._check_script(script)

    def _check_script(self, index: int) -> None:
        limits = {
            tgw.Op.TRAINER: self.trainer_count,
            tgw.Op.GIVE: self.item_count,
            tgw.Op.GIVE_CREATURE: self.species_count,
            tgw.Op.SET: tgw.FLAG_COUNT,
            tgw.Op.IF_FLAG: tgw.FLAG_COUNT,
        }
        for instruction in self.script(index).values():
            limit = limits.get(instruction.op)
            if limit is not None and instruction.arguments[0] >= limit:
                name, value = instruction.op.name, instruction.arguments[0]
                raise RomError(f"script {index} has {name} {value}; the world has only {limit}")
            if instruction.op == tgw.Op.TEXT:
                self.text(instruction.arguments[0])

    def _read_header(self) -> _Header:
        start = tgw.WORLD_BANK * tgw.BANK_SIZE
        data = self._slice(start, tgw.HEADER_BYTES, "world header")
        magic, version, _, world_id, rng_seed, *counts = struct.unpack_from(tgw.HEADER_STRUCT, data)
        if magic != tgw.WORLD_MAGIC or version != WORLD_VERSION:
            raise RomError(f"no TGW2 world in this ROM: found {magic!r}, version {version}")
        first = start + struct.calcsize(tgw.HEADER_STRUCT)
        tables = {name: self._far(first + 3 * i) for i, name in enumerate(tgw.TABLES)}
        title = _name(data[-tgw.TITLE_BYTES :])
        return _Header(world_id, rng_seed, tuple(counts), tables, title)

    def _check_counts(self) -> None:
        if not self.map_count or not self.species_count or not 0 < self.type_count <= MAX_TYPES:
            raise RomError(
                f"the world claims {self.map_count} maps, {self.species_count} species and "
                f"{self.type_count} types; build it anew"
            )
        if self.badge_count > 8:
            raise RomError(f"the world claims {self.badge_count} badges, more than 8")

    def _read_map(self, index: int) -> GameMap:
        offset = self._tables["maps"] + index * tgw.MAP_BYTES
        fields = struct.unpack(_MAP_STRUCT, self._slice(offset, tgw.MAP_BYTES, f"map {index}"))
        cells_size, events_size = fields[2], fields[5]
        width, height, _, border, encounter, milestone, name = fields[6:]
        if not 0 < cells_size == width * height <= tgw.MAX_MAP_CELLS:
            raise RomError(f"map {index} is {width} x {height} with {cells_size} cells")
        cells = self._slice(self._far(offset), cells_size, f"cells of map {index}")
        if max(cells) >= ATTRIBUTE_COUNT:
            raise RomError(f"map {index} has metatile {max(cells)}, beyond {ATTRIBUTE_COUNT - 1}")
        events = self._slice(self._far(offset + 5), events_size, f"events of map {index}")
        tables = _decode_events(events, index)
        return GameMap(index, width, height, cells, border, encounter, milestone, name, *tables)

    def _read_species(self, row: tuple[Any, ...]) -> Species:
        learned = tuple(pair for pair in _pairs(row[-1]) if pair[0])
        values: tuple[Any, ...] = (_name(row[0]), *row[1:9], *row[11:13], learned)
        return Species(*values)

    def _rows(self, table: str, count: int, code: str) -> Iterator[tuple[Any, ...]]:
        size = struct.calcsize(code) * count
        return struct.iter_unpack(code, self._slice(self._tables[table], size, f"table {table}"))

    def _check_team(self, team: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        for species, level in team:
            if species >= self.species_count:
                raise RomError(f"the world has no species {species} (level {level})")
        return team

    def _far(self, offset: int) -> int:
        """Return the file offset that the far pointer stored at `offset` names."""
        bank, address = struct.unpack("<BH", self._slice(offset, 3, "far pointer"))
        if not tgw.BANK_SIZE <= address < 2 * tgw.BANK_SIZE:
            raise RomError(f"far pointer {bank:02X}:{address:04X} at file offset {offset:#x}")
        return int(bank * tgw.BANK_SIZE + address - tgw.BANK_SIZE)

    def _slice(self, start: int, size: int, what: str, *, is_exact: bool = True) -> bytes:
        data = self._rom[start : start + size]
        if is_exact and len(data) != size:
            raise RomError(f"{what} lies outside the ROM ({len(self._rom)} bytes)")
        return data


def _decode_events(data: bytes, index: int) -> tuple[Any, ...]:
    """Return warps, npcs, signs, triggers and conditions as tuples of their records."""
    kinds = (
        (Warp, tgw.WARP_STRUCT), (Npc, tgw.NPC_STRUCT), (Sign, tgw.SIGN_STRUCT),
        (Trigger, tgw.TRIGGER_STRUCT), (Condition, tgw.CONDITION_STRUCT),
    )  # fmt: skip
    sizes = [struct.calcsize(code) for _, code in kinds]
    if len(data) < len(kinds) or len(data) > tgw.MAX_EVENT_BYTES:
        raise RomError(f"the events of map {index} take {len(data)} bytes")
    if len(data) < len(kinds) + sum(n * size for n, size in zip(data, sizes, strict=False)):
        raise RomError(f"the events of map {index} are cut short")
    tables = []
    offset = len(kinds)
    for (record, code), count, size in zip(kinds, data, sizes, strict=False):
        part = data[offset : offset + count * size]
        tables.append(tuple(record(*fields) for fields in struct.iter_unpack(code, part)))
        offset += count * size
    return tuple(tables)


def _decode_script(code: bytes, index: int) -> Script:
    script: Script = {}
    waiting = [0]
    while waiting:
        offset = waiting.pop()
        if offset in script:
            continue
        instruction = script[offset] = _decode_instruction(code, offset, index)
        if instruction.target is not None:
            waiting.append(instruction.target)
        if instruction.op not in _ENDING_OPS and instruction.op != tgw.Op.JUMP:
            waiting.append(instruction.following)
    return script


def _decode_instruction(code: bytes, offset: int, index: int) -> Instruction:
    try:
        op = tgw.Op(code[offset])
        arguments = struct.unpack_from("<" + _OPERANDS[op], code, offset + 1)
    except (IndexError, ValueError, struct.error) as error:
        raise RomError(f"script {index} breaks at byte {offset}: {error}") from error
    following = offset + 1 + struct.calcsize("<" + _OPERANDS[op])
    target = arguments[-1] if op in _TARGET_OPS else None
    return Instruction(op, arguments, following, target)


def _script_ids(game_map: GameMap) -> list[int]:
    people = [npc.script for npc in game_map.npcs]
    signs = [sign.script for sign in game_map.signs]
    return people + signs + [trigger.script for trigger in game_map.triggers]


def _check_place(maps: tuple[GameMap, ...], index: int, x: int, y: int, what: str) -> None:
    if index >= len(maps) or x >= maps[index].width or y >= maps[index].height:
        raise RomError(f"the {what} leads to map {index} ({x}, {y}), which does not exist")


def _name(data: bytes) -> str:
    return data.split(b"\0", 1)[0].decode("ascii", "replace")


def _pairs(data: bytes) -> tuple[tuple[int, int], ...]:
    return tuple(zip(data[::2], data[1::2], strict=True))
