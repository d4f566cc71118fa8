import pytest

from pokebench.diagnostics import REMEMBERED_MOMENTS, Diagnostics
from pokebench.types import Action, Effect, Trace

UP = (Action.UP, Action.UP)
WALK = Trace("U", (Effect.MOVED,))
BUMP = Trace("UU", (Effect.NOTHING, Effect.NOTHING))


def kinds(moments: list[str], trace: Trace = WALK, scene: str = "walking") -> list[tuple[int, str]]:
    """What is reported over a history of moments, with the turn."""
    diagnostics = Diagnostics()
    found = []
    for turn, moment in enumerate(moments, 1):
        found += [(d.turn, d.kind) for d in diagnostics.update(turn, moment, UP, trace, scene, 0)]
    return found


def test_new_moments_are_no_trouble() -> None:
    assert kinds([f"m{i}" for i in range(200)]) == []


@pytest.mark.parametrize("period", [2, 3, 7, 12])
def test_a_cycle_gone_through_three_times_is_a_loop(period: int) -> None:
    cycle = [f"m{i}" for i in range(period)]

    assert kinds(cycle * 3) == [(period * 3, "loop")]
    assert kinds(cycle * 2) == []


def test_a_loop_is_reported_once_until_it_was_left() -> None:
    loop = ["a", "b"] * 5
    assert [kind for _, kind in kinds([*loop, "x", "y", "z", *loop])].count("loop") == 2


def test_standing_still_is_reported_after_a_while_and_ended_by_a_milestone() -> None:
    diagnostics = Diagnostics()
    found = []
    for turn in range(1, 150):
        milestones = 1 if turn >= 50 else 0
        found += diagnostics.update(turn, "same", UP, WALK, "walking", milestones)

    assert [(d.kind, d.turn) for d in found] == [("stagnation", 110)]


def test_bumping_into_a_wall_and_turns_without_effect() -> None:
    found = kinds([f"m{i}" for i in range(6)], BUMP)

    assert found == [(3, "wall_bumping"), (4, "no_effect")]


def test_menus_seen_before() -> None:
    found = kinds(["m1", "m2", "m3", "m1", "m3", "m2", "m2", "m1", "m3", "m2", "m1"], scene="menu")

    assert "menu_thrash" in {kind for _, kind in found}


def test_memory_is_bounded() -> None:
    diagnostics = Diagnostics()
    for turn in range(3 * REMEMBERED_MOMENTS):
        diagnostics.update(turn, f"m{turn}", UP, WALK, "walking", 0)

    assert len(diagnostics._seen) <= REMEMBERED_MOMENTS


def test_waiting_in_vain_is_no_bump() -> None:
    diagnostics = Diagnostics()
    waited = (Action.WAIT, Action.UP)
    trace = Trace(".U", (Effect.NOTHING, Effect.MOVED))

    for turn in range(20):
        assert diagnostics.update(turn, f"m{turn}", waited, trace, "walking", 0) == []
