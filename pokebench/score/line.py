"""Success against log length: straight lines on a link's scale, for a fit and all its resamples."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

import numpy as np
from scipy import special

from pokebench.score.interval import Floats
from pokebench.score.newton import Derivatives, Objective, Rows, minimise

_MOST_ETA: Final = 50.0
_LEAST_ETA: Final = -700.0


@unique
class Link(Enum):
    """How success depends on the line `eta = intercept + slope * x`.

    Logit: `P = 1 / (1 + exp(-eta))`. Hazard: `P = exp(-exp(eta))`, so that with x = ln(length) the
    slope is Weibull's shape.
    """

    LOGIT = "logit"
    HAZARD = "hazard"


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Fitted lines.

    Attributes:
        intercept: `(resamples,)`; minus or plus infinity where all failed or all succeeded.
        slope: `(resamples,)`; 0 there.
        mean: `(resamples,)`, weighted mean success.
    """

    intercept: Floats
    slope: Floats
    mean: Floats


def fit_lines(x: Floats, y: Floats, weights: Floats, ridge: float, link: Link) -> Lines:
    """Minimise `sum of w * cross entropy(y, P) + ridge / 2 * slope^2`, the intercept unpenalised.

    Args:
        x: `(tasks,)`.
        y: `(resamples, tasks)`, share of successes, 0 to 1.
        weights: `(resamples, tasks)`, not negative; each row is made to add up to 1.
        ridge: strength of the penalty.
        link: how P depends on the line.
    """
    shares = weights / weights.sum(axis=1, keepdims=True)
    mean = (shares * y).sum(axis=1)
    all_same = np.where(mean <= 0, -np.inf, np.where(mean >= 1 - 1e-12, np.inf, np.nan))
    intercept, slope = all_same.copy(), np.zeros(mean.size)
    if link is Link.HAZARD:
        intercept = -intercept
    mixed = np.flatnonzero(np.isnan(all_same))
    if mixed.size:
        middle = float(x.mean())
        objective = _objective(x - middle, y[mixed], shares[mixed], ridge, link)
        start = np.zeros((mixed.size, 2))
        start[:, 0] = _flat(mean[mixed], link)
        found = minimise(objective, start)
        slope[mixed] = found[:, 1]
        intercept[mixed] = found[:, 0] - found[:, 1] * middle
    return Lines(intercept, slope, mean)


def _flat(mean: Floats, link: Link) -> Floats:
    """Return the intercept of a line without slope."""
    if link is Link.LOGIT:
        return np.asarray(np.log(mean / (1 - mean)))
    return np.asarray(np.log(-np.log(mean)))


def _objective(x: Floats, y: Floats, weights: Floats, ridge: float, link: Link) -> Objective:
    terms = _logit_terms if link is Link.LOGIT else _hazard_terms

    def at(parameters: Floats, rows: Rows) -> Derivatives:
        eta = parameters[:, :1] + parameters[:, 1:] * x
        w = weights[rows]
        loss, first, second = terms(eta, y[rows])
        first, second = w * first, w * second
        slope = parameters[:, 1]
        cross = second @ x
        gradient = np.stack([first.sum(axis=1), first @ x + ridge * slope], axis=1)
        upper = np.stack([second.sum(axis=1), cross], axis=1)
        lower = np.stack([cross, second @ x**2 + ridge], axis=1)
        value = (w * loss).sum(axis=1) + ridge / 2 * slope**2
        return Derivatives(value, gradient, np.stack([upper, lower], axis=1))

    return at


_Terms = Callable[[Floats, Floats], tuple[Floats, Floats, Floats]]
"""Cross entropy and its first two derivatives by eta."""


def _logit_terms(eta: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    p = special.expit(eta)
    loss = -(y * special.log_expit(eta) + (1 - y) * special.log_expit(-eta))
    return loss, p - y, p * (1 - p)


def _hazard_terms(eta: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    u = np.exp(np.clip(eta, _LEAST_ETA, _MOST_ETA))
    failing = -np.expm1(-u)
    ratio = u * np.exp(-u) / failing
    loss = y * u - (1 - y) * np.log(failing)
    return loss, y * u - (1 - y) * ratio, y * u + (1 - y) * ratio * (u / failing - 1)
