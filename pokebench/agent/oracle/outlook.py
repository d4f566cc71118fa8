"""How the party stands: whether a battle can be won, whether it needs rest or training."""

from collections.abc import Sequence
from typing import Final

from pokebench.tallgrass.duel import Duels, Fighter, experience_to_grow
from pokebench.tallgrass.format import ItemKind
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import State

REST_HP_PERCENT: Final = 40
REST_PP: Final = 6
LEVEL_MAX: Final = 99
STEPS_A_BATTLE: Final = 26
"""Steps that a wild battle and finding it take, about."""


class Outlook:
    """Judges battles before they are begun.

    Args:
        world: the world.
        duels: its battle formulas.
    """

    def __init__(self, world: WorldRom, duels: Duels) -> None:
        self._world = world
        self._duels = duels
        self._required: dict[tuple[object, ...], int] = {}

    def leader(self, state: State) -> Fighter | None:
        """Return the creature that opens the next battle, None if nobody can fight."""
        able = [creature for creature in state.party if creature.hp]
        return self._duels.fighter_of(able[0]) if able else None

    def needs_rest(self, state: State) -> bool:
        """Return whether the strongest creature is too worn to walk on."""
        if not state.party:
            return False
        best = max(state.party, key=lambda creature: creature.level)
        fighter = self._duels.fighter_of(best)
        uses = sum(
            left
            for move, left in zip(fighter.moves, fighter.pp, strict=True)
            if move and self._world.moves[move].power
        )
        return best.hp * 100 < best.max_hp * REST_HP_PERCENT or uses < REST_PP

    def is_ready_for(self, state: State, trainers: Sequence[int]) -> bool:
        """Return whether the party as it is should beat `trainers`, one after another."""
        able = [self._duels.fighter_of(c) for c in state.party if c.hp]
        return bool(able) and self._wins(able, trainers, self._remedies(state))

    def required_level(self, state: State, trainers: Sequence[int]) -> int:
        """Return the level that the leader must have to beat `trainers` after a rest."""
        rested = self._rested_party(state)
        remedies = self._remedies(state)
        key = tuple(trainers), remedies, *((f.species, f.level, f.moves) for f in rested)
        if key not in self._required:
            self._required[key] = self._find_required_level(rested, trainers, remedies)
        return self._required[key]

    def training_cost(self, state: State, encounter: int, level: int) -> int | None:
        """Return about how many steps the leader needs to reach `level` on wild creatures.

        Args:
            state: the game now.
            encounter: row of the encounter table.
            level: the level to reach.

        Returns:
            None if the leader could beat none of them.
        """
        leader = self._rested_party(state)[0]
        slots = self._world.encounter(encounter)
        beaten = self._beatable(leader, encounter)
        total = sum(self._duels.experience(species, at) for species, at in beaten)
        needed = sum(experience_to_grow(at) for at in range(leader.level, level))
        return needed * len(slots) * STEPS_A_BATTLE // total if total else None

    def is_fit_to_train(self, state: State, encounter: int) -> bool:
        """Return whether the leader as it is beats most of what it could beat after a rest."""
        leader = self.leader(state)
        if leader is None:
            return False
        rested = self._beatable(self._rested_party(state)[0], encounter)
        return 2 * len(self._beatable(leader, encounter)) > len(rested)

    def _beatable(self, leader: Fighter, encounter: int) -> list[tuple[int, int]]:
        """Return the slots of an encounter table that the leader is expected to beat."""
        return [
            slot
            for slot in self._world.encounter(encounter)
            if self._duels.forecast([leader], [self._duels.fighter_at(*slot)]).is_won
        ]

    def _find_required_level(
        self, party: list[Fighter], trainers: Sequence[int], remedies: Sequence[int]
    ) -> int:
        leader = party[0]
        for level in range(leader.level, LEVEL_MAX):
            grown = self._duels.raised(leader, level)
            if self._wins([grown, *party[1:]], trainers, remedies):
                return level
        return LEVEL_MAX

    def _wins(self, party: list[Fighter], trainers: Sequence[int], remedies: Sequence[int]) -> bool:
        team = [foe for trainer in trainers for foe in self._duels.team_of(trainer)]
        return self._duels.forecast(party, team, remedies).is_won

    def _rested_party(self, state: State) -> list[Fighter]:
        return [self._duels.rested(self._duels.fighter_of(c)) for c in state.party]

    def _remedies(self, state: State) -> tuple[int, ...]:
        """Return what each healing item in the bag restores."""
        items = self._world.items
        healing = [item for item in state.bag if items[item].kind == ItemKind.HEAL]
        return tuple(items[item].amount for item in healing for _ in range(state.bag[item]))
