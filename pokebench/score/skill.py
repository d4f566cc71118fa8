"""Horizons by skill, and how jagged they are: one slope, an intercept for each skill."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special, stats

from pokebench.score.interval import LEVEL, Floats, Interval, exponential
from pokebench.score.line import Link, fit_lines
from pokebench.score.newton import Derivatives, Rows, minimise
from pokebench.score.task import TaskResult

FEWEST_TASKS: Final = 4
"""Tasks that a skill needs."""
COMPLETION_MINUTES: Final = 30.0
_REJECTED: Final = 0.05
_RIDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SkillHorizon:
    """One skill.

    Attributes:
        skill: its name.
        tasks: tasks with it as their primary skill.
        h50_minutes: `2^(-a_k / b)`; None if all its tasks succeed, all fail, or there is no slope.
        log2_standard_error: of log2 of it, in doublings; None likewise.
        interval: `h50 * 2^(± z * standard error)`; None likewise.
        completion_30_min: C(30 min) by the skill's own line; None if it has none.
    """

    skill: str
    tasks: int
    h50_minutes: float | None
    log2_standard_error: float | None
    interval: Interval | None
    completion_30_min: float | None


@dataclass(frozen=True, slots=True)
class SkillProfile:
    """All skills of one agent.

    Attributes:
        skills: those with enough tasks.
        left_out: those without.
        slope: the common one, logits a doubling; None if fewer than two skills have a horizon.
        jaggedness_doublings: SD of log2 of the horizons, corrected for noise:
            `sqrt(max(0, variance - mean of squared standard errors))`.
        widest_ratio: longest horizon / shortest.
        common_slope_p: likelihood ratio test that one slope fits all skills.
        slopes_differ: it does not: read C(30 min) of each skill, not the horizons.
    """

    skills: tuple[SkillHorizon, ...]
    left_out: tuple[str, ...]
    slope: float | None
    jaggedness_doublings: float | None
    widest_ratio: float | None
    common_slope_p: float | None
    slopes_differ: bool


def skill_profile(
    tasks: Sequence[TaskResult], fewest_tasks: int = FEWEST_TASKS, level: float = LEVEL
) -> SkillProfile:
    """Return the horizons by skill of a binomial model with a common slope.

    A skill whose tasks all succeed or all fail has no intercept and stays out of the fit. Runs
    count as independent: with few tasks a skill, errors are too small.
    """
    by_skill: dict[str, list[TaskResult]] = {}
    for task in tasks:
        by_skill.setdefault(task.skill, []).append(task)
    present = {name: group for name, group in by_skill.items() if len(group) >= fewest_tasks}
    mixed = {name: group for name, group in present.items() if _is_mixed(group)}
    fit = _common_fit(mixed) if len(mixed) > 1 else None
    slope = fit.slope if fit and fit.slope < 0 else None
    skills = tuple(
        _skill(name, group, fit if slope else None, list(mixed), level)
        for name, group in present.items()
    )
    logs = [math.log2(h) for s in skills if (h := s.h50_minutes) and math.isfinite(h)]
    errors = [s.log2_standard_error for s in skills if s.log2_standard_error is not None]
    p = fit.common_slope_p if fit else None
    return SkillProfile(
        skills=skills,
        left_out=tuple(name for name in by_skill if name not in present),
        slope=slope,
        jaggedness_doublings=jaggedness(logs, errors) if len(logs) > 1 else None,
        widest_ratio=exponential(max(logs) - min(logs), 2) if len(logs) > 1 else None,
        common_slope_p=p,
        slopes_differ=p is not None and p < _REJECTED,
    )


def jaggedness(log2_horizons: Sequence[float], standard_errors: Sequence[float]) -> float:
    """Return the SD of log2 horizons beyond what noise explains, in doublings; at least 0.

    Raises:
        ValueError: there are fewer than two horizons.
    """
    if len(log2_horizons) < 2:
        raise ValueError("jaggedness compares two skills at least")
    variance = float(np.var(log2_horizons, ddof=1)) - float(np.mean(np.square(standard_errors)))
    return math.sqrt(max(0.0, variance))


@dataclass(frozen=True, slots=True, eq=False)
class _CommonFit:
    intercepts: Floats
    slope: float
    covariance: Floats
    common_slope_p: float


def _is_mixed(group: Sequence[TaskResult]) -> bool:
    total = sum(task.successes for task in group)
    return 0 < total < sum(task.runs for task in group)


def _common_fit(groups: dict[str, list[TaskResult]]) -> _CommonFit:
    """Fit one intercept a skill and a common slope; test it against a slope for each."""
    tasks = [(k, task) for k, group in enumerate(groups.values()) for task in group]
    design = np.zeros((len(tasks), len(groups) + 1))
    for row, (k, task) in enumerate(tasks):
        design[row, k], design[row, -1] = 1.0, math.log2(task.reference_minutes)
    y = np.array([task.rate for _, task in tasks])
    runs = np.array([float(task.runs) for _, task in tasks])

    def at(parameters: Floats, rows: Rows) -> Derivatives:
        eta = parameters @ design.T
        p = special.expit(eta)
        loss = -runs * (y * special.log_expit(eta) + (1 - y) * special.log_expit(-eta))
        hessian = np.einsum("rn,np,nq->rpq", runs * p * (1 - p), design, design)
        ridge = _RIDGE * np.eye(design.shape[1])
        gradient = (runs * (p - y)) @ design + _RIDGE * parameters
        value = loss.sum(axis=1) + _RIDGE / 2 * (parameters**2).sum(axis=1)
        return Derivatives(value, gradient, hessian + ridge)

    found = minimise(at, np.zeros((1, design.shape[1])))
    end = at(found, np.zeros(1, dtype=np.intp))
    apart = sum(_loss_of(group) for group in groups.values())
    statistic = max(0.0, 2 * (float(end.value[0]) - apart))
    p_value = float(stats.chi2.sf(statistic, len(groups) - 1))
    return _CommonFit(found[0, :-1], float(found[0, -1]), np.linalg.inv(end.hessian[0]), p_value)


def _own_line(group: Sequence[TaskResult]) -> tuple[float, float]:
    x = np.log2([task.reference_minutes for task in group])
    rates, runs = np.array([[t.rate for t in group]]), np.array([[float(t.runs) for t in group]])
    line = fit_lines(x, rates, runs, _RIDGE, Link.LOGIT)
    return float(line.intercept[0]), float(line.slope[0])


def _loss_of(group: Sequence[TaskResult]) -> float:
    intercept, slope = _own_line(group)
    eta = intercept + slope * np.log2([task.reference_minutes for task in group])
    y, runs = np.array([t.rate for t in group]), np.array([float(t.runs) for t in group])
    terms = y * special.log_expit(eta) + (1 - y) * special.log_expit(-eta)
    return -float((runs * terms).sum())


def _skill(
    name: str,
    group: Sequence[TaskResult],
    fit: _CommonFit | None,
    fitted: Sequence[str],
    level: float,
) -> SkillHorizon:
    completion = None
    if _is_mixed(group):
        intercept, slope = _own_line(group)
        completion = float(special.expit(intercept + slope * math.log2(COMPLETION_MINUTES)))
    if fit is None or name not in fitted:
        return SkillHorizon(name, len(group), None, None, None, completion)
    place = fitted.index(name)
    log2_h50 = -float(fit.intercepts[place]) / fit.slope
    gradient = np.zeros(fit.covariance.shape[0])
    gradient[place], gradient[-1] = -1 / fit.slope, -log2_h50 / fit.slope
    error = math.sqrt(float(gradient @ fit.covariance @ gradient))
    half = float(stats.norm.ppf((1 + level) / 2)) * error
    interval = Interval(
        exponential(log2_h50 - half, 2), exponential(log2_h50 + half, 2), "delta", level
    )
    return SkillHorizon(name, len(group), exponential(log2_h50, 2), error, interval, completion)
