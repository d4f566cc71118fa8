"""When the runs of a group reached each milestone, on one clock: what curves are made of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pokebench.score.censoring import known_until
from pokebench.score.clock import Clock
from pokebench.score.interval import Floats
from pokebench.score.run import ScoredRun
from pokebench.score.survival import SurvivalCurve, kaplan_meier


@dataclass(frozen=True, slots=True, eq=False)
class MilestoneTimes:
    """A group of runs on one clock.

    Attributes:
        milestones: ids, in the game's order.
        times: `(runs, milestones)`, clock at which each was reached; infinite if never.
        known_until: `(runs,)`, up to where the run's curve is known; infinite if for ever.
    """

    milestones: tuple[str, ...]
    times: Floats
    known_until: Floats

    def __post_init__(self) -> None:
        shape = self.known_until.size, len(self.milestones)
        if self.times.shape != shape or 0 in shape:
            raise ValueError(f"times of shape {self.times.shape} for {shape} runs and milestones")
        if np.isnan(self.times).any() or (self.times < 0).any():
            raise ValueError("a milestone's time is negative or not a number")
        if (np.where(np.isfinite(self.times), self.times, 0).max(axis=1) > self.known_until).any():
            raise ValueError("a milestone was reached after its run's end")

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.known_until.size

    def is_known(self, until: float) -> npt.NDArray[np.bool_]:
        """Return for each run whether its curve is known up to `until`."""
        known: npt.NDArray[np.bool_] = self.known_until >= until
        return known

    def without(self, run: int) -> "MilestoneTimes":
        """Return the group without one run."""
        kept = np.delete(self.times, run, axis=0)
        return MilestoneTimes(self.milestones, kept, np.delete(self.known_until, run))

    def survival(self, milestone: int, until: float) -> SurvivalCurve:
        """Return Kaplan and Meier's curve of one milestone (its index), watched up to `until`."""
        times = self.times[:, milestone]
        ends = np.minimum(self.known_until, until)
        return kaplan_meier(np.minimum(times, ends), times <= ends)


def milestone_times(runs: Sequence[ScoredRun], clock: Clock) -> MilestoneTimes:
    """Return when `runs` of one game reached each of its milestones on `clock`.

    Raises:
        ValueError: there are no runs, or they have different milestones.
    """
    if not runs:
        raise ValueError("a curve needs one run at least")
    milestones = tuple(runs[0].titles)
    if any(tuple(run.titles) != milestones for run in runs):
        raise ValueError("runs with different milestones have no common curve")
    rows = []
    for run in runs:
        reached = {milestone.id: clock.value(milestone.clocks) for milestone in run.reached}
        rows.append([reached.get(name, math.inf) for name in milestones])
    until = [known_until(run, clock) for run in runs]
    return MilestoneTimes(milestones, np.array(rows), np.array(until))
