"""What a world is made of: maps and events, creatures, items, texts and scripts, not yet bytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum, unique
from typing import Final, NamedTuple

from pokebench.tallgrass.format import (
    MAX_MAP_CELLS,
    NO_FLAG,
    NO_MILESTONE,
    Attribute,
    Effect,
    ItemKind,
)
from pokebench.tallgrass.tiles import ATTRIBUTES, Person, Tile

WALKABLE: Final = frozenset(
    tile
    for tile, attribute in ATTRIBUTES.items()
    if attribute in (Attribute.FLOOR, Attribute.GRASS, Attribute.ICE, Attribute.WARP)
)
"""Tiles that a walker without tools can enter from every side."""


class Cell(NamedTuple):
    """A place on a map: column and row, from the top left."""

    x: int
    y: int


@unique
class Facing(IntEnum):
    """Where a person looks, as the engine counts."""

    DOWN = 0
    UP = 1
    LEFT = 2
    RIGHT = 3

    @property
    def step(self) -> Cell:
        """Columns and rows that one step this way covers."""
        return _STEPS[self]

    def ahead(self, cell: Cell) -> Cell:
        """Return the neighbour of `cell` on this side."""
        step = _STEPS[self]
        return Cell(cell.x + step.x, cell.y + step.y)


_STEPS: Final = (Cell(0, 1), Cell(0, -1), Cell(-1, 0), Cell(1, 0))


@unique
class MapKind(StrEnum):
    """What a map is for."""

    TOWN = "town"
    ROUTE = "route"
    CAVE = "cave"
    HALL = "hall"
    HOUSE = "house"
    SHOP = "shop"
    REST = "rest"
    SUMMIT = "summit"


@dataclass(frozen=True, slots=True)
class Warp:
    """Stepping on (x, y) leads to another place."""

    x: int
    y: int
    map: int
    to_x: int
    to_y: int


@dataclass(frozen=True, slots=True)
class Npc:
    """A person or chest; gone once `hide_flag` is set."""

    x: int
    y: int
    sprite: Person
    facing: Facing
    script: int
    hide_flag: int = NO_FLAG


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to read or use at (x, y)."""

    x: int
    y: int
    script: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """A script that runs when (x, y) is stepped on, until `flag` is set."""

    x: int
    y: int
    script: int
    flag: int


@dataclass(frozen=True, slots=True)
class Condition:
    """The cell becomes `tile` when `flag` is set, or while it is clear with `when_clear`."""

    x: int
    y: int
    tile: Tile
    flag: int
    when_clear: bool = False


@dataclass(slots=True)
class Map:
    """One map: a grid of `Tile` ids with its events."""

    index: int
    name: str
    kind: MapKind
    width: int
    height: int
    cells: bytearray
    border: Tile
    name_text: int
    encounter: int = 0
    milestone: int = NO_MILESTONE
    warps: list[Warp] = field(default_factory=list)
    npcs: list[Npc] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    def contains(self, x: int, y: int) -> bool:
        """Return whether (x, y) lies on the map."""
        return 0 <= x < self.width and 0 <= y < self.height

    def get(self, x: int, y: int) -> Tile:
        """Return the tile at (x, y); outside the map it is the border."""
        if not self.contains(x, y):
            return self.border
        return Tile(self.cells[y * self.width + x])

    def put(self, x: int, y: int, tile: Tile) -> None:
        """Set the tile at (x, y), which lies on the map."""
        if not self.contains(x, y):
            raise ValueError(f"({x}, {y}) is outside {self.name}")
        self.cells[y * self.width + x] = tile

    def fill(self, x: int, y: int, width: int, height: int, tile: Tile) -> None:
        """Set a rectangle whose top left cell is (x, y)."""
        for row in range(y, y + height):
            for column in range(x, x + width):
                self.put(column, row, tile)

    def is_walkable(self, x: int, y: int) -> bool:
        """Return whether the bare tile at (x, y) can be entered without a tool from every side."""
        return self.contains(x, y) and self.cells[y * self.width + x] in WALKABLE

    def occupied(self) -> set[Cell]:
        """Return the cells that hold an event: nothing else may be put there."""
        events: list[Warp | Npc | Sign | Trigger | Condition] = [*self.warps, *self.npcs]
        events += [*self.signs, *self.triggers, *self.conditions]
        return {Cell(event.x, event.y) for event in events}

    def standing(self) -> set[Cell]:
        """Return the cells where people and things stand in the way."""
        return {Cell(npc.x, npc.y) for npc in self.npcs}

    def positions(self) -> Iterator[Cell]:
        """Return every cell, row by row."""
        return (Cell(x, y) for y in range(self.height) for x in range(self.width))


@dataclass(frozen=True, slots=True)
class Move:
    """What a creature can do in a battle."""

    name: str
    type: int
    power: int
    accuracy: int
    pp: int
    effect: Effect = Effect.NONE


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in the bag; price 0 is not for sale."""

    name: str
    price: int = 0
    kind: ItemKind = ItemKind.QUEST
    amount: int = 0


class BaseStats(NamedTuple):
    """Base values of a species."""

    hp: int
    attack: int
    defense: int
    speed: int
    special: int


class Learned(NamedTuple):
    """A move and the level at which it is learned."""

    level: int
    move: int


@dataclass(frozen=True, slots=True)
class Species:
    """A kind of creature; its portrait is drawn from `family_seed` and `stage` by the packer."""

    name: str
    type: int
    stats: BaseStats
    catch_rate: int
    exp: int
    family_seed: int
    stage: int
    evolve_level: int
    evolve_to: int
    learnset: tuple[Learned, ...]


class Member(NamedTuple):
    """One creature of a team or of the tall grass."""

    species: int
    level: int


@dataclass(frozen=True, slots=True)
class Trainer:
    """A tamer's name, team (1 to 6) and the coins for beating them."""

    name: str
    team: tuple[Member, ...]
    reward: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that counts: its bit in the game's memory, its stable id, a title for people."""

    bit: int
    id: str
    title: str


@dataclass(slots=True)
class World:
    """A whole generated world. Rows of tables are referred to by their index."""

    preset: str
    seed: int
    attempt: int
    title: str
    rng_seed: int
    badge_count: int
    type_names: list[str] = field(default_factory=list)
    type_chart: list[list[int]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    species: list[Species] = field(default_factory=list)
    trainers: list[Trainer] = field(default_factory=list)
    encounters: list[tuple[Member, ...]] = field(default_factory=list)
    maps: list[Map] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    scripts: list[bytes] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    flag_count: int = 0
    start_map: int = 0
    start_x: int = 0
    start_y: int = 0

    def add_map(
        self,
        name: str,
        kind: MapKind,
        size: tuple[int, int],
        tile: Tile,
        border: Tile,
        name_text: int,
    ) -> Map:
        """Append a map full of `tile` and return it.

        Raises:
            ValueError: it would have more cells than the engine can hold.
        """
        width, height = size
        if not 0 < width * height <= MAX_MAP_CELLS:
            raise ValueError(f"{name} is {width} x {height}; at most {MAX_MAP_CELLS} cells fit")
        cells = bytearray([tile]) * (width * height)
        self.maps.append(Map(len(self.maps), name, kind, width, height, cells, border, name_text))
        return self.maps[-1]
