"""Value types that every layer shares."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum, unique
from typing import Annotated, Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from annotated_types import Ge, Lt

FRAMES_PER_SECOND: Final = 4194304 / 70224
"""Video frames of a Game Boy in a second of its time, 59.7275."""

LONGEST_TEXT: Final = 2048
"""Characters that a text observation has at most."""
TEXT_CHARACTERS: Final = "".join(map(chr, range(32, 127))) + "\néÄÖÜäöü♂♀¥\u00d7…"
"""What it is written in: printable ASCII, new lines, and what else the games' own writing has."""

Count = Annotated[int, Ge(0), Lt(1 << 53)]
"""A number of things, as a file from outside may state it."""
Amount = Annotated[float, Ge(0), Lt(1e12)]
"""Seconds or dollars, as a file from outside may state them: finite, not negative."""
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


@unique
class Policy(StrEnum):
    """How a turn's actions are done.

    Exact: all of them, whatever happens. Careful: until something happens that the agent could
    not foresee (a dialogue or battle begins or ends, a choice is asked, the map changes, presses
    have no effect). Walk: careful, and only as long as each press but the last moves on. Text: as
    long as there is text to read on, and no choice to make. Unless a turn is exact, the game runs
    on after it, and between its presses, until it takes a button.
    """

    EXACT = "exact"
    CAREFUL = "careful"
    WALK = "walk"
    TEXT = "text"


MOST_TEXT_PRESSES: Final = 24
"""Presses after which reading on pauses, so that a text without end cannot hold a turn."""


@unique
class Effect(StrEnum):
    """What a press did, as a person would see it."""

    MOVED = "moved"
    TURNED = "turned"
    CHANGED = "changed"
    NOTHING = "no effect"


@dataclass(frozen=True, slots=True)
class Trace:
    """What came of a turn that was not exact.

    Attributes:
        done: letters of all steps that were taken, waits included.
        effects: what each press did, in order; fewer than the turn's actions if it was cut short.
        stopped: why it was cut short, in words; "" if it was not.
    """

    done: str
    effects: tuple[Effect, ...]
    stopped: str = ""

    def words(self) -> str:
        """Return what came of the turn as models are told it, with the line of all steps taken."""
        lines = []
        if self.effects:
            lines.append("Presses: " + ", ".join(self.effects) + ".")
        if self.stopped:
            lines.append(f"Stopped early: {self.stopped}.")
        lines.append(f"Done: {self.done}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class View:
    """The cells on screen, for tiers whose tools know the map.

    Attributes:
        place: number of the map.
        name: its name.
        column: the player's column on the map.
        row: the player's row on the map.
        facing: down, up, left or right.
        left: column of the first visible cell; may be negative at the map's edge.
        top: row of the first visible cell.
        rows: a string a row, one glyph a cell, as in the text observation; the player is `@`.
        walkable: for each row, how each cell can be walked on: `0` not now, `1` freely, `2` only
            as the end of a way, since it leads elsewhere or carries one on.
        legend: what each glyph that may occur stands for, in words that begin with it.
        barred: steps that cannot be made although both cells can be entered.
        leaps: steps that lead two cells on at once, such as down a ledge.
    """

    place: int
    name: str
    column: int
    row: int
    facing: str
    left: int
    top: int
    rows: tuple[str, ...]
    walkable: tuple[str, ...]
    legend: tuple[str, ...] = ()
    barred: frozenset["Step"] = frozenset()
    leaps: frozenset["Step"] = frozenset()


Step = tuple[int, int, str]
"""A cell's column and row on the map, and the direction in which it is left."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What an agent may see at the start of a turn; what its tier withholds is None.

    Attributes:
        screen: the picture.
        text: what it shows, in words.
        view: the cells on screen, while the player walks about.
        is_reading: there is text on screen to read on, for tools that may know; else False.
        trace: what came of the turn before, unless that was exact.
    """

    screen: Frame | None = None
    text: str | None = None
    view: View | None = None
    is_reading: bool = False
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What an agent does in a turn: actions, one step each, and what it says about them.

    A turn without actions ends the episode: the agent gives up or is done. If that is not its own
    wish but a limit of the harness, `ended` says which.
    """

    actions: tuple[Action, ...]
    text: str = ""
    policy: Policy = Policy.EXACT
    ended: "EndReason | None" = None


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
    BUDGET_TURNS = "budget_turns"
    BUDGET_CALLS = "budget_calls"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_USD = "budget_usd"
    BUDGET_WALL = "budget_wall"
    STAGNATION = "stagnation"
    AGENT_STOPPED = "agent_stopped"
    AGENT_MALFORMED = "agent_malformed"
    AGENT_IDLE = "agent_idle"
    REFUSALS = "refusals"
    CONTEXT_OVERFLOW = "context_overflow"
    CONTEXT_CUT = "context_silently_cut"
    INTERRUPTED = "interrupted"
    ERROR = "error"
    AUTH = "auth"
    QUOTA = "quota"
    MODEL_UNAVAILABLE = "model_unavailable"
    BAD_REQUEST = "bad_request"
    PROVIDER_DOWN = "provider_down"
    RATE_LIMITED = "rate_limited"
    DISK_FULL = "disk_full"

    @property
    def censoring(self) -> "Censoring":
        """Return what the reason means for statistics."""
        return _CENSORING.get(self, Censoring.INFRASTRUCTURE)

    @property
    def is_resumable(self) -> bool:
        """Whether the run may go on from here: what ended it was neither the game nor the agent."""
        return self.censoring is Censoring.INFRASTRUCTURE


@unique
class Censoring(StrEnum):
    """How statistics treat an episode's end.

    Administrative: the curve is known to the budget. Agent: it stays flat to the budget.
    Infrastructure: it is unknown from the end on.
    """

    ADMINISTRATIVE = "administrative"
    AGENT = "agent"
    INFRASTRUCTURE = "infrastructure"


_CENSORING: Final = dict.fromkeys(
    (
        EndReason.FINISHED, EndReason.BUDGET_FRAMES, EndReason.BUDGET_TURNS, EndReason.BUDGET_CALLS,
        EndReason.BUDGET_TOKENS, EndReason.BUDGET_USD, EndReason.BUDGET_WALL, EndReason.STAGNATION,
    ),
    Censoring.ADMINISTRATIVE,
) | dict.fromkeys(
    (
        EndReason.AGENT_STOPPED, EndReason.AGENT_MALFORMED, EndReason.AGENT_IDLE,
        EndReason.REFUSALS, EndReason.CONTEXT_OVERFLOW,
    ),
    Censoring.AGENT,
)  # fmt: skip


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

    frames: Count = 0
    presses: Count = 0
    steps: Count = 0
    turns: Count = 0
    calls: Count = 0
    tokens_in: Count = 0
    tokens_cache_read: Count = 0
    tokens_cache_write: Count = 0
    tokens_out: Count = 0
    usd_known: Amount = 0.0
    usd_uncertain: Amount = 0.0
    work_s: Amount = 0.0
    wall_s: Amount = 0.0


def game_clock(frames: int) -> str:
    """Return game time as hours, minutes and seconds."""
    minutes, seconds = divmod(int(frames / FRAMES_PER_SECOND), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"
