"""Milestone curves: the share of milestones reached, over any clock.

With the time `T_m` at which milestone m latched (infinite if never) and weights `w_m` of sum 1, a
run's curve is `F(t) = sum over m of w_m * [T_m <= t]`: a right-continuous step function from 0.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pokebench.score.clock import Clock
from pokebench.score.interval import LEVEL, Estimate, Floats, mean_estimate
from pokebench.score.run import ScoredRun
from pokebench.score.times import MilestoneTimes


def count_weights(milestones: int) -> Floats:
    """Return equal weights, 1/M: F is the share of milestones."""
    return np.full(milestones, 1 / milestones)


def oracle_weights(oracle_times: npt.ArrayLike) -> Floats:
    """Return `w_m = (O_m - O_(m-1)) / O_M`: F is the share of the reference route.

    Args:
        oracle_times: `(milestones,)` in any order; those that the oracle never reaches (infinite)
            get weight 0, and so does one reached together with another before it.

    Raises:
        ValueError: the oracle reaches nothing.
    """
    times = np.asarray(oracle_times, dtype=np.float64)
    order = np.argsort(times, kind="stable")
    finite = order[np.isfinite(times[order])]
    if not finite.size or times[finite[-1]] <= 0:
        raise ValueError("the oracle reaches no milestone, so it gives no weights")
    weights = np.zeros(times.size)
    weights[finite] = np.diff(times[finite], prepend=0.0) / times[finite[-1]]
    return weights


def step_values(times: npt.ArrayLike, weights: npt.ArrayLike, grid: npt.ArrayLike) -> Floats:
    """Return F on a grid.

    Args:
        times: `(..., milestones)`, infinite where a milestone was not reached.
        weights: `(milestones,)`.
        grid: `(points,)`.

    Returns:
        `(..., points)`. A milestone at exactly t counts at t.
    """
    reached = np.asarray(times)[..., None, :] <= np.asarray(grid)[:, None]
    values: Floats = (reached * np.asarray(weights)).sum(axis=-1)
    return values


def pseudo_values(group: MilestoneTimes, estimate: Callable[[MilestoneTimes], Floats]) -> Floats:
    """Return a value for each run whose mean is, but for bias, the estimate of the group.

    `n * theta - (n - 1) * theta without run i`. Where no run is censored, and the estimate is a
    mean over runs, this is each run's own value; where some are, it stands in for it, and the usual
    rules for means give the interval.

    Args:
        group: runs.
        estimate: gives `(...)` of a group.

    Returns:
        `(runs, ...)`.

    Source: Andersen and Perme (2010), Pseudo-observations in survival analysis.
    """
    whole, n = estimate(group), group.runs
    if n == 1:
        return whole[None, ...]
    return np.stack([n * whole - (n - 1) * estimate(group.without(i)) for i in range(n)])


@dataclass(frozen=True, slots=True)
class CurveBand:
    """The curve of a group with a pointwise band.

    Attributes:
        times: in the clock's unit, ascending; the curve is constant up to the next.
        mean: F, 0 to 1.
        low: lower end of the pointwise interval; equal to `mean` for one run.
        high: upper end.
        runs: how many.
        censored: how many of them are not known up to the last time.
    """

    times: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    runs: int
    censored: int


def mean_curve(
    group: MilestoneTimes,
    weights: Floats,
    until: float,
    grid: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> CurveBand:
    """Return the mean curve up to `until`: `F(t) = sum of w_m * (1 - S_m(t))`.

    S_m is Kaplan and Meier's curve; without censoring F is the mean of the runs' curves. The band
    is pointwise, by the rules for means over pseudo-values, cut to 0 and 1.

    Args:
        group: runs on one clock.
        weights: `(milestones,)`.
        until: end of the curve, in the clock's unit.
        grid: where to evaluate it; None is 0, every time at which it steps, and `until`.
        level: nominal coverage of the band.
    """
    jumps = group.times[group.times <= until]
    points = (
        np.unique(np.concatenate([[0.0], jumps, [until]])) if grid is None else np.asarray(grid)
    )
    values = _values(group, weights, points)
    estimates = [mean_estimate(column, level) for column in values.T]
    bands = [e.interval.clipped(0, 1) if e.interval else None for e in estimates]
    mean = np.clip(_group_curve(group, weights, points), 0, 1)
    return CurveBand(
        times=tuple(float(time) for time in points),
        mean=tuple(float(value) for value in mean),
        low=tuple(b.low if b else float(m) for b, m in zip(bands, mean, strict=True)),
        high=tuple(b.high if b else float(m) for b, m in zip(bands, mean, strict=True)),
        runs=group.runs,
        censored=int((~group.is_known(float(points[-1]))).sum()),
    )


def progress_at(group: MilestoneTimes, weights: Floats, time: float) -> Estimate:
    """Return P@t, the mean of F(t), with its interval cut to 0 and 1.

    It is the task completion at a set length, in its progress form. Runs that are censored before t
    count through Kaplan and Meier's curve. If no run is known at t the curve is only a lower bound,
    and the flag says "extrapolated".
    """
    point = np.array([time])
    estimate = mean_estimate(_values(group, weights, point)[:, 0])
    value = float(_group_curve(group, weights, point)[0])
    interval = estimate.interval.clipped(0, 1) if estimate.interval else None
    flag = estimate.flag if group.is_known(time).any() else "extrapolated"
    return Estimate(value, interval, group.runs, estimate.standard_error, flag)


def _values(group: MilestoneTimes, weights: Floats, points: Floats) -> Floats:
    """Return the runs' values, or stand-ins for them, `(runs, points)`."""
    if group.is_known(float(points.max())).all():
        return step_values(group.times, weights, points)
    return pseudo_values(group, lambda some: _group_curve(some, weights, points))


def _group_curve(group: MilestoneTimes, weights: Floats, points: Floats) -> Floats:
    until = float(points.max())
    if group.is_known(until).all():
        mean: Floats = step_values(group.times, weights, points).mean(axis=0)
        return mean
    total = np.zeros(points.size)
    for index, weight in enumerate(weights):
        survival = group.survival(index, until)
        levels = np.concatenate([[1.0], survival.survival])
        total += weight * (1 - levels[np.searchsorted(survival.times, points, side="right")])
    return total


def step_curve(run: ScoredRun, clock: Clock) -> tuple[list[float], list[float]]:
    """Return times and fractions of a run's F, each step's start, from (0, 0) to the run's end."""
    times, fractions = [0.0], [0.0]
    for count, milestone in enumerate(run.reached, 1):
        times.append(clock.value(milestone.clocks))
        fractions.append(count / len(run.titles))
    times.append(max(clock.value(run.end), times[-1]))
    fractions.append(fractions[-1])
    return times, fractions


def fraction_at(run: ScoredRun, clock: Clock, time: float) -> float:
    """Return a run's F(time): the share of milestones reached by then."""
    reached = sum(clock.value(milestone.clocks) <= time for milestone in run.reached)
    return reached / len(run.titles)
