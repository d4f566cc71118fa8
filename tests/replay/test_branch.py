import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.errors import ConfigError, DesyncError, SubmissionError
from pokebench.leaderboard.judgement import judged
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, resume
from pokebench.runner.branch import absolute, begin_branch
from pokebench.trajectory import InheritedEvent, read_trajectory
from pokebench.trajectory.chain import Chain
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from pokebench.verify import verify


def config(cartridge: Cartridge, seed: int, folder: Path, minutes: float) -> RunConfig:
    budget = BudgetPart(frames=frames_of_minutes(minutes), stagnation_turns=500)
    return RunConfig(cartridge, AgentSpec.parse("random"), seed, budget, folder)


@pytest.fixture(scope="module")
def branch(oracle_run: Path, micro: Cartridge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A branch off the oracle's run, in the middle of a turn; do not change it."""
    parent = read_trajectory(oracle_run)
    folder = tmp_path_factory.mktemp("branches") / "branch"
    frame = parent.turns[120].f + 20
    asked = absolute(config(micro, parent.manifest.seed, folder, 0.5), parent, frame)
    resume(asked, begin_branch(asked, parent, frame))
    return folder


def test_a_branch_is_verified_from_power_on_without_its_parent(
    branch: Path, oracle_run: Path
) -> None:
    parent, record = read_trajectory(oracle_run), read_trajectory(branch)
    verification = verify(branch)
    named = record.manifest.parent
    assert named is not None
    inherited = [turn for turn in record.turns if isinstance(turn, InheritedEvent)]
    until = "".join(turn.a for turn in parent.turns)[: sum(len(turn.a) for turn in inherited)]

    assert (named.run_id, named.head) == (parent.manifest.run_id, parent.head)
    assert "".join(turn.a for turn in inherited) == until
    assert len(record.turns) > len(inherited) == named.turns
    assert verification.reason is EndReason.BUDGET_FRAMES
    assert verification.clocks.frames - named.frame == pytest.approx(frames_of_minutes(0.5), abs=20)
    assert "goes on from frame" in verification.invalid_because
    with pytest.raises(SubmissionError, match="a branch begins with another run's turns"):
        judged(verification)
    latched = [milestone.id for milestone in verification.milestones]
    assert latched[:2] == [event.id for event in parent.milestones[:2]]


@pytest.mark.parametrize("share", [0.3, pytest.param(0.99, marks=pytest.mark.slow)])
def test_a_branch_cut_off_anywhere_goes_on_to_the_same_end(
    share: float, branch: Path, micro: Cartridge, tmp_path: Path
) -> None:
    cut = tmp_path / "branch"
    cut.mkdir()
    (cut / "manifest.json").write_bytes((branch / "manifest.json").read_bytes())
    raw = (branch / "events.jsonl").read_bytes()
    own = raw.index(b'"t":"turn"')
    (cut / "events.jsonl").write_bytes(raw[: own + int(share * (len(raw) - own))])
    record = read_trajectory(cut)
    asked = RunConfig(
        micro, AgentSpec.parse("random"), record.manifest.seed, record.manifest.budget, cut
    )
    resume(asked, record)
    ends = [read_trajectory(folder).outcome for folder in (branch, cut)]

    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0].state == ends[1].state


def _forged(branch: Path, folder: Path, old: str, new: str) -> Path:
    """Return a copy in which `old` reads `new`, with every hash made to fit."""
    folder.mkdir()
    manifest = (branch / "manifest.json").read_text()
    manifest = manifest.replace(old, new)
    (folder / "manifest.json").write_text(manifest)
    chain, lines = Chain(manifest.encode()), []
    for line in (branch / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        event.pop("h")
        body = json.dumps(event, separators=(",", ":")).replace(old, new)
        lines.append(chain.seal(body.encode()) + b"\n")
    (folder / "events.jsonl").write_bytes(b"".join(lines))
    return folder


def test_inherited_turns_are_no_way_around_the_rules(branch: Path, tmp_path: Path) -> None:
    manifest = json.loads((branch / "manifest.json").read_bytes())
    parent = json.dumps(manifest["parent"], indent=1).replace("\n", "\n ")
    orphan = _forged(branch, tmp_path / "orphan", f'"parent": {parent}', '"parent": null')
    frame = manifest["parent"]["frame"]
    later = _forged(branch, tmp_path / "later", f'"frame": {frame}', f'"frame": {frame + 400}')

    with pytest.raises(DesyncError, match="an inherited turn, where a run of its own begins"):
        verify(orphan)
    with pytest.raises(DesyncError, match=f"a turn of its own before frame {frame + 400}"):
        verify(later)


@pytest.mark.parametrize(("ahead", "message"), [(7, "inside a step"), (10**7, "is not on the way")])
def test_a_branch_begins_between_two_steps_of_its_parent(
    ahead: int, message: str, oracle_run: Path, micro: Cartridge, tmp_path: Path
) -> None:
    parent = read_trajectory(oracle_run)
    asked = config(micro, parent.manifest.seed, tmp_path / "branch", 1)

    with pytest.raises(ConfigError, match=message):
        begin_branch(asked, parent, parent.turns[3].f + ahead)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_branch_that_is_killed_goes_on_by_its_command(oracle_run: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pokebench", "branch", str(oracle_run), "--at", "turn:50"]
    command += ["--agent", "random", "--budget-minutes", "20", "--out", str(tmp_path)]
    environment = os.environ | {"POKEBENCH_CACHE": str(tmp_path / "cache")}
    played = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    record: Path | None = None
    while record is None or record.read_bytes().count(b'"t":"turn"') < 30:
        time.sleep(0.05)
        assert played.poll() is None
        record = next(tmp_path.glob("*_from*/events.jsonl"), None)
    os.kill(played.pid, signal.SIGKILL)
    played.wait()
    again = [sys.executable, "-m", "pokebench", "resume", str(record.parent)]
    subprocess.run(again, env=environment, check=True, capture_output=True)

    assert verify(record.parent).reason is EndReason.BUDGET_FRAMES
