"""The game's public state block, decoded into named values.

The layout comes from `data/state.json`, which the engine's build exports from `state.h`.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum, unique
from functools import cache
from importlib import resources
from operator import itemgetter
from typing import Any, Final

STATE_ADDRESS: Final = 0xC100
STATE_SIZE: Final = 666
STATE_MAGIC: Final = b"TGS2"
STATE_VERSION: Final = 2
CANARY: Final = 0xA55A
NOTHING: Final = 0xFFFF
"""Value of `script_id` and `text_id` when there is none."""

ASKING: Final = 1
"""Value of `sub` while a text awaits yes (entry 0) or no (entry 1)."""

_SCALAR_CODES: Final = {"u8": "B", "u16": "H", "u32": "I"}


@unique
class Mode(IntEnum):
    """What the game is doing."""

    BOOT = 0
    TITLE = 1
    WORLD = 2
    TEXT = 3
    MENU = 4
    BATTLE = 5
    TRANSITION = 6


@unique
class Submode(IntEnum):
    """Which menu of a battle is open."""

    MESSAGE = 0
    COMMAND = 1
    MOVES = 2
    BAG = 3
    PARTY = 4


@unique
class Status(IntEnum):
    """What ails a creature."""

    NONE = 0
    POISON = 1
    SLEEP = 2
    PARALYSIS = 3


@unique
class Battle(IntEnum):
    """Which kind of battle is fought."""

    NONE = 0
    WILD = 1
    TAMER = 2


@unique
class Result(IntEnum):
    """How the last battle ended."""

    NONE = 0
    WON = 1
    LOST = 2
    CAUGHT = 3
    FLED = 4


@dataclass(frozen=True, slots=True)
class Creature:
    """One creature, of the party or the opponent."""

    species: int
    level: int
    hp: int
    max_hp: int
    exp: int
    status: int
    sleep_turns: int
    type: int
    attack: int
    defense: int
    speed: int
    special: int
    moves: bytes
    """Four rows of the move table, 0 = none."""
    pp: bytes
    """Uses left of each move."""
    catch_rate: int


@dataclass(frozen=True, slots=True)
class State:
    """The block at one moment; `state.h` says what each field means."""

    magic: bytes
    version: int
    world_id: int
    crash: int
    mode: int
    frame: int
    sub: int
    ready: int
    input_seq: int
    map: int
    x: int
    y: int
    facing: int
    moving: int
    map_width: int
    map_height: int
    ui_rows: int
    cursor: int
    menu_count: int
    party_count: int
    badges: int
    keys: int
    steps: int
    money: int
    battle: int
    battle_argument: int
    last_result: int
    active_slot: int
    enemy_left: int
    turn: int
    heal_map: int
    heal_x: int
    heal_y: int
    last_milestone: int
    milestone_count: int
    rng: int
    catches: int
    wins: int
    losses: int
    script_id: int
    text_id: int
    milestones: int
    """Bit m = milestone m happened."""
    flags: int
    """Bit f = story flag f is set."""
    party: tuple[Creature, ...]
    bag: dict[int, int]
    """Item to quantity, in the bag's order."""
    enemy: Creature
    milestone_frames: tuple[int, ...]
    canary: int

    @property
    def is_valid(self) -> bool:
        """Whether the engine runs, speaks this version, and nothing wrote past its block."""
        return (
            self.magic == STATE_MAGIC
            and self.version == STATE_VERSION
            and self.canary == CANARY
            and not self.crash
        )

    @property
    def position(self) -> tuple[int, int, int]:
        """Map, column and row of the player."""
        return self.map, self.x, self.y

    def has_flag(self, flag: int) -> bool:
        """Return whether story flag `flag` is set."""
        return bool(self.flags >> flag & 1)

    def has_milestone(self, bit: int) -> bool:
        """Return whether milestone `bit` happened."""
        return bool(self.milestones >> bit & 1)

    def has_badge(self, badge: int) -> bool:
        """Return whether badge `badge`, from 0, was received."""
        return bool(self.badges >> badge & 1)


