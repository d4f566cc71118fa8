"""Moving a menu's cursor."""

from pokebench.tallgrass.state import State
from pokebench.types import Action


def pick(state: State, entry: int) -> tuple[Action, ...]:
    """Return the presses that choose `entry` of the open menu, the short way round."""
    count = max(1, state.menu_count)
    down = (entry - state.cursor) % count
    up = (state.cursor - entry) % count
    moves = (Action.DOWN,) * down if down <= up else (Action.UP,) * up
    return (*moves, Action.A)
