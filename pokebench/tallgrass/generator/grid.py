"""Questions about the ground of a map: what hangs together, and what may be blocked."""

from collections.abc import Collection, Iterable
from typing import Final

from pokebench.tallgrass.tiles import Tile
from pokebench.tallgrass.world import WALKABLE, Cell, Map

_RING: Final = ((0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1))
"""The eight neighbours in order around a cell; the even ones share a side with it."""


def flood(
    area: Map, start: Cell, blocked: Collection[Cell] = (), also: Collection[Tile] = ()
) -> set[Cell]:
    """Return the cells that can be walked to from `start`, without tools and without `blocked`.

    Tiles in `also` count as walkable.
    """
    return set(walk_order(area, start, blocked, also))


def walk_order(
    area: Map, start: Cell, blocked: Collection[Cell] = (), also: Collection[Tile] = ()
) -> list[Cell]:
    """Return what `flood` returns, nearest cells first."""
    width = area.width
    opened = WALKABLE | frozenset(also)
    is_open = [tile in opened for tile in area.cells]
    for cell in blocked:
        is_open[cell.y * width + cell.x] = False
    start_index = start.y * width + start.x
    is_open[start_index] = False
    reached = [start_index]
    for index in reached:
        column = index % width
        for neighbour, is_inside in (
            (index - width, index >= width),
            (index + width, index + width < len(is_open)),
            (index - 1, column > 0),
            (index + 1, column < width - 1),
        ):
            if is_inside and is_open[neighbour]:
                is_open[neighbour] = False
                reached.append(neighbour)
    return [Cell(index % width, index // width) for index in reached]


def may_block(area: Map, x: int, y: int, blocked: Collection[Cell] = ()) -> bool:
    """Return whether the walkable neighbours of (x, y) stay connected around it when it is blocked.

    Only the eight neighbours are looked at, so a True is safe and a False may be too careful.
    """
    ring = [
        area.is_walkable(x + dx, y + dy) and (x + dx, y + dy) not in blocked for dx, dy in _RING
    ]
    sides = sum(ring[0::2])
    if sides == 0:
        return False
    runs = 0
    for index in range(8):
        is_run_start = ring[index] and not ring[index - 1]
        if is_run_start and _run_has_side(ring, index):
            runs += 1
    return runs <= 1


def _run_has_side(ring: list[bool], start: int) -> bool:
    """Return whether the run of walkable neighbours from `start` holds one that shares a side."""
    for offset in range(8):
        index = (start + offset) % 8
        if not ring[index]:
            return False
        if index % 2 == 0:
            return True
    return False


def neighbours(cell: Cell) -> tuple[Cell, Cell, Cell, Cell]:
    """Return the cells above, below, left and right."""
    x, y = cell
    return Cell(x, y - 1), Cell(x, y + 1), Cell(x - 1, y), Cell(x + 1, y)


def is_fill(area: Map, cells: Iterable[tuple[int, int]], tiles: Collection[Tile]) -> bool:
    """Return whether all cells lie on the map and hold one of `tiles`."""
    return all(area.contains(x, y) and area.get(x, y) in tiles for x, y in cells)