@dataclass(frozen=True, slots=True)
class _Record:
    """How one C struct is read into one dataclass."""

    struct: struct.Struct
    pick: "itemgetter[Any]"
    offsets: dict[str, int]


def address_of(field: str) -> int:
    """Return the address of `field` of the block.

    Raises:
        KeyError: the block has no such field.
    """
    return STATE_ADDRESS + _block_record().offsets[field]


def place(name: str) -> int:
    """Return the address of a fixed place in work RAM, such as `MAP_CELLS`.

    Raises:
        KeyError: the engine exports no such place.
    """
    return int(_layout()["places"][name])


def decode(block: bytes) -> State:
    """Return the state that `block`, `STATE_SIZE` bytes from `STATE_ADDRESS`, holds.

    Raises:
        ValueError: `block` has another size.
    """
    if len(block) != STATE_SIZE:
        raise ValueError(f"a state block has {STATE_SIZE} bytes, not {len(block)}")
    record = _block_record()
    values = list(record.pick(record.struct.unpack(block)))
    for index, convert in _converters():
        values[index] = convert(values[index])
    party_index, count_index = _party_indices()
    values[party_index] = _decode_party(values[party_index], values[count_index])
    return State(*values)


def decode_creature(data: bytes) -> Creature:
    """Return the creature that one `Creature` struct holds."""
    record = _creature_record()
    return Creature(*record.pick(record.struct.unpack(data)))


def _decode_party(data: bytes, count: int) -> tuple[Creature, ...]:
    size = _creature_record().struct.size
    count = min(count, len(data) // size)
    return tuple(decode_creature(data[i * size : (i + 1) * size]) for i in range(count))


def _decode_bag(data: bytes) -> dict[int, int]:
    bag: dict[int, int] = {}
    for item, quantity in zip(data[::2], data[1::2], strict=True):
        if not item:
            break
        bag[item] = quantity
    return bag


def _decode_bits(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _decode_words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data)


@cache
def _layout() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("data/state.json").read_text("utf-8")
    layout: dict[str, Any] = json.loads(text)
    return layout


@cache
def _block_record() -> _Record:
    creature_size = _layout()["creature"]["size"]
    return _record(_layout()["fields"], [field.name for field in fields(State)], creature_size)


@cache
def _creature_record() -> _Record:
    names = [field.name for field in fields(Creature)]
    return _record(_layout()["creature"]["fields"], names, 0)


@cache
def _converters() -> tuple[tuple[int, Any], ...]:
    names = [field.name for field in fields(State)]
    table = {
        "milestones": _decode_bits,
        "flags": _decode_bits,
        "bag": _decode_bag,
        "enemy": decode_creature,
        "milestone_frames": _decode_words,
    }
    return tuple((names.index(name), convert) for name, convert in table.items())


@cache
def _party_indices() -> tuple[int, int]:
    names = [field.name for field in fields(State)]
    return names.index("party"), names.index("party_count")


def _record(layout: Sequence[dict[str, Any]], names: list[str], creature_size: int) -> _Record:
    """Return the record that reads the fields `names` out of a struct laid out as `layout`."""
    order = [field["name"] for field in layout]
    code = "<" + "".join(_field_code(field, creature_size) for field in layout)
    pick = itemgetter(*(order.index(name) for name in names))
    return _Record(struct.Struct(code), pick, {f["name"]: f["offset"] for f in layout})


def _field_code(field: dict[str, Any], creature_size: int) -> str:
    """Return the struct code of a field: one value each, arrays and creatures as bytes."""
    kind, count = field["type"], field["count"]
    if kind == "Creature":
        return f"{creature_size * count}s"
    if count == 1:
        return _SCALAR_CODES[kind]
    return f"{struct.calcsize('<' + _SCALAR_CODES[kind]) * count}s"
