"""One episode of a game, from power-on to its end: everything that a score depends on.

The environment, the runner and the verifier all advance a game through this class and no other, so
a recorded run and its re-simulation cannot differ in anything but what they observe.
"""

import math
from dataclasses import dataclass
from typing import Final

from pokebench.emulator import Emulator
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, Flag, Tracker, play_opening
from pokebench.types import FRAMES_PER_SECOND, Action, JsonObject

MOST_MINUTES: Final = 1e6
"""The longest budget: nearly two years of game time."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step led to.

    Attributes:
        latched: milestones that this step latched.
        flagged: flags that this step raised: states that honest play does not bring about.
        terminated: the game is over.
        truncated: the frame budget is used up.
    """

    latched: tuple[str, ...]
    terminated: bool
    truncated: bool
    flagged: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Return whether the episode ends here."""
        return self.terminated or self.truncated


def frames_of_minutes(minutes: float) -> int:
    """Return a budget in frames: game minutes, rounded up to a whole frame."""
    if not 0 < minutes <= MOST_MINUTES:
        raise ConfigError(f"a budget is more than 0 and at most {MOST_MINUTES:g} minutes")
    return math.ceil(minutes * 60 * FRAMES_PER_SECOND)


class Episode:
    """A game from power-on under a frame budget.

    Attributes:
        cartridge: what is played.
        seed: the start perturbation.
        budget_frames: frames after which the episode is truncated, counted from power-on.
        emulator: the console; read it, never write it.
        milestones: latched so far, in order.
        steps: steps taken.
        presses: steps that pressed a button.
    """

    def __init__(
        self, cartridge: Cartridge, seed: int, budget_frames: int, goal: str | None = None
    ) -> None:
        """Power on, wait as the table and `seed` say, and stop before the agent's first turn.

        Args:
            cartridge: what is played.
            seed: the start perturbation.
            budget_frames: frames after which the episode is truncated.
            goal: the milestone that ends it, if not the table's.

        Raises:
            StartError: the table's start script does not lead there.
        """
        table = cartridge.table
        self.cartridge = cartridge
        self.seed = seed
        self.budget_frames = budget_frames
        self.steps = 0
        self.presses = 0
        self.emulator = Emulator(cartridge.rom.data, table.emulator.settings())
        self._timing = table.timing
        self._end = goal or table.end.milestone
        self._tracker = Tracker(cartridge.milestones, table.symbols)
        self._flags = Tracker(table.flags, table.symbols)
        self.emulator.run(table.start.boot_frames + self.idle_frames, render=True)
        play_opening(self.emulator, table)
        self._tracker.update(self.emulator.read)

    @property
    def idle_frames(self) -> int:
        """Frames of waiting that the seed added to the start."""
        return self.cartridge.table.start.idle_frames(self.seed)

    @property
    def frames(self) -> int:
        """Frames since power-on."""
        return self.emulator.frames

    @property
    def milestones(self) -> tuple[str, ...]:
        """Milestones latched so far, in order."""
        return tuple(self._tracker.latched)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Flags raised so far, in order."""
        known = {flag.id: flag for flag in self.cartridge.table.flags}
        return tuple(known[name] for name in self._flags.latched)

    @property
    def invalid_because(self) -> str:
        """Why the episode does not count, whatever it reached: a flag that says so; or ""."""
        return next((flag.title for flag in self.flags if flag.severity == "invalid"), "")

    def step(self, action: Action, *, render: bool = False) -> StepResult:
        """Do one action; draw the step's last frame, if `render`."""
        timing = self._timing
        self.emulator.step(action, timing.hold_frames, timing.step_frames, render=render)
        self.steps += 1
        self.presses += action is not Action.WAIT
        latched = self._tracker.update(self.emulator.read)
        flagged = self._flags.update(self.emulator.read)
        is_over = self.frames >= self.budget_frames
        return StepResult(latched, self._end in latched, is_over, flagged)

    def state(self) -> JsonObject:
        """Return all but the machine, for a checkpoint between two steps."""
        return {
            "frames": self.frames,
            "steps": self.steps,
            "presses": self.presses,
            "milestones": self._tracker.state(),
            "flags": self._flags.state(),
        }

    def restore(self, machine: bytes, state: JsonObject, *, with_screen: bool = True) -> None:
        """Go on from a checkpoint of this same game, made on this machine.

        Args:
            machine: what the emulator's `save_state` returned; never a stranger's.
            state: what `state` returned then.
            with_screen: take back the screen as well.
        """
        self.emulator.load_state(machine, state["frames"], with_screen=with_screen)
        self.steps, self.presses = state["steps"], state["presses"]
        self._tracker.restore(state["milestones"])
        self._flags.restore(state["flags"])

    def close(self) -> None:
        """Switch the console off."""
        self.emulator.close()
