"""How the risk of failing changes with length: Weibull's shape beside the logistic line.

`P(success at length T) = exp(-(T / eta)^k)`. With k = 1 every minute is as risky as any other (a
half-life: h80 = 0.32 h50); k below 1 means that the hazard falls with length. Report k, and do not
turn h50 into h99 by it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from pokebench.score.horizon import RIDGE, Weighting, task_weights
from pokebench.score.interval import LEVEL, Floats, Interval, exponential, percentile_interval
from pokebench.score.line import Link, fit_lines
from pokebench.score.newton import Derivatives, Rows, minimise
from pokebench.score.resample import RESAMPLES, resample_jointly
from pokebench.score.task import TaskResult


@dataclass(frozen=True, slots=True)
class Shape:
    """Weibull's fit, and the exponential and logistic ones to compare.

    Attributes:
        k: shape; below 1 the hazard falls with length.
        k_interval: hierarchical bootstrap.
        eta_minutes: scale, the length at which P = 1/e.
        h50_minutes: `eta * (ln 2)^(1/k)`.
        h80_minutes: `eta * (ln 1.25)^(1/k)`.
        negative_log_likelihood: over runs.
        exponential_eta_minutes: scale with k = 1.
        exponential_negative_log_likelihood: with k = 1.
        logistic_negative_log_likelihood: of the logistic line without a ridge.
    """

    k: float
    k_interval: Interval
    eta_minutes: float
    h50_minutes: float
    h80_minutes: float
    negative_log_likelihood: float
    exponential_eta_minutes: float
    exponential_negative_log_likelihood: float
    logistic_negative_log_likelihood: float


def weibull_shape(
    tasks: Sequence[TaskResult],
    weighting: Weighting = Weighting.INVSQRT_FAMILY,
    resamples: int = RESAMPLES,
) -> Shape | None:
    """Return the shape; None if all tasks succeed, all fail, or length separates them.

    Maximum likelihood over tasks with the weights of the horizon; log(-log P) is a line in ln T
    with slope k. Resamples get the horizon's ridge, so that separated ones have a fit.
    """
    lengths, rates, runs = _columns(tasks)
    weights, x = task_weights(tasks, weighting), np.log(lengths)
    line = fit_lines(x, rates[None], weights[None], 0.0, Link.HAZARD)
    k = float(line.slope[0])
    if not np.isfinite(line.intercept[0]) or not 0 < k < math.inf or _is_separated(lengths, rates):
        return None
    drawn = resample_jointly({"": tasks}, resamples)[""]
    replicates = fit_lines(x, drawn.rates, drawn.counts * weights, RIDGE, Link.HAZARD).slope
    eta = exponential(-float(line.intercept[0]) / k)
    if not math.isfinite(eta):
        return None
    flat_eta = _exponential_eta(lengths, rates, weights)
    logit = fit_lines(x, rates[None], weights[None], 0.0, Link.LOGIT)
    chances = special.expit(logit.intercept[0] + logit.slope[0] * x)
    return Shape(
        k=k,
        k_interval=percentile_interval(replicates[np.isfinite(replicates)]),
        eta_minutes=eta,
        h50_minutes=eta * math.log(2) ** (1 / k),
        h80_minutes=eta * math.log(1.25) ** (1 / k),
        negative_log_likelihood=_loss(np.exp(-((lengths / eta) ** k)), rates, runs),
        exponential_eta_minutes=flat_eta,
        exponential_negative_log_likelihood=_loss(np.exp(-lengths / flat_eta), rates, runs),
        logistic_negative_log_likelihood=_loss(chances, rates, runs),
    )


def constant_hazard_horizon(h50_minutes: float, share: float) -> float:
    """Return the length done with probability `share` if the hazard is constant: `h50 * log2(1/q)`.

    1/3.1 of h50 for 0.8, 1/6.6 for 0.9, 1/69 for 0.99.

    Source: Ord (2025), Is there a half-life for the success rates of AI agents?
    """
    return h50_minutes * math.log2(1 / share)


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """Maximum likelihood over independent runs, for comparison: it takes no heed of families.

    Attributes:
        intercept: logit at one minute.
        slope: logits per doubling.
        h50_minutes: horizon at one half.
        h80_minutes: horizon at four fifths.
        log2_h50_standard_error: by the delta method, in doublings.
        h50_interval: `h50 * 2^(± z * standard error)`.
    """

    intercept: float
    slope: float
    h50_minutes: float
    h80_minutes: float
    log2_h50_standard_error: float
    h50_interval: Interval


def logistic_by_runs(tasks: Sequence[TaskResult], level: float = LEVEL) -> LogisticFit | None:
    """Return the unpenalised fit over runs; None where there is no decreasing line."""
    lengths, rates, runs = _columns(tasks)
    x = np.log2(lengths)
    line = fit_lines(x, rates[None], runs[None], 0.0, Link.LOGIT)
    intercept, slope = float(line.intercept[0]), float(line.slope[0])
    if not math.isfinite(intercept) or not slope < 0 or _is_separated(lengths, rates):
        return None
    p = special.expit(intercept + slope * x)
    information = (runs * p * (1 - p)) * np.stack([x**0, x, x, x**2])
    covariance = np.linalg.inv(information.sum(axis=1).reshape(2, 2))
    log2_h50 = -intercept / slope
    gradient = np.array([-1 / slope, -log2_h50 / slope])
    error = math.sqrt(float(gradient @ covariance @ gradient))
    z = float(stats.norm.ppf((1 + level) / 2)) * error
    interval = Interval(exponential(log2_h50 - z, 2), exponential(log2_h50 + z, 2), "delta", level)
    h80 = exponential((math.log(4) - intercept) / slope, 2)
    return LogisticFit(intercept, slope, exponential(log2_h50, 2), h80, error, interval)


def _columns(tasks: Sequence[TaskResult]) -> tuple[Floats, Floats, Floats]:
    lengths = np.array([task.reference_minutes for task in tasks])
    rates = np.array([task.rate for task in tasks])
    return lengths, rates, np.array([float(task.runs) for task in tasks])


def _is_separated(lengths: Floats, rates: Floats) -> bool:
    """Return whether no length has both longer successes and shorter failures."""
    done, failed = lengths[rates > 0], lengths[rates < 1]
    return not done.size or not failed.size or bool(done.max() <= failed.min())


def _exponential_eta(lengths: Floats, rates: Floats, weights: Floats) -> float:
    """Return the scale of the fit with k = 1, by Newton's method on its logarithm."""

    def at(parameters: Floats, rows: Rows) -> Derivatives:
        u = lengths * np.exp(np.clip(parameters, -50, 50))
        failing = -np.expm1(-u)
        ratio = u * np.exp(-u) / failing
        loss = weights * (rates * u - (1 - rates) * np.log(failing))
        first = weights * (rates * u - (1 - rates) * ratio)
        second = weights * (rates * u + (1 - rates) * ratio * (u / failing - 1))
        sums = (term.sum(axis=1) for term in (loss, first, second))
        value, gradient, curvature = sums
        return Derivatives(value, gradient[:, None], curvature[:, None, None])

    start = -np.log(np.array([[np.exp(np.mean(np.log(lengths)))]]))
    return math.exp(-float(minimise(at, start)[0, 0]))


def _loss(chances: Floats, rates: npt.NDArray[np.float64], runs: Floats) -> float:
    """Return the negative log-likelihood of runs, without binomial coefficients."""
    entropy = special.xlogy(rates, chances) + special.xlog1py(1 - rates, -chances)
    return -float((runs * entropy).sum())
