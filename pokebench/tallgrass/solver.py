"""Proof that a world can be finished, from the bytes of its ROM.

Achievements only grow, so the solver alternates between walking everywhere and running every
script in reach until nothing new comes: each round is a sphere. At every sphere all cells in reach
must lead back to the start; else a player could be locked in.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from pokebench.tallgrass.format import NO_MILESTONE, Attribute, MilestoneBit, Op
from pokebench.tallgrass.progress import Outcome, Progress, outcomes
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.terrain import Atlas, Cell, Interaction, Reach

MAX_SPHERES: Final = 400


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a map."""

    map: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Sphere:
    """What one round of exploration adds."""

    cell_count: int
    """Cells in reach at its start."""
    milestones: frozenset[int]
    keys: frozenset[int]
    items: frozenset[int]
    badges: frozenset[int]
    flag_count: int


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found out about a world."""

    soft_lock_cells: tuple[Place, ...]
    """Cells from which the start cannot be reached again."""
    reached_milestones: frozenset[int]
    missing_milestones: frozenset[int]
    """Bits that some script or map of the world sets, but nobody can get to."""
    faults: tuple[str, ...]
    """What breaks the rules that the proof rests on."""
    spheres: tuple[Sphere, ...]
    map_count: int
    """Maps in reach at the end."""
    trainer_count: int
    """Tamers that can be met."""

    @property
    def is_completable(self) -> bool:
        """Whether the champion and every milestone of the world can be reached."""
        champion = MilestoneBit.CHAMPION in self.reached_milestones
        return champion and not self.missing_milestones and not self.faults

    @property
    def is_sound(self) -> bool:
        """Whether the world can be completed and nobody can be locked in."""
        return self.is_completable and not self.soft_lock_cells


def solve(rom: bytes) -> Solution:
    """Explore the world in `rom` to the end.

    Raises:
        RomError: the ROM holds no world, or a damaged one.
    """
    world = WorldRom(rom)
    world.check()
    return _Search(world).run()


def bits_of(value: int) -> frozenset[int]:
    """Return the numbers of the bits that are set in `value`."""
    return frozenset(bit for bit in range(value.bit_length()) if value >> bit & 1)


class _Search:
    """One exploration of one world."""

    def __init__(self, world: WorldRom) -> None:
        self._world = world
        self._atlas = Atlas(world)
        self._progress = Progress(milestones=1 << MilestoneBit.NEW_GAME)
        self._spheres: list[Sphere] = []
        self._locked: set[Cell] = set()
        self._trainers: set[int] = set()
        self._portals: dict[Cell, set[Cell]] = {}

    def run(self) -> Solution:
        """Explore sphere by sphere until nothing is gained."""
        while True:
            reach = self._flood()
            self._locked.update(self._find_locked(reach))
            if not self._advance(reach) or len(self._spheres) >= MAX_SPHERES:
                return self._conclude(reach)

    def _flood(self) -> Reach:
        """Walk from the start, and from where scripts carry the player."""
        atlas = self._atlas
        reach = atlas.reach(atlas.start)
        waiting = True
        while waiting:
            waiting = False
            for source in [cell for cell in self._portals if cell in reach.distances]:
                for target in sorted(self._portals[source] - reach.distances.keys()):
                    _join(reach, atlas.reach(target), source)
                    waiting = True
        return reach

    def _find_locked(self, reach: Reach) -> set[Cell]:
        """Return the cells of `reach` that no walk leads back from."""
        pending = self._cells_without_way_back(reach)
        safe: list[Cell] = []
        sources: dict[Cell, list[Cell]] = {}
        for cell in pending:
            for target in self._targets(cell):
                if target in pending:
                    sources.setdefault(target, []).append(cell)
                elif target in reach.distances:
                    safe.append(cell)
        while safe:
            cell = safe.pop()
            if cell in pending:
                pending.remove(cell)
                safe.extend(sources.get(cell, ()))
        return pending

    def _cells_without_way_back(self, reach: Reach) -> set[Cell]:
        """Return the cells that do not lead back, step by step, the way they were reached."""
        pending: set[Cell] = set()
        for cell, parent in reach.parents.items():
            if parent in pending or parent not in self._targets(cell):
                pending.add(cell)
        return pending

    def _targets(self, cell: Cell) -> tuple[Cell, ...]:
        portals = self._portals.get(cell)
        links = self._atlas.links(cell)
        return (*links, *sorted(portals)) if portals else links

    def _advance(self, reach: Reach) -> bool:
        """Collect all that is in reach; return whether that was anything new."""
        before = self._progress.copy()
        portals = sum(map(len, self._portals.values()))
        self._collect(reach, before)
        self._spheres.append(_sphere(len(reach.distances), before, self._progress))
        self._atlas.update(self._progress)
        return self._progress.exceeds(before) or portals < sum(map(len, self._portals.values()))

    def _collect(self, reach: Reach, before: Progress) -> None:
        for index in self._atlas.maps_in(reach):
            milestone = self._world.maps[index].milestone
            if milestone != NO_MILESTONE:
                self._progress.milestones |= 1 << milestone
            for interaction in self._atlas.interactions(index):
                self._try(interaction, reach, before)
        if before.party_count:
            self._meet_wild_creatures(reach)

    def _try(self, interaction: Interaction, reach: Reach, before: Progress) -> None:
        cells = [s.cell for s in interaction.stands if s.cell in reach.distances]
        if not cells:
            return
        for outcome in outcomes(self._world.script(interaction.script), before, keeps_items=True):
            self._progress.merge(outcome.progress)
            self._trainers.update(outcome.trainers)
            self._open_portal(cells, outcome)

    def _open_portal(self, cells: list[Cell], outcome: Outcome) -> None:
        if outcome.warp is not None:
            target = self._atlas.cell(*outcome.warp)
            for cell in cells:
                self._portals.setdefault(cell, set()).add(target)

    def _meet_wild_creatures(self, reach: Reach) -> None:
        """Count the milestones that the engine sets by itself where grass is in reach.

        Evolution comes last of them, so that nothing is left to look for afterwards.
        """
        if self._progress.milestones >> MilestoneBit.EVOLUTION & 1:
            return
        rows = self._encounters_in(reach)
        if not rows:
            return
        earned = [MilestoneBit.FIRST_WIN, MilestoneBit.FIRST_CATCH]
        met = {species for row in rows for species, _ in self._world.encounter(row)}
        owned = met | bits_of(self._progress.species)
        if any(self._world.species[species].evolve_level for species in owned):
            earned.append(MilestoneBit.EVOLUTION)
        self._progress.milestones |= sum(1 << bit for bit in earned)

    def _encounters_in(self, reach: Reach) -> set[int]:
        """Return the encounter tables of the maps whose grass is in reach."""
        cells = (cell for cell in reach.distances if self._atlas.attribute(cell) == Attribute.GRASS)
        return {self._world.maps[self._atlas.map_of(cell)].encounter for cell in cells}

    def _conclude(self, reach: Reach) -> Solution:
        reached = bits_of(self._progress.milestones)
        return Solution(
            soft_lock_cells=tuple(Place(*self._atlas.locate(c)) for c in sorted(self._locked)),
            reached_milestones=reached,
            missing_milestones=_declared_milestones(self._world) - reached,
            faults=_find_faults(self._world),
            spheres=tuple(self._spheres),
            map_count=len(self._atlas.maps_in(reach)),
            trainer_count=len(self._trainers),
        )


def _join(reach: Reach, other: Reach, source: Cell) -> None:
    reach.parents.setdefault(other.start, source)
    reach.distances.setdefault(other.start, reach.distances[source] + 1)
    for cell, parent in other.parents.items():
        if cell not in reach.distances:
            reach.parents[cell] = parent
            reach.distances[cell] = reach.distances[source] + 1 + other.distances[cell]


def _sphere(cell_count: int, before: Progress, after: Progress) -> Sphere:
    return Sphere(
        cell_count=cell_count,
        milestones=bits_of(after.milestones & ~before.milestones),
        keys=bits_of(after.keys & ~before.keys),
        items=bits_of(after.items & ~before.items),
        badges=bits_of(after.badges & ~before.badges),
        flag_count=(after.flags & ~before.flags).bit_count(),
    )


def _scripts_of(world: WorldRom) -> frozenset[int]:
    """Return the scripts that anything on any map refers to."""
    return frozenset(
        event.script
        for game_map in world.maps
        for events in (game_map.npcs, game_map.signs, game_map.triggers)
        for event in events
    )


def _declared_milestones(world: WorldRom) -> frozenset[int]:
    """Return the bits that the world's maps and scripts set."""
    of_maps = {m.milestone for m in world.maps if m.milestone != NO_MILESTONE}
    of_scripts = {
        instruction.arguments[0]
        for script in _scripts_of(world)
        for instruction in world.script(script).values()
        if instruction.op == Op.MILESTONE
    }
    return frozenset(of_maps | of_scripts)


def _find_faults(world: WorldRom) -> tuple[str, ...]:
    """Return what would make progress not grow: an item that two scripts take away."""
    takers = Counter(
        item for script in sorted(_scripts_of(world)) for item in _taken_items(world, script)
    )
    return tuple(
        f"{count} scripts take item {item} ({world.items[item].name})"
        for item, count in sorted(takers.items())
        if count > 1
    )


def _taken_items(world: WorldRom, script: int) -> frozenset[int]:
    return frozenset(
        instruction.arguments[0]
        for instruction in world.script(script).values()
        if instruction.op == Op.TAKE_ITEM
    )
