"""The Gymnasium environment: a thin adapter over `Episode`, and what an agent may observe of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from pokebench.emulator import SCREEN_SHAPE
from pokebench.episode import Episode, frames_of_minutes
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.reader import TextReader, reader_of
from pokebench.registration import register
from pokebench.text_space import ScreenText
from pokebench.types import FRAMES_PER_SECOND, Action, Frame, Observation, Trace
from pokebench.window import Window

ObservationKind = Literal["screen", "text", "both", "none"]
DEFAULT_BUDGET_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class Sees:
    """What an agent is shown; the rest of an observation stays empty.

    Attributes:
        screen: the picture.
        text: what it shows, in words.
        view: the cells on screen, for tools that know the map.
        is_careful: the game is let run until it takes a button before anything is shown.
    """

    screen: bool = False
    text: bool = False
    view: bool = False
    is_careful: bool = False


SEES: dict[str, Sees] = {
    "screen": Sees(screen=True),
    "text": Sees(text=True),
    "both": Sees(screen=True, text=True),
    "none": Sees(),
}
"""What each kind of observation shows."""


class Observer:
    """Makes observations of an episode, and shows no more than it is told to."""

    def __init__(self, reader: TextReader, sees: Sees) -> None:
        """Show what `sees` says, read by `reader`."""
        self.sees = sees
        self._reader = reader

    def observe(self, episode: Episode, trace: Trace | None = None) -> Observation:
        """Return what is to be seen now; the last step has rendered, where screens are shown."""
        ram, sees = episode.emulator, self.sees
        return Observation(
            screen=ram.screen() if sees.screen else None,
            text=self._reader.read(ram) if sees.text else None,
            view=self._reader.view(ram) if sees.view else None,
            is_reading=sees.view and self._reader.situation(ram).has_text,
            trace=trace,
        )


class PokebenchEnv(gym.Env[Any, np.int64]):
    """One game as a Gymnasium environment.

    Action space: `Discrete(9)`, the members of `Action`: eight buttons and waiting. A step holds
    the button for the table's `hold_frames`, releases it, and runs on to its `step_frames`.

    Observation space, by `observation`:
        screen: `Box(0, 255, (144, 160, 3), uint8)`, RGB, the step's last frame.
        text: `ScreenText`, what the screen shows in words.
        both: `Dict` of the two, keys `screen` and `text`.

    Reward: the number of milestones that the step latched. `terminated` when the game is over,
    `truncated` when the frame budget is used up. `info` carries the clocks `frames`, `steps`,
    `presses` and the milestones `latched` by the step; it is for the runner, never for an agent.

    The environment writes no RAM and no file.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array", "human"]}  # noqa: RUF012 - Gymnasium's name

    def __init__(
        self,
        cartridge: Cartridge,
        observation: ObservationKind = "screen",
        budget_minutes: float = DEFAULT_BUDGET_MINUTES,
        render_mode: str | None = None,
    ) -> None:
        """Prepare to play `cartridge`; nothing is switched on before `reset`.

        Args:
            cartridge: game and ROM.
            observation: `screen`, `text` or `both`.
            budget_minutes: minutes of game time after which an episode is truncated.
            render_mode: `rgb_array`, `human` (a window; needs a display) or None.

        Raises:
            ConfigError: an argument has no such value.
        """
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ConfigError(f"render_mode {render_mode!r}: use rgb_array, human or None")
        if observation not in SEES:
            raise ConfigError(f"observation {observation!r}: use screen, text or both")
        if observation == "none":
            raise ConfigError("observation 'none' is for the runner; use screen, text or both")
        self._cartridge = cartridge
        self._kind = observation
        self._budget_frames = frames_of_minutes(budget_minutes)
        self._observer = Observer(reader_of(cartridge.table, cartridge.rom.data), SEES[observation])
        self._episode: Episode | None = None
        self._window: Window | None = None
        self.render_mode = render_mode
        self._draws = self._observer.sees.screen or render_mode is not None
        steps_per_second = FRAMES_PER_SECOND / cartridge.table.timing.step_frames
        self.metadata = {**self.metadata, "render_fps": round(steps_per_second)}
        self.action_space = spaces.Discrete(len(Action))
        self.observation_space = _observation_space(observation)

    @property
    def episode(self) -> Episode:
        """The running episode.

        Raises:
            ConfigError: `reset` was not called.
        """
        if self._episode is None:
            raise ConfigError("call reset() before anything else")
        return self._episode

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Power on and perturb the start by `seed`; without one, by the environment's generator."""
        super().reset(seed=seed)
        start_seed = seed if seed is not None else int(self.np_random.integers(1 << 31))
        if self._episode is not None:
            self._episode.close()
        self._episode = Episode(self._cartridge, start_seed, self._budget_frames)
        info = self._info(()) | {"seed": start_seed, "idle_frames": self._episode.idle_frames}
        return self._observation(), info

    def step(self, action: np.int64) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Do one action, a member of `Action` or its number."""
        result = self.episode.step(Action(int(action)), render=self._draws)
        reward = float(len(result.latched))
        observation = self._observation()
        if self.render_mode == "human":
            self._show()
        info = self._info(result.latched)
        return observation, reward, result.terminated, result.truncated, info

    def render(self) -> Frame | None:
        """Return the step's last frame `(144, 160, 3) uint8` in mode `rgb_array`, else None."""
        if self.render_mode == "rgb_array":
            return self.episode.emulator.screen()
        if self.render_mode == "human":
            self._show()
        return None

    def close(self) -> None:
        """Switch off and close the window."""
        if self._episode is not None:
            self._episode.close()
            self._episode = None
        if self._window is not None:
            self._window.close()
            self._window = None

    def _observation(self) -> Any:
        seen = self._observer.observe(self.episode)
        if self._kind == "screen":
            return seen.screen
        if self._kind == "text":
            return seen.text
        return {"screen": seen.screen, "text": seen.text}

    def _info(self, latched: tuple[str, ...]) -> dict[str, Any]:
        episode = self.episode
        return {
            "frames": episode.frames,
            "steps": episode.steps,
            "presses": episode.presses,
            "latched": latched,
        }

    def _show(self) -> None:
        if self._window is None:
            self._window = Window(self._cartridge.table.game.title)
        self._window.show(self.episode.emulator.screen())
        self._window.poll(0)


