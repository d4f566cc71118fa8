"""A route seen along the way it leads: `along` counts from its start, `across` from one side."""

from dataclasses import dataclass

from pokebench.tallgrass.tiles import Tile
from pokebench.tallgrass.world import Cell, Facing, Map


@dataclass(frozen=True, slots=True)
class Wall:
    """Two rows of wall across a lane, at `along` and `along` + 1, with one opening."""

    along: int
    across: int


@dataclass(frozen=True, slots=True)
class Section:
    """The ground between two walls: from `first` to `last` along, entered and left across."""

    first: int
    last: int
    enter: int
    leave: int

    @property
    def length(self) -> int:
        """Cells along."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Lane:
    """A map with a heading: east, north or south."""

    area: Map
    heading: Facing

    @property
    def length(self) -> int:
        """Cells along the heading."""
        is_level = self.heading is Facing.RIGHT
        return self.area.width if is_level else self.area.height

    @property
    def breadth(self) -> int:
        """Cells across the heading."""
        is_level = self.heading is Facing.RIGHT
        return self.area.height if is_level else self.area.width

    def cell(self, along: int, across: int) -> Cell:
        """Return the map's cell at a place of the lane."""
        if self.heading is Facing.RIGHT:
            return Cell(along, across)
        if self.heading is Facing.DOWN:
            return Cell(across, along)
        return Cell(across, self.area.height - 1 - along)

    def get(self, along: int, across: int) -> Tile:
        """Return the tile at a place of the lane."""
        return self.area.get(*self.cell(along, across))

    def put(self, along: int, across: int, tile: Tile) -> None:
        """Set the tile at a place of the lane."""
        self.area.put(*self.cell(along, across), tile)

    def facing(self, along: int, across: int) -> Facing:
        """Return the direction of a step of the lane, one cell along or across."""
        start, end = self.cell(0, 0), self.cell(along, across)
        step = Cell(end.x - start.x, end.y - start.y)
        return next(facing for facing in Facing if facing.step == step)
