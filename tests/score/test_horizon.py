import csv
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special

from pokebench.score.completion import completion
from pokebench.score.horizon import (
    HorizonFit,
    HorizonFlag,
    Weighting,
    horizon,
    horizon_ratio,
    joint_horizons,
)
from pokebench.score.shape import constant_hazard_horizon, logistic_by_runs, weibull_shape
from pokebench.score.task import Attempt, TaskResult, task_results
from pokebench.types import Censoring
from tests.score.cases import case

PUBLISHED = "metr_expected.json"


def tasks_of(inputs: Any, factor: float = 1.0) -> list[TaskResult]:
    lengths = inputs["ref_minutes"]
    successes = inputs.get("n_success", inputs.get("success"))
    families = inputs.get("family", [str(i) for i in range(len(lengths))])
    columns = zip(lengths, inputs["n_runs"], successes, families, strict=True)
    return [
        TaskResult(str(i), family, length * factor, runs, k)
        for i, (length, runs, k, family) in enumerate(columns)
    ]


def fit(tasks: list[TaskResult], **options: Any) -> HorizonFit:
    return horizon(tasks, resamples=50, fewest_tasks=1, fewest_families=1, **options)


@pytest.mark.parametrize("weighting", list(Weighting))
@pytest.mark.parametrize("ridge", [1e-5, 0.1])
def test_the_estimate_is_the_optimum(weighting: Weighting, ridge: float) -> None:
    found = case("horizon-01-synthetic")
    name = "equal" if weighting is Weighting.EQUAL else "invsqrt_family"
    expected = found.expected[f"{name}|lambda={ridge:g}"]
    result = fit(tasks_of(found.inputs), weighting=weighting, ridge=ridge)

    assert result.slope == found.close(expected["coef"])
    assert result.intercept == found.close(expected["intercept"])
    assert result.h50.minutes == found.close(expected["h50"])
    assert result.h80.minutes == found.close(expected["h80"])
    assert result.average == found.close(expected["average"])


def test_longer_references_make_longer_horizons() -> None:
    base, found = case("horizon-01-synthetic"), case("horizon-02-unit-equivariance")
    factor = found.inputs["factor"]
    one, other = (
        fit(tasks_of(base.inputs, scale), weighting=Weighting.EQUAL) for scale in (1, factor)
    )

    assert other.slope / one.slope == found.close(found.expected["coef_ratio"])
    assert other.h50.raw_minutes / one.h50.raw_minutes == found.close(found.expected["h50_ratio"])
    assert other.h80.raw_minutes / one.h80.raw_minutes == found.close(found.expected["h80_ratio"])


def test_separated_data_give_a_bracket() -> None:
    found = case("horizon-03-separated")
    result = fit(tasks_of(found.inputs), weighting=Weighting.EQUAL)
    raw = found.expected["lambda_1e5"]

    assert result.flag == found.expected["flag"]
    assert list(result.bracket_minutes or ()) == found.expected["bracket"]
    assert result.h50.minutes == found.close(found.expected["h50_reported"])
    assert result.h80.text == "n/a"
    assert (result.slope, result.intercept) == found.close((raw["coef"], raw["intercept"]))
    assert (result.h50.raw_minutes, result.h80.raw_minutes) == found.close((raw["h50"], raw["h80"]))


def test_data_without_successes_give_a_bound() -> None:
    found = case("horizon-05-all-fail")
    result = fit(tasks_of(found.inputs))

    assert result.flag == found.expected["flag"]
    assert result.h50.minutes is found.expected["h50"]
    assert result.h50.at_most_minutes == found.expected["h50_upper_bound"]
    assert result.h50.text == found.expected["text"]
    assert result.h50.interval is None


def test_data_without_failures_give_a_bound() -> None:
    result = fit([TaskResult(str(n), "f", n, 2, 2) for n in (1, 2, 60)])

    assert result.flag is HorizonFlag.ALL_SUCCESS
    assert result.h50.text == result.h80.text == "> 60 min"


def test_a_slope_that_rises_gives_nothing() -> None:
    found = case("horizon-06-positive-slope")
    result = fit(tasks_of(found.inputs), weighting=Weighting.EQUAL)

    assert result.flag == found.expected["flag"]
    assert result.slope == found.close(found.expected["coef"])
    assert result.h50.minutes is found.expected["h50"]


@pytest.mark.parametrize(
    ("successes", "text"), [([9, 9, 9, 8], "> 8 min"), ([1, 1, 1, 0], "< 1 min")]
)
def test_a_horizon_far_outside_the_tasks_is_a_bound(successes: list[int], text: str) -> None:
    columns = zip((1, 2, 4, 8), successes, strict=True)
    result = fit([TaskResult(str(t), str(t), t, 10, k) for t, k in columns])

    assert result.flag is HorizonFlag.NONE
    assert result.h50.minutes is None
    assert result.h50.text == text
    assert math.isfinite(result.h50.raw_minutes)


