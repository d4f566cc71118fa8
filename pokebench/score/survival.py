"""Times to a milestone when some runs ended early: Kaplan and Meier's curve and what it gives.

An *event* is reaching the milestone, so the survival curve S(t) is the share that has not reached
it by t, and a smaller area under S is better.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from pokebench.score.interval import LEVEL, Estimate, Floats, Interval


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Kaplan and Meier's estimate; all tuples have one value for each time with an event.

    Attributes:
        n: runs.
        times: times with events, ascending, in the clock's unit.
        at_risk: runs not yet ended just before each.
        events: events at each.
        survival: S just after each.
        variance: Greenwood's, of S.
        low: lower end of the log-log band (exponential Greenwood); NaN where S is 0.
        high: its upper end.
        last: the longest time anybody was watched.
        level: nominal coverage of the band.
    """

    n: int
    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    survival: tuple[float, ...]
    variance: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    last: float
    level: float

    def at(self, time: float) -> float:
        """Return S(time): right-continuous, 1 before the first event."""
        index = int(np.searchsorted(self.times, time, side="right"))
        return self.survival[index - 1] if index else 1.0

    def reached_by(self, time: float) -> float:
        """Return the share that has reached the milestone by `time`, 1 - S."""
        return 1.0 - self.at(time)

    @property
    def median(self) -> float:
        """First time at which S is at most one half; infinite if it stays above: "> budget"."""
        return self._first_at_most(self.survival)

    @property
    def median_interval(self) -> Interval | None:
        """Where the log-log band crosses one half; None for one run.

        Source: Brookmeyer and Crowley (1982), A Confidence Interval for the Median Survival Time.
        """
        if self.n < 2:
            return None
        low, high = self._first_at_most(self.low), self._first_at_most(self.high)
        return Interval(low, high, "log-log", self.level)

    def _first_at_most(self, values: Sequence[float]) -> float:
        for time, value, survival in zip(self.times, values, self.survival, strict=True):
            if value <= 0.5 or survival == 0.0:
                return time
        return math.inf


