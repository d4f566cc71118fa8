import math
from statistics import fmean

import numpy as np
import pytest
from scipy import optimize, stats

from pokebench.score.interval import Estimate
from pokebench.score.recall import recall_effect
from pokebench.score.scaling import (
    Spending,
    claimed_exponent,
    compute_exponent,
    spent_per_success,
    split_exponent,
)
from pokebench.score.split import (
    ZERO_CELL,
    Tally,
    retry_economics,
    split_comparison,
    three_arms,
)
from tests.score.cases import case


def made_up_spendings(exponent: float, cap: float, seed: int = 1) -> list[Spending]:
    """Lognormal spending on tasks of twelve families, cut at a cap."""
    generator = np.random.default_rng(seed)
    found = []
    for index in range(240):
        minutes = float(2.0 ** generator.uniform(0, 8))
        spent = math.exp(3 + exponent * math.log(minutes) + 0.8 * generator.normal())
        found.append(Spending(str(index % 12), minutes, min(spent, cap), spent <= cap))
    return found


def test_a_claim_about_two_lengths_is_an_exponent() -> None:
    found = case("scale-01-seed-claim")
    ratio = found.inputs["length_ratio"]

    assert claimed_exponent(ratio, found.inputs["compute_ratio"]) == found.close(
        found.expected["exponent"]
    )
    assert claimed_exponent(ratio, found.expected["linear_prediction"]) == found.close(1.0)


def test_failures_are_lower_bounds_and_not_left_out() -> None:
    samples = [made_up_spendings(1.5, cap=4000.0, seed=seed) for seed in range(8)]
    fits = [fit for sample in samples if (fit := compute_exponent(sample, resamples=100))]
    held = [f.interval.low < 1.5 < f.interval.high for f in fits if f.interval]

    assert all(fit.censored > 40 and fit.resamples_lost == 0 for fit in fits)
    assert fmean(fit.successes_only for fit in fits) < 1.4
    assert fmean(fit.exponent for fit in fits) == pytest.approx(1.5, abs=0.05)
    assert fmean(fit.sigma for fit in fits) == pytest.approx(0.8, abs=0.05)
    assert sum(held) >= 6


def test_the_censored_fit_is_the_maximum_of_its_likelihood() -> None:
    spendings = made_up_spendings(1.0, cap=1000.0)[:60]
    x = np.log([s.reference_minutes for s in spendings])
    y = np.log([s.spent for s in spendings])
    done = np.array([s.succeeded for s in spendings])

    def loss(parameters: np.ndarray) -> float:
        a, b, log_sigma = parameters
        z = (y - a - b * x) / math.exp(log_sigma)
        events = stats.norm.logpdf(z) - log_sigma  # type: ignore[attr-defined]
        tails = stats.norm.logsf(z)  # type: ignore[attr-defined]
        return -float(np.where(done, events, tails).sum())

    fit = compute_exponent(spendings, resamples=10)
    theirs = optimize.minimize(loss, [1.0, 1.0, 0.0], method="BFGS")
    assert fit is not None

    assert (fit.intercept, fit.exponent, math.log(fit.sigma)) == pytest.approx(
        tuple(theirs.x), abs=1e-4
    )


def test_an_exponent_needs_data() -> None:
    same = [Spending("a", 5.0, 10.0 + i, True) for i in range(6)]

    assert compute_exponent(same) is None
    assert compute_exponent(made_up_spendings(1.0, 1e9)[:3]) is None
    with pytest.raises(ValueError, match="positive and finite"):
        compute_exponent([Spending("a", 5.0, 0.0, True)] * 6)


def test_the_exponent_of_tokens_is_that_of_actions_and_of_tokens_an_action() -> None:
    total = compute_exponent(made_up_spendings(2.0, 1e12), resamples=10)
    actions = compute_exponent(made_up_spendings(1.0, 1e12), resamples=10)
    assert total is not None
    assert actions is not None
    parts = split_exponent(total, actions)

    assert parts.per_action == pytest.approx(1.0, abs=0.05)
    assert parts.total == pytest.approx(parts.actions + parts.per_action)


