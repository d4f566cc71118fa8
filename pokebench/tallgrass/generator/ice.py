"""Sliding puzzles: where statues stand on ice so that the far side takes some thought to reach."""

from typing import Final

from pokebench.tallgrass.generator.builder import GenerationError
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import Cell, Facing

_FEWEST_SLIDES: Final = 5
_TRIES: Final = 400


class IceField:
    """A rectangle of ice with floor above and below, closed at the sides."""

    def __init__(
        self, left: int, top: int, width: int, height: int, rocks: frozenset[Cell]
    ) -> None:
        self._columns = range(left, left + width)
        self._rows = range(top, top + height)
        self._rocks = rocks

    def slide(self, cell: Cell, facing: Facing) -> Cell:
        """Return where one ends up; on the floor beside the ice one stops."""
        while True:
            there = facing.ahead(cell)
            is_floor = there.y in (self._rows.start - 1, self._rows.stop)
            if there.x not in self._columns or there in self._rocks:
                return cell
            if is_floor:
                return there
            if there.y not in self._rows:
                return cell
            cell = there

    def slides_to_top(self, start: Cell) -> int | None:
        """Return the fewest moves from `start` to the floor above; None if that cannot be.

        None also if some place that can be reached has no way back to `start`.
        """
        distance = {start: 0}
        leads_to: dict[Cell, list[Cell]] = {}
        best = None
        for cell in (order := [start]):
            if cell.y < self._rows.start and best is None:
                best = distance[cell]
            for facing in Facing:
                there = self.slide(cell, facing)
                leads_to.setdefault(there, []).append(cell)
                if there not in distance:
                    distance[there] = distance[cell] + 1
                    order.append(there)
        return best if _can_return(leads_to, start, len(distance)) else None


def _can_return(leads_to: dict[Cell, list[Cell]], start: Cell, count: int) -> bool:
    """Return whether `start` can be reached from all `count` places."""
    back = {start}
    for cell in (order := [start]):
        for before in leads_to.get(cell, ()):
            if before not in back:
                back.add(before)
                order.append(before)
    return len(back) == count


def draw_rocks(rng: Pcg32, left: int, top: int, width: int, height: int, start: Cell) -> list[Cell]:
    """Return where statues stand so that the way up takes at least five moves.

    Raises:
        GenerationError: no such place was found.
    """
    cells = [Cell(x, y) for y in range(top, top + height) for x in range(left, left + width)]
    for _ in range(_TRIES):
        rocks = rng.sample(cells, len(cells) // 6)
        moves = IceField(left, top, width, height, frozenset(rocks)).slides_to_top(start)
        if moves is not None and moves >= _FEWEST_SLIDES:
            return rocks
    raise GenerationError("no sliding puzzle found")
