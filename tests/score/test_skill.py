import math

import numpy as np
import pytest

from pokebench.score.skill import jaggedness, skill_profile
from pokebench.score.task import TaskResult

LENGTHS = (1, 2, 4, 8, 16, 32, 64, 128)


def tasks_of(h50_of: dict[str, float], slopes: dict[str, float], runs: int) -> list[TaskResult]:
    """Results at their expectation, rounded to whole runs."""
    found = []
    for skill, h50 in h50_of.items():
        for length in LENGTHS:
            eta = -slopes[skill] * (math.log2(length) - math.log2(h50))
            k = round(runs / (1 + math.exp(-eta)))
            found.append(TaskResult(f"{skill}{length}", skill, length, runs, k, skill))
    return found


def test_horizons_by_skill_share_a_slope() -> None:
    truth = {"navigation": 32.0, "battle": 4.0, "memory": 8.0}
    profile = skill_profile(tasks_of(truth, dict.fromkeys(truth, 1.2), 200))
    found = {skill.skill: skill for skill in profile.skills}

    assert profile.slope == pytest.approx(-1.2, abs=0.02)
    for skill, h50 in truth.items():
        assert found[skill].h50_minutes == pytest.approx(h50, rel=0.03)
        interval = found[skill].interval
        assert interval is not None
        assert interval.low < h50 < interval.high
    assert profile.jaggedness_doublings == pytest.approx(np.std([5, 2, 3], ddof=1), abs=0.05)
    assert profile.widest_ratio == pytest.approx(8.0, rel=0.05)
    assert not profile.slopes_differ


def test_slopes_that_differ_are_told() -> None:
    truth = {"navigation": 16.0, "battle": 16.0}
    profile = skill_profile(tasks_of(truth, {"navigation": 0.4, "battle": 3.0}, 100))

    assert profile.slopes_differ
    assert all(skill.completion_30_min is not None for skill in profile.skills)


def test_skills_without_enough_to_tell_have_no_horizon() -> None:
    tasks = tasks_of({"navigation": 8.0, "battle": 8.0}, {"navigation": 1.0, "battle": 1.0}, 10)
    few = [TaskResult(f"p{n}", "p", n, 5, 2, "puzzle") for n in (1, 2, 4)]
    all_done = [TaskResult(f"d{n}", "d", n, 5, 5, "dialogue") for n in LENGTHS]
    profile = skill_profile([*tasks, *few, *all_done])
    found = {skill.skill: skill for skill in profile.skills}

    assert profile.left_out == ("puzzle",)
    assert found["dialogue"].h50_minutes is None
    assert found["battle"].h50_minutes is not None


def test_noise_is_no_jaggedness() -> None:
    assert jaggedness([1.0, 1.2, 0.8], [0.5, 0.5, 0.5]) == 0.0
    assert jaggedness([0.0, 2.0], [1.0, 1.0]) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="two skills"):
        jaggedness([1.0], [0.1])
