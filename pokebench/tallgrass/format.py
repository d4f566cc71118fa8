"""World data format TGW2: the mirror of `tallgrass/src/world.h` and of `state.h`'s enums."""

from enum import IntEnum, unique
from typing import Final

WORLD_MAGIC: Final = b"TGW2"
WORLD_BANK: Final = 5
BANK_SIZE: Final = 0x4000
ENGINE_SIZE: Final = 4 * BANK_SIZE
ART_BANK: Final = 4
ROM_BANKS: Final = 16
NO_FLAG: Final = 0xFFFF
NO_MILESTONE: Final = 0xFF
MAX_SCRIPT_BYTES: Final = 96
MAX_TEXT_BYTES: Final = 255
MAX_MAP_CELLS: Final = 3072
MAX_EVENT_BYTES: Final = 1024
FLAG_COUNT: Final = 512
TEXT_COLUMNS: Final = 18
TEXT_LINES: Final = 4
PORTRAIT_BYTES: Final = 400

HEADER_STRUCT: Final = "<4sBBIH10B"
"""Header up to `badge_count`; then the far pointers of `TABLES`, then a title of 12 bytes."""
TABLES: Final = (
    "maps", "species", "moves", "items", "trainers", "type_chart", "type_names",
    "texts", "scripts", "encounters", "graphics",
)  # fmt: skip
TITLE_BYTES: Final = 12
HEADER_BYTES: Final = 22 + 3 * len(TABLES) + TITLE_BYTES

MAP_BYTES: Final = 20
SPECIES_BYTES: Final = 40
MOVE_BYTES: Final = 16
ITEM_BYTES: Final = 16
TRAINER_BYTES: Final = 32
ENCOUNTER_BYTES: Final = 16
TYPE_NAME_BYTES: Final = 8
WARP_STRUCT: Final = "<5B"
NPC_STRUCT: Final = "<4BHH"
SIGN_STRUCT: Final = "<2BH"
TRIGGER_STRUCT: Final = "<2BHH"
CONDITION_STRUCT: Final = "<4BH"


@unique
class Op(IntEnum):
    """Script operations; comments give the operands, a target is a byte offset in the script."""

    END = 0
    TEXT = 1  # text16
    SET = 2  # flag16
    IF_FLAG = 3  # flag16, target when set
    GIVE = 4  # item, quantity
    NEED_ITEM = 5  # item, target when missing
    HEAL = 6
    TRAINER = 7  # trainer; anything but a win ends the script
    WARP = 8  # map, x, y; ends the script
    GIVE_CREATURE = 9  # species, level
    SHOP = 10  # reserved byte
    YES_NO = 11  # target on no
    BADGE = 12  # badge 0-7
    MILESTONE = 13  # milestone bit
    JUMP = 14  # target
    KEY = 15  # key
    NEED_KEY = 16  # key, target when missing
    NEED_BADGES = 17  # count, target when fewer
    MONEY = 18  # amount16
    TAKE_ITEM = 19  # item


@unique
class Attribute(IntEnum):
    """What a cell does to a walker."""

    FLOOR = 0
    WALL = 1
    GRASS = 2
    WATER = 3
    ICE = 4
    WARP = 5
    COUNTER = 6
    LEDGE = 7
    BUSH = 8
    ROCK = 9


@unique
class ItemKind(IntEnum):
    """What an item does."""

    QUEST = 0
    HEAL = 1
    ORB = 2
    CURE = 3


@unique
class Effect(IntEnum):
    """What a move does besides damage."""

    NONE = 0
    POISON = 1
    SLEEP = 2
    LOWER_ATTACK = 3
    LOWER_DEFENSE = 4
    RECOVER = 5
    PARALYSE = 6


@unique
class Key(IntEnum):
    """Tools that open places."""

    CUTTER = 0
    RAFT = 1


@unique
class Graphics(IntEnum):
    """Rows of the graphics table."""

    UI = 0
    SPRITES = 1
    TITLE = 2
    TILESET = 3


@unique
class MilestoneBit(IntEnum):
    """Milestone bits that every world shares; towns, badges and quests count up from theirs."""

    NEW_GAME = 0
    STARTER = 1
    FIRST_WIN = 2
    FIRST_CATCH = 3
    FIRST_HEAL = 4
    EVOLUTION = 5
    TOWN = 8
    BADGE = 16
    QUEST = 24
    CHAMPION = 63


LEADER_FLAG: Final = 1
"""Flag of leader 1; leader i + 1 has flag `LEADER_FLAG + i`."""