def kaplan_meier(
    times: npt.ArrayLike, observed: npt.ArrayLike, level: float = LEVEL
) -> SurvivalCurve:
    """Return the product-limit estimate: `S(t) = prod over t_i <= t of (1 - d_i / n_i)`.

    Variance by Greenwood: `S^2 * sum of d / (n (n - d))`; the band is on log(-log S). A run that is
    censored at a time of an event counts as at risk there.

    Args:
        times: `(n,)`, when each run reached the milestone or ended; finite, not negative.
        observed: `(n,)`, whether it reached it.
        level: nominal coverage of the band.

    Source: Kaplan and Meier (1958); Kalbfleisch and Prentice for the band. Equal to
    `scipy.stats.ecdf`, which hides the numbers at risk and Greenwood's sum.

    Raises:
        ValueError: there are no runs, or a time is negative or not finite.
    """
    ends, happened = _checked(times, observed)
    moments = np.unique(ends[happened])
    at_risk = (ends[None, :] >= moments[:, None]).sum(axis=1)
    events = ((ends == moments[:, None]) & happened).sum(axis=1)
    survival = np.cumprod(1.0 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(events / (at_risk * (at_risk - events)))
        variance = np.where(survival > 0, survival**2 * spread, 0.0)
        half = stats.norm.ppf((1 + level) / 2) * np.sqrt(spread) / np.abs(np.log(survival))
        low, high = (survival ** np.exp(sign * half) for sign in (1, -1))
    known = survival > 0
    return SurvivalCurve(
        n=ends.size,
        times=_tuple(moments),
        at_risk=tuple(int(count) for count in at_risk),
        events=tuple(int(count) for count in events),
        survival=_tuple(survival),
        variance=_tuple(variance),
        low=_tuple(np.where(known, low, math.nan)),
        high=_tuple(np.where(known, high, math.nan)),
        last=float(ends.max()),
        level=level,
    )


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean time to a milestone, where nobody is credited with more than `tau`.

    Attributes:
        value: area under S up to tau, in the clock's unit.
        standard_error: of the estimate, by Greenwood's plug-in; NaN for one run.
        tau: the horizon.
        n: runs.
        is_extrapolated: nobody was watched up to tau and S had not reached 0, so that S is taken to
            stay flat from the last run's end on.
    """

    value: float
    standard_error: float
    tau: float
    n: int
    is_extrapolated: bool

    def interval(self, level: float = LEVEL) -> Interval | None:
        """Return `value ± t(n - 1) * sqrt(n / (n - 1)) * standard error`, cut to 0 and tau.

        None for one run. Greenwood's plug-in is a variance with n in the denominator: without
        censoring, this is the t-interval of the mean.
        """
        if self.n < 2:
            return None
        t = float(stats.t.ppf((1 + level) / 2, self.n - 1))
        half = t * math.sqrt(self.n / (self.n - 1)) * self.standard_error
        return Interval(self.value - half, self.value + half, "greenwood", level).clipped(
            0.0, self.tau
        )


def restricted_mean(curve: SurvivalCurve, tau: float) -> RestrictedMean:
    """Return RMST(tau) = integral of S from 0 to tau, with its standard error.

    Variance: `sum over t_i <= tau of (integral of S from t_i to tau)^2 * d_i / (n_i (n_i - d_i))`,
    where a step to S = 0 adds nothing. This is the variance of the estimate; lifelines'
    `restricted_mean_survival_time(return_variance=True)` is that of min(T, tau), another thing.

    Source: Klein and Moeschberger, Survival Analysis, section 4.5.

    Raises:
        ValueError: tau is not positive.
    """
    if not tau > 0:
        raise ValueError(f"a horizon is positive, not {tau}")
    times = np.array(curve.times)
    kept = times <= tau
    steps = np.concatenate([[0.0], times[kept], [tau]])
    levels = np.concatenate([[1.0], np.array(curve.survival)[kept]])
    areas = np.diff(steps) * levels
    rest = areas[1:][::-1].cumsum()[::-1]
    at_risk = np.array(curve.at_risk, dtype=np.float64)[kept]
    events = np.array(curve.events, dtype=np.float64)[kept]
    left = at_risk > events
    terms = rest[left] ** 2 * events[left] / (at_risk[left] * (at_risk - events)[left])
    error = math.sqrt(float(terms.sum())) if curve.n > 1 else math.nan
    cut_short = curve.last < tau and curve.at(curve.last) > 0
    return RestrictedMean(float(areas.sum()), error, tau, curve.n, cut_short)


def restricted_mean_difference(
    first: RestrictedMean, second: RestrictedMean, level: float = LEVEL
) -> Estimate:
    """Return first - second of two independent groups, `± t * sqrt(V1 + V2)`.

    V is the squared standard error times n / (n - 1); t has Welch's degrees of freedom.

    Raises:
        ValueError: the horizons differ.
    """
    if first.tau != second.tau:
        raise ValueError(f"restricted means up to {first.tau} and {second.tau} do not compare")
    value = first.value - second.value
    n = min(first.n, second.n)
    if n < 2:
        return Estimate(value, None, n, flag="n=1")
    means = (first, second)
    variances = np.array([m.standard_error**2 * m.n / (m.n - 1) for m in means])
    error = math.sqrt(float(variances.sum()))
    if error == 0:
        return Estimate(value, Interval(value, value, "greenwood", level), n, 0.0)
    freedom = float(variances.sum() ** 2 / (variances**2 / [m.n - 1 for m in means]).sum())
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    return Estimate(value, Interval(value - half, value + half, "greenwood", level), n, error)


@dataclass(frozen=True, slots=True)
class LogRank:
    """A test of whether two groups reach a milestone equally fast.

    Attributes:
        chi_square: with one degree of freedom.
        p_value: two-sided.
    """

    chi_square: float
    p_value: float


def log_rank(
    first_times: npt.ArrayLike,
    first_observed: npt.ArrayLike,
    second_times: npt.ArrayLike,
    second_observed: npt.ArrayLike,
) -> LogRank | None:
    """Return the log-rank test of two groups; None if neither has an event.

    Source: Mantel (1966), by `scipy.stats.logrank`.

    Raises:
        ValueError: a group has no runs, or a time is negative or not finite.
    """
    groups = [
        _checked(first_times, first_observed),
        _checked(second_times, second_observed),
    ]
    if not any(happened.any() for _, happened in groups):
        return None
    data = [stats.CensoredData.right_censored(ends, ~happened) for ends, happened in groups]
    found = stats.logrank(*data)
    return LogRank(float(found.statistic) ** 2, float(found.pvalue))


def _checked(times: npt.ArrayLike, observed: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.bool_]]:
    ends = np.asarray(times, dtype=np.float64)
    happened = np.asarray(observed, dtype=np.bool_)
    if ends.size == 0 or ends.shape != happened.shape or ends.ndim != 1:
        raise ValueError("survival needs one time and one event flag for each run")
    if not (np.isfinite(ends).all() and (ends >= 0).all()):
        raise ValueError("a time is negative or not finite: an unreached milestone is censored")
    return ends, happened


def _tuple(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
