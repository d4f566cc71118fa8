"""Walking: from a route of cells to presses."""

import itertools
from typing import Final

from pokebench.tallgrass.format import Attribute
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import State, place
from pokebench.tallgrass.terrain import Atlas, Cell
from pokebench.types import Action, RamPort

DIRECTIONS: Final = (Action.DOWN, Action.UP, Action.LEFT, Action.RIGHT)
"""The presses of the four facings."""
MAX_STEPS: Final = 8
PACING_STEPS: Final = 4


class Walker:
    """Turns routes into presses.

    Args:
        world: the world.
        atlas: its graph, kept up to date by the planner.
        ram: where the current map lies.
    """

    def __init__(self, world: WorldRom, atlas: Atlas, ram: RamPort) -> None:
        self._world = world
        self._atlas = atlas
        self._ram = ram

    def walk(self, state: State, route: list[Cell]) -> tuple[Action, ...]:
        """Return presses that go some way along `route`, as far as it is plain walking.

        Args:
            state: the game now; the player stands on the first cell of `route`.
            route: two cells or more.
        """
        if self._is_bush_ahead(state, route[1]):
            return (self._press(route[0], route[1]), Action.A)
        presses: list[Action] = []
        for cell, target in itertools.pairwise(route):
            if presses and self._atlas.attribute(target) == Attribute.BUSH:
                break
            presses.append(self._press(cell, target))
            if len(presses) == MAX_STEPS or not self._is_plain(cell, target):
                break
        return tuple(presses)

    def face_and_talk(self, state: State, facing: int) -> tuple[Action, ...]:
        """Return the presses that speak to whoever stands that way."""
        if state.facing == facing:
            return (Action.A,)
        return (DIRECTIONS[facing], Action.A)

    def pace(self, cell: Cell) -> tuple[Action, ...]:
        """Return presses that go to and fro between `cell` and grass beside it."""
        facing = self.pacing_facing(cell)
        if facing is None:
            return ()
        return (DIRECTIONS[facing], DIRECTIONS[facing ^ 1]) * (PACING_STEPS // 2)

    def pacing_facing(self, cell: Cell) -> int | None:
        """Return where grass lies beside the grass of `cell`, with a way back; None if nowhere."""
        atlas = self._atlas
        if atlas.attribute(cell) != Attribute.GRASS:
            return None
        for facing, target in enumerate(atlas.links(cell)):
            is_grass = target >= 0 and atlas.attribute(target) == Attribute.GRASS
            if is_grass and atlas.links(target)[facing ^ 1] == cell:
                return facing
        return None

    def beside(self, cell: Cell) -> Cell | None:
        """Return a cell next to `cell` from which it can be stepped on again."""
        for target in self._atlas.links(cell):
            if target >= 0 and cell in self._atlas.links(target):
                return target
        return None

    def _press(self, cell: Cell, target: Cell) -> Action:
        return DIRECTIONS[self._atlas.links(cell).index(target)]

    def _is_plain(self, cell: Cell, target: Cell) -> bool:
        """Return whether stepping from `cell` to `target` takes one press and starts nothing."""
        index, x, y = self._atlas.locate(cell)
        to_index, to_x, to_y = self._atlas.locate(target)
        is_one_step = index == to_index and abs(to_x - x) + abs(to_y - y) == 1
        if not is_one_step or self._atlas.attribute(target) == Attribute.ICE:
            return False
        return not any((t.x, t.y) == (to_x, to_y) for t in self._world.maps[index].triggers)

    def _is_bush_ahead(self, state: State, target: Cell) -> bool:
        """Return whether a bush that still stands is in the way."""
        if self._atlas.attribute(target) != Attribute.BUSH:
            return False
        _, x, y = self._atlas.locate(target)
        metatile = self._ram.read(place("MAP_CELLS") + y * state.map_width + x, 1)[0]
        return self._world.attributes[metatile] == Attribute.BUSH
