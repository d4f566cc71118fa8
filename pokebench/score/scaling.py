"""How compute grows with the length of a task: the exponent b of `tokens ~ length^b`.

"Five hours cost a hundred times as much as half an hour" is b = 2. A failed run is a lower bound of
what success would have cost, so the fit is a censored one: successes alone give too small a b.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from pokebench.score.interval import Floats, Interval, percentile_interval
from pokebench.score.newton import Derivatives, Objective, Rows, minimise

RESAMPLES: Final = 2000
_SEED: Final = 20_250_103
_FEWEST_POINTS: Final = 4


@dataclass(frozen=True, slots=True)
class Spending:
    """What one run of one task spent.

    Attributes:
        family: the task's family, the unit of resampling.
        reference_minutes: the task's length, positive.
        spent: tokens, dollars or calls, positive.
        succeeded: else `spent` is a lower bound.
    """

    family: str
    reference_minutes: float
    spent: float
    succeeded: bool


@dataclass(frozen=True, slots=True)
class ComputeExponent:
    """`ln spent = intercept + exponent * ln minutes + noise`, failures right-censored.

    Attributes:
        exponent: b; 1 is linear.
        interval: bootstrap over families; None below two families.
        intercept: ln of what one reference minute takes.
        sigma: standard deviation of the noise, in natural logs.
        successes_only: least squares on successes, biased low; NaN below two of them.
        runs: how many.
        censored: how many of them failed.
        resamples_lost: resamples with too little in them for a fit.
    """

    exponent: float
    interval: Interval | None
    intercept: float
    sigma: float
    successes_only: float
    runs: int
    censored: int
    resamples_lost: int


def compute_exponent(
    spendings: Sequence[Spending], resamples: int = RESAMPLES
) -> ComputeExponent | None:
    """Return the exponent; None with under four runs, two lengths or three successes.

    Maximum likelihood of a lognormal accelerated failure time model, on Olsen's scale, where it is
    concave.

    Source: Tobin (1958); Olsen (1978), Note on the uniqueness of the maximum likelihood estimator
    for the Tobit model.

    Raises:
        ValueError: a length or what was spent is not positive and finite.
    """
    x = np.array([s.reference_minutes for s in spendings])
    y = np.array([s.spent for s in spendings])
    if not (np.isfinite([x, y]).all() and (x > 0).all() and (y > 0).all()):
        raise ValueError("lengths and what was spent are positive and finite")
    x, y = np.log(x), np.log(y)
    done = np.array([s.succeeded for s in spendings])
    if done.size < _FEWEST_POINTS or done.sum() < 3 or not np.ptp(x[done]):
        return None
    found = _fit(x, y, done, np.ones((1, done.size)))[0]
    families = sorted({s.family for s in spendings})
    replicates = np.empty(0)
    if len(families) > 1:
        draws = np.random.default_rng(_SEED).multinomial(
            len(families), [1 / len(families)] * len(families), size=resamples
        )
        member = [families.index(s.family) for s in spendings]
        replicates = _fit(x, y, done, draws[:, member].astype(np.float64))[:, 1]
    known = replicates[np.isfinite(replicates)]
    if not np.isfinite(found).all():
        return None
    return ComputeExponent(
        exponent=float(found[1]),
        interval=percentile_interval(known) if known.size else None,
        intercept=float(found[0]),
        sigma=float(found[2]),
        successes_only=float(np.polyfit(x[done], y[done], 1)[0]),
        runs=done.size,
        censored=int((~done).sum()),
        resamples_lost=replicates.size - known.size,
    )


def claimed_exponent(length_ratio: float, compute_ratio: float) -> float:
    """Return the b that a claim like "10 times the length, 100 times the compute" amounts to."""
    return math.log(compute_ratio) / math.log(length_ratio)


@dataclass(frozen=True, slots=True)
class SplitExponent:
    """Where the growth comes from: `b_total = b_actions + b_per_action`.

    Attributes:
        total: exponent of tokens.
        actions: exponent of actions: more of them for each reference minute.
        per_action: the rest: each action gets dearer, as contexts grow. Caching can hide it, so
        take
            it for tokens as if nothing were cached, and for dollars.
    """

    total: float
    actions: float
    per_action: float


def split_exponent(total: ComputeExponent, actions: ComputeExponent) -> SplitExponent:
    """Return the two parts of an exponent; both fits must be of the same runs."""
    return SplitExponent(total.exponent, actions.exponent, total.exponent - actions.exponent)


def spent_per_success(spendings: Sequence[Spending]) -> float:
    """Return all that was spent over the number of successes: it contains the retries.

    Infinite without a success.
    """
    successes = sum(s.succeeded for s in spendings)
    return sum(s.spent for s in spendings) / successes if successes else math.inf


def _fit(x: Floats, y: Floats, done: Floats, counts: Floats) -> Floats:
    """Return intercept, exponent and sigma for each row of counts, `(resamples, 3)`."""
    center_x, center_y = float(x.mean()), float(y.mean())
    x, y = x - center_x, y - center_y
    found = np.full((counts.shape[0], 3), np.nan)
    solvable = np.flatnonzero(_can_solve(x, y, done, counts))
    if solvable.size:
        weights = counts[solvable]
        olsen = minimise(_objective(x, y, done, weights), _start(x, y, weights))
        scale = olsen[:, 2]
        slope = olsen[:, 1] / scale
        intercept = olsen[:, 0] / scale + center_y - slope * center_x
        found[solvable] = np.stack([intercept, slope, 1 / scale], axis=1)
    return found


def _can_solve(x: Floats, y: Floats, done: Floats, counts: Floats) -> Floats:
    """Return which resamples have successes of two lengths, and noise about a line through them."""
    weights = counts * done
    total = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x, mean_y = weights @ x / total, weights @ y / total
        var_x = weights @ x**2 / total - mean_x**2
        slope = (weights @ (x * y) / total - mean_x * mean_y) / var_x
        rest = weights @ y**2 / total - mean_y**2 - slope**2 * var_x
    solvable: Floats = (total > 2) & (var_x > 1e-9) & (rest > 1e-9)
    return solvable


def _start(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Return flat lines on Olsen's scale, `(resamples, 3)`: intercept, slope, 1 over sigma."""
    total = weights.sum(axis=1)
    mean = weights @ y / total
    scale = 1 / np.sqrt(np.maximum(weights @ y**2 / total - mean**2, 1e-6))
    return np.stack([mean * scale, np.zeros(total.size), scale], axis=1)


def _objective(x: Floats, y: Floats, done: Floats, weights: Floats) -> Objective:
    design = np.stack([-np.ones(x.size), -x, y], axis=1)

    def at(parameters: Floats, rows: Rows) -> Derivatives:
        w, scale = weights[rows], parameters[:, 2]
        with np.errstate(invalid="ignore", divide="ignore"):
            z = parameters @ design.T
            log_tail = special.log_ndtr(-z)
            hazard = np.exp(-(z**2) / 2 - 0.5 * math.log(2 * math.pi) - log_tail)
            loss = np.where(done, z**2 / 2, -log_tail)
            first = w * np.where(done, z, hazard)
            second = w * np.where(done, 1.0, hazard * (hazard - z))
            events = (w * done).sum(axis=1)
            value = (w * loss).sum(axis=1) - events * np.log(scale)
        gradient = first @ design
        gradient[:, 2] -= events / scale
        hessian = np.einsum("rn,np,nq->rpq", second, design, design, optimize=True)
        hessian[:, 2, 2] += events / scale**2
        return Derivatives(np.where(scale > 0, value, np.inf), gradient, hessian)

    return at
