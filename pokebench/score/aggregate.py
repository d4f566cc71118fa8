"""Scores over several games or tasks: robust means, profiles, and one system against another.

With fewer than five games show the table by game first.

Source: Agarwal et al. (2021), Deep Reinforcement Learning at the Edge of the Statistical Precipice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from pokebench.score.interval import Estimate, Floats, percentile_interval

RESAMPLES: Final = 4000
_SEED: Final = 20_250_104


@unique
class Aggregate(StrEnum):
    """How scores become one number.

    IQM: mean of the middle half of all scores of runs and tasks. Mean: over tasks of the mean over
    runs. Median: over tasks of the mean over runs. Optimality gap: mean of what is missing to 1,
    smaller is better.
    """

    IQM = "interquartile mean"
    MEAN = "mean"
    MEDIAN = "median"
    OPTIMALITY_GAP = "optimality gap"


def aggregate(scores: npt.ArrayLike, kind: Aggregate, resamples: int = RESAMPLES) -> Estimate:
    """Return an aggregate with a stratified bootstrap interval: runs are resampled in each task.

    Args:
        scores: `(runs, tasks)`, 1 is the reference.
        kind: which aggregate.
        resamples: how many.

    Returns:
        The estimate; one run has no interval and the flag "n=1".

    Raises:
        ValueError: scores are no table, or not finite.
    """
    table = _table(scores)
    value = float(_AGGREGATES[kind](table[None])[0])
    runs = table.shape[0]
    if runs == 1:
        return Estimate(value, None, 1, flag="n=1")
    replicates = _AGGREGATES[kind](_resampled(table, resamples, _SEED))
    error = float(np.std(replicates, ddof=1))
    return Estimate(value, percentile_interval(replicates), runs, error)


def performance_profile(scores: npt.ArrayLike, thresholds: npt.ArrayLike) -> Floats:
    """Return the share of all scores strictly above each threshold, `(thresholds,)`."""
    table = _table(scores)
    profile: Floats = (table[None] > np.asarray(thresholds)[:, None, None]).mean(axis=(1, 2))
    return profile


def probability_of_improvement(
    first: npt.ArrayLike, second: npt.ArrayLike, resamples: int = RESAMPLES
) -> Estimate:
    """Return P(X > Y): the chance that a run of the first beats one of the second on a random task.

    Mean over tasks of Mann and Whitney's share of pairs, ties one half; runs of both are resampled.

    Args:
        first: `(runs, tasks)`.
        second: `(other runs, tasks)`.
        resamples: how many.

    Raises:
        ValueError: the tables have different tasks.
    """
    x, y = _table(first), _table(second)
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"scores of {x.shape[1]} and {y.shape[1]} tasks do not compare")
    value = float(_improvement(x[None], y[None])[0])
    runs = min(x.shape[0], y.shape[0])
    if runs == 1:
        return Estimate(value, None, 1, flag="n=1")
    replicates = _improvement(_resampled(x, resamples, _SEED), _resampled(y, resamples, _SEED + 1))
    error = float(np.std(replicates, ddof=1))
    return Estimate(value, percentile_interval(replicates), runs, error)


@dataclass(frozen=True, slots=True)
class ArcEfficiency:
    """ARC-AGI-3's score of actions, for a cross-walk only; ours is linear: reference / agent.

    Attributes:
        levels: `min((human / agent)^2, cap)`, 0 where not finished.
        score: mean weighted by the level's number.
    """

    levels: tuple[float, ...]
    score: float


def arc_efficiency(
    human_actions: npt.ArrayLike, agent_actions: list[float | None], cap: float
) -> ArcEfficiency:
    """Return the squared efficiency of actions.

    Source: docs.arcprize.org/methodology.
    """
    human = np.asarray(human_actions, dtype=np.float64)
    agent = np.array([np.inf if count is None else count for count in agent_actions])
    levels = np.minimum((human / agent) ** 2, cap)
    numbers = np.arange(1, levels.size + 1)
    return ArcEfficiency(
        tuple(float(level) for level in levels), float((levels * numbers).sum() / numbers.sum())
    )


def _iqm(tables: Floats) -> Floats:
    flat = tables.reshape(tables.shape[0], -1)
    return np.asarray(stats.trim_mean(flat, 0.25, axis=1))


def _mean(tables: Floats) -> Floats:
    return np.asarray(tables.mean(axis=(1, 2)))


def _median(tables: Floats) -> Floats:
    return np.asarray(np.median(tables.mean(axis=1), axis=1))


def _gap(tables: Floats) -> Floats:
    return np.asarray(1 - np.minimum(tables, 1.0).mean(axis=(1, 2)))


_AGGREGATES: Final[dict[Aggregate, Callable[[Floats], Floats]]] = {
    Aggregate.IQM: _iqm,
    Aggregate.MEAN: _mean,
    Aggregate.MEDIAN: _median,
    Aggregate.OPTIMALITY_GAP: _gap,
}


def _improvement(first: Floats, second: Floats) -> Floats:
    a, b = first[:, :, None, :], second[:, None, :, :]
    return np.asarray(((a > b) + 0.5 * (a == b)).mean(axis=(1, 2, 3)))


def _resampled(table: Floats, resamples: int, seed: int) -> Floats:
    """Return `(resamples, runs, tasks)`: runs drawn anew in each task."""
    runs, tasks = table.shape
    picks = np.random.default_rng(seed).integers(0, runs, size=(resamples, runs, tasks))
    drawn: Floats = table[picks, np.arange(tasks)]
    return drawn


def _table(scores: npt.ArrayLike) -> Floats:
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise ValueError("scores are a table of runs by tasks, all finite")
    return table
