import math
from dataclasses import replace

import pytest

from pokebench.score import CLOCKS
from pokebench.score.censoring import censoring_of, infrastructure_share, known_until
from pokebench.score.times import milestone_times
from pokebench.types import Censoring, EndReason
from tests.score.made_up import made_up


@pytest.mark.parametrize(
    ("reason", "frames", "tokens"),
    [
        (EndReason.BUDGET_FRAMES, 100, 21),
        (EndReason.FINISHED, math.inf, math.inf),
        (EndReason.AGENT_STOPPED, math.inf, math.inf),
        (EndReason.BUDGET_USD, math.inf, math.inf),
        (EndReason.PROVIDER_DOWN, 100, 21),
        (None, 100, 21),
    ],
)
def test_a_curve_is_known_as_far_as_its_end_says(
    reason: EndReason | None, frames: float, tokens: float
) -> None:
    run = replace(made_up([10, 20]), reason=reason)

    assert known_until(run, CLOCKS["frames"]) == frames
    assert known_until(run, CLOCKS["tokens"]) == tokens
    assert milestone_times([run], CLOCKS["frames"]).known_until.tolist() == [frames]


def test_runs_that_infrastructure_ended_are_counted() -> None:
    run = made_up([1])
    broken = replace(run, reason=EndReason.PROVIDER_DOWN)

    assert censoring_of(replace(run, reason=None)) is Censoring.INFRASTRUCTURE
    assert infrastructure_share([run, broken]) == 0.5
    assert infrastructure_share([]) == 0.0


def test_runs_of_different_games_have_no_common_curve() -> None:
    with pytest.raises(ValueError, match="different milestones"):
        milestone_times([made_up([1]), made_up([1], of=3)], CLOCKS["game"])
    with pytest.raises(ValueError, match="one run at least"):
        milestone_times([], CLOCKS["game"])
