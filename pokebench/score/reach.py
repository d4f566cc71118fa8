"""How soon, and how often, each milestone is reached; and how much slower than the oracle."""

import math
from dataclasses import dataclass

from pokebench.score.interval import Interval
from pokebench.score.proportion import Proportion, proportion
from pokebench.score.survival import RestrictedMean, SurvivalCurve, restricted_mean
from pokebench.score.times import MilestoneTimes


@dataclass(frozen=True, slots=True)
class TimeToMilestone:
    """One milestone over a group of runs; times are in the clock's unit.

    Attributes:
        milestone: its id.
        reached: k of n runs, those that infrastructure ended before it left out of n.
        median: infinite: "> budget".
        median_interval: from the log-log band; None for one run.
        mean: restricted mean up to the budget.
        speed_ratio: oracle's time / median: 1 is as fast, 0 not reached; None without an oracle.
        curve: the whole survival curve.
    """

    milestone: str
    reached: Proportion | None
    median: float
    median_interval: Interval | None
    mean: RestrictedMean
    speed_ratio: float | None
    curve: SurvivalCurve


def time_to_milestone(
    group: MilestoneTimes, milestone: int, budget: float, oracle_time: float | None = None
) -> TimeToMilestone:
    """Return what a group says of one milestone (its index) within the budget.

    Nobody reached it: the median is infinite, the restricted mean is the budget.
    """
    curve = group.survival(milestone, budget)
    successes = sum(curve.events)
    tried = successes + int(((group.times[:, milestone] > budget) & group.is_known(budget)).sum())
    return TimeToMilestone(
        milestone=group.milestones[milestone],
        reached=proportion(successes, tried) if tried else None,
        median=curve.median,
        median_interval=curve.median_interval,
        mean=restricted_mean(curve, budget),
        speed_ratio=None if oracle_time is None else speed_ratio(oracle_time, curve.median),
        curve=curve,
    )


def speed_ratio(oracle_time: float, median: float) -> float | None:
    """Return `O_m / median T_m`: linear, 0 if unreached; None if the oracle never reaches it."""
    if not math.isfinite(oracle_time):
        return None
    return oracle_time / median if median > 0 else math.inf
