"""The area under a milestone curve, in linear and in log time, and against the oracle's.

Linear area weighs every minute the same, so that what happens before a tenth of the budget hardly
counts; log area weighs every doubling of time the same. Runs can rank differently: show both.
"""

import math
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

import numpy as np
import numpy.typing as npt

from pokebench.score.curve import pseudo_values
from pokebench.score.interval import Estimate, Floats, Interval, mean_estimate
from pokebench.score.survival import restricted_mean
from pokebench.score.times import MilestoneTimes

FIRST_MINUTE: Final = 1.0
"""Where log time begins, in the clock's unit (game minutes): earlier counts as this."""


@unique
class TimeScale(StrEnum):
    """How time is weighed."""

    LINEAR = "linear"
    LOG = "log"


def areas(
    times: npt.ArrayLike,
    weights: npt.ArrayLike,
    budget: float,
    scale: TimeScale = TimeScale.LINEAR,
    first: float = FIRST_MINUTE,
) -> Floats:
    """Return the area under each run's curve up to the budget, 0 to 1.

    Linear: `sum of w_m * max(0, B - T_m) / B`. Log: `sum of w_m * clip(ln(B / max(T_m, t0)) /
    ln(B / t0), 0, 1)`. A milestone at exactly B adds nothing, though it counts in F(B).

    Args:
        times: `(..., milestones)`, infinite where not reached; runs must be known up to the budget.
        weights: `(milestones,)`, adding up to 1.
        budget: B, in the unit of `times`.
        scale: linear or log.
        first: t0, for log.

    Returns:
        `(...)`.

    Raises:
        ValueError: the budget is not positive or, for log, not above t0.
    """
    moved, end = _scaled(np.asarray(times, dtype=np.float64), budget, scale, first)
    values: Floats = (np.asarray(weights) * np.clip(1 - moved / end, 0, 1)).sum(axis=-1)
    return values


def group_area(
    group: MilestoneTimes,
    weights: Floats,
    budget: float,
    scale: TimeScale = TimeScale.LINEAR,
    first: float = FIRST_MINUTE,
) -> Estimate:
    """Return the mean area of a group: `1 - sum of w_m * RMST_m(B) / B`.

    Without censoring this is the mean of the runs' areas; with it, the restricted means come from
    Kaplan and Meier's curves, and the interval from pseudo-values. The flag says "extrapolated" if
    no run is known up to the budget: then milestones that nobody reached count as never reached.
    """
    if group.is_known(budget).all():
        return mean_estimate(areas(group.times, weights, budget, scale, first))

    def of(some: MilestoneTimes) -> Floats:
        return np.array(_area_by_survival(some, weights, budget, scale, first))

    estimate = mean_estimate(pseudo_values(group, of))
    value, flag = float(of(group)), "" if group.is_known(budget).any() else "extrapolated"
    return Estimate(
        value, estimate.interval, group.runs, estimate.standard_error, flag or estimate.flag
    )


@dataclass(frozen=True, slots=True)
class NormalisedArea:
    """An area, and its ratio to the oracle's.

    Attributes:
        area: 0 to 1.
        oracle: the oracle's area with the same weights and budget.
        ratio: area / oracle; may exceed 1 and is not cut.
        beats_oracle: the ratio exceeds 1: improve the oracle.
    """

    area: Estimate
    oracle: float
    ratio: Estimate
    beats_oracle: bool


def normalised_area(
    group: MilestoneTimes,
    oracle_times: npt.ArrayLike,
    weights: Floats,
    budget: float,
    scale: TimeScale = TimeScale.LINEAR,
    first: float = FIRST_MINUTE,
) -> NormalisedArea:
    """Return a group's area beside the oracle's; the oracle's times count as known exactly.

    Raises:
        ValueError: the oracle's area is 0: it reaches nothing within the budget.
    """
    oracle = float(areas(oracle_times, weights, budget, scale, first))
    if oracle <= 0:
        raise ValueError("the oracle reaches no milestone within the budget")
    area = group_area(group, weights, budget, scale, first)
    interval = area.interval and Interval(
        area.interval.low / oracle, area.interval.high / oracle, area.interval.method
    )
    error, value = area.standard_error / oracle, area.value / oracle
    return NormalisedArea(
        area, oracle, Estimate(value, interval, area.n, error, area.flag), value > 1
    )


def _area_by_survival(
    group: MilestoneTimes, weights: Floats, budget: float, scale: TimeScale, first: float
) -> float:
    times, end = _scaled(group.times, budget, scale, first)
    until, _ = _scaled(group.known_until, budget, scale, first)
    moved = MilestoneTimes(group.milestones, times, until)
    means = [restricted_mean(moved.survival(m, end), end).value for m in range(weights.size)]
    return float(1 - np.dot(weights, means) / end)


def _scaled(times: Floats, budget: float, scale: TimeScale, first: float) -> tuple[Floats, float]:
    """Return times and the budget on a scale that begins at 0."""
    if not budget > (first if scale is TimeScale.LOG else 0):
        raise ValueError(f"a budget of {budget} leaves no area on a {scale} scale")
    if scale is TimeScale.LINEAR:
        return times, budget
    return np.log(np.maximum(times, first) / first), math.log(budget / first)
