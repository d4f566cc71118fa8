"""Dollars: by class of token, at any dated price, against the score, and over the years."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from pokebench.score.interval import exponential
from pokebench.types import Clocks

_MILLION: Final = 1_000_000
FEWEST_ENVELOPE_POINTS: Final = 4


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens of each class, by a dated table."""

    input: float
    cache_read: float
    cache_write: float
    output: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What the tokens of a run cost, in dollars.

    Attributes:
        input_usd: input that no cache was involved in.
        cache_read_usd: input read from a cache.
        cache_write_usd: input written to one.
        output_usd: output, reasoning included.
        uncached_usd: the whole, had every input token been charged as plain input.
    """

    input_usd: float
    cache_read_usd: float
    cache_write_usd: float
    output_usd: float
    uncached_usd: float

    @property
    def usd(self) -> float:
        """The whole."""
        return self.input_usd + self.cache_read_usd + self.cache_write_usd + self.output_usd


def cost_of(clocks: Clocks, prices: Prices) -> Cost:
    """Return a run's cost at `prices`: sum of tokens x price over four disjoint classes.

    Token counts are kept for good and prices in dated tables, so an old run can be priced anew.
    """
    read, written = clocks.tokens_cache_read, clocks.tokens_cache_write
    whole_input = clocks.tokens_in + read + written
    output = clocks.tokens_out * prices.output / _MILLION
    return Cost(
        input_usd=clocks.tokens_in * prices.input / _MILLION,
        cache_read_usd=read * prices.cache_read / _MILLION,
        cache_write_usd=written * prices.cache_write / _MILLION,
        output_usd=output,
        uncached_usd=whole_input * prices.input / _MILLION + output,
    )


def pareto_front(costs: Sequence[float], scores: Sequence[float]) -> tuple[bool, ...]:
    """Return for each point whether no other dominates it.

    Another dominates if it costs no more and scores no less, and one of both is strict; equal
    points do not dominate each other.
    """
    points = list(zip(costs, scores, strict=True))
    return tuple(
        not any(c <= cost and s >= score and (c < cost or s > score) for c, s in points)
        for cost, score in points
    )


@dataclass(frozen=True, slots=True)
class CostDecline:
    """How fast a fixed performance gets cheaper.

    Attributes:
        envelope: years and dollars of each new cheapest, in order.
        end_ratio: first price of the envelope / last.
        slope: ln of dollars a year; None below four points of the envelope, as the next two.
        factor_per_year: by which it gets cheaper.
        halving_months: until it costs half.
    """

    envelope: tuple[tuple[float, float], ...]
    end_ratio: float
    slope: float | None
    factor_per_year: float | None
    halving_months: float | None


def cost_decline(years: Sequence[float], usd: Sequence[float]) -> CostDecline:
    """Return the decline of the running minimum of dollars by release date.

    Args:
        years: when each system was released, from any zero.
        usd: what it takes to the fixed performance, like the median to a badge at 80 % reach.

    Source: Epoch AI's construction: log-linear fit of the running minimum.

    Raises:
        ValueError: there is nothing, or a price is not positive.
    """
    if not usd or min(usd) <= 0:
        raise ValueError("a decline needs positive prices")
    envelope: list[tuple[float, float]] = []
    for year, price in sorted(zip(years, usd, strict=True)):
        if not envelope or price < envelope[-1][1]:
            envelope.append((year, price))
    ratio = envelope[0][1] / envelope[-1][1]
    if len({year for year, _ in envelope}) < FEWEST_ENVELOPE_POINTS:
        return CostDecline(tuple(envelope), ratio, None, None, None)
    x, y = np.array(envelope).T
    slope = float(stats.linregress(x, np.log(y)).slope)
    return CostDecline(
        tuple(envelope), ratio, slope, exponential(-slope), 12 * math.log(2) / -slope
    )
