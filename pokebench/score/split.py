"""Whether a long task can be cut: its pieces done afresh against one continuous run.

Three arms on one chain of segments: A continuous; B a fresh context at each boundary, on the
agent's own state with a handoff note; C a fresh context on the oracle's state. A - B is the value
of carrying context, B - C the damage from the agent's own earlier play, A - C both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from pokebench.score.interval import LEVEL, Interval
from pokebench.score.proportion import Proportion, jeffreys_point, proportion

ZERO_CELL = "zero_cell"


@dataclass(frozen=True, slots=True)
class Tally:
    """Successes of n runs."""

    successes: int
    n: int

    @property
    def share(self) -> float:
        """Share of successes."""
        return self.successes / self.n


@dataclass(frozen=True, slots=True)
class LogChance:
    """The logarithm of the chance to do a whole chain, and its variance."""

    value: float
    variance: float


def log_chance(tallies: Sequence[Tally]) -> LogChance | None:
    """Return `sum of ln p_j` with `Var = sum of (1 - p_j) / (n_j p_j)`; None with a zero cell.

    Source: delta method.
    """
    if any(tally.successes == 0 for tally in tallies):
        return None
    value = sum(math.log(tally.share) for tally in tallies)
    variance = sum((1 - tally.share) / (tally.n * tally.share) for tally in tallies)
    return LogChance(value, variance)


@dataclass(frozen=True, slots=True)
class ChainRatio:
    """The chance of one arm over that of another.

    Attributes:
        log_ratio: natural logarithm.
        standard_error: of it.
        interval: of the ratio.
        z: log ratio over standard error; None if that is 0.
    """

    log_ratio: float
    standard_error: float
    interval: Interval
    z: float | None

    @property
    def ratio(self) -> float:
        """The ratio itself; below 1: the first arm costs more than the second."""
        return math.exp(self.log_ratio)


@dataclass(frozen=True, slots=True)
class SplitComparison:
    """One continuous run against the product of its pieces.

    Attributes:
        split_product: product of the pieces' shares.
        split_interval: of the product, on the log scale; None with a zero cell.
        continuous: the whole chain in one run.
        jeffreys_product: product of points that are never 0: print it where the product is.
        ratio: of the continuous run to the product; below 1: running on costs more than its parts.
            None with a zero cell.
        weakest: the piece with the smallest share, with its exact interval.
        flag: "zero_cell", or "".
    """

    split_product: float
    split_interval: Interval | None
    continuous: Proportion
    jeffreys_product: float
    ratio: ChainRatio | None
    weakest: Proportion
    flag: str


def split_comparison(
    segments: Sequence[Tally], continuous: Tally, level: float = LEVEL
) -> SplitComparison:
    """Return `ln P_A - sum of ln p_j` of independent arms.

    Ten segments at 0.8 predict 0.107, and one success of 30 is only z = -1.1 away: plan 60 runs and
    more for the continuous arm, or compare restricted means over the chain.

    Raises:
        ValueError: there are no segments, or a tally is no share.
    """
    if not segments:
        raise ValueError("a chain has one segment at least")
    weakest = min(segments, key=lambda tally: tally.share)
    parts, whole = log_chance(segments), log_chance([continuous])
    ratio = _ratio(whole, parts, level) if parts and whole else None
    return SplitComparison(
        split_product=math.prod(tally.share for tally in segments),
        split_interval=_log_interval(parts.value, parts.variance, level) if parts else None,
        continuous=proportion(continuous.successes, continuous.n, level),
        jeffreys_product=math.prod(jeffreys_point(t.successes, t.n) for t in segments),
        ratio=ratio,
        weakest=proportion(weakest.successes, weakest.n, level),
        flag="" if ratio else ZERO_CELL,
    )


@dataclass(frozen=True, slots=True)
class ThreeArms:
    """Contrasts of the three arms; None where a cell is zero.

    Attributes:
        carrying_context: A over B.
        own_play: B over C.
        both: A over C.
    """

    carrying_context: ChainRatio | None
    own_play: ChainRatio | None
    both: ChainRatio | None


def three_arms(
    continuous: Tally,
    fresh_own: Sequence[Tally],
    fresh_oracle: Sequence[Tally],
    level: float = LEVEL,
) -> ThreeArms:
    """Return the contrasts of arms A, B and C.

    Args:
        continuous: arm A, runs of the whole chain.
        fresh_own: arm B, each segment from the agent's own state, given that it got there.
        fresh_oracle: arm C, each segment from the oracle's state.
        level: nominal coverage.
    """
    a, b, c = log_chance([continuous]), log_chance(fresh_own), log_chance(fresh_oracle)
    return ThreeArms(
        carrying_context=_ratio(a, b, level) if a and b else None,
        own_play=_ratio(b, c, level) if b and c else None,
        both=_ratio(a, c, level) if a and c else None,
    )


@dataclass(frozen=True, slots=True)
class RetryEconomics:
    """What J equal, independent segments cost, in runs of one segment.

    Attributes:
        all_at_once: `p^J`, the chance of one run without a retry.
        with_checkpoints: `J / p`: a failed segment is tried again.
        from_zero: `(p^-J - 1) / (1 - p)`: a failure starts the chain again; J if p is 1.
        saving_factor: from_zero / with_checkpoints.
    """

    all_at_once: float
    with_checkpoints: float
    from_zero: float
    saving_factor: float


def retry_economics(chance: float, segments: int) -> RetryEconomics:
    """Return what retries cost at a chance p of each segment.

    Raises:
        ValueError: not 0 < p <= 1, or there are no segments.
    """
    if not (0 < chance <= 1 and segments > 0):
        raise ValueError(f"{segments} segments at a chance of {chance} cost nothing sensible")
    with_checkpoints = segments / chance
    from_zero = (chance**-segments - 1) / (1 - chance) if chance < 1 else float(segments)
    return RetryEconomics(
        chance**segments, with_checkpoints, from_zero, from_zero / with_checkpoints
    )


def _ratio(first: LogChance, second: LogChance, level: float) -> ChainRatio:
    value = first.value - second.value
    variance = first.variance + second.variance
    error = math.sqrt(variance)
    interval = _log_interval(value, variance, level)
    return ChainRatio(value, error, interval, value / error if error else None)


def _log_interval(value: float, variance: float, level: float) -> Interval:
    half = float(stats.norm.ppf((1 + level) / 2)) * math.sqrt(variance)
    return Interval(math.exp(value - half), math.exp(value + half), "log delta", level)
