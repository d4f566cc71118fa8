"""A person at the keyboard, in the same tiers as everybody: the console waits while they think."""

from pokebench.agent.model_card import HarnessPart
from pokebench.agent.tiers import ADVANCE, NAVIGATE
from pokebench.agent.toolbox import Toolbox, ToolError
from pokebench.errors import ConfigError
from pokebench.types import Action, JsonObject, Observation, Turn
from pokebench.window import KEY_HELP, Click, Command, Input, Window

_POLL_MS = 100
_CELL_PIXELS = 16


class HumanAgent:
    """Shows what the tier shows in a window; a key is one press."""

    def __init__(self, toolbox: Toolbox, harness: HarnessPart) -> None:
        """Open the window.

        Raises:
            ConfigError: there is no display.
        """
        self._toolbox = toolbox
        self._shows_words = harness.allows.text
        keys = KEY_HELP
        if ADVANCE in toolbox.names:
            keys += ", Tab reads on, M shows the map"
        if NAVIGATE in toolbox.names:
            keys += ", a click walks there"
        self._window = Window(f"pokebench: {keys}; close to stop", has_panel=self._shows_words)
        if not self._window.is_visible:
            self._window.close()
            raise ConfigError("there is no display; playing by hand needs a display")

    def act(self, observation: Observation) -> Turn:
        """Show the moment and take a key; closing the window ends the episode."""
        words = observation.text or ""
        while True:
            if observation.screen is not None:
                self._window.show(observation.screen, words)
            try:
                done = self._do(self._next_input())
            except ToolError as error:
                done = f"{error}."
            if isinstance(done, Turn):
                return done
            words = f"{done}\n\n{observation.text}" if self._shows_words else ""

    def state(self) -> JsonObject:
        """Return nothing: what a person remembers is not ours."""
        return {}

    def restore(self, state: JsonObject) -> None:
        """Take nothing back."""

    def _next_input(self) -> Action | Click | Command:
        found: Input = None
        while found is None:
            found = self._window.poll(_POLL_MS)
        return found

    def _do(self, asked: Action | Click | Command) -> Turn | str:
        """Return a turn, or words to show.

        Raises:
            ToolError: the tier does not allow it, or it cannot be done now.
        """
        if isinstance(asked, Action):
            return self._toolbox.press(asked)
        if isinstance(asked, Click):
            cell = self._toolbox.cell_on_screen(asked.x // _CELL_PIXELS, asked.y // _CELL_PIXELS)
            return self._toolbox.navigate(*cell)
        if asked is Command.ADVANCE:
            return self._toolbox.advance_text()
        return self._toolbox.map() if asked is Command.MAP else Turn(())
