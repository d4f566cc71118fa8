"""Where a walker can go: the cells of all maps as one graph that follows the player's progress."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

from pokebench.tallgrass.format import NO_FLAG, Attribute, Key
from pokebench.tallgrass.progress import Progress
from pokebench.tallgrass.rom import GameMap, Npc, WorldRom

STEPS: Final = ((0, 1), (0, -1), (-1, 0), (1, 0))
"""Column and row offsets of the four facings: down, up, left, right."""
DOWN: Final = 0
NOWHERE: Final = -1

Cell = int
"""Number of a cell among the cells of all maps."""
Links = tuple[int, int, int, int]
"""Where one step in each facing ends; `NOWHERE` if it does not move."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where to be, and where to look, to start a script; no facing: being there is enough."""

    cell: Cell
    facing: int | None


@dataclass(frozen=True, slots=True)
class Interaction:
    """A script that the player can start, and from where."""

    script: int
    stands: tuple[Stand, ...]
    is_trigger: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """All cells that can be walked to from `start`, nearest first."""

    start: Cell
    distances: dict[Cell, int]
    parents: dict[Cell, Cell]

    def path_to(self, cell: Cell) -> list[Cell]:
        """Return the cells after `start` up to `cell`.

        Raises:
            KeyError: `cell` cannot be reached.
        """
        path = []
        while cell != self.start:
            path.append(cell)
            cell = self.parents[cell]
        path.reverse()
        return path


@dataclass(frozen=True, slots=True)
class _Ground:
    """One map as it is for some progress."""

    attributes: list[Attribute]
    closed: frozenset[int]
    """Cells that nobody enters: off the map's floor, or somebody stands there."""
    stops: frozenset[int]
    """Cells where a slide ends because something happens."""


