"""Time horizons: the length of task that an agent completes with a given probability.

METR's estimator: a logistic line in log2 of the length, tasks of one family weighted down, a ridge
of 1e-5 on the slope, and the optimum itself (library defaults stop early, because weights add up to
1). Where the data are degenerate there is a bound and no number.

Source: Kwa et al. (2025), Measuring AI Ability to Complete Long Tasks; METR/eval-analysis-public
src/horizon/utils/logistic.py.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

import numpy as np

from pokebench.score.interval import Floats, Interval, exponential, percentile_interval
from pokebench.score.line import Lines, Link, fit_lines
from pokebench.score.resample import RESAMPLES, Resamples, resample_jointly
from pokebench.score.task import TaskResult

RIDGE: Final = 1e-5
FEWEST_TASKS: Final = 8
FEWEST_FAMILIES: Final = 2


@unique
class Weighting(StrEnum):
    """How much each task counts; weights add up to 1."""

    EQUAL = "equal"
    INVSQRT_FAMILY = "one over the square root of the family's tasks"


@unique
class HorizonFlag(StrEnum):
    """Why a horizon is no plain number."""

    NONE = ""
    ALL_SUCCESS = "all_success"
    ALL_FAIL = "all_fail"
    SEPARATED = "separated"
    POSITIVE_SLOPE = "positive_slope"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Horizon:
    """The length at which success has probability `share`, in reference minutes.

    Attributes:
        share: q, like 0.5.
        minutes: `2^((ln(q / (1 - q)) - intercept) / slope)`; None where only a bound is reported.
        at_least_minutes: the horizon is longer than this, or None.
        at_most_minutes: the horizon is shorter than this, or None.
        raw_minutes: what the line gives, even where it is not reported; NaN if it gives nothing.
        interval: hierarchical bootstrap; ends may be 0 and infinite; None where it says nothing.
    """

    share: float
    minutes: float | None
    at_least_minutes: float | None
    at_most_minutes: float | None
    raw_minutes: float
    interval: Interval | None = None

    @property
    def text(self) -> str:
        """The horizon in words, like `37 min`, `< 1 min` or `n/a`."""
        if self.minutes is not None:
            return f"{self.minutes:.3g} min"
        if self.at_least_minutes is not None:
            return f"> {self.at_least_minutes:.3g} min"
        return "n/a" if self.at_most_minutes is None else f"< {self.at_most_minutes:.3g} min"


@dataclass(frozen=True, slots=True, eq=False)
class HorizonFit:
    """Success against length for one agent.

    Attributes:
        slope: of the line, in logits per doubling of length; negative in ordinary data.
        intercept: logit at one reference minute.
        average: weighted mean success.
        tasks: how many.
        families: how many.
        runs: how many.
        shortest_minutes: length of the shortest task.
        longest_minutes: length of the longest task.
        flag: why there is no plain number.
        bracket_minutes: for separated data, longest task done and shortest not done.
        h50: horizon at one half.
        h80: horizon at four fifths.
        replicates: the lines of the bootstrap.
    """

    slope: float
    intercept: float
    average: float
    tasks: int
    families: int
    runs: int
    shortest_minutes: float
    longest_minutes: float
    flag: HorizonFlag
    bracket_minutes: tuple[float, float] | None
    h50: Horizon
    h80: Horizon
    replicates: Lines


def task_weights(tasks: Sequence[TaskResult], weighting: Weighting) -> Floats:
    """Return `(tasks,)` weights that add up to 1."""
    if weighting is Weighting.EQUAL:
        return np.full(len(tasks), 1 / len(tasks))
    sizes: dict[str, int] = {}
    for task in tasks:
        sizes[task.family] = sizes.get(task.family, 0) + 1
    raw = np.array([sizes[task.family] ** -0.5 for task in tasks])
    weights: Floats = raw / raw.sum()
    return weights


def horizon(
    tasks: Sequence[TaskResult],
    weighting: Weighting = Weighting.INVSQRT_FAMILY,
    ridge: float = RIDGE,
    resamples: int = RESAMPLES,
    fewest_tasks: int = FEWEST_TASKS,
    fewest_families: int = FEWEST_FAMILIES,
) -> HorizonFit:
    """Return the horizons of one agent; see `joint_horizons`."""
    return joint_horizons({"": tasks}, weighting, ridge, resamples, fewest_tasks, fewest_families)[
        ""
    ]


def joint_horizons(
    results: Mapping[str, Sequence[TaskResult]],
    weighting: Weighting = Weighting.INVSQRT_FAMILY,
    ridge: float = RIDGE,
    resamples: int = RESAMPLES,
    fewest_tasks: int = FEWEST_TASKS,
    fewest_families: int = FEWEST_FAMILIES,
) -> dict[str, HorizonFit]:
    """Return the horizons of several agents, resampled jointly so that they can be compared.

    The line minimises `sum of w * BCE(y, sigma(c + b * log2 T)) + ridge / 2 * b^2` over tasks, y
    the mean success of a task; that equals a fit over runs with weight w / n. Multiplying all
    lengths by a factor multiplies all horizons by it.

    Edges: all tasks succeed: "> longest"; all fail: "< shortest"; lengths separate success from
    failure: their bracket and its geometric mean, and no h80; the slope is not negative: nothing;
    the line gives more than twice the longest or less than half the shortest: that bound; too few
    tasks or families: nothing. In the bootstrap, resamples that all succeed count as infinite, that
    all fail as 0, and of those whose slope is not negative the flat line decides (the best line
    that does not rise), so that no resample is dropped.

    Args:
        results: the tasks of each agent; not empty.
        weighting: how tasks count.
        ridge: penalty on the slope.
        resamples: of the bootstrap.
        fewest_tasks: with fewer there is no horizon.
        fewest_families: with fewer there is no horizon.

    Raises:
        ValueError: an agent has no tasks.
    """
    if any(not tasks for tasks in results.values()):
        raise ValueError("a horizon needs one task at least")
    drawn = resample_jointly(results, resamples)
    return {
        agent: _fit(tasks, drawn[agent], weighting, ridge, (fewest_tasks, fewest_families))
        for agent, tasks in results.items()
    }


def horizon_ratio(first: HorizonFit, second: HorizonFit, share: float = 0.5) -> Interval | None:
    """Return the interval of log2(first horizon / second): doublings by which the first is longer.

    Both fits must come from one call of `joint_horizons`. Resamples in which both horizons are 0,
    or both infinite, say nothing of their ratio and are left out; None if that leaves none.
    """
    with np.errstate(invalid="ignore"):
        ratios = log2_horizons(first.replicates, share) - log2_horizons(second.replicates, share)
    known = ratios[~np.isnan(ratios)]
    return percentile_interval(known) if known.size else None


def log2_horizons(lines: Lines, share: float) -> Floats:
    """Return log2 of the horizon of each line, `(resamples,)`; infinite where there is none."""
    flat = np.where(lines.mean >= share, np.inf, -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (math.log(share / (1 - share)) - lines.intercept) / lines.slope
    return np.where(lines.slope < 0, values, flat)


def _fit(
    tasks: Sequence[TaskResult],
    drawn: Resamples,
    weighting: Weighting,
    ridge: float,
    fewest: tuple[int, int],
) -> HorizonFit:
    lengths = np.array([task.reference_minutes for task in tasks])
    rates = np.array([task.rate for task in tasks])
    weights, x = task_weights(tasks, weighting), np.log2(lengths)
    line = fit_lines(x, rates[None], weights[None], ridge, Link.LOGIT)
    has_some = drawn.counts.any(axis=1)
    replicates = fit_lines(
        x, drawn.rates[has_some], drawn.counts[has_some] * weights, ridge, Link.LOGIT
    )
    families = len({task.family for task in tasks})
    bracket = _bracket(lengths, rates)
    flag = _flag(line, bracket is not None)
    if len(tasks) < fewest[0] or families < fewest[1]:
        flag = HorizonFlag.TOO_FEW
    ends = float(lengths.min()), float(lengths.max())
    return HorizonFit(
        slope=float(line.slope[0]),
        intercept=float(line.intercept[0]),
        average=float(line.mean[0]),
        tasks=len(tasks),
        families=families,
        runs=sum(task.runs for task in tasks),
        shortest_minutes=ends[0],
        longest_minutes=ends[1],
        flag=flag,
        bracket_minutes=bracket if flag is HorizonFlag.SEPARATED else None,
        h50=_reported(0.5, line, replicates, flag, ends, bracket),
        h80=_reported(0.8, line, replicates, flag, ends, bracket),
        replicates=replicates,
    )


def _bracket(lengths: Floats, rates: Floats) -> tuple[float, float] | None:
    """Return longest task done and shortest not done, if length separates them perfectly."""
    done, failed = lengths[rates == 1], lengths[rates == 0]
    if done.size + failed.size < rates.size or not done.size or not failed.size:
        return None
    return (float(done.max()), float(failed.min())) if done.max() < failed.min() else None


def _flag(line: Lines, is_separated: bool) -> HorizonFlag:
    if np.isposinf(line.intercept[0]):
        return HorizonFlag.ALL_SUCCESS
    if np.isneginf(line.intercept[0]):
        return HorizonFlag.ALL_FAIL
    if is_separated:
        return HorizonFlag.SEPARATED
    return HorizonFlag.NONE if line.slope[0] < 0 else HorizonFlag.POSITIVE_SLOPE


def _reported(
    share: float,
    line: Lines,
    replicates: Lines,
    flag: HorizonFlag,
    ends: tuple[float, float],
    bracket: tuple[float, float] | None,
) -> Horizon:
    """Return what may be said: a number, a bound, or nothing."""
    shortest, longest = ends
    raw = math.nan
    if line.slope[0] < 0:
        raw = exponential(float(log2_horizons(line, share)[0]), 2)
    if flag is HorizonFlag.ALL_SUCCESS:
        return Horizon(share, None, longest, None, raw)
    if flag is HorizonFlag.ALL_FAIL:
        return Horizon(share, None, None, shortest, raw)
    if flag in (HorizonFlag.POSITIVE_SLOPE, HorizonFlag.TOO_FEW):
        return Horizon(share, None, None, None, raw)
    interval = _interval(replicates, share)
    if flag is HorizonFlag.SEPARATED and bracket:
        middle = math.sqrt(bracket[0] * bracket[1]) if share == 0.5 else None
        return Horizon(share, middle, None, None, raw, interval if middle else None)
    if raw > 2 * longest:
        return Horizon(share, None, longest, None, raw, interval)
    if raw < shortest / 2:
        return Horizon(share, None, None, shortest, raw, interval)
    return Horizon(share, raw, None, None, raw, interval)


def _interval(replicates: Lines, share: float) -> Interval:
    found = percentile_interval(log2_horizons(replicates, share))
    return Interval(
        exponential(found.low, 2),
        exponential(found.high, 2),
        "family-task-run bootstrap",
        found.level,
    )
