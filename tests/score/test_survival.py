import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pokebench.score.interval import t_interval
from pokebench.score.proportion import clopper_pearson, proportion
from pokebench.score.reach import time_to_milestone
from pokebench.score.survival import (
    kaplan_meier,
    log_rank,
    restricted_mean,
    restricted_mean_difference,
)
from tests.score.cases import case
from tests.score.test_curve import group_of


def test_the_curve_and_its_band() -> None:
    found = case("km-01")
    curve = kaplan_meier(found.inputs["times"], found.inputs["events"])
    table = found.expected["table"]

    assert list(curve.times) == [row["t"] for row in table]
    assert list(curve.at_risk) == [row["at_risk"] for row in table]
    assert list(curve.events) == [row["events"] for row in table]
    assert list(curve.survival) == found.close([row["S"] for row in table])
    assert list(curve.variance) == found.close([row["greenwood_var"] for row in table])
    assert curve.median == found.expected["median"]
    for time, (low, high) in found.expected["loglog_ci95"].items():
        index = curve.times.index(float(time))
        assert (curve.low[index], curve.high[index]) == found.close((low, high))
    tau = found.inputs["tau"]
    assert curve.reached_by(tau) == found.close(found.expected[f"reach_prob_{tau}"])


def test_the_standard_error_of_a_restricted_mean_is_that_of_the_estimate() -> None:
    found, other = case("km-01"), case("km-02-lifelines-rmst-variance")
    tau = found.inputs["tau"]
    curve = kaplan_meier(found.inputs["times"], found.inputs["events"])
    mean = restricted_mean(curve, tau)
    steps = np.array([0.0, *curve.times, tau])
    levels = np.array([1.0, *curve.survival])
    second_moment = float((levels * np.diff(steps**2)).sum())

    assert mean.value == found.close(found.expected["rmst_120"])
    assert mean.standard_error == found.close(found.expected["rmst_120_se"])
    assert mean.standard_error**2 == found.close(found.expected["rmst_120_greenwood_var"])
    assert mean.value == other.close(other.expected["rmst"])
    assert second_moment - mean.value**2 == other.close(other.expected["variance_lifelines"])
    assert not mean.is_extrapolated


def test_a_milestone_that_nobody_reached_has_no_median() -> None:
    found = case("km-03-no-events")
    curve = kaplan_meier(found.inputs["times"], found.inputs["events"])
    exact = clopper_pearson(0, 3)

    assert curve.median == found.expected["median"]
    assert restricted_mean(curve, found.inputs["tau"]).value == found.expected["rmst"]
    assert curve.reached_by(300) == found.expected["reach_prob"]
    assert [exact.low, exact.high] == found.close(found.expected["reach_prob_ci95_clopper_pearson"])


def test_one_run_has_a_median_and_no_interval() -> None:
    found = case("km-05-one-run")
    curve = kaplan_meier(found.inputs["times"], found.inputs["events"])
    mean = restricted_mean(curve, found.inputs["tau"])

    assert curve.median == found.expected["median"]
    assert mean.value == found.expected["rmst"]
    assert mean.interval() is curve.median_interval is found.expected["ci"]
    assert restricted_mean_difference(mean, mean).flag == found.expected["flag"]


def test_without_censoring_the_restricted_mean_has_the_t_interval() -> None:
    times = [30.0, 35.0, 45.0, 50.0]
    mean, t = restricted_mean(kaplan_meier(times, [True] * 4), 100.0).interval(), t_interval(times)
    assert mean is not None

    assert (mean.low, mean.high) == pytest.approx((t.low, t.high))


def test_a_restricted_mean_beyond_what_was_watched_says_so() -> None:
    curve = kaplan_meier([5.0, 9.0], [True, False])

    assert restricted_mean(curve, 20.0).is_extrapolated
    assert not restricted_mean(curve, 9.0).is_extrapolated


def test_reaching_a_milestone_counts_those_who_could() -> None:
    group = group_of([[10.0], [math.inf], [math.inf]], [math.inf, 300.0, 20.0])
    found = time_to_milestone(group, 0, 300.0, oracle_time=2.0)
    never = time_to_milestone(group_of([[math.inf]]), 0, 300.0, oracle_time=2.0)

    assert found.reached == proportion(1, 2)
    assert found.speed_ratio == 0.0
    assert found.median == math.inf
    assert time_to_milestone(group_of([[10.0]]), 0, 300.0, 2.0).speed_ratio == 0.2
    assert never.speed_ratio == 0.0
    assert never.mean.value == 300.0


def test_two_groups_are_compared_by_rank_and_by_restricted_mean() -> None:
    slow, fast = [50.0, 70.0, 80.0, 100.0], [10.0, 20.0, 30.0, 60.0]
    found = log_rank(slow, [1, 1, 1, 0], fast, [1, 1, 1, 1])
    means = [
        restricted_mean(kaplan_meier(times, events), 100.0)
        for times, events in ((slow, [1, 1, 1, 0]), (fast, [1, 1, 1, 1]))
    ]
    difference = restricted_mean_difference(means[0], means[1])

    assert found is not None
    assert found.p_value == pytest.approx(stats.chi2.sf(found.chi_square, 1))
    assert found.p_value < 0.05
    assert difference.value == pytest.approx(75 - 30)
    assert difference.interval is not None
    assert difference.interval.low > 0
    assert log_rank([9.0], [0], [9.0], [0]) is None


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=20).filter(
        lambda pairs: any(event for _, event in pairs)
    )
)
def test_the_curve_equals_that_of_scipy(pairs: list[tuple[int, bool]]) -> None:
    times, events = ([pair[i] for pair in pairs] for i in (0, 1))
    sample = stats.CensoredData.right_censored(times, [not event for event in events])
    theirs = stats.ecdf(sample).sf
    curve = kaplan_meier(times, events)

    assert [curve.at(time) for time in theirs.quantiles] == pytest.approx(
        list(theirs.probabilities), abs=1e-12
    )


@pytest.mark.parametrize("times", [[], [-1.0], [math.inf], [math.nan]])
def test_times_must_be_finite_and_not_negative(times: list[float]) -> None:
    with pytest.raises(ValueError, match=r"survival needs|negative or not finite"):
        kaplan_meier(times, [True] * len(times))