class Atlas:
    """The graph of a world's cells.

    Call `update` whenever progress was made; the rest answers for the progress last given.

    Args:
        rom: the world.
    """

    def __init__(self, rom: WorldRom) -> None:
        self.rom = rom
        sizes = [game_map.width * game_map.height for game_map in rom.maps]
        self._bases = [0, *accumulate(sizes)]
        self._map_of = [i for i, size in enumerate(sizes) for _ in range(size)]
        self._links: list[Links | None] = [None] * self._bases[-1]
        self._keys: list[tuple[int, int] | None] = [None] * len(sizes)
        self._grounds: list[_Ground | None] = [None] * len(sizes)
        self._interactions: list[tuple[Interaction, ...]] = [()] * len(sizes)
        self._warps = [self._warp_targets(game_map) for game_map in rom.maps]
        self._progress = Progress()
        self.update(self._progress)

    @cached_property
    def start(self) -> Cell:
        """The cell where a new game begins."""
        return self.cell(self.rom.start_map, self.rom.start_x, self.rom.start_y)

    def cell(self, map_index: int, x: int, y: int) -> Cell:
        """Return the number of a cell of a map."""
        return self._bases[map_index] + y * self.rom.maps[map_index].width + x

    def locate(self, cell: Cell) -> tuple[int, int, int]:
        """Return map, column and row of a cell."""
        index = self._map_of[cell]
        y, x = divmod(cell - self._bases[index], self.rom.maps[index].width)
        return index, x, y

    def map_of(self, cell: Cell) -> int:
        """Return the map that a cell is on."""
        return self._map_of[cell]

    def maps_in(self, reach: Reach) -> list[int]:
        """Return the maps that any cell of `reach` is on, in their order."""
        return sorted(set(map(self._map_of.__getitem__, reach.distances)))

    def attribute(self, cell: Cell) -> Attribute:
        """Return what a cell does to a walker."""
        index = self._map_of[cell]
        return self._ground(index).attributes[cell - self._bases[index]]

    def is_warp(self, cell: Cell) -> bool:
        """Return whether stepping onto a cell leads elsewhere."""
        index = self._map_of[cell]
        return cell - self._bases[index] in self._warps[index]

    def update(self, progress: Progress) -> None:
        """Follow `progress`: forget the graphs of the maps that it changes."""
        self._progress = progress.copy()
        for index, (flags, keys) in enumerate(self._masks):
            key = progress.flags & flags, progress.keys & keys
            if key != self._keys[index]:
                self._keys[index] = key
                self._forget(index)

    def links(self, cell: Cell) -> Links:
        """Return where one step in each facing leads from `cell`."""
        known = self._links[cell]
        if known is None:
            known = self._links[cell] = self._find_links(cell)
        return known

    def reach(self, start: Cell, walls: Collection[Cell] = ()) -> Reach:
        """Return everything that can be walked to from `start`.

        Args:
            start: where the player stands.
            walls: cells that may be stepped on but not walked past.
        """
        distances = {start: 0}
        parents: dict[Cell, Cell] = {}
        queue = [start]
        links = self._links
        for cell in queue:
            if cell in walls and cell != start:
                continue
            distance = distances[cell] + 1
            for target in links[cell] or self.links(cell):
                if target not in distances and target >= 0:
                    distances[target] = distance
                    parents[target] = cell
                    queue.append(target)
        return Reach(start, distances, parents)

    def interactions(self, map_index: int) -> tuple[Interaction, ...]:
        """Return the scripts that can be started on a map, whether reachable or not."""
        self._ground(map_index)
        return self._interactions[map_index]

    @cached_property
    def _masks(self) -> list[tuple[int, int]]:
        """Flags and keys that matter on each map."""
        return [self._mask(game_map) for game_map in self.rom.maps]

    def _mask(self, game_map: GameMap) -> tuple[int, int]:
        flags = [npc.hide_flag for npc in game_map.npcs if npc.hide_flag != NO_FLAG]
        flags += [trigger.flag for trigger in game_map.triggers]
        flags += [condition.flag for condition in game_map.conditions]
        metatiles = set(game_map.cells) | {c.metatile for c in game_map.conditions}
        attributes = {self.rom.attributes[metatile] for metatile in metatiles}
        keys = (Attribute.BUSH in attributes) << Key.CUTTER
        keys |= (Attribute.WATER in attributes) << Key.RAFT
        return sum(1 << flag for flag in set(flags)), keys

    def _forget(self, index: int) -> None:
        start, end = self._bases[index], self._bases[index + 1]
        self._links[start:end] = [None] * (end - start)
        self._grounds[index] = None

    def _warp_targets(self, game_map: GameMap) -> dict[int, Cell]:
        targets: dict[int, Cell] = {}
        for warp in game_map.warps:
            target = self.cell(warp.map, warp.to_x, warp.to_y)
            targets.setdefault(warp.y * game_map.width + warp.x, target)
        return targets

    def _ground(self, index: int) -> _Ground:
        ground = self._grounds[index]
        if ground is None:
            ground = self._grounds[index] = self._lay_ground(self.rom.maps[index])
            self._interactions[index] = tuple(self._find_interactions(index, ground))
        return ground

    def _lay_ground(self, game_map: GameMap) -> _Ground:
        width = game_map.width
        metatiles = bytearray(game_map.cells)
        for condition in game_map.conditions:
            if self._has(condition.flag) != bool(condition.when_clear):
                metatiles[condition.y * width + condition.x] = condition.metatile
        attributes = [self.rom.attributes[metatile] for metatile in metatiles]
        people = {npc.y * width + npc.x for npc in self._people(game_map)}
        walls = {cell for cell, attribute in enumerate(attributes) if self._is_closed(attribute)}
        triggers = {t.y * width + t.x for t in game_map.triggers if not self._has(t.flag)}
        stops = frozenset(triggers | self._warps[game_map.index].keys())
        return _Ground(attributes, frozenset(walls | people), stops)

    def _is_closed(self, attribute: Attribute) -> bool:
        match attribute:
            case Attribute.WALL | Attribute.COUNTER | Attribute.ROCK:
                return True
            case Attribute.WATER:
                return not self._progress.keys >> Key.RAFT & 1
            case Attribute.BUSH:
                return not self._progress.keys >> Key.CUTTER & 1
            case _:
                return False

    def _people(self, game_map: GameMap) -> list[Npc]:
        return [
            npc for npc in game_map.npcs if npc.hide_flag == NO_FLAG or not self._has(npc.hide_flag)
        ]

    def _has(self, flag: int) -> bool:
        return bool(self._progress.flags >> flag & 1)

    def _find_links(self, cell: Cell) -> Links:
        index = self._map_of[cell]
        base, ground, warps = self._bases[index], self._ground(index), self._warps[index]
        width, height = self.rom.maps[index].width, self.rom.maps[index].height
        targets = [NOWHERE] * 4
        for facing, (dx, dy) in enumerate(STEPS):
            local = _slide(ground, cell - base, (facing, dx, dy), width, height)
            if local is not None:
                targets[facing] = warps.get(local, base + local)
        return targets[0], targets[1], targets[2], targets[3]

    def _find_interactions(self, index: int, ground: _Ground) -> list[Interaction]:
        game_map = self.rom.maps[index]
        found = [
            Interaction(npc.script, self._stands(game_map, ground, npc.x, npc.y), False)
            for npc in self._people(game_map)
        ]
        found += [
            Interaction(sign.script, self._stands(game_map, ground, sign.x, sign.y), False)
            for sign in game_map.signs
        ]
        for trigger in game_map.triggers:
            if not self._has(trigger.flag):
                cell = self.cell(index, trigger.x, trigger.y)
                found.append(Interaction(trigger.script, (Stand(cell, None),), True))
        return found

    def _stands(self, game_map: GameMap, ground: _Ground, x: int, y: int) -> tuple[Stand, ...]:
        """Return the places from which somebody at (x, y) is spoken to, also over a counter."""
        stands = []
        for facing, (dx, dy) in enumerate(STEPS):
            near_x, near_y = x - dx, y - dy
            if not _is_inside(game_map, near_x, near_y):
                continue
            over = ground.attributes[near_y * game_map.width + near_x] == Attribute.COUNTER
            stand_x, stand_y = (near_x - dx, near_y - dy) if over else (near_x, near_y)
            if _is_inside(game_map, stand_x, stand_y):
                stands.append(Stand(self.cell(game_map.index, stand_x, stand_y), facing))
        return tuple(stands)


def _is_inside(game_map: GameMap, x: int, y: int) -> bool:
    return 0 <= x < game_map.width and 0 <= y < game_map.height


def _slide(
    ground: _Ground, start: int, step: tuple[int, int, int], width: int, height: int
) -> int | None:
    """Return the local cell where a step ends, over ice if need be; None if it does not move."""
    facing, dx, dy = step
    y, x = divmod(start, width)
    local = start
    while True:
        x, y = x + dx, y + dy
        following = y * width + x
        if not (0 <= x < width and 0 <= y < height) or following in ground.closed:
            break
        attribute = ground.attributes[following]
        if attribute == Attribute.LEDGE and facing != DOWN:
            break
        local = following
        if attribute != Attribute.ICE or local in ground.stops:
            break
    return None if local == start else local