def test_a_line_that_hardly_falls_ends_in_infinity_and_not_in_an_error() -> None:
    tasks = [TaskResult(str(t), str(t % 2), t, 1000, 900 - t) for t in range(1, 9)]
    result = horizon(tasks, resamples=100)

    assert result.h50.text == "> 8 min"
    assert result.h50.interval is not None
    assert result.h50.interval.high == math.inf


def test_too_few_tasks_give_no_horizon() -> None:
    tasks = tasks_of(case("horizon-01-synthetic").inputs)

    assert horizon(tasks[:7], resamples=20).flag is HorizonFlag.TOO_FEW
    assert horizon(tasks[:7], resamples=20).h50.text == "n/a"
    assert horizon(tasks, resamples=20).flag is HorizonFlag.NONE


def test_other_shapes_of_the_same_data() -> None:
    found = case("horizon-08-alternatives")
    tasks = tasks_of(found.inputs)
    shape, logistic = weibull_shape(tasks, resamples=50), logistic_by_runs(tasks)
    assert shape is not None
    assert logistic is not None
    weibull, flat = found.expected["weibull"], found.expected["exponential"]
    line = found.expected["logistic_mle"]

    assert (shape.k, shape.eta_minutes) == found.close((weibull["k"], weibull["eta"]))
    assert (shape.h50_minutes, shape.h80_minutes) == found.close((weibull["h50"], weibull["h80"]))
    assert shape.negative_log_likelihood == found.close(weibull["nll"])
    eta = shape.exponential_eta_minutes
    assert eta == found.close(flat["eta"])
    assert eta * math.log(2) == found.close(flat["h50"])
    assert constant_hazard_horizon(eta * math.log(2), 0.8) == found.close(flat["h80"])
    assert constant_hazard_horizon(1.0, 0.8) == found.close(flat["h80_over_h50"])
    assert shape.exponential_negative_log_likelihood == found.close(flat["nll"])
    assert shape.logistic_negative_log_likelihood == found.close(line["nll"])
    assert (logistic.intercept, logistic.slope) == found.close((line["intercept"], line["coef"]))
    assert logistic.h50_minutes == found.close(line["h50"])
    assert logistic.h80_minutes == found.close(line["h80"])
    assert logistic.log2_h50_standard_error == found.close(line["se_log2_h50"])
    interval = logistic.h50_interval
    assert [interval.low, interval.high] == found.close(line["h50_ci95_delta"])


def test_a_constant_hazard_ties_all_horizons() -> None:
    found = case("horizon-09-threshold-table")
    h50 = found.inputs["h50"]

    for share, minutes in found.expected["h"].items():
        assert constant_hazard_horizon(h50, float(share)) == found.close(minutes)


def test_degenerate_data_have_no_shape() -> None:
    for successes in ([2, 2], [0, 0], [2, 0]):
        tasks = [TaskResult(str(t), "f", t, 2, k) for t, k in zip((1, 9), successes, strict=True)]

        assert weibull_shape(tasks, resamples=20) is None
        assert logistic_by_runs(tasks) is None


def test_agents_are_resampled_together() -> None:
    tasks = tasks_of(case("horizon-01-synthetic").inputs)
    twice = [
        TaskResult(t.task_id, t.family, t.reference_minutes, 500, t.successes * 100) for t in tasks
    ]
    fits = joint_horizons({"one": twice, "same": twice}, resamples=200, fewest_families=1)
    ratio, alone = horizon_ratio(fits["one"], fits["same"]), fits["one"].h50.interval
    assert ratio is not None
    assert alone is not None

    assert ratio.low < 0 < ratio.high
    assert ratio.high - ratio.low < math.log2(alone.high / alone.low) / 2


def test_completion_at_a_length_is_printed_raw_and_fitted() -> None:
    tasks = tasks_of(case("horizon-01-synthetic").inputs)
    found = horizon(tasks, resamples=200)
    at_ten, at_day = completion(tasks, found, 10.0), completion(tasks, found, 1440.0)

    assert (at_ten.tasks, at_ten.runs, at_ten.successes) == (2, 10, 8)
    assert at_ten.raw == pytest.approx(0.8)
    assert at_ten.raw_interval is not None
    assert at_ten.raw_interval.low < 0.8 < at_ten.raw_interval.high
    expected = special.expit(found.intercept + found.slope * math.log2(10))
    assert at_ten.fitted == pytest.approx(expected)
    assert at_ten.fitted_interval is not None
    assert at_ten.fitted_interval.low < expected < at_ten.fitted_interval.high
    assert not at_ten.is_extrapolated
    assert (at_day.raw, at_day.is_extrapolated) == (None, True)


