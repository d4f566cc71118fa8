import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.score.coherence import (
    StepLog,
    coherence,
    longest_run,
    loop_fraction,
    presses_since_progress,
    recovery,
    revisit_ratio,
)
from pokebench.score.trend import coherence_tax, progress_decay, segments_of, slowdown_trend
from tests.score.cases import case


def numbers(letters: str) -> list[int]:
    return [ord(letter) for letter in letters]


def log_of(progress: list[int], presses: int, states: list[int] | None = None) -> StepLog:
    progressed = np.zeros(presses, dtype=np.bool_)
    progressed[progress] = True
    moments = np.array(states or range(presses + 1))
    return StepLog(moments, np.ones(presses, dtype=np.bool_), progressed)


def test_loops_are_found_with_their_whole_length() -> None:
    found = case("coh-01-loops")
    states, expected = numbers(found.inputs["states"]), found.expected
    options = found.inputs["max_period"], found.inputs["min_repeats"]

    assert len(states) == expected["n"]
    assert len(set(states)) == expected["unique"]
    assert revisit_ratio(states) == found.close(expected["revisit_ratio"])
    assert loop_fraction(states, *options) == found.close(expected["loop_fraction"])
    assert longest_run(states) == expected["longest_same_state_run"]


def test_two_repeats_are_no_loop() -> None:
    found = case("coh-02-loop-edges")
    fractions = [loop_fraction(numbers(states)) for states in found.inputs["states"]]

    assert fractions == found.expected["loop_fraction"]
    assert revisit_ratio([]) is None
    assert longest_run([]) == 0


def test_standing_still_is_counted_from_the_last_progress() -> None:
    log = log_of([2, 5], 12)
    found = coherence(log, window=3)

    assert presses_since_progress(log.progressed).tolist() == [1, 2, 0, 1, 2, 0, 1, 2, 3, 4, 5, 6]
    assert found.stagnant_fraction == pytest.approx(4 / 12)
    assert (found.longest_gap_presses, found.final_gap_presses) == (6, 6)


def test_presses_in_vain_are_those_the_game_waited_for() -> None:
    log = StepLog(
        np.array([1, 1, 2, 2, 2]),
        np.array([True, True, False, True]),
        np.zeros(4, dtype=np.bool_),
    )
    found = coherence(log)

    assert found.no_effect_rate == pytest.approx(2 / 3)
    assert found.longest_same_state_presses == 3


def test_a_prefix_is_cut_off() -> None:
    log = log_of([2, 5], 12).after(4)

    assert log.presses == 8
    assert log.states.tolist() == list(range(4, 13))
    assert coherence(log, window=3).longest_gap_presses == 6


def test_a_run_without_presses_has_no_rates() -> None:
    found = coherence(log_of([], 0))

    assert found.revisit_ratio is found.loop_fraction is found.no_effect_rate is None
    assert found.stagnant_fraction is None


def test_recovery_counts_spells_and_censors_the_last() -> None:
    curve = recovery([log_of([20], 30), log_of([4, 8], 10)], window=5)
    assert curve is not None

    # The first run stands still from press 5 to 20 and again to its end.
    assert curve.n == 2
    assert curve.times == (16.0,)
    assert curve.last == 16.0
    assert recovery([log_of([4, 8], 10)], window=5) is None


def test_progress_that_decays() -> None:
    found = case("coh-04-progress-decay-nhpp")
    decay = progress_decay(found.inputs["event_times"], found.inputs["truncation"])
    assert decay is not None
    expected = found.expected

    assert decay.events == expected["n"]
    assert decay.beta == found.close(expected["beta"])
    assert decay.beta_unbiased == found.close(expected["beta_unbiased"])
    assert decay.eta == found.close(expected["eta"])
    assert [decay.interval.low, decay.interval.high] == found.close(expected["ci95_beta"])
    assert decay.laplace_z == found.close(expected["laplace_z"])
    assert progress_decay([math.inf], 10.0) is None


def test_slowing_down_against_the_oracle() -> None:
    found = case("coh-05-slowdown-trend")
    oracle = found.inputs["oracle_segment_min"]
    agent = found.inputs["agent_segment_min"]
    trend = slowdown_trend(oracle, agent, np.cumsum(agent))
    assert trend is not None
    expected = found.expected

    assert list(trend.log2_slowdown) == found.close(expected["log2_slowdown"])
    assert list(trend.log2_spent) == found.close(expected["x_log2_cum_min"])
    assert trend.slope == found.close(expected["theil_sen_slope"])
    assert [trend.interval.low, trend.interval.high] == found.close(expected["theil_sen_ci95"])
    assert trend.spearman == found.close(expected["spearman_rho"])
    assert slowdown_trend([1.0, 2.0], [1.0, 2.0], [1.0, 3.0]) is None


def test_segments_pass_over_what_came_in_another_order() -> None:
    oracle, agent, places = segments_of(
        [10.0, 50.0, 30.0, math.inf, 90.0], [1.0, 2.0, 3.0, 4.0, 6.0]
    )

    assert places.tolist() == [0, 1, 4]
    assert oracle.tolist() == [1.0, 1.0, 4.0]
    assert agent.tolist() == [10.0, 40.0, 40.0]


def test_the_tax_is_paired_and_cut_at_the_budget() -> None:
    tax = coherence_tax([20.0, 40.0, math.inf], [10.0, 10.0, 10.0], budget=80.0)

    assert tax.log2_ratio.value == pytest.approx((1 + 2 + 3) / 3)
    assert tax.truncated == 1
    assert tax.log2_ratio.interval is not None
    with pytest.raises(ValueError, match="positive times"):
        coherence_tax([], [], 80.0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=40))
def test_loops_are_those_that_a_plain_search_finds(states: list[int]) -> None:
    inside = [False] * len(states)
    for period in range(1, 9):
        for start in range(len(states) - 3 * period + 1):
            end = start + period
            while end < len(states) and states[end] == states[end - period]:
                end += 1
            if end - start >= 3 * period:
                inside[start:end] = [True] * (end - start)

    expected = sum(inside) / len(states) if states else None
    assert loop_fraction(states) == expected
