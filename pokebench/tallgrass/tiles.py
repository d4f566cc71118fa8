"""Metatiles (16 x 16 pixel cells) and people: the ids that worlds, art and engine share."""

from enum import IntEnum, unique
from typing import Final

from pokebench.tallgrass.format import Attribute


@unique
class Tile(IntEnum):
    """Metatile ids; the art of each has the same name in lower case."""

    LAWN = 0
    PATH = 1
    TALL_GRASS = 2
    TREE = 3
    WATER = 4
    HOUSE_WALL = 5
    ROOF = 6
    DOOR = 7
    SIGN = 8
    LEDGE = 9
    BUSH = 10
    BOULDER = 11
    CAVE_FLOOR = 12
    CAVE_WALL = 13
    ICE = 14
    COUNTER = 15
    MACHINE = 16
    FLOOR = 17
    WALL = 18
    MAT = 19
    FLOWERS = 20
    FENCE = 21
    PAD = 22
    GATE = 23
    SWITCH = 24
    RUBBLE = 25
    STAIRS = 26
    STATUE = 27
    WINDOW = 28
    SHELF = 29
    TABLE = 30
    RUG = 31
    HALL_ROOF = 32
    SHOP_ROOF = 33
    REST_ROOF = 34
    PINE = 35
    VOID = 36


ATTRIBUTES: Final = {
    Tile.LAWN: Attribute.FLOOR,
    Tile.PATH: Attribute.FLOOR,
    Tile.TALL_GRASS: Attribute.GRASS,
    Tile.TREE: Attribute.WALL,
    Tile.WATER: Attribute.WATER,
    Tile.HOUSE_WALL: Attribute.WALL,
    Tile.ROOF: Attribute.WALL,
    Tile.DOOR: Attribute.WARP,
    Tile.SIGN: Attribute.WALL,
    Tile.LEDGE: Attribute.LEDGE,
    Tile.BUSH: Attribute.BUSH,
    Tile.BOULDER: Attribute.ROCK,
    Tile.CAVE_FLOOR: Attribute.FLOOR,
    Tile.CAVE_WALL: Attribute.WALL,
    Tile.ICE: Attribute.ICE,
    Tile.COUNTER: Attribute.COUNTER,
    Tile.MACHINE: Attribute.WALL,
    Tile.FLOOR: Attribute.FLOOR,
    Tile.WALL: Attribute.WALL,
    Tile.MAT: Attribute.WARP,
    Tile.FLOWERS: Attribute.FLOOR,
    Tile.FENCE: Attribute.WALL,
    Tile.PAD: Attribute.WARP,
    Tile.GATE: Attribute.WALL,
    Tile.SWITCH: Attribute.FLOOR,
    Tile.RUBBLE: Attribute.GRASS,
    Tile.STAIRS: Attribute.WARP,
    Tile.STATUE: Attribute.WALL,
    Tile.WINDOW: Attribute.WALL,
    Tile.SHELF: Attribute.WALL,
    Tile.TABLE: Attribute.WALL,
    Tile.RUG: Attribute.FLOOR,
    Tile.HALL_ROOF: Attribute.WALL,
    Tile.SHOP_ROOF: Attribute.WALL,
    Tile.REST_ROOF: Attribute.WALL,
    Tile.PINE: Attribute.WALL,
    Tile.VOID: Attribute.WALL,
}


@unique
class Person(IntEnum):
    """Sprites of people on the map; the player is apart. CHEST is a thing to pick up."""

    ELDER = 0
    GIRL = 1
    GUARD = 2
    HEALER = 3
    CLERK = 4
    TAMER = 5
    CHIEF = 6
    CHEST = 7
