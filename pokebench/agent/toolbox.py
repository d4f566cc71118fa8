"""The tools of a tier, as all agents use them: models by calls, people by keys, code by methods."""

from pokebench.agent.explored import ExploredMap, NoWayError
from pokebench.agent.tiers import ADVANCE, MAP, NAVIGATE, PRESS, Tier
from pokebench.errors import PokebenchError
from pokebench.types import (
    MOST_TEXT_PRESSES,
    Action,
    JsonObject,
    Observation,
    Policy,
    Turn,
    View,
)


class ToolError(PokebenchError):
    """A tool cannot do what it was asked for; the message is for the agent."""


class Toolbox:
    """What an agent can do, and no more than its tier allows.

    Methods return turns to be handed back from `act`; none of them moves the game by itself.

    Attributes:
        names: the tools there are.
    """

    def __init__(self, tier: Tier, max_buttons: int) -> None:
        """Offer the tools of `tier`; a list of presses holds at most `max_buttons`."""
        self.names = tier.tools
        self._max_buttons = max_buttons
        self._explored = ExploredMap()
        self._is_reading = False
        self._view: View | None = None
        self._issued: Turn | None = None

    def see(self, observation: Observation) -> None:
        """Take in what the tools know of; the harness calls it before each turn."""
        self._issued = None
        self._is_reading = observation.is_reading
        self._view = observation.view
        if observation.view is not None:
            self._explored.see(observation.view)

    def press(self, *actions: Action, text: str = "") -> Turn:
        """Press buttons in order.

        Raises:
            ToolError: there are none, or too many.
        """
        self._check(PRESS)
        if not 1 <= len(actions) <= self._max_buttons:
            raise ToolError(f"press 1 to {self._max_buttons} buttons at a time, not {len(actions)}")
        return self.issue(Turn(actions, text, Policy.CAREFUL))

    def navigate(self, column: int, row: int, text: str = "") -> Turn:
        """Walk to a cell of this place over cells that were seen; beside it, if it is solid.

        Raises:
            ToolError: the tier has no such tool, the player does not walk about, or no way is
                known.
        """
        self._check(NAVIGATE)
        if self._view is None:
            raise ToolError("you cannot walk now")
        try:
            way = self._explored.way_to(column, row)
        except NoWayError as error:
            raise ToolError(str(error)) from None
        return self.issue(Turn(way, text, Policy.WALK))

    def advance_text(self, text: str = "") -> Turn:
        """Read on until the text ends or a choice is asked.

        Raises:
            ToolError: the tier has no such tool, or there is no text to read on.
        """
        self._check(ADVANCE)
        if not self._is_reading:
            raise ToolError("there is no text on screen to read on")
        return self.issue(Turn((Action.A,) * MOST_TEXT_PRESSES, text, Policy.TEXT))

    def map(self) -> str:
        """Return what was seen of this place, drawn with letters; the game does not go on.

        Raises:
            ToolError: the tier has no such tool, or nothing was seen yet.
        """
        self._check(MAP)
        try:
            return self._explored.drawing()
        except NoWayError as error:
            raise ToolError(str(error)) from None

    def cell_on_screen(self, column: int, row: int) -> tuple[int, int]:
        """Return the place's column and row of a cell on the screen, for who points at it.

        Raises:
            ToolError: the tier has no map, or the player does not walk about.
        """
        self._check(NAVIGATE)
        if self._view is None:
            raise ToolError("you cannot walk now")
        return self._view.left + column, self._view.top + row

    def issue(self, turn: Turn) -> Turn:
        """Remember `turn` as made here, and return it."""
        self._issued = turn
        return turn

    def has_issued(self, turn: Turn) -> bool:
        """Whether a turn is the last that was made here, whatever was said with it since."""
        made = self._issued
        return made is not None and (made.actions, made.policy) == (turn.actions, turn.policy)

    def to_json(self) -> JsonObject:
        """Return what was seen, as JSON."""
        return self._explored.to_json()

    def restore(self, data: JsonObject) -> None:
        """Take back what `to_json` wrote."""
        self._explored = ExploredMap.from_json(data)

    def _check(self, name: str) -> None:
        if name not in self.names:
            raise ToolError(f"there is no tool {name} in this tier")


class Tools:
    """The tools as an agent of somebody's own gets them: what it can do, and nothing else.

    Attributes:
        names: the tools there are.
        task: what is asked for, in words; None: the whole game.
    """

    def __init__(self, toolbox: Toolbox, task: str | None = None) -> None:
        """Do it with `toolbox`."""
        self.names = toolbox.names
        self.task = task
        self.press = toolbox.press
        self.navigate = toolbox.navigate
        self.advance_text = toolbox.advance_text
        self.map = toolbox.map
