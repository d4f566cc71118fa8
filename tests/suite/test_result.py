from dataclasses import replace

import pytest

from pokebench.suite.content import FrozenSuite
from pokebench.suite.controls import Controls, blind_replay, controls_of, outcomes_of
from pokebench.suite.form import Pins, Recording, Reference, Segment, Start, Suite, World
from pokebench.suite.judge import Outcome
from pokebench.suite.result import agent_result, result_json, within
from pokebench.types import Clocks, EndReason

MINUTE = 3584
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


def made_up() -> Suite:
    """Ten segments of 1 to 32 minutes, in five families, half of them famous."""
    segments = tuple(
        Segment(
            id=f"s{number}", world="old" if number % 2 else "new", after=(), goal="champion",
            family=f"f{number % 5}", skill="battle" if number < 5 else "memory", skills=(),
            words="Champion.", starts=tuple(
                Start(seed=seed, steps=0, frame=100, ram="0" * 16, goal_steps=9) for seed in (1, 2)
            ),
            reference=Reference(
                median_frames=length * MINUTE, q1_frames=length * MINUTE,
                q3_frames=length * MINUTE, seeds=2,
            ),
        )
        for number, length in enumerate(LENGTHS)
    )  # fmt: skip
    worlds = (
        World(id="old", preset="micro", status="famous", seed=1),
        World(id="new", preset="micro", status="novel", seed=7),
    )
    recordings = tuple(
        Recording(world=world.id, seed=seed, steps=9, sha256="0" * 64)
        for world in worlds
        for seed in (1, 2)
    )
    pins = Pins(emulator="x", table_sha256="0" * 64, engine_sha256="0" * 64, generator_version=1)
    return Suite(
        schema=1, id="made-up", version=1, title="Made up", edition="public", pins=pins,
        seeds=(1, 2), play_seeds=(1, 2), worlds=worlds, recordings=recordings, segments=segments,
    )  # fmt: skip


def outcome(number: int, succeeded: bool, **changes: object) -> Outcome:
    spent = Clocks(
        frames=(2 if succeeded else 10) * LENGTHS[number] * MINUTE,
        tokens_out=(1000 + 200 * (number % 3)) * LENGTHS[number] ** 2,
    )
    made = Outcome(
        segment=f"s{number}", seed=1, book="closed", agent="a", privileged=False, control=False,
        tier="text", factor=10.0, succeeded=succeeded,
        reason=EndReason.FINISHED if succeeded else EndReason.BUDGET_FRAMES, invalid_because="",
        spent=spent, inputs_sha256="0" * 64, head="",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


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
    assert {(c.status, c.book): c.share.n for c in result.cells} == {
        ("famous", "closed"): 11, ("novel", "closed"): 10,
    }  # fmt: skip
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


def test_controls_are_written_and_read_without_loss(tiny: FrozenSuite) -> None:
    trials = [outcome(i, i < 3, agent="random") for i in range(10)]
    controls = controls_of(tiny, trials)
    again = outcomes_of(Controls.model_validate_json(controls.model_dump_json()), "random", "none")

    assert [(o.segment, o.succeeded, o.spent.frames) for o in again] == [
        (o.segment, o.succeeded, o.spent.frames) for o in trials
    ]
