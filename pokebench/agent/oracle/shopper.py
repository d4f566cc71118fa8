"""Shopping: what to buy, and the presses for it."""

from typing import Final

from pokebench.agent.oracle.menu import pick
from pokebench.tallgrass.format import ItemKind, MilestoneBit
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import State
from pokebench.types import Action

REMEDIES_WANTED: Final = 12
REMEDIES_FEW: Final = 3
"""With fewer, a shop nearby is worth the way."""
ORBS_WANTED: Final = 3


class Shopper:
    """Decides about purchases.

    Args:
        world: the world, for prices.
    """

    def __init__(self, world: WorldRom) -> None:
        self._world = world
        sold = [i for i, item in enumerate(world.items) if i and item.price]
        self._shelf = [i for i in sold if world.items[i].kind != ItemKind.QUEST]

    def wants_to_shop(self, state: State, *, is_preparing: bool = False) -> bool:
        """Return whether something is short that the coins suffice for.

        Args:
            state: the game now.
            is_preparing: whether a battle lies ahead that is too hard yet.
        """
        item = self._wanted(state)
        if item is None or state.money < 2 * self._world.items[item].price:
            return False
        few = 1 if self._world.items[item].kind == ItemKind.ORB else REMEDIES_FEW
        return is_preparing or state.bag.get(item, 0) < few

    def act(self, state: State) -> tuple[Action, ...]:
        """Return the next presses in an open shop: buy one more thing, or leave."""
        item = self._wanted(state)
        if item is None or self._shelf.index(item) >= state.menu_count:
            return (Action.B,)
        return pick(state, self._shelf.index(item))

    def _wanted(self, state: State) -> int | None:
        """Return the item to buy next, None if nothing is needed or affordable."""
        wishes = [(self._best_remedy(state), REMEDIES_WANTED)]
        if not state.has_milestone(MilestoneBit.FIRST_CATCH):
            wishes.insert(0, (self._first_of(ItemKind.ORB), ORBS_WANTED))
        for item, count in wishes:
            is_short = item is not None and state.bag.get(item, 0) < count
            if item is not None and is_short and state.money >= self._world.items[item].price:
                return item
        return None

    def _best_remedy(self, state: State) -> int | None:
        """Return the strongest healing item that the leader has use for."""
        most = max((creature.max_hp for creature in state.party), default=0)
        items = self._world.items
        healing = [i for i in self._shelf if items[i].kind == ItemKind.HEAL]
        fitting = [i for i in healing if items[i].amount <= most]
        return max(fitting or healing[:1], key=lambda i: items[i].amount, default=None)

    def _first_of(self, kind: ItemKind) -> int | None:
        return next((i for i in self._shelf if self._world.items[i].kind == kind), None)
