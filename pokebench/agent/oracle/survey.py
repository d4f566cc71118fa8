"""Looking around: what can be reached, and what doing something there would change."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pokebench.agent.oracle.errand import Errand, ErrandKind
from pokebench.tallgrass.format import NO_MILESTONE, ItemKind, MilestoneBit
from pokebench.tallgrass.progress import Outcome, Progress, outcomes
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import State
from pokebench.tallgrass.terrain import Atlas, Cell, Interaction, Reach, Stand


@dataclass(frozen=True, slots=True)
class Situation:
    """The game at one moment, and where its player could walk."""

    state: State
    progress: Progress
    reach: Reach

    @property
    def lead_level(self) -> int:
        """Level of the first creature, 0 without any."""
        return self.state.party[0].level if self.state.party else 0


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that would change the game, and the way to it."""

    distance: int
    errand: Errand
    trainers: tuple[int, ...]
    """Tamers to be beaten for it."""
    is_champion: bool


@dataclass(frozen=True, slots=True)
class Ambush:
    """A cell where tamers lie in wait."""

    cell: Cell
    trainers: tuple[int, ...]


class Surveyor:
    """Finds what there is to do.

    Args:
        world: the world.
        atlas: its graph; `survey` keeps it up to date.
    """

    def __init__(self, world: WorldRom, atlas: Atlas) -> None:
        self._world = world
        self._atlas = atlas
        quest = [i for i, item in enumerate(world.items) if item.kind == ItemKind.QUEST]
        self._quest_items = sum(1 << item for item in quest)

    def survey(self, state: State, walls: Collection[Cell] = ()) -> Situation:
        """Return the situation, taking `walls` as cells that are not walked past."""
        progress = live_progress(state)
        self._atlas.update(progress)
        here = self._atlas.cell(*state.position)
        return Situation(state, progress, self._atlas.reach(here, walls))

    def goals(self, situation: Situation) -> list[Goal]:
        """Return everything that would change the game for good, nearest first."""
        goals = [*self._map_goals(situation), *self._script_goals(situation)]
        goals.sort(key=lambda goal: (goal.distance, goal.errand.cell, goal.errand.facing or 0))
        return goals

    def service(self, situation: Situation, kind: ErrandKind) -> Errand | None:
        """Return the way to the nearest script that heals, or sells."""
        best: tuple[int, Errand] | None = None
        for interaction in self._interactions(situation):
            stand = _nearest_stand(interaction, situation.reach)
            if stand is None:
                continue
            distance = situation.reach.distances[stand.cell]
            if best is not None and best[0] <= distance:
                continue
            way = self._serving_way(interaction, situation, kind)
            if way is not None:
                note = "rest" if kind == ErrandKind.REST else "buy"
                best = distance, Errand(kind, stand.cell, stand.facing, way.answers, note)
        return None if best is None else best[1]

    def ambushes(self, situation: Situation) -> list[Ambush]:
        """Return the reachable cells where stepping starts a battle with a tamer."""
        found = []
        for interaction in self._interactions(situation):
            cell = interaction.stands[0].cell if interaction.is_trigger else None
            if cell is not None and cell in situation.reach.distances:
                way = self._ways(interaction, situation.progress)[0]
                if way.trainers:
                    found.append(Ambush(cell, way.trainers))
        return found

    def _map_goals(self, situation: Situation) -> Iterator[Goal]:
        """Yield the maps whose entering is a milestone."""
        wanted = {
            game_map.index
            for game_map in self._world.maps
            if game_map.milestone != NO_MILESTONE
            and not situation.state.has_milestone(game_map.milestone)
        }
        distances = situation.reach.distances
        for index in self._atlas.maps_in(situation.reach):
            if index not in wanted:
                continue
            cell = next(cell for cell in distances if self._atlas.map_of(cell) == index)
            errand = Errand(ErrandKind.VISIT, cell, note=f"go to {self._name(index)}")
            yield Goal(distances[cell], errand, (), False)

    def _script_goals(self, situation: Situation) -> Iterator[Goal]:
        for interaction in self._interactions(situation):
            stand = _nearest_stand(interaction, situation.reach)
            way = None if stand is None else self._gaining_way(interaction, situation)
            if stand is None or way is None:
                continue
            note = f"see about script {interaction.script} in {self._name_of(stand.cell)}"
            errand = Errand(ErrandKind.VISIT, stand.cell, stand.facing, way.answers, note)
            is_champion = bool(way.progress.milestones >> MilestoneBit.CHAMPION & 1)
            distance = situation.reach.distances[stand.cell]
            yield Goal(distance, errand, way.trainers, is_champion)

    def _gaining_way(self, interaction: Interaction, situation: Situation) -> Outcome | None:
        """Return the first way through a script that changes something lasting."""
        ways = self._ways(interaction, situation.progress)
        return next((w for w in ways if self._is_gain(w.progress, situation.progress)), None)

    def _serving_way(
        self, interaction: Interaction, situation: Situation, kind: ErrandKind
    ) -> Outcome | None:
        ways = self._ways(interaction, situation.progress)
        is_rest = kind == ErrandKind.REST
        return next((way for way in ways if (way.heals if is_rest else way.shops)), None)

    def _is_gain(self, after: Progress, before: Progress) -> bool:
        """Return whether something lasting changes; goods are no aim in themselves."""
        gained = after.copy()
        gained.items &= self._quest_items
        return gained.exceeds(before)

    def _interactions(self, situation: Situation) -> Iterator[Interaction]:
        for index in self._atlas.maps_in(situation.reach):
            yield from self._atlas.interactions(index)

    def _ways(self, interaction: Interaction, progress: Progress) -> list[Outcome]:
        return outcomes(self._world.script(interaction.script), progress)

    def _name_of(self, cell: Cell) -> str:
        return self._name(self._atlas.map_of(cell))

    def _name(self, map_index: int) -> str:
        return self._world.text(self._world.maps[map_index].name).replace("\n", " ")


def live_progress(state: State) -> Progress:
    """Return the progress that a state shows."""
    return Progress(
        flags=state.flags,
        items=sum(1 << item for item in state.bag),
        keys=state.keys,
        badges=state.badges,
        milestones=state.milestones,
        party_count=state.party_count,
    )


def _nearest_stand(interaction: Interaction, reach: Reach) -> Stand | None:
    stands = [stand for stand in interaction.stands if stand.cell in reach.distances]
    return min(stands, key=lambda s: (reach.distances[s.cell], s.cell), default=None)
