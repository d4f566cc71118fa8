"""C(L): the share of tasks of a set length that an agent completes, raw and by the fitted line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from pokebench.score.horizon import HorizonFit, HorizonFlag
from pokebench.score.interval import Interval, percentile_interval, sample_sd
from pokebench.score.proportion import wilson_share
from pokebench.score.task import TaskResult

LENGTHS_MINUTES: Final = (10.0, 30.0, 120.0)
"""The set lengths that are reported."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What is known of tasks of one length; print both shares together.

    Attributes:
        length_minutes: L, in reference minutes.
        tasks: tasks in the bucket from L / 2 up to 2 L.
        runs: runs of them.
        successes: how many reached the goal.
        raw: mean over those tasks of their share of successes; None without tasks. Needs no model.
        raw_interval: Wilson's, for the number of runs that the tasks are worth.
        fitted: `sigma(c + b * log2 L)` of the horizon's line; None where there is no line.
        fitted_interval: hierarchical bootstrap.
        is_extrapolated: L lies outside the lengths that were tried.
    """

    length_minutes: float
    tasks: int
    runs: int
    successes: float
    raw: float | None
    raw_interval: Interval | None
    fitted: float | None
    fitted_interval: Interval | None
    is_extrapolated: bool


def completion(tasks: Sequence[TaskResult], fit: HorizonFit, length_minutes: float) -> Completion:
    """Return C(L) of one agent.

    Runs of one task resemble each other, so Wilson's interval takes the effective number of runs,
    `p (1 - p) / (s^2 / tasks)` with the variance s^2 of the tasks' shares, kept between the number
    of tasks and that of runs. With one run a task this is the plain interval.

    Args:
        tasks: the agent's results.
        fit: the horizon's fit of the same tasks.
        length_minutes: L.
    """
    near = [t for t in tasks if length_minutes / 2 <= t.reference_minutes < 2 * length_minutes]
    runs = sum(task.runs for task in near)
    raw = float(np.mean([task.rate for task in near])) if near else None
    has_line = fit.flag in (HorizonFlag.NONE, HorizonFlag.POSITIVE_SLOPE)
    fitted = _sigma(fit.intercept + fit.slope * math.log2(length_minutes)) if has_line else None
    return Completion(
        length_minutes=length_minutes,
        tasks=len(near),
        runs=runs,
        successes=sum(task.successes for task in near),
        raw=raw,
        raw_interval=None if raw is None else wilson_share(raw, _effective_runs(near)),
        fitted=fitted,
        fitted_interval=_fitted_interval(fit, length_minutes) if has_line else None,
        is_extrapolated=not fit.shortest_minutes <= length_minutes <= fit.longest_minutes,
    )


def _effective_runs(tasks: Sequence[TaskResult]) -> float:
    """Return how many independent runs the tasks' runs are worth.

    Source: Korn and Graubard (1998), effective sample size of a survey.
    """
    runs = sum(task.runs for task in tasks)
    if len(tasks) < 2:
        return float(len(tasks))
    share = float(np.mean([task.rate for task in tasks]))
    variance = sample_sd([task.rate for task in tasks]) ** 2 / len(tasks)
    worth = share * (1 - share) / variance if variance > 0 else 0.0
    return min(max(worth, len(tasks)), runs)


def _fitted_interval(fit: HorizonFit, length_minutes: float) -> Interval:
    lines = fit.replicates
    found = percentile_interval(
        special.expit(lines.intercept + lines.slope * math.log2(length_minutes))
    )
    return Interval(found.low, found.high, "family-task-run bootstrap", found.level)


def _sigma(value: float) -> float:
    return float(special.expit(value))
