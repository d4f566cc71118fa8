"""Battle: what to do in a turn, decided from the state alone."""

from dataclasses import dataclass
from enum import Enum, auto, unique
from typing import Final

from pokebench.agent.oracle.menu import pick
from pokebench.tallgrass.duel import PLAIN_SLOT, Duels, Fighter, best_remedy
from pokebench.tallgrass.format import ItemKind, MilestoneBit
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import Battle, State, Submode
from pokebench.types import Action

FEEBLE_LEVELS: Final = 9
"""A wild creature this far below the leader is not worth its battle."""
CATCH_PARTY_MAX: Final = 6
WEAKENED_PERCENT: Final = 60
WORST_ROLL: Final = 1.15
"""How much more than the mean a hit may take."""


@unique
class Kind(Enum):
    """What can be done in a turn of a battle."""

    ATTACK = auto()
    USE_ITEM = auto()
    SWAP = auto()
    RUN = auto()


COMMANDS: Final = {Kind.ATTACK: 0, Kind.USE_ITEM: 1, Kind.SWAP: 2, Kind.RUN: 3}
"""Entry of each in the command menu."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One command: an attack's or creature's slot, or an item."""

    kind: Kind
    value: int = 0


class BattleChooser:
    """Chooses commands in battles.

    Args:
        world: the world.
        duels: its battle formulas.
    """

    def __init__(self, world: WorldRom, duels: Duels) -> None:
        self._world = world
        self._duels = duels

    def act(self, state: State, *, is_training: bool = False) -> tuple[Action, ...]:
        """Return the next presses of a battle that waits for input.

        Args:
            state: the game now.
            is_training: whether every battle that can be won is welcome.
        """
        if state.sub == Submode.MESSAGE:
            return (Action.A,)
        active = state.party[state.active_slot]
        if not active.hp:
            return pick(state, self._successor(state))
        return self._enter(state, self.choose(state, is_training=is_training))

    def choose(self, state: State, *, is_training: bool = False) -> Choice:
        """Return the best command; equal states and aims always give the same."""
        me = self._duels.fighter_of(state.party[state.active_slot])
        foe = self._duels.fighter_of(state.enemy)
        if state.battle == Battle.WILD:
            return self._choose_in_the_wild(state, me, foe, is_training)
        return self._choose_against_tamer(state, me, foe)

    def _choose_in_the_wild(
        self, state: State, me: Fighter, foe: Fighter, is_training: bool
    ) -> Choice:
        if self._wants(state):
            return self._tame(state, me, foe)
        forecast = self._duels.forecast([me], [foe])
        is_feeble = foe.level < me.level - FEEBLE_LEVELS and not is_training
        if not forecast.is_won or is_feeble:
            return Choice(Kind.RUN)
        return Choice(Kind.ATTACK, self._duels.attacks(me, foe)[0].slot)

    def _choose_against_tamer(self, state: State, me: Fighter, foe: Fighter) -> Choice:
        attack = self._duels.attacks(me, foe)[0]
        if attack.damage <= 0:
            slot = self._slot_that_hurts(state, foe)
            if slot is not None:
                return Choice(Kind.SWAP, slot)
        remedy = self._remedy(state, me, foe)
        if remedy is not None:
            return Choice(Kind.USE_ITEM, remedy)
        return Choice(Kind.ATTACK, attack.slot)

    def _wants(self, state: State) -> bool:
        """Return whether this wild creature shall be tamed."""
        return (
            not state.has_milestone(MilestoneBit.FIRST_CATCH)
            and len(state.party) < CATCH_PARTY_MAX
            and self._item_of(state, ItemKind.ORB) is not None
        )

    def _tame(self, state: State, me: Fighter, foe: Fighter) -> Choice:
        """Weaken the creature without felling it, then throw orbs."""
        orb = self._item_of(state, ItemKind.ORB)
        gentle = [
            attack
            for attack in self._duels.attacks(me, foe)
            if 0 < attack.damage * WORST_ROLL < foe.hp and attack.slot != PLAIN_SLOT
        ]
        is_fresh = foe.hp * 100 > foe.max_hp * WEAKENED_PERCENT
        if gentle and is_fresh and not self._is_in_danger(me, foe):
            return Choice(Kind.ATTACK, gentle[0].slot)
        return Choice(Kind.RUN) if orb is None else Choice(Kind.USE_ITEM, orb)

    def _is_in_danger(self, me: Fighter, foe: Fighter) -> bool:
        return self._duels.attacks(foe, me)[0].damage * 2 * WORST_ROLL >= me.hp

    def _remedy(self, state: State, me: Fighter, foe: Fighter) -> int | None:
        """Return the item to heal with, None if striking is better."""
        taken = self._duels.attacks(foe, me)[0].damage * WORST_ROLL
        fells = self._duels.attacks(me, foe)[0].damage / WORST_ROLL >= foe.hp
        if me.hp > taken or (fells and me.speed > foe.speed):
            return None
        items = self._world.items
        amounts = {items[i].amount: i for i in state.bag if items[i].kind == ItemKind.HEAL}
        amount = best_remedy(tuple(amounts), me.max_hp - me.hp, taken)
        return None if amount is None else amounts[amount]

    def _slot_that_hurts(self, state: State, foe: Fighter) -> int | None:
        """Return the party slot of the strongest creature that can hurt `foe`."""
        best: tuple[float, int] | None = None
        for slot, creature in enumerate(state.party):
            fighter = self._duels.fighter_of(creature)
            damage = self._duels.attacks(fighter, foe)[0].damage
            if creature.hp and slot != state.active_slot and damage > 0:
                best = max(best or (0.0, 0), (damage, -slot))
        return None if best is None else -best[1]

    def _item_of(self, state: State, kind: ItemKind) -> int | None:
        """Return the first item of `kind` in the bag."""
        return next((i for i in state.bag if self._world.items[i].kind == kind), None)

    def _enter(self, state: State, choice: Choice) -> tuple[Action, ...]:
        """Return the presses that bring `choice` on in the menu that is open."""
        match state.sub, choice.kind:
            case Submode.COMMAND, kind:
                return pick(state, COMMANDS[kind])
            case Submode.MOVES, Kind.ATTACK if choice.value < state.menu_count:
                return pick(state, choice.value)
            case Submode.BAG, Kind.USE_ITEM:
                return pick(state, list(state.bag).index(choice.value))
            case Submode.PARTY, Kind.SWAP:
                return pick(state, choice.value)
            case _:
                return (Action.B,)

    def _successor(self, state: State) -> int:
        """Return the slot that replaces a fainted creature."""
        foe = self._duels.fighter_of(state.enemy)
        slot = self._slot_that_hurts(state, foe)
        if slot is not None:
            return slot
        return next((i for i, creature in enumerate(state.party) if creature.hp), 0)
