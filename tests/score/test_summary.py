import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pokebench.score import CLOCKS, grouped, score
from pokebench.score.coherence import coherence
from pokebench.score.pace import pace_of
from pokebench.score.plain import plain
from pokebench.score.plot import plot_curves
from pokebench.score.reference import reference_of
from pokebench.score.summary import MilestoneWeights, summarise
from pokebench.score.watch import StepWatch
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.score.made_up import made_up

FRAMES = CLOCKS["frames"]


def test_runs_are_summed_up_against_the_oracle() -> None:
    oracle = replace(made_up([5, 10, 20, 40]), privileged=True)
    runs = [made_up([10, 20, 80]), made_up([10, 50]), made_up([20])]
    reference = reference_of([*runs, oracle], runs[0], FRAMES)
    found = summarise(runs, FRAMES, reference)
    assert found is not None
    assert found.linear.normalised is not None

    assert found.budget == 100
    assert found.final.value == pytest.approx((3 + 2 + 1) / 12)
    assert found.linear.area.value == pytest.approx(np.mean([190, 140, 80]) / 400)
    assert found.linear.normalised.value == pytest.approx(np.mean([190, 140, 80]) / 325)
    assert [m.reached.successes for m in found.milestones if m.reached] == [3, 2, 1, 0]
    assert found.milestones[0].speed_ratio == pytest.approx(0.5)
    assert found.milestones[3].speed_ratio == 0.0
    assert found.reference_runs == 1


def test_a_run_that_does_not_count_is_named_and_left_out() -> None:
    broken = replace(made_up([10, 20, 30, 40]), name="broken", invalid_because="cut off")
    found = summarise([made_up([10]), broken], FRAMES)
    assert found is not None

    assert found.invalid == ("broken",)
    assert found.final.value == 0.25
    assert found.final.flag == "n=1"
    assert summarise([broken], FRAMES) is None


def test_what_infrastructure_ended_is_said() -> None:
    down = replace(made_up([10]), reason=EndReason.PROVIDER_DOWN, end=made_up([], end=50).end)
    found = summarise([down, made_up([10, 60])], FRAMES)
    assert found is not None

    assert found.infrastructure_share == 0.5
    assert found.final.value == 0.5
    assert found.curve.censored == 1


def test_weights_by_the_oracle_need_one() -> None:
    run = made_up([10])

    assert reference_of([run], run, FRAMES) is None
    assert reference_of([replace(run, privileged=True)], run, CLOCKS["usd"]) is None
    with pytest.raises(ValueError, match="need a reference"):
        summarise([run], FRAMES, weighting=MilestoneWeights.ORACLE)


def test_results_are_json_without_infinity() -> None:
    found = plain(summarise([made_up([10])], FRAMES))
    text = json.dumps(found, allow_nan=False)

    assert json.loads(text)["milestones"][1]["median"] == "inf"
    assert plain(math.nan) is None
    assert plain(np.array([1.5, -math.inf])) == [1.5, "-inf"]


def test_presses_are_watched_while_a_run_is_verified(oracle_run: Path, random_run: Path) -> None:
    found = {}
    for folder in (oracle_run, random_run):
        watch = StepWatch()
        verification = verify(folder, watchers=(watch,))
        run = score(verification, watch.log())
        assert run.log is not None
        assert run.log.presses == run.end.presses
        assert run.log.states.size == run.log.presses + 1
        found[run.agent] = coherence(run.log)

    assert verification == verify(random_run)
    assert (found["oracle"].revisit_ratio or 0) < 0.05
    assert (found["oracle"].no_effect_rate or 0) < 0.05
    assert (found["random"].revisit_ratio or 0) > 0.3
    assert (found["random"].no_effect_rate or 0) > 0.2


def test_the_mean_of_several_runs_is_drawn_with_its_band(tmp_path: Path) -> None:
    runs = [made_up([10, 20, 80]), made_up([10, 50]), made_up([20])]
    path = tmp_path / "curve.svg"
    plot_curves(runs, FRAMES, [path, tmp_path / "curve.png"])

    assert "mean of 3 runs" in path.read_text()
    with Image.open(tmp_path / "curve.png") as image:
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 10


def test_pace_is_measured_against_the_oracle() -> None:
    oracle = replace(made_up([5, 10, 20, 40]), privileged=True, reason=EndReason.FINISHED)
    reference = reference_of([oracle], oracle, FRAMES)
    assert reference is not None
    slower = pace_of(made_up([6, 20, 90]), reference, FRAMES)
    same = pace_of(oracle, reference, FRAMES)
    assert slower.slowdown is not None
    assert same.slowdown is not None
    assert same.decay is not None
    assert same.oracle_decay is not None

    assert slower.slowdown.slope > 0.4
    assert same.slowdown.slope == pytest.approx(0.0)
    assert same.decay == same.oracle_decay
    assert pace_of(made_up([]), reference, FRAMES).decay is None


def test_runs_under_other_conditions_are_not_taken_together() -> None:
    run = made_up([10])
    others = [replace(run, tier="text"), replace(run, settings="b"), replace(run, rules="c")]

    assert [len(group) for group in grouped([run, *others, run])] == [2, 1, 1, 1]
