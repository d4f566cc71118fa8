import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.errors import ConfigError, DesyncError, TrajectoryError
from pokebench.runner import Prefix, RunConfig, resume, run
from pokebench.suite.content import FrozenSuite
from pokebench.suite.judge import judge
from pokebench.suite.play import Session, begin, is_done, play
from pokebench.suite.trial import Trial, config_of, trials_of
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from pokebench.verify import verify

BADGE = Trial("known-badge", 3, "closed")
FEW_TURNS = BudgetPart(frames=1, turns=2)


def config(
    tiny: FrozenSuite, agent: str, folder: Path, limits: BudgetPart = FEW_TURNS
) -> RunConfig:
    return config_of(tiny, BADGE, AgentSpec.parse(agent), folder, limits, 10.0, None)


@pytest.fixture(scope="module")
def played(tiny: FrozenSuite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial of two turns of random play; do not change it."""
    folder = tmp_path_factory.mktemp("trial") / "run"
    run(config(tiny, "random", folder))
    return folder


@pytest.mark.slow
def test_the_oracle_takes_over_in_the_middle_and_reaches_the_goal(
    tiny: FrozenSuite, tmp_path: Path
) -> None:
    result = run(config(tiny, "oracle", tmp_path / "run", BudgetPart(frames=1)))
    outcome = judge(tiny, tmp_path / "run")
    segment = tiny.suite.segment("known-badge")

    assert segment is not None
    assert result.reason is EndReason.FINISHED
    assert outcome.succeeded
    assert outcome.factor == pytest.approx(10, abs=0.01)
    assert 0.5 < outcome.spent.frames / segment.reference.median_frames < 2
    assert outcome.spent.turns == result.clocks.turns - 1


def test_a_segment_is_verified_from_power_on(tiny: FrozenSuite, played: Path) -> None:
    found = verify(played)
    start = tiny.suite.segments[-1].start(3)

    assert found.handover is not None
    assert (found.handover.clocks.frames, found.handover.ram) == (start.frame, start.ram)
    assert found.reason is EndReason.BUDGET_TURNS
    assert found.clocks.turns == 3
    assert [m.id for m in found.milestones][:2] == ["new_game", "starter"]


def test_another_prefix_than_the_suites_is_refused(tiny: FrozenSuite, tmp_path: Path) -> None:
    honest = config(tiny, "random", tmp_path / "run")
    assert honest.prefix is not None
    longer = Prefix(honest.prefix.letters + "AAAA", honest.prefix.source)
    run(replace(honest, prefix=longer))

    with pytest.raises(DesyncError, match="prefix is"):
        judge(tiny, tmp_path / "run")


def test_a_manifest_that_names_another_prefix_than_was_pressed_is_refused(
    tiny: FrozenSuite, played: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copytree(played, tmp_path / "run")) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["prefix"]["inputs_sha256"] = "0" * 64
    path.write_text(json.dumps(manifest))

    with pytest.raises(TrajectoryError, match=r"events.jsonl line 1: its hash does not fit"):
        judge(tiny, tmp_path / "run")


@pytest.mark.slow
@pytest.mark.parametrize("goal", ["champion", "starter"])
def test_another_task_than_the_suites_is_refused(
    goal: str, tiny: FrozenSuite, tmp_path: Path
) -> None:
    honest = config(tiny, "random", tmp_path / "run")
    assert honest.task is not None
    run(replace(honest, task=honest.task.model_copy(update={"goal": goal})))

    with pytest.raises(DesyncError, match="task is"):
        judge(tiny, tmp_path / "run")


def test_a_whole_game_is_no_trial(tiny: FrozenSuite, random_run: Path) -> None:
    with pytest.raises(DesyncError, match="no segment of a suite"):
        judge(tiny, random_run)


def test_a_run_of_another_version_is_refused(tiny: FrozenSuite, played: Path) -> None:
    with pytest.raises(DesyncError, match="played for suite tiny-1 with hash"):
        judge(replace(tiny, sha256="0" * 64), played)


def test_software_that_the_suite_is_not_exact_for_is_named(
    tiny: FrozenSuite, tmp_path: Path
) -> None:
    pins = tiny.suite.pins.model_copy(update={"emulator": "pyboy 1.0"})
    other = replace(tiny, suite=tiny.suite.model_copy(update={"pins": pins}))

    with pytest.raises(ConfigError, match=r"exact for the emulator pyboy 1\.0, and this is pyboy"):
        config(other, "random", tmp_path / "run")


@pytest.mark.slow
def test_a_cut_off_segment_goes_on_to_the_same_end(tiny: FrozenSuite, tmp_path: Path) -> None:
    limits = BudgetPart(frames=1, turns=6)
    run(config(tiny, "random", tmp_path / "run", limits))
    events = tmp_path / "run" / "events.jsonl"
    whole = read_trajectory(tmp_path / "run")
    lines = events.read_bytes().splitlines(keepends=True)
    events.write_bytes(b"".join(lines[:-4]))
    resume(config(tiny, "random", tmp_path / "run", limits), read_trajectory(tmp_path / "run"))

    resumed = read_trajectory(tmp_path / "run")
    assert [turn.a for turn in resumed.turns] == [turn.a for turn in whole.turns]
    assert judge(tiny, tmp_path / "run").reason is EndReason.BUDGET_TURNS


@pytest.mark.slow
def test_blind_replay_of_another_seeds_inputs_fails(tiny: FrozenSuite, tmp_path: Path) -> None:
    run(config(tiny, "replay", tmp_path / "run", BudgetPart(frames=1)))
    outcome = judge(tiny, tmp_path / "run")

    assert not outcome.succeeded
    assert outcome.reason is EndReason.AGENT_STOPPED


def test_trials_are_played_once_and_the_folder_is_for_them_alone(
    tiny: FrozenSuite, tmp_path: Path
) -> None:
    session = Session(tiny.folder, AgentSpec.parse("random"), tmp_path / "out", FEW_TURNS, 10.0)
    trials = trials_of(tiny, tiny.suite.segments, 1, ("closed",))
    begin(tiny, session)
    ended = list(play(session, trials, 1, lambda: False))
    heads = [read_trajectory(tmp_path / "out" / trial.name).head for trial in trials]
    again = list(play(session, trials, 1, lambda: False))

    assert [done.reason for done in ended + again] == [EndReason.BUDGET_TURNS] * 4
    assert all(is_done(tmp_path / "out", trial) for trial in trials)
    assert heads == [read_trajectory(tmp_path / "out" / trial.name).head for trial in trials]
    with pytest.raises(ConfigError, match="holds runs with another factor"):
        begin(tiny, replace(session, factor=3.0))


def test_a_trial_that_is_asked_to_stop_stops_after_its_turn_and_goes_on(
    tiny: FrozenSuite, tmp_path: Path
) -> None:
    session = Session(tiny.folder, AgentSpec.parse("random"), tmp_path / "out", FEW_TURNS, 10.0)
    trials = trials_of(tiny, tiny.suite.segments, 1, ("closed",))
    asked = iter((False, True, True))
    stopped = list(play(session, trials, 1, lambda: next(asked)))
    began = is_done(tmp_path / "out", trials[0])
    ended = list(play(session, trials, 1, lambda: False))

    assert [done.reason for done in stopped] == [EndReason.INTERRUPTED]
    assert not began
    assert [done.reason for done in ended] == [EndReason.BUDGET_TURNS] * 2