def make_env(
    game: str,
    *,
    preset: str | None = None,
    world: int | None = None,
    rom: str | Path | None = None,
    observation: ObservationKind = "screen",
    budget_minutes: float = DEFAULT_BUDGET_MINUTES,
    render_mode: str | None = None,
) -> PokebenchEnv:
    """Return the environment of a game; what `gymnasium.make("pokebench/…-v1", …)` calls.

    Args:
        game: id of a game table.
        preset: size of a generated world, `micro`, `mini` or `short`.
        world: seed of a generated world.
        rom: path of a person's own ROM, for games that are not generated.
        observation: `screen`, `text` or `both`.
        budget_minutes: minutes of game time after which an episode is truncated.
        render_mode: `rgb_array`, `human` or None.

    Raises:
        ConfigError: an argument names nothing there is.
        RomError: the ROM is missing or not the table's.
    """
    text = game + (f":{preset}" if preset else "") + (f"@{world}" if world is not None else "")
    cartridge = open_game(GameSpec.asked(text), Path(rom) if rom else None)
    return PokebenchEnv(cartridge, observation, budget_minutes, render_mode)


def _observation_space(kind: ObservationKind) -> spaces.Space[Any]:
    screen = spaces.Box(0, 255, SCREEN_SHAPE, np.uint8)
    text = ScreenText()
    if kind == "screen":
        return screen
    return text if kind == "text" else spaces.Dict({"screen": screen, "text": text})


register()