def test_what_a_success_takes_holds_the_retries() -> None:
    tries = [Spending("a", 1.0, 10.0, False), Spending("a", 1.0, 30.0, True)]

    assert spent_per_success(tries) == 40.0
    assert spent_per_success(tries[:1]) == math.inf


def tallies(successes: list[int], runs: list[int]) -> list[Tally]:
    return [Tally(k, n) for k, n in zip(successes, runs, strict=True)]


def test_a_chain_against_its_pieces() -> None:
    found = case("split-01-product")
    inputs, expected = found.inputs, found.expected
    result = split_comparison(
        tallies(inputs["segment_success"], inputs["segment_n"]),
        Tally(inputs["continuous_success"], inputs["continuous_n"]),
    )
    assert result.split_interval is not None
    assert result.ratio is not None

    assert result.split_product == found.close(expected["p_split_product"])
    ends = [result.split_interval.low, result.split_interval.high]
    assert ends == found.close(expected["p_split_ci95"])
    assert result.continuous.share == expected["p_continuous"]
    assert result.ratio.log_ratio == found.close(expected["log_ratio"])
    assert result.ratio.standard_error == found.close(expected["log_ratio_se"])
    assert result.ratio.ratio == found.close(expected["ratio"])
    assert result.ratio.interval.low < 1 < result.ratio.interval.high
    assert result.ratio.z == found.close(expected["z"])
    assert result.flag == ""


def test_retries_cost_less_from_checkpoints() -> None:
    found = case("split-02-retry-economics")
    result, expected = retry_economics(found.inputs["p"], found.inputs["segments"]), found.expected

    assert result.all_at_once == found.close(expected["p_all"])
    assert result.with_checkpoints == found.close(
        expected["expected_segment_runs_with_checkpoint_retry"]
    )
    assert result.from_zero == found.close(expected["expected_segment_runs_restart_from_zero"])
    assert result.saving_factor == found.close(expected["saving_factor"])
    assert retry_economics(1.0, 7).saving_factor == 1.0


def test_a_zero_cell_leaves_no_ratio() -> None:
    found = case("split-03-zero-segment")
    inputs, expected = found.inputs, found.expected
    result = split_comparison(
        tallies(inputs["segment_success"], inputs["segment_n"]),
        Tally(inputs["continuous_success"], inputs["continuous_n"]),
    )

    assert result.split_product == expected["p_split_product"]
    assert result.jeffreys_product == found.close(expected["jeffreys_product"])
    assert result.ratio is expected["log_ratio"]
    assert result.flag == expected["flag"] == ZERO_CELL
    assert result.weakest.successes == 0


def test_three_arms_tell_carrying_context_from_own_play() -> None:
    arms = three_arms(Tally(6, 60), [Tally(8, 10)] * 3, [Tally(9, 10)] * 3)
    assert arms.both is not None
    assert arms.carrying_context is not None
    assert arms.own_play is not None

    assert arms.both.log_ratio == pytest.approx(
        arms.carrying_context.log_ratio + arms.own_play.log_ratio
    )
    assert arms.own_play.log_ratio == pytest.approx(3 * math.log(8 / 9))
    assert three_arms(Tally(0, 60), [Tally(8, 10)], [Tally(9, 10)]).both is None


def test_recall_is_what_fame_adds_with_a_closed_book_only() -> None:
    def cell(value: float, error: float, n: int = 5) -> Estimate:
        return Estimate(value, None, n, error)

    effect = recall_effect(cell(0.5, 0.03), cell(0.3, 0.04), cell(0.6, 0.0), cell(0.5, 0.0))
    assert effect.interval is not None

    assert effect.value == pytest.approx(0.1)
    assert effect.standard_error == pytest.approx(0.05)
    assert effect.interval.low < 0.1 - 1.96 * 0.05
    assert recall_effect(cell(1, 1), cell(1, 1, n=1), cell(1, 1), cell(1, 1)).flag == "n=1"
