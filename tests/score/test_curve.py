import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.score.auc import TimeScale, areas, group_area, normalised_area
from pokebench.score.curve import (
    count_weights,
    mean_curve,
    oracle_weights,
    progress_at,
    pseudo_values,
    step_values,
)
from pokebench.score.interval import Floats
from pokebench.score.survival import restricted_mean
from pokebench.score.times import MilestoneTimes
from tests.score.cases import Case, case


def group_of(rows: list[list[float]], known_until: list[float] | None = None) -> MilestoneTimes:
    times = np.array(rows, dtype=float)
    until = np.array(known_until or [math.inf] * len(rows), dtype=float)
    return MilestoneTimes(tuple(f"m{i}" for i in range(times.shape[1])), times, until)


def runs_of(found: Case) -> list[list[float]]:
    return list(found.inputs["runs"].values())


def test_curves_and_their_mean_are_steps_that_include_their_time() -> None:
    found = case("curve-01-step-and-mean")
    weights, grid = np.array(found.inputs["weights"]), found.inputs["grid_min"]
    curves = step_values(runs_of(found), weights, grid)
    band = mean_curve(group_of(runs_of(found)), weights, found.inputs["budget_min"], grid)

    assert curves.tolist() == list(found.expected["curves"].values())
    assert list(band.mean) == found.close(found.expected["mean"])
    assert curves[:, -1].tolist() == found.expected["final"]
    assert band.censored == 0


def test_linear_areas() -> None:
    found = case("auc-01-linear")
    weights, budget = np.array(found.inputs["weights"]), found.inputs["budget_min"]
    oracle = found.inputs["oracle"]
    values = areas(runs_of(found), weights, budget)
    whole = normalised_area(group_of(runs_of(found)), oracle, weights, budget)

    assert values.tolist() == found.close(list(found.expected["auc"].values()))
    assert areas(oracle, weights, budget) == found.close(found.expected["oracle_auc"])
    ratios = values / whole.oracle
    assert ratios.tolist() == found.close(list(found.expected["nauc"].values()))
    assert whole.ratio.value == found.close(found.expected["nauc_mean"])
    assert not whole.beats_oracle


def test_log_areas_weigh_every_doubling_the_same() -> None:
    found = case("auc-02-log")
    weights, budget = np.array(found.inputs["weights"]), found.inputs["budget_min"]
    oracle, first = found.inputs["oracle"], found.inputs["t0_min"]
    values = areas(runs_of(found), weights, budget, TimeScale.LOG, first)
    whole = normalised_area(group_of(runs_of(found)), oracle, weights, budget, TimeScale.LOG, first)

    assert values.tolist() == found.close(list(found.expected["lauc"].values()))
    assert whole.oracle == found.close(found.expected["oracle_lauc"])
    ratios = (values / whole.oracle).tolist()
    assert ratios == found.close(list(found.expected["nlauc"].values()))
    assert whole.ratio.value == found.close(found.expected["nlauc_mean"])


def test_areas_at_the_edges_are_not_cut() -> None:
    found = case("auc-03-edges")
    weights, budget = np.array(found.inputs["weights"]), found.inputs["budget_min"]
    for name, times in found.inputs["runs"].items():
        whole = normalised_area(group_of([times]), found.inputs["oracle"], weights, budget)

        assert whole.area.value == found.close(found.expected["auc"][name])
        assert whole.ratio.value == found.close(found.expected["nauc"][name])
        assert step_values(times, weights, [budget])[0] == found.expected["final"][name]
        assert whole.beats_oracle == (name == "faster_than_oracle")
        assert whole.ratio.flag == "n=1"


def test_weights_by_the_oracle_make_the_curve_the_share_of_its_route() -> None:
    found = case("curve-02-oracle-weights")
    runs = case("curve-01-step-and-mean").inputs["runs"]
    oracle = found.inputs["oracle"]
    weights = oracle_weights(oracle)

    assert weights.tolist() == found.close(found.expected["weights"])
    for name, times in runs.items():
        assert step_values(times, weights, [60.0, 300.0]).tolist() == found.close(
            found.expected["curve_at"][name]
        )
        ratio = areas(times, weights, 300.0) / areas(oracle, weights, 300.0)
        assert ratio == found.close(found.expected["nauc"][name])


def test_weights_by_the_oracle_follow_time_and_pass_over_what_it_never_reaches() -> None:
    weights = oracle_weights([30.0, math.inf, 6.0])

    assert weights.tolist() == [0.8, 0.0, 0.2]
    with pytest.raises(ValueError, match="reaches no milestone"):
        oracle_weights([math.inf])


def test_the_mean_area_is_one_minus_the_restricted_means() -> None:
    found = case("auc-04-rmst-identity")
    group, budget = group_of(runs_of(found)), found.inputs["budget_min"]
    means = [restricted_mean(group.survival(m, budget), budget).value for m in range(4)]

    assert means == found.close(found.expected["rmst_per_milestone"])
    area = 1 - np.dot(found.inputs["weights"], means) / budget
    assert area == found.close(found.expected["auc_mean"])
    assert group_area(group, count_weights(4), budget).value == found.close(area)


def test_a_run_that_infrastructure_ended_does_not_count_as_standing_still() -> None:
    rows = runs_of(case("auc-01-linear"))
    aborted = group_of(rows, [math.inf, 100.0, math.inf])
    oracle = case("auc-01-linear").inputs["oracle"]
    whole = normalised_area(aborted, oracle, count_weights(4), 300.0)

    assert group_area(group_of(rows), count_weights(4), 300.0).value == pytest.approx(0.48388889)
    assert whole.area.value == pytest.approx(0.50611111)
    assert whole.area.interval is not None
    assert whole.area.interval.low < 0.506 < whole.area.interval.high


def test_a_group_that_nobody_knows_to_the_end_says_so() -> None:
    group = group_of([[5.0, math.inf], [6.0, math.inf]], [50.0, 60.0])

    assert group_area(group, count_weights(2), 100.0).flag == "extrapolated"
    assert progress_at(group, count_weights(2), 100.0).flag == "extrapolated"
    assert progress_at(group, count_weights(2), 55.0).flag == ""


times_of_runs = st.lists(
    st.lists(
        st.one_of(st.floats(0, 400, allow_subnormal=False), st.just(math.inf)),
        min_size=3,
        max_size=3,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(times_of_runs)
def test_curves_rise_and_areas_stay_between_nothing_and_all(rows: list[list[float]]) -> None:
    group, weights = group_of(rows), count_weights(3)
    band = mean_curve(group, weights, 300.0)

    assert list(band.mean) == sorted(band.mean)
    assert all(
        0 <= low <= mean + 1e-9 and mean <= high + 1e-9 <= 1 + 1e-8
        for low, mean, high in zip(band.low, band.mean, band.high, strict=True)
    )
    for scale in TimeScale:
        assert 0 <= group_area(group, weights, 300.0, scale).value <= 1


@settings(max_examples=25, deadline=None)
@given(times_of_runs)
def test_without_censoring_the_pseudo_values_are_the_runs_own(rows: list[list[float]]) -> None:
    group, weights = group_of(rows), count_weights(3)

    def mean_area(some: MilestoneTimes) -> Floats:
        return np.array(areas(some.times, weights, 300.0).mean())

    assert pseudo_values(group, mean_area) == pytest.approx(areas(rows, weights, 300.0))
