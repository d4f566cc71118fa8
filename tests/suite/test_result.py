import math
from dataclasses import replace

import pytest

from pokebench.suite.content import FrozenSuite
from pokebench.suite.controls import Controls, blind_replay, controls_of, outcomes_of
from pokebench.suite.form import Suite
from pokebench.suite.judge import Outcome
from pokebench.suite.recall import suite_recall
from pokebench.suite.result import AgentResult, agent_results, result_json, within
from pokebench.suite.trial import Book
from pokebench.types import EndReason
from tests.suite.made_up import LENGTHS, made_up, outcome


def up_to(minutes: float) -> list[Outcome]:
    """An agent that does what takes at most so long, and once fails at what it can do."""
    trials = [outcome(i, length <= minutes) for i, length in enumerate(LENGTHS)]
    return [
        *trials,
        *(
            replace(t, seed=2, succeeded=t.succeeded and i != 2, reason=EndReason.BUDGET_FRAMES)
            for i, t in enumerate(trials)
        ),
        replace(outcome(7, True), seed=2),
    ]


def agent_result(suite: Suite, outcomes: list[Outcome]) -> AgentResult | None:
    """The result with the one book that was played."""
    found = agent_results(suite, outcomes)
    assert len(found) <= 1
    return found[0] if found else None


def test_known_outcomes_give_known_numbers() -> None:
    result = agent_result(made_up(), up_to(8))

    assert result is not None
    assert (result.trials, result.infrastructure, result.invalid) == (21, 0, 0)
    assert result.fit.h50.minutes == pytest.approx(12, rel=0.35)
    thirty, hundred_twenty = result.completions[1], result.completions[2]
    assert (thirty.length_minutes, thirty.tasks) == (30.0, 3)
    assert thirty.raw == pytest.approx(5 / 6)
    assert hundred_twenty.raw == pytest.approx((1 + 1 + 0 + 1 / 3) / 4)
    assert result.tokens is not None
    assert result.tokens.exponent == pytest.approx(2, abs=0.3)
    assert {c.status: c.share.n for c in result.cells} == {"famous": 11, "novel": 10}
    assert result.by_factor[3.0] is not None
    assert result.by_factor[30.0] is None


def test_minutes_say_whose_they_are() -> None:
    result = agent_result(made_up(), up_to(8))

    assert result is not None
    data = result_json(made_up(), result)
    assert "oracle" in data["minutes_of"]["fit"]
    assert "provisional, times or divided by 2" in data["minutes_of"]["completions"]


def test_what_infrastructure_ended_is_not_counted_and_giving_up_is_a_failure() -> None:
    trials = [outcome(i, True) for i in range(10)]
    trials[0] = outcome(0, False, reason=EndReason.PROVIDER_DOWN)
    trials[1] = outcome(1, False, reason=EndReason.AGENT_STOPPED)
    trials[2] = outcome(2, True, invalid_because="a reply was cut off")
    result = agent_result(made_up(), trials)

    assert result is not None
    assert (result.trials, result.infrastructure, result.invalid) == (8, 1, 1)
    assert sum(task.successes for task in result.results) == 7


def test_nothing_that_counts_gives_no_result() -> None:
    assert agent_result(made_up(), [outcome(0, False, reason=EndReason.PROVIDER_DOWN)]) is None


@pytest.mark.parametrize(
    ("succeeded", "reason", "factor", "expected"),
    [
        (True, EndReason.FINISHED, 3.0, True),
        (True, EndReason.FINISHED, 1.5, False),
        (True, EndReason.FINISHED, 30.0, True),
        (False, EndReason.BUDGET_FRAMES, 3.0, False),
        (False, EndReason.BUDGET_FRAMES, 30.0, None),
        (False, EndReason.AGENT_STOPPED, 30.0, False),
    ],
)
def test_other_budgets_are_told_where_they_are_known(
    succeeded: bool, reason: EndReason, factor: float, expected: bool | None
) -> None:
    found = within(made_up(), outcome(3, succeeded, reason=reason), factor)

    assert (found.succeeded if found else None) is expected


