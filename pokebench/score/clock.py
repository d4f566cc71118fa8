"""The clocks that anything can be drawn and scored over.

Source of the video clock: 4194304 Hz / 70224 cycles a frame = 59.7275 frames a second (Pan Docs).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pokebench.score.run import ScoredRun
from pokebench.types import FRAMES_PER_SECOND, Clocks

FRAMES_PER_MINUTE: Final = 60 * FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock to draw over.

    Attributes:
        id: name of the clock.
        label: axis label with unit.
        heading: the same for the head of a column.
        fields: fields of `Clocks` that it adds up.
        scale: what one unit of the fields is in units of the label.
    """

    id: str
    label: str
    heading: str
    fields: tuple[str, ...]
    scale: float = 1.0

    def value(self, clocks: Clocks) -> float:
        """Return the clock's value in the label's unit."""
        return float(sum(getattr(clocks, name) for name in self.fields)) * self.scale


_TOKENS: Final = ("tokens_in", "tokens_cache_read", "tokens_cache_write", "tokens_out")
CLOCKS: Final = {
    clock.id: clock
    for clock in (
        Clock("game", "game minutes", "game min", ("frames",), 1 / FRAMES_PER_MINUTE),
        Clock("frames", "frames", "frames", ("frames",)),
        Clock("presses", "button presses", "presses", ("presses",)),
        Clock("steps", "steps", "steps", ("steps",)),
        Clock("turns", "turns", "turns", ("turns",)),
        Clock("calls", "model calls", "calls", ("calls",)),
        Clock("tokens", "tokens", "tokens", _TOKENS),
        Clock("tokens_out", "output tokens", "tokens out", ("tokens_out",)),
        Clock("usd", "dollars at most", "$ at most", ("usd_known", "usd_uncertain")),
        Clock("work", "seconds of work", "work s", ("work_s",)),
        Clock("wall", "seconds of wall clock", "wall s", ("wall_s",)),
    )
}
"""Every clock a curve can be drawn over, by id."""
GAME: Final = CLOCKS["game"]
"""Minutes of game time: the clock that budgets are in, and the default."""


def frames_of(minutes: float) -> int:
    """Return game minutes in whole frames, rounded up: `ceil(minutes * 60 * 59.7275)`."""
    return math.ceil(minutes * FRAMES_PER_MINUTE)


def minutes_of(frames: float) -> float:
    """Return frames in game minutes."""
    return frames / FRAMES_PER_MINUTE


def clocks_in_use(runs: Sequence[ScoredRun]) -> list[Clock]:
    """Return the clocks that moved in any of the runs; work only where it differs from wall."""
    moved = [clock for clock in CLOCKS.values() if any(clock.value(run.end) for run in runs)]
    if all(run.end.work_s == run.end.wall_s for run in runs):
        moved = [clock for clock in moved if clock.id != "work"]
    return moved