def test_attempts_that_infrastructure_ended_are_left_out() -> None:
    def attempt(*, succeeded: bool, end: Censoring) -> Attempt:
        return Attempt("t", "f", 5.0, succeeded, end)

    results = task_results(
        [
            attempt(succeeded=True, end=Censoring.ADMINISTRATIVE),
            attempt(succeeded=False, end=Censoring.AGENT),
            attempt(succeeded=False, end=Censoring.INFRASTRUCTURE),
            Attempt("u", "f", 5.0, succeeded=False, end=Censoring.INFRASTRUCTURE),
        ]
    )

    assert results == (TaskResult("t", "f", 5.0, 2, 1),)
    with pytest.raises(ValueError, match="disagree"):
        task_results([Attempt("t", "f", 5.0, True, Censoring.AGENT),
                      Attempt("t", "g", 5.0, True, Censoring.AGENT)])  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.5, 500), st.integers(1, 5), st.floats(0, 1)), min_size=3, max_size=9
    )
)
def test_no_other_line_is_better(rows: list[tuple[float, int, float]]) -> None:
    tasks = [
        TaskResult(str(i), str(i % 2), length, runs, round(share * runs))
        for i, (length, runs, share) in enumerate(rows)
    ]
    found = fit(tasks, weighting=Weighting.EQUAL, ridge=0.01)
    if found.flag in (HorizonFlag.ALL_FAIL, HorizonFlag.ALL_SUCCESS):
        return
    x = np.log2([t.reference_minutes for t in tasks])
    y = np.array([t.rate for t in tasks])

    def loss(parameters: Any) -> float:
        eta = parameters[0] + parameters[1] * x
        terms = y * special.log_expit(eta) + (1 - y) * special.log_expit(-eta)
        return float(-terms.mean() + 0.005 * parameters[1] ** 2)

    theirs = optimize.minimize(loss, [0.0, 0.0], method="BFGS")
    assert loss([found.intercept, found.slope]) <= theirs.fun + 1e-9


def metr_folder() -> Path | None:
    named = os.environ.get("POKEBENCH_METR_RUNS")
    beside = Path(__file__).parents[2].parent / "shared" / "cases" / "metr_runs.csv"
    path = Path(named) if named else beside
    return path.parent if path.is_file() else None


def metr_tasks(folder: Path) -> dict[tuple[str, str], list[TaskResult]]:
    named = os.environ.get("POKEBENCH_METR_RUNS")
    path = Path(named) if named else folder / "metr_runs.csv"
    found: dict[tuple[str, str], list[TaskResult]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["suite"], row["model"]), []).append(
                TaskResult(
                    row["task_id"], row["task_family"], float(row["human_minutes"]),
                    int(row["n_runs"]), float(row["n_successes"]),
                )
            )  # fmt: skip
    return found


@pytest.mark.parametrize("name", ["metr-claude-3.7-sonnet", "metr-gpt-4-0314"])
def test_horizons_equal_those_that_metr_published(name: str) -> None:
    folder = metr_folder()
    if folder is None:
        pytest.skip("METR's runs are not here: set POKEBENCH_METR_RUNS to metr_runs.csv")
    found = case(name)
    tasks = metr_tasks(folder)[found.inputs["suite"], found.inputs["model"]]
    published = found.expected["published"]

    assert (len(tasks), sum(t.runs for t in tasks)) == (
        found.expected["n_tasks"], found.expected["n_runs"],
    )  # fmt: skip
    for ridge in (1e-5, 0.1):
        result, expected = fit(tasks, ridge=ridge), found.expected[f"lambda={ridge:g}"]
        assert result.average == found.close(found.expected["average"])
        assert (result.slope, result.intercept) == found.close(
            (expected["coef"], expected["intercept"])
        )
        assert (result.h50.raw_minutes, result.h80.raw_minutes) == found.close(
            (expected["h50"], expected["h80"])
        )
    assert result.h50.minutes == found.close(published["h50_lambda0.1"])
    assert result.h80.minutes == found.close(published["h80_lambda0.1"])
    exact = fit(tasks)
    assert exact.slope == pytest.approx(published["coef_3dp"], abs=5e-4)
    assert exact.intercept == pytest.approx(published["intercept_3dp"], abs=5e-4)


@pytest.mark.slow
def test_bootstrap_intervals_come_near_those_that_metr_published() -> None:
    folder = metr_folder()
    if folder is None or not (folder / PUBLISHED).is_file():
        pytest.skip("METR's runs are not here: set POKEBENCH_METR_RUNS to metr_runs.csv")
    document = json.loads((folder / PUBLISHED).read_text())
    tasks = metr_tasks(folder)
    rows = [row for row in document["models"] if "published_p50_ci95_l0.1" in row]
    agents = {row["model"]: tasks["METR-Horizon-v1.1", row["model"]] for row in rows}
    fits = joint_horizons(agents, ridge=0.1, resamples=2000)

    assert len(rows) == 2
    for row in rows:
        interval = fits[row["model"]].h50.interval
        assert interval is not None
        assert [interval.low, interval.high] == pytest.approx(
            row["published_p50_ci95_l0.1"], rel=document["tolerances"]["bootstrap_ci"]
        )
    snapshot = next(row for row in document["models"] if row.get("suite") == "METR-2025-01-28")
    result = fit(tasks[snapshot["suite"], snapshot["model"]], ridge=0.01)
    assert result.h50.raw_minutes == pytest.approx(snapshot["our_p50_l0.01"], rel=1e-6)