@pytest.mark.parametrize(("completed", "is_withstood"), [(0, True), (1, False)])
def test_a_suite_that_memory_solves_is_rejected(completed: int, is_withstood: bool) -> None:
    blind = [outcome(i, i >= 10 - completed or i == 0, agent="replay") for i in range(10)]
    found = blind_replay(made_up(), blind)

    assert found is not None
    assert (found.long.successes, found.long.n) == (completed, 6)
    assert found.all.successes == completed + 1
    assert found.is_withstood is is_withstood
    assert (found.segments, found.segments_in_suite) == (6, 6)
    assert found.upper == pytest.approx(found.long.wilson.high)


def test_controls_are_written_and_read_without_loss(tiny: FrozenSuite) -> None:
    trials = [outcome(i, i < 3, agent="random") for i in range(10)]
    controls = controls_of(tiny, trials)
    again = outcomes_of(Controls.model_validate_json(controls.model_dump_json()), "random", "none")

    assert [(o.segment, o.succeeded, o.spent.frames) for o in again] == [
        (o.segment, o.succeeded, o.spent.frames) for o in trials
    ]


def test_books_are_rows_of_their_own() -> None:
    with_book = [replace(trial, book="open", succeeded=True) for trial in up_to(8)]
    closed, opened = agent_results(made_up(), [*up_to(8), *with_book])

    assert (closed.book, opened.book) == ("closed", "open")
    assert closed.trials == opened.trials == 21
    assert closed.fit.h50.minutes == pytest.approx(12, rel=0.35)
    assert sum(task.successes for task in opened.results) == 21


@pytest.mark.parametrize(("down", "is_ranked"), [(1, True), (2, False)])
def test_an_agent_with_too_many_trials_ended_by_infrastructure_is_not_ranked(
    down: int, is_ranked: bool
) -> None:
    lost = [outcome(i, False, reason=EndReason.PROVIDER_DOWN) for i in range(down)]
    [result] = agent_results(made_up(), [*lost, *(outcome(i, True) for i in range(down, 10))])

    assert (result.trials, result.infrastructure) == (10 - down, down)
    assert sum(task.successes for task in result.results) == 10 - down
    assert result.is_ranked is is_ranked
    assert result_json(made_up(), result)["is_ranked"] is is_ranked


def rates(tasks: dict[str, float], world: str, book: Book) -> list[Outcome]:
    """Trials of a cell: by task, ten trials with that share of successes."""
    return [
        outcome(0, index < round(10 * rate), segment=f"{world}-{task}", book=book)
        for task, rate in tasks.items()
        for index in range(10)
    ]


def in_two_worlds() -> Suite:
    """The made-up suite's first four segments, each in a famous and in a novel world."""
    suite = made_up()
    return suite.model_copy(
        update={
            "segments": tuple(
                segment.model_copy(update={"id": f"{world}-t{number}", "world": world})
                for number, segment in enumerate(suite.segments[:4])
                for world in ("old", "new")
            )
        }
    )


def test_the_recall_effect_is_told_when_all_four_cells_were_played() -> None:
    suite = in_two_worlds()
    high, low = dict.fromkeys(("t0", "t1", "t2", "t3"), 0.8), dict.fromkeys(("t0", "t1"), 0.2)
    cells = [rates(high, "old", "closed"), rates(low, "new", "closed"), rates(high, "old", "open")]
    all_four = [*cells, rates(high, "new", "open")]
    effect = suite_recall(suite, agent_results(suite, [o for cell in all_four for o in cell]))

    assert suite_recall(suite, agent_results(suite, [o for cell in cells for o in cell])) is None
    assert effect is not None
    assert effect.n == 2
    assert effect.value == pytest.approx(2 * math.log((2 * 0.8 + 0.5) / (2 * 0.2 + 0.5)))
    assert effect.interval is not None
