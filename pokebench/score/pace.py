"""Whether a run slows down against the oracle, and whether its milestones peter out."""

from dataclasses import dataclass

import numpy as np

from pokebench.score.clock import CLOCKS, Clock
from pokebench.score.interval import Floats
from pokebench.score.reference import Reference
from pokebench.score.run import ScoredRun
from pokebench.score.times import milestone_times
from pokebench.score.trend import (
    ProgressDecay,
    SlowdownTrend,
    progress_decay,
    segments_of,
    slowdown_trend,
)
from pokebench.types import EndReason


@dataclass(frozen=True, slots=True)
class Pace:
    """One run's pace against the oracle's.

    Attributes:
        slowdown: doublings of slowdown a doubling of what was spent: tokens, or time on the clock
            for agents that spend none. None below three segments.
        decay: of the run's milestones; None without one.
        oracle_decay: of the oracle's, up to its last: what to compare `decay` with.
    """

    slowdown: SlowdownTrend | None
    decay: ProgressDecay | None
    oracle_decay: ProgressDecay | None


def pace_of(run: ScoredRun, reference: Reference, clock: Clock) -> Pace:
    """Return a run's pace on a clock that the reference is on.

    Decay is watched up to the run's end; of a finished run, and of the oracle, up to 1/n past the
    last of n milestones, since one at the very end of the watch counts for nothing.
    """
    times = milestone_times([run], clock).times[0]
    oracle_segments, segments, places = segments_of(times, reference.times)
    tokens = CLOCKS["tokens"]
    spent = np.cumsum(segments)
    if tokens.value(run.end):
        clocks = [run.clocks_of(list(run.titles)[place]) for place in places]
        spent = np.array([tokens.value(found) for found in clocks if found])
    is_growing, is_finished = bool((spent > 0).all()), run.reason is EndReason.FINISHED
    oracle = reference.times[np.isfinite(reference.times) & (reference.times > 0)]
    reached = times[np.isfinite(times) & (times > 0)]
    return Pace(
        slowdown=slowdown_trend(oracle_segments, segments, spent) if is_growing else None,
        decay=_decay(reached, None if is_finished else clock.value(run.end)),
        oracle_decay=_decay(oracle, None),
    )


def _decay(times: Floats, end: float | None) -> ProgressDecay | None:
    if not times.size:
        return None
    last = float(times.max())
    return progress_decay(times, last * (1 + 1 / times.size) if end is None else max(end, last))
