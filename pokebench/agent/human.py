"""A person at the keyboard."""

from pokebench.errors import ConfigError
from pokebench.types import JsonObject, Observation, Turn
from pokebench.window import KEY_HELP, Window

_STEP_MS = 333


class HumanAgent:
    """Shows the screen in a window; a key is one step, no key in a step's time is waiting."""

    def __init__(self) -> None:
        """Open the window.

        Raises:
            ConfigError: there is no display.
        """
        self._window = Window(f"pokebench: {KEY_HELP}; close to stop")
        if not self._window.is_visible:
            self._window.close()
            raise ConfigError("there is no display; playing by hand needs a display")

    def act(self, observation: Observation) -> Turn:
        """Show the screen and take a key; closing the window ends the episode."""
        if observation.screen is not None:
            self._window.show(observation.screen)
        action = self._window.poll(_STEP_MS)
        return Turn(()) if action is None else Turn((action,))

    def state(self) -> JsonObject:
        """Return nothing: what a person remembers is not ours."""
        return {}

    def restore(self, state: JsonObject) -> None:
        """Take nothing back."""
