import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.score.clock import frames_of, minutes_of
from pokebench.score.interval import (
    Interval,
    bootstrap_interval,
    bootstrap_means,
    mean_estimate,
    percentile_interval,
    sample_sd,
    t_interval,
)
from pokebench.score.proportion import pass_at_k, pass_hat_k, proportion, wilson
from pokebench.types import FRAMES_PER_SECOND
from tests.score.cases import case


def test_budgets_are_whole_frames_of_the_video_clock() -> None:
    found = case("clock-01-gb-frames")
    minutes = found.inputs["minutes"]

    assert found.close(found.expected["fps"]) == FRAMES_PER_SECOND
    assert [frames_of(m) for m in minutes] == found.expected["frames_int_ceil"]
    exact = [m * 60 * FRAMES_PER_SECOND for m in minutes]
    assert exact == found.close(found.expected["frames"])
    assert [minutes_of(f) for f in exact] == found.close(minutes)
    game_seconds = FRAMES_PER_SECOND / 60
    assert game_seconds == found.close(found.expected["igt_seconds_per_real_second"])


def test_three_values_get_a_t_interval_and_all_resamples() -> None:
    found = case("ci-01-exhaustive-bootstrap-n3")
    values, expected = found.inputs["values"], found.expected
    estimate, percentile = mean_estimate(values), bootstrap_interval(values)
    t = t_interval(values)

    assert estimate.value == found.close(expected["mean"])
    assert estimate.interval == t
    assert [t.low, t.high] == found.close(expected["t95"])
    assert estimate.standard_error == found.close(expected["se"])
    assert sample_sd(values) == found.close(expected["sd_ddof1"])
    assert bootstrap_means(values).size == expected["n_resamples"]
    assert np.median(bootstrap_means(values)) == found.close(expected["bootstrap_median"])
    assert [percentile.low, percentile.high] == found.close(expected["percentile_95"])


def test_one_run_has_a_value_and_no_interval() -> None:
    found = case("ci-02-one-run")
    estimate = mean_estimate(found.inputs["values"])

    assert estimate.value == found.expected["mean"]
    assert estimate.interval is found.expected["ci"]
    assert estimate.flag == found.expected["flag"]


def test_the_deviation_has_one_less_than_the_number_of_values_below_it() -> None:
    found = case("xref-02-balrog-se")
    values = found.inputs["progress"]
    estimate = mean_estimate(values)

    assert estimate.value == found.expected["mean"]
    assert estimate.standard_error == found.close(found.expected["se_sample"])
    population = np.std(values) / math.sqrt(len(values))
    assert population == found.close(found.expected["se_population"])


def test_ten_values_get_a_bootstrap_interval_as_wide_as_the_t_interval() -> None:
    values = np.linspace(0, 1, 10) ** 2
    found, t, narrow = (
        mean_estimate(values).interval,
        t_interval(values),
        bootstrap_interval(values),
    )
    assert found is not None

    assert (found.method, found.level) == ("bootstrap", 0.95)
    assert found == mean_estimate(values).interval
    assert found.high - found.low == pytest.approx(t.high - t.low, rel=0.06)
    assert found.high - found.low > 1.1 * (narrow.high - narrow.low)


def test_infinite_replicates_keep_their_place() -> None:
    replicates = np.array([1.0, 2.0, 3.0] * 30 + [math.inf] * 10)
    found = percentile_interval(replicates)

    assert (found.low, found.high) == (1.0, math.inf)
    assert percentile_interval([0.0] * 50 + [math.inf] * 50).low == 0.0


def test_an_interval_can_be_cut_and_compared() -> None:
    interval = Interval(-0.2, 1.4, "t")

    assert (interval.clipped(0, 1).low, interval.clipped(0, 1).high) == (0, 1)
    assert interval.overlaps(Interval(1.4, 2.0, "t"))
    assert not interval.overlaps(Interval(1.5, 2.0, "t"))


def test_shares_have_two_intervals() -> None:
    assert proportion(0, 5).exact.high == pytest.approx(0.522, abs=5e-4)
    assert proportion(5, 5).exact.low == pytest.approx(0.478, abs=5e-4)
    assert wilson(0, 5).low == 0.0
    assert wilson(5, 5).high == 1.0
    with pytest.raises(ValueError, match="no share"):
        proportion(3, 2)


def test_k_tries() -> None:
    found = case("passk-01")
    n, successes, tries = (found.inputs[key] for key in ("n", "c", "k"))

    any_of = [[pass_at_k(n, c, k) for k in tries] for c in successes]
    all_of = [[pass_hat_k(n, c, k) for k in tries] for c in successes]
    assert np.array(any_of) == found.close(np.array(found.expected["pass_at_k"]))
    assert np.array(all_of) == found.close(np.array(found.expected["pass_hat_k"]))
    with pytest.raises(ValueError, match="k is 1 to n"):
        pass_at_k(3, 1, 4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=14))
def test_an_interval_holds_its_estimate(values: list[float]) -> None:
    estimate = mean_estimate(values)

    assert estimate.interval is not None
    slack = 1e-6 * (1 + abs(estimate.value))
    assert estimate.interval.low - slack <= estimate.value <= estimate.interval.high + slack
