"""Milestone curves: the share of milestones reached, over any clock.

With the time `T_m` at which milestone m latched (infinite if never) and M milestones of equal
weight, `F(t) = (1/M) * sum over m of [T_m <= t]`: a right-continuous step function from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pokebench.score.run import ScoredRun
from pokebench.types import FRAMES_PER_SECOND, Clocks


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
        Clock("game", "game minutes", "game min", ("frames",), 1 / (60 * FRAMES_PER_SECOND)),
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


def step_curve(run: ScoredRun, clock: Clock) -> tuple[list[float], list[float]]:
    """Return times and fractions of F, each step's start, from (0, 0) to the run's end."""
    times, fractions = [0.0], [0.0]
    for count, milestone in enumerate(run.reached, 1):
        times.append(clock.value(milestone.clocks))
        fractions.append(count / len(run.titles))
    times.append(max(clock.value(run.end), times[-1]))
    fractions.append(fractions[-1])
    return times, fractions


def fraction_at(run: ScoredRun, clock: Clock, time: float) -> float:
    """Return F(time): the share of milestones reached by then."""
    reached = sum(clock.value(milestone.clocks) <= time for milestone in run.reached)
    return reached / len(run.titles)


def clocks_in_use(runs: Sequence[ScoredRun]) -> list[Clock]:
    """Return the clocks that moved in any of the runs; work only where it differs from wall."""
    moved = [clock for clock in CLOCKS.values() if any(clock.value(run.end) for run in runs)]
    if all(run.end.work_s == run.end.wall_s for run in runs):
        moved = [clock for clock in moved if clock.id != "work"]
    return moved
