"""Value types that every layer shares."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum, unique
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

FRAMES_PER_SECOND: Final = 4194304 / 70224
"""Video frames of a Game Boy in a second of its time, 59.7275."""

Frame = npt.NDArray[np.uint8]
"""A screen: `(144, 160, 3) uint8`, RGB."""

JsonObject = dict[str, Any]
"""What `json` reads and writes."""


@unique
class Action(IntEnum):
    """What one step does: one of eight buttons, or waiting."""

    UP = 0
    DOWN = 1
    LEFT = 2
    RIGHT = 3
    A = 4
    B = 5
    SELECT = 6
    START = 7
    WAIT = 8

    @property
    def letter(self) -> str:
        """The letter that stands for the action in a trajectory."""
        return ACTION_LETTERS[self]


ACTION_LETTERS: Final = "UDLRABTS."
"""One letter an action, in the order of `Action`: T is SELECT, S is START, a dot waits."""


def letters_of(actions: "tuple[Action, ...]") -> str:
    """Return `actions` as a string of letters, as trajectories hold them."""
    return "".join(ACTION_LETTERS[action] for action in actions)


def actions_of(letters: str) -> "tuple[Action, ...]":
    """Return the actions that `letters` stand for.

    Raises:
        ValueError: a letter is none of `ACTION_LETTERS`.
    """
    return tuple(Action(ACTION_LETTERS.index(letter)) for letter in letters)


@dataclass(frozen=True, slots=True)
class Observation:
    """What an agent may see at the start of a turn; what its tier withholds is None."""

    screen: Frame | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What an agent does in a turn: actions, one step each, and what it says about them."""

    actions: tuple[Action, ...]
    text: str = ""


class RamPort(Protocol):
    """Reads the console's memory; only privileged agents are given one."""

    def read(self, address: int, size: int) -> bytes:
        """Return `size` bytes from `address` of the CPU's address space."""
        ...


@unique
class EndReason(StrEnum):
    """Why an episode ended; running out of budget is an outcome, not an error."""

    FINISHED = "finished"
    BUDGET_FRAMES = "budget_frames"
    AGENT_STOPPED = "agent_stopped"
    INTERRUPTED = "interrupted"
    ERROR = "error"

    @property
    def censoring(self) -> "Censoring":
        """Return what the reason means for statistics."""
        return _CENSORING[self]


@unique
class Censoring(StrEnum):
    """How statistics treat an episode's end.

    Administrative: the curve is known to the budget. Agent: it stays flat to the budget.
    Infrastructure: it is unknown from the end on.
    """

    ADMINISTRATIVE = "administrative"
    AGENT = "agent"
    INFRASTRUCTURE = "infrastructure"


_CENSORING: Final = {
    EndReason.FINISHED: Censoring.ADMINISTRATIVE,
    EndReason.BUDGET_FRAMES: Censoring.ADMINISTRATIVE,
    EndReason.AGENT_STOPPED: Censoring.AGENT,
    EndReason.INTERRUPTED: Censoring.INFRASTRUCTURE,
    EndReason.ERROR: Censoring.INFRASTRUCTURE,
}


@dataclass(frozen=True, slots=True)
class Clocks:
    """Every clock of a run at one moment; each only ever grows.

    Attributes:
        frames: video frames since power-on, 59.7275 a second.
        presses: buttons pressed.
        steps: steps taken, waiting included.
        turns: turns taken.
        calls: model calls made.
        tokens_in: input tokens that were neither read from nor written to a cache.
        tokens_cache_read: input tokens read from a cache.
        tokens_cache_write: input tokens written to a cache.
        tokens_out: output tokens, reasoning included.
        usd_known: dollars by list price for calls whose usage is known.
        usd_uncertain: upper bound of dollars for calls whose usage is not.
        work_s: seconds, without waiting for a provider's limits.
        wall_s: seconds.
    """

    frames: int = 0
    presses: int = 0
    steps: int = 0
    turns: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_cache_read: int = 0
    tokens_cache_write: int = 0
    tokens_out: int = 0
    usd_known: float = 0.0
    usd_uncertain: float = 0.0
    work_s: float = 0.0
    wall_s: float = 0.0
