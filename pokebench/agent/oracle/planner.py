"""Planning: the nearest thing that brings the game forward and can be survived."""

from collections.abc import Iterator
from typing import Final

from pokebench.agent.oracle.errand import Errand, ErrandKind, Memory
from pokebench.agent.oracle.outlook import LEVEL_MAX, Outlook
from pokebench.agent.oracle.shopper import Shopper
from pokebench.agent.oracle.survey import Goal, Situation, Surveyor
from pokebench.agent.oracle.walker import Walker
from pokebench.tallgrass.format import ItemKind, MilestoneBit
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import State
from pokebench.tallgrass.terrain import Atlas, Cell

MAX_ATTEMPTS: Final = 8
"""How often the same errand is tried before it is given up."""
SHOP_DISTANCE: Final = 60
TRAINING_STEP: Final = 3
"""Levels gained before the plan is looked at again."""
MAX_HUNTS: Final = 2
"""How often a hunting ground may turn out empty before it is left alone."""
MAX_PLANS: Final = 300
"""Plans without any achievement after which nothing more is tried."""
LESSON_LEVELS: Final = 2
"""Levels gained after a lost battle before it is tried again."""


class Planner:
    """Chooses errands.

    Args:
        world: the world.
        atlas: its graph; `choose` keeps it up to date.
        outlook: judges battles.
        shopper: judges purchases.
        walker: knows where to pace.
    """

    def __init__(
        self, world: WorldRom, atlas: Atlas, outlook: Outlook, shopper: Shopper, walker: Walker
    ) -> None:
        self._world = world
        self._atlas = atlas
        self._outlook = outlook
        self._shopper = shopper
        self._walker = walker
        self._surveyor = Surveyor(world, atlas)

    def choose(self, state: State, memory: Memory) -> bool:
        """Give `memory` an errand and a route to it; return False if nothing is left to do."""
        memory.count_plan(state)
        if memory.plans > MAX_PLANS:
            return False
        self._learn_from_losses(state, memory)
        situation = self._surveyor.survey(state)
        walls = self._find_walls(situation, memory)
        if walls:
            situation = self._surveyor.survey(state, walls)
        errand = memory.errand = self._choose_errand(situation, memory)
        memory.route = []
        if errand is not None:
            memory.route = [situation.reach.start, *situation.reach.path_to(errand.cell)]
        return errand is not None

    def _choose_errand(self, situation: Situation, memory: Memory) -> Errand | None:
        return (
            self._find_needed_rest(situation)
            or self._find_catch(situation, memory)
            or self._find_training(situation, memory)
            or self._find_shop(situation)
            or self._find_goal(situation, memory)
        )

    def _learn_from_losses(self, state: State, memory: Memory) -> None:
        """After a lost battle, train before trying again."""
        if state.losses > memory.losses and state.party:
            memory.losses = state.losses
            memory.training_level = min(LEVEL_MAX, state.party[0].level + LESSON_LEVELS)

    def _find_walls(self, situation: Situation, memory: Memory) -> frozenset[Cell]:
        """Return the cells where tamers lie in wait who are too strong yet."""
        if memory.is_daring or not situation.state.party:
            return frozenset()
        return frozenset(
            ambush.cell
            for ambush in self._surveyor.ambushes(situation)
            if self._required_level(situation, ambush.trainers) > situation.lead_level
        )

    def _find_needed_rest(self, situation: Situation) -> Errand | None:
        if not self._outlook.needs_rest(situation.state):
            return None
        return self._surveyor.service(situation, ErrandKind.REST)

    def _find_catch(self, situation: Situation, memory: Memory) -> Errand | None:
        """Return where to catch the first creature, as soon as that is possible."""
        state = situation.state
        has_orb = any(self._world.items[item].kind == ItemKind.ORB for item in state.bag)
        if not state.party or not has_orb or state.has_milestone(MilestoneBit.FIRST_CATCH):
            return None
        hunts = self._hunts(situation, memory, "catch a creature")
        return next(hunts, None)

    def _find_training(self, situation: Situation, memory: Memory) -> Errand | None:
        """Return the grass where the level aimed at is reached soonest, or a rest before it."""
        is_due = 0 < situation.lead_level < memory.training_level and not memory.is_daring
        hunt = self._best_training(situation, memory) if is_due else None
        if hunt is None:
            return None
        if not self._outlook.is_fit_to_train(situation.state, self._encounter_of(hunt.cell)):
            rest = self._surveyor.service(situation, ErrandKind.REST)
            if rest is not None:
                return rest
        return hunt

    def _best_training(self, situation: Situation, memory: Memory) -> Errand | None:
        """Return the hunt that reaches the level soonest, the way there counted in."""
        level = memory.training_level
        best: tuple[int, Errand] | None = None
        for hunt in self._hunts(situation, memory, f"train to level {level}"):
            encounter = self._encounter_of(hunt.cell)
            cost = self._outlook.training_cost(situation.state, encounter, level)
            if cost is None:
                continue
            cost += situation.reach.distances[hunt.cell]
            if best is None or cost < best[0]:
                best = cost, hunt
        return None if best is None else best[1]

    def _hunts(self, situation: Situation, memory: Memory, note: str) -> Iterator[Errand]:
        """Yield a hunt on the nearest grass of each map where one can pace."""
        found: set[int] = set()
        for cell in situation.reach.distances:
            index = self._atlas.map_of(cell)
            if index in found or self._walker.pacing_facing(cell) is None:
                continue
            hunt = Errand(ErrandKind.HUNT, cell, note=note)
            if memory.attempts.get(hunt.key, 0) < MAX_HUNTS:
                found.add(index)
                yield hunt

    def _encounter_of(self, cell: Cell) -> int:
        return self._world.maps[self._atlas.map_of(cell)].encounter

    def _find_shop(self, situation: Situation, *, is_preparing: bool = False) -> Errand | None:
        if not self._shopper.wants_to_shop(situation.state, is_preparing=is_preparing):
            return None
        shop = self._surveyor.service(situation, ErrandKind.SHOP)
        is_near = shop is not None and situation.reach.distances[shop.cell] <= SHOP_DISTANCE
        return shop if is_near else None

    def _find_goal(self, situation: Situation, memory: Memory) -> Errand | None:
        goals = self._open_goals(situation, memory)
        if not goals:
            return None
        levels = [self._required_level(situation, goal.trainers) for goal in goals]
        for goal, level in zip(goals, levels, strict=True):
            if level <= situation.lead_level or memory.is_daring:
                return self._rest_before(situation, goal) or goal.errand
        weakest = min(range(len(goals)), key=levels.__getitem__)
        return self._prepare(situation, memory, levels[weakest]) or goals[weakest].errand

    def _open_goals(self, situation: Situation, memory: Memory) -> list[Goal]:
        """Return the goals not given up, nearest first; the champion only when alone."""
        goals = self._surveyor.goals(situation)
        goals = [g for g in goals if memory.attempts.get(g.errand.key, 0) < MAX_ATTEMPTS]
        return [goal for goal in goals if not goal.is_champion] or goals

    def _rest_before(self, situation: Situation, goal: Goal) -> Errand | None:
        """Return a rest if the party would win the goal's battles only after one."""
        if not goal.trainers or self._outlook.is_ready_for(situation.state, goal.trainers):
            return None
        is_rested = all(creature.hp == creature.max_hp for creature in situation.state.party)
        return None if is_rested else self._surveyor.service(situation, ErrandKind.REST)

    def _prepare(self, situation: Situation, memory: Memory, level: int) -> Errand | None:
        """Return shopping or training that leads towards `level`, None if there is neither."""
        shop = self._find_shop(situation, is_preparing=True)
        if shop is not None:
            return shop
        memory.training_level = min(level, situation.lead_level + TRAINING_STEP)
        return self._find_training(situation, memory)

    def _required_level(self, situation: Situation, trainers: tuple[int, ...]) -> int:
        if not trainers:
            return 0
        if not situation.state.party:
            return LEVEL_MAX
        return self._outlook.required_level(situation.state, trainers)
