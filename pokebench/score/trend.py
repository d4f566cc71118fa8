"""Whether a long episode slows down: against the oracle, against a fresh start, and by itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from pokebench.score.interval import LEVEL, Estimate, Floats, Interval, mean_estimate

_FEWEST_SEGMENTS = 3


@dataclass(frozen=True, slots=True)
class SlowdownTrend:
    """How the slowdown relative to the oracle grows with what was spent.

    Attributes:
        log2_slowdown: of each segment between milestones.
        log2_spent: what had been spent at its end.
        slope: Theil and Sen's, doublings of slowdown a doubling of spending; above 0: slower and
            slower.
        interval: of the slope.
        spearman: rank correlation.
    """

    log2_slowdown: tuple[float, ...]
    log2_spent: tuple[float, ...]
    slope: float
    interval: Interval
    spearman: float


def slowdown_trend(
    oracle_segments: npt.ArrayLike, agent_segments: npt.ArrayLike, spent: npt.ArrayLike
) -> SlowdownTrend | None:
    """Return the trend of `r_m = (T_m - T_(m-1)) / (O_m - O_(m-1))`; None below three segments.

    It describes, and does not explain: later segments may be harder for reasons that the oracle
    does not feel. `coherence_tax` tells these apart.

    Args:
        oracle_segments: `(segments,)`, positive, in order.
        agent_segments: `(segments,)`, positive, on the same clock.
        spent: `(segments,)`, positive and growing: tokens, or time, at the end of each.

    Source: Theil (1950), Sen (1968), by `scipy.stats.theilslopes`.
    """
    oracle, agent, total = (np.asarray(v, float) for v in (oracle_segments, agent_segments, spent))
    if oracle.size < _FEWEST_SEGMENTS:
        return None
    y, x = np.log2(agent / oracle), np.log2(total)
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ValueError("segments and spending are positive and finite")
    line = stats.theilslopes(y, x, LEVEL)
    rank = float(stats.spearmanr(x, y).statistic) if np.ptp(x) and np.ptp(y) else math.nan
    interval = Interval(float(line.low_slope), float(line.high_slope), "theil-sen")
    return SlowdownTrend(_tuple(y), _tuple(x), float(line.slope), interval, rank)


def segments_of(
    agent_times: npt.ArrayLike, oracle_times: npt.ArrayLike
) -> tuple[Floats, Floats, npt.NDArray[np.intp]]:
    """Return a run's segments beside the oracle's, and the milestones that end them.

    Milestones are taken in the oracle's order, as far as both reached them; one that the agent
    reached before an earlier one is passed over.

    Args:
        agent_times: `(milestones,)`, infinite where not reached.
        oracle_times: `(milestones,)`, on the same clock.

    Returns:
        Oracle's segments, agent's segments, indices of milestones; each `(segments,)`.
    """
    agent, oracle = np.asarray(agent_times, float), np.asarray(oracle_times, float)
    kept: list[int] = []
    last_agent = last_oracle = 0.0
    for index in np.argsort(oracle, kind="stable"):
        is_known = np.isfinite(oracle[index]) and np.isfinite(agent[index])
        if is_known and oracle[index] > last_oracle and agent[index] > last_agent:
            kept.append(int(index))
            last_agent, last_oracle = agent[index], oracle[index]
    places = np.array(kept, dtype=np.intp)
    return np.diff(oracle[places], prepend=0.0), np.diff(agent[places], prepend=0.0), places


@dataclass(frozen=True, slots=True)
class ProgressDecay:
    """Milestones as events whose rate changes with time: `E N(t) = (t / eta)^beta`.

    Attributes:
        events: n.
        beta: `n / sum of ln(B / t_j)`; below 1 they come ever more slowly. Compare it with the
            oracle's own beta, never with 1: later milestones lie further apart.
        beta_unbiased: `(n - 1) / n * beta`.
        eta: `B / n^(1 / beta)`, in the clock's unit.
        interval: of beta, by chi-square with 2 n degrees of freedom.
        laplace_z: Laplace's test of a trend; negative: slowing down.
    """

    events: int
    beta: float
    beta_unbiased: float
    eta: float
    interval: Interval
    laplace_z: float


def progress_decay(
    event_times: npt.ArrayLike, until: float, level: float = LEVEL
) -> ProgressDecay | None:
    """Return the decay of progress up to `until`; None without an event inside.

    Source: Crow (1974), the AMSAA model, time-truncated.

    Raises:
        ValueError: an event lies at 0 or before.
    """
    times = np.asarray(event_times, dtype=np.float64)
    times = times[times < until]
    if not times.size:
        return None
    if times.min() <= 0:
        raise ValueError("events happen after time 0")
    n = times.size
    beta = n / float(np.log(until / times).sum())
    ends = (float(stats.chi2.ppf(q, 2 * n)) for q in ((1 - level) / 2, (1 + level) / 2))
    low, high = (beta * end / (2 * n) for end in ends)
    z = (float(times.mean()) - until / 2) / (until / math.sqrt(12 * n))
    interval = Interval(low, high, "chi-square", level)
    return ProgressDecay(n, beta, beta * (n - 1) / n, until / n ** (1 / beta), interval, z)


@dataclass(frozen=True, slots=True)
class CoherenceTax:
    """What an accumulated context costs on one and the same segment.

    Attributes:
        log2_ratio: mean of log2(continued / fresh) over pairs, in doublings; above 0: the context
            hurts.
        truncated: pairs in which a time was cut at the budget: the truth is further out.
    """

    log2_ratio: Estimate
    truncated: int


def coherence_tax(
    continued: Sequence[float], fresh: Sequence[float], budget: float
) -> CoherenceTax:
    """Return the paired comparison of segments from the same emulator state.

    Args:
        continued: times with the context that the episode had accumulated; infinite if not done.
        fresh: times of the same segments with an empty context.
        budget: times beyond it count as it.

    Raises:
        ValueError: there are no pairs, or a time is not positive.
    """
    times = np.array([continued, fresh], dtype=np.float64)
    if times.shape[1] == 0 or not (times > 0).all():
        raise ValueError("a coherence tax needs pairs of positive times")
    cut = np.minimum(times, budget)
    return CoherenceTax(
        mean_estimate(np.log2(cut[0] / cut[1])), int((times > budget).any(axis=0).sum())
    )


def _tuple(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
