"""Arms on a chain, from made-up outcomes."""

import math
from dataclasses import replace
from typing import Any

import pytest

from pokebench.suite.arms import ChainResult, chain_results
from pokebench.suite.form import Start, Suite
from pokebench.suite.judge import Outcome
from pokebench.types import Clocks, EndReason
from tests.suite.made_up import MINUTE, made_up, outcome

FIRST, SECOND = "s1", "s3"
"""Of 2 and 4 minutes, in one world."""


def linked() -> Suite:
    """The made-up suite, in which one segment begins where another ends."""
    suite = made_up()
    begun = tuple(
        Start(seed=seed, steps=9, frame=200, ram="0" * 16, goal_steps=10) for seed in (1, 2)
    )
    segments = tuple(
        segment.model_copy(update={"starts": begun}) if segment.id == SECOND else segment
        for segment in suite.segments
    )
    return suite.model_copy(update={"segments": segments})


def run(*minutes: float | None, seed: int = 1, **changes: Any) -> Outcome:
    """One run of the chain: minutes of each piece."""
    frames = tuple(None if m is None else round(m * MINUTE) for m in minutes)
    is_done = None not in frames
    made = outcome(3, is_done, segment=f"{FIRST}+{SECOND}", seed=seed, pieces=frames)
    return replace(made, **changes)


def piece(number: int, minutes: float, *, succeeded: bool = True, seed: int = 1) -> Outcome:
    spent = Clocks(frames=round(minutes * MINUTE))
    return outcome(number, succeeded, spent=spent, seed=seed)


def only(outcomes: list[Outcome]) -> ChainResult:
    [result] = chain_results(linked(), outcomes)
    return result


def pieces_of(n: int, first: int, second: int) -> list[Outcome]:
    """Arm C: n trials of each piece, of which so many are done."""
    return [
        piece(number, 2, succeeded=index < done)
        for number, done in ((1, first), (3, second))
        for index in range(n)
    ]


def test_the_log_ratio_and_its_variance_are_those_of_the_shares() -> None:
    continuous = [run(2, 4), *(run(2, None) for _ in range(3))]
    result = only([*continuous, *pieces_of(4, 3, 2)])

    assert result.split is not None
    assert result.split.ratio is not None
    assert result.split.ratio.log_ratio == pytest.approx(math.log(0.25 / (0.75 * 0.5)))
    variance = 0.25 / (4 * 0.75) + 0.5 / (4 * 0.5) + 0.75 / (4 * 0.25)
    assert result.split.ratio.standard_error**2 == pytest.approx(variance)


def test_a_piece_over_its_own_budget_is_not_done_nor_is_what_follows() -> None:
    [arm] = only([run(21, 1), run(19, 39), run(19, 41), run(2, None)]).arms

    assert [(tally.successes, tally.n) for tally in arm.pieces] == [(3, 4), (1, 3)]
    assert arm.whole is not None
    assert (arm.whole.successes, arm.whole.n) == (1, 4)


def test_runs_that_infrastructure_ended_are_no_failures() -> None:
    down = run(2, None, reason=EndReason.PROVIDER_DOWN)
    [arm] = only([run(2, 4), down]).arms

    assert arm.whole is not None
    assert (arm.whole.n, arm.infrastructure) == (1, 1)


def test_all_contrasts_are_told_when_all_arms_were_played() -> None:
    own = [run(2, 4, is_split=True), run(2, 4, is_split=True), run(2, None, is_split=True)]
    result = only([run(2, 4), run(2, None), *own, *pieces_of(2, 2, 1)])

    assert result.contrasts is not None
    assert result.contrasts.carrying_context is not None
    assert result.contrasts.own_play is not None
    assert result.contrasts.carrying_context.ratio == pytest.approx(0.5 / (2 / 3))
    assert result.contrasts.own_play.ratio == pytest.approx((2 / 3) / 0.5)


def test_nobody_who_did_it_all_gives_no_ratio() -> None:
    result = only([run(2, None), *pieces_of(2, 2, 1)])

    assert result.split is not None
    assert result.split.ratio is None
    assert result.split.flag == "zero_cell"


def test_the_tax_pairs_one_segment_and_seed_in_mid_episode_and_afresh() -> None:
    outcomes = [
        run(2, 8), run(2, 16, seed=2),
        piece(1, 2), piece(3, 4), piece(1, 9, seed=2), piece(3, 4, seed=2),
    ]  # fmt: skip
    tax = only(outcomes).tax

    assert tax is not None
    assert tax.log2_ratio.value == pytest.approx((1 + 2) / 2)
    assert (tax.log2_ratio.n, tax.truncated) == (2, 0)


def test_what_was_not_done_in_mid_episode_counts_as_the_budget() -> None:
    tax = only([run(2, None), piece(1, 2), piece(3, 4)]).tax

    assert tax is not None
    assert tax.log2_ratio.value == pytest.approx(math.log2(10), abs=1e-3)
    assert tax.truncated == 1


def test_a_piece_that_was_never_begun_makes_no_pair() -> None:
    assert only([run(None, None), piece(1, 2), piece(3, 4)]).tax is None
