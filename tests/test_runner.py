import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.errors import AgentError
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, RunResult, run
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from pokebench.verify import verify

OWN_AGENT = '''
from pokebench.types import Action, Turn


class Stopper:
    """Presses A three times, then gives up, or fails."""

    fails = {fails}

    def __init__(self):
        self.turns = 0

    def act(self, observation):
        assert observation.screen.shape == (144, 160, 3)
        assert observation.text
        self.turns += 1
        if self.turns > 3 and self.fails:
            raise RuntimeError("lost the thread")
        return Turn((Action.A,) if self.turns <= 3 else (), f"turn {{self.turns}}")

    def state(self):
        return {{}}

    def restore(self, state):
        pass
'''


def play(cartridge: Cartridge, agent: AgentSpec, folder: Path, minutes: float = 1.0) -> RunResult:
    return run(
        RunConfig(cartridge, agent, 7, BudgetPart(frames=frames_of_minutes(minutes)), folder)
    )


def own_agent(tmp_path: Path, *, fails: bool) -> AgentSpec:
    path = tmp_path / "own.py"
    path.write_text(OWN_AGENT.format(fails=fails))
    return AgentSpec.parse(f"{path}:Stopper")


def test_equal_seeds_give_equal_runs(micro: Cartridge, tmp_path: Path) -> None:
    random = AgentSpec.parse("random")
    play(micro, random, tmp_path / "one")
    play(micro, random, tmp_path / "two")
    one, two = read_trajectory(tmp_path / "one"), read_trajectory(tmp_path / "two")

    assert [turn.a for turn in one.turns] == [turn.a for turn in two.turns]
    assert one.outcome is not None
    assert two.outcome is not None
    assert one.outcome.state == two.outcome.state


def test_the_budget_ends_a_run_within_a_step(micro: Cartridge, tmp_path: Path) -> None:
    result = play(micro, AgentSpec.parse("random"), tmp_path / "run", minutes=0.5)

    assert result.reason is EndReason.BUDGET_FRAMES
    assert 0 <= result.clocks.frames - frames_of_minutes(0.5) < micro.table.timing.step_frames
    assert verify(tmp_path / "run").reason is EndReason.BUDGET_FRAMES


def test_an_own_agent_plays_and_may_stop(micro: Cartridge, tmp_path: Path) -> None:
    agent = own_agent(tmp_path, fails=False)
    result = play(micro, agent, tmp_path / "run")
    trajectory = read_trajectory(tmp_path / "run")

    assert result.reason is EndReason.AGENT_STOPPED
    assert [turn.a for turn in trajectory.turns] == ["A", "A", "A"]
    assert trajectory.turns[2].text == "turn 3"
    assert trajectory.manifest.agent.code_sha256 == agent.code_sha256
    assert verify(tmp_path / "run").reason is EndReason.AGENT_STOPPED


def test_an_agent_that_fails_is_on_the_record(micro: Cartridge, tmp_path: Path) -> None:
    with pytest.raises(AgentError, match=r"failed in own.py line \d+: RuntimeError: lost the"):
        play(micro, own_agent(tmp_path, fails=True), tmp_path / "run")
    outcome = read_trajectory(tmp_path / "run").outcome

    assert outcome is not None
    assert outcome.reason is EndReason.ERROR
    assert outcome.detail == "RuntimeError: lost the thread"
    assert verify(tmp_path / "run").reason is EndReason.ERROR


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("None", "returned NoneType, not a Turn"),
        ("'up'", "returned str, not a Turn"),
        ("Turn(('A',))", "'A' is no Action"),
        ("Turn((4,))", "4 is no Action"),
        ("Turn([Action.A])", "a tuple of actions"),
        ("Turn((Action.A,) * 200_000)", "at most 100000 actions"),
        ("Turn((Action.A,), 'x' * 50_001)", "characters of text"),
        ("Turn((Action.A,), '\\ud800')", "written as UTF-8"),
        ("Turn((Action.A,), None)", "a tuple of actions and a text"),
    ],
)
def test_what_is_no_turn_is_refused_on_the_record(
    returned: str, message: str, micro: Cartridge, tmp_path: Path
) -> None:
    path = tmp_path / "odd.py"
    path.write_text(
        "from pokebench.types import Action, Turn\n"
        "class Odd:\n"
        f"    def act(self, observation): return {returned}\n"
        "    def state(self): return {}\n"
        "    def restore(self, state): pass\n"
    )
    with pytest.raises(AgentError, match=message):
        play(micro, AgentSpec.parse(f"{path}:Odd"), tmp_path / "run")
    outcome = read_trajectory(tmp_path / "run").outcome

    assert outcome is not None
    assert outcome.reason is EndReason.ERROR


def test_a_request_to_stop_ends_the_run_after_the_turn(micro: Cartridge, tmp_path: Path) -> None:
    turns: list[int] = []
    config = RunConfig(
        micro,
        AgentSpec.parse("random"),
        1,
        BudgetPart(frames=frames_of_minutes(1)),
        tmp_path / "run",
    )
    result = run(config, lambda p: turns.append(p.clocks.turns), lambda: len(turns) == 5)

    assert result.reason is EndReason.INTERRUPTED
    assert result.clocks.turns == 5
    assert verify(tmp_path / "run").reason is EndReason.INTERRUPTED


def test_the_oracle_is_marked_as_privileged(oracle_run: Path) -> None:
    assert read_trajectory(oracle_run).manifest.agent.privileged


def test_open_loop_replay_repeats_a_run_from_the_same_start(
    oracle_run: Path, micro: Cartridge, tmp_path: Path
) -> None:
    recorded = read_trajectory(oracle_run)
    letters = "".join(turn.a for turn in recorded.turns)
    agent = AgentSpec(AgentSpec.parse("replay").card, inputs=letters)
    same = run(
        RunConfig(micro, agent, 3, BudgetPart(frames=frames_of_minutes(60)), tmp_path / "same")
    )
    other = run(
        RunConfig(micro, agent, 4, BudgetPart(frames=frames_of_minutes(60)), tmp_path / "other")
    )

    assert same.milestones == tuple(event.id for event in recorded.milestones)
    assert len(other.milestones) < len(same.milestones)


def test_the_manifest_holds_no_path_and_no_key(oracle_run: Path) -> None:
    text = (oracle_run / "manifest.json").read_text()

    assert str(Path.home()) not in text
    assert str(oracle_run.parent) not in text


@pytest.mark.parametrize("wait_s", [pytest.param(0.3, marks=pytest.mark.slow), 0.8])
def test_a_killed_run_leaves_a_readable_record(wait_s: float, tmp_path: Path) -> None:
    command = [
        sys.executable, "-W", "ignore", "-m", "pokebench", "run", "--game", "tallgrass:micro@1",
        "--agent", "random", "--budget-minutes", "600", "--out", str(tmp_path),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = tmp_path / "tallgrass-micro-1_random_seed1"
    events = folder / "events.jsonl"
    deadline = time.monotonic() + 60
    while not (events.exists() and events.stat().st_size > 5000):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(wait_s)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    trajectory = read_trajectory(folder)

    assert trajectory.outcome is None
    assert len(trajectory.turns) > 10
    verification = verify(folder)
    assert verification.reason is None
    assert verification.clocks.turns == len(trajectory.turns)
