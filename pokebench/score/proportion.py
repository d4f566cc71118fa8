"""Shares of successes: intervals, and what k tries are worth."""

import math
from dataclasses import dataclass

from scipy import special, stats

from pokebench.score.interval import LEVEL, Interval


@dataclass(frozen=True, slots=True)
class Proportion:
    """k successes of n.

    Attributes:
        successes: k.
        n: how often it was tried.
        share: k / n.
        wilson: to display.
        exact: Clopper and Pearson's, for "has not been shown to".
    """

    successes: int
    n: int
    share: float
    wilson: Interval
    exact: Interval


def proportion(successes: int, n: int, level: float = LEVEL) -> Proportion:
    """Return a share with both intervals, clipped to 0 and 1.

    0 of 5 has an exact upper end of 0.522; 5 of 5 a lower end of 0.478.

    Source: Wilson (1927); Clopper and Pearson (1934), by `scipy.stats.binomtest`.

    Raises:
        ValueError: not 0 <= successes <= n, or n is 0.
    """
    _check(successes, n)
    return Proportion(
        successes,
        n,
        successes / n,
        wilson(successes, n, level),
        clopper_pearson(successes, n, level),
    )


def wilson(successes: int, n: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval, without continuity correction."""
    _check(successes, n)
    return wilson_share(successes / n, n, level)


def wilson_share(share: float, n: float, level: float = LEVEL) -> Interval:
    """Return Wilson's interval of a share of n, which need not be whole.

    `(p + z^2 / 2n ± z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)`.

    Source: Wilson (1927), Probable inference.

    Raises:
        ValueError: the share is not 0 to 1, or n is not positive.
    """
    if not (0 <= share <= 1 and n > 0):
        raise ValueError(f"a share of {share} of {n} is none")
    z = float(stats.norm.ppf((1 + level) / 2))
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if share == 0 else middle - half
    high = 1.0 if share == 1 else middle + half
    return Interval(low, high, "wilson", level).clipped(0, 1)


def clopper_pearson(successes: int, n: int, level: float = LEVEL) -> Interval:
    """Return the exact interval: covers at least `level`, and usually more."""
    _check(successes, n)
    found = stats.binomtest(successes, n).proportion_ci(level, method="exact")
    return Interval(float(found.low), float(found.high), "clopper-pearson", level)


def jeffreys_point(successes: int, n: int) -> float:
    """Return `(k + 1/2) / (n + 1)`: a point estimate that is never 0 or 1."""
    _check(successes, n)
    return (successes + 0.5) / (n + 1)


def pass_at_k(n: int, successes: int, k: int) -> float:
    """Return the chance that one of k tries succeeds: `1 - C(n-c, k) / C(n, k)`, unbiased.

    Source: Chen et al. (2021), Evaluating Large Language Models Trained on Code.

    Raises:
        ValueError: k is more than n: that would be an extrapolation.
    """
    _check_k(successes, n, k)
    return 1.0 - float(special.comb(n - successes, k, exact=True) / special.comb(n, k, exact=True))


def pass_hat_k(n: int, successes: int, k: int) -> float:
    """Return the chance that all of k tries succeed: `C(c, k) / C(n, k)`, unbiased.

    Source: Yao et al. (2024), tau-bench.

    Raises:
        ValueError: k is more than n: that would be an extrapolation.
    """
    _check_k(successes, n, k)
    return float(special.comb(successes, k, exact=True) / special.comb(n, k, exact=True))


def _check(successes: int, n: int) -> None:
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"{successes} successes of {n} is no share")


def _check_k(successes: int, n: int, k: int) -> None:
    _check(successes, n)
    if not 1 <= k <= n:
        raise ValueError(f"k = {k} of n = {n}: k is 1 to n, more tries need more runs")
