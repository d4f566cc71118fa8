import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.errors import ConfigError, DesyncError
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, RunResult, resume, run
from pokebench.trajectory import SessionEvent, Trajectory, read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from pokebench.verify import verify

MINUTES = 60.0


def config(cartridge: Cartridge, agent: str, folder: Path, minutes: float = MINUTES) -> RunConfig:
    budget = BudgetPart(frames=frames_of_minutes(minutes))
    return RunConfig(cartridge, AgentSpec.parse(agent), 3, budget, folder)


def go_on(cartridge: Cartridge, agent: str, folder: Path, minutes: float = MINUTES) -> RunResult:
    return resume(config(cartridge, agent, folder, minutes), read_trajectory(folder))


def play_of(trajectory: Trajectory) -> list[object]:
    """What must be equal however often a run was cut off: all but sessions and seconds."""
    return [
        (
            line.event.t,
            line.event.f,
            getattr(line.event, "a", None),
            getattr(line.event, "id", None),
        )
        for line in trajectory.lines
        if not isinstance(line.event, SessionEvent)
    ]


@pytest.mark.parametrize(
    "share",
    [
        0.01,
        pytest.param(0.1, marks=pytest.mark.slow),
        pytest.param(0.35, marks=pytest.mark.slow),
        0.5,
        pytest.param(0.77, marks=pytest.mark.slow),
        0.999,
    ],
)
def test_a_run_cut_off_anywhere_goes_on_to_the_same_end(
    share: float, oracle_run: Path, micro: Cartridge, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(oracle_run, tmp_path / "run"))
    events = folder / "events.jsonl"
    raw = events.read_bytes()
    first_turn = raw.index(b'"t":"turn"')
    events.write_bytes(raw[: first_turn + int(share * (len(raw) - first_turn))])
    result = go_on(micro, "oracle", folder)
    whole, resumed = read_trajectory(oracle_run), read_trajectory(folder)

    assert result.reason is EndReason.FINISHED
    assert play_of(resumed) == play_of(whole)
    assert resumed.outcome is not None
    assert whole.outcome is not None
    assert resumed.outcome.state == whole.outcome.state
    assert verify(folder).reason is EndReason.FINISHED


def test_an_interrupted_run_goes_on(micro: Cartridge, tmp_path: Path) -> None:
    whole = run(config(micro, "random", tmp_path / "whole", 2))
    turns: list[int] = []
    asked = run(
        config(micro, "random", tmp_path / "run", 2),
        lambda progress: turns.append(progress.clocks.turns),
        lambda: len(turns) == 7,
    )
    assert asked.reason is EndReason.INTERRUPTED
    result = go_on(micro, "random", tmp_path / "run", 2)

    assert result.reason is whole.reason
    assert result.clocks.frames == whole.clocks.frames
    assert result.clocks.presses == whole.clocks.presses
    verification = verify(tmp_path / "run")
    assert verification.state == verify(tmp_path / "whole").state
    sessions = [e for e in verification.trajectory.lines if isinstance(e.event, SessionEvent)]
    assert len(sessions) == 2


def test_a_run_that_is_over_is_not_resumed(oracle_run: Path, micro: Cartridge) -> None:
    with pytest.raises(ConfigError, match=r"the run is over \(finished\)"):
        go_on(micro, "oracle", oracle_run)


def test_another_agent_cannot_go_on_with_a_run(
    oracle_run: Path, micro: Cartridge, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(oracle_run, tmp_path / "run"))
    events = folder / "events.jsonl"
    events.write_bytes(events.read_bytes()[:5000])
    with pytest.raises(DesyncError, match="resuming gives another"):
        go_on(micro, "random", folder)


def test_what_was_cut_off_is_kept_beside(
    oracle_run: Path, micro: Cartridge, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(oracle_run, tmp_path / "run"))
    events = folder / "events.jsonl"
    raw = events.read_bytes()
    cut = raw.index(b"\n", 9000) - 5
    events.write_bytes(raw[:cut])
    go_on(micro, "oracle", folder)

    torn = (folder / "events.jsonl.torn").read_bytes()
    assert torn.rstrip(b"\n") == raw[raw.rindex(b"\n", 0, cut) + 1 : cut]


def test_two_processes_cannot_play_one_run(micro: Cartridge, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    faults: list[str] = []

    def intrude(_: object) -> None:
        if not faults:
            with pytest.raises(ConfigError, match="played by another process") as caught:
                go_on(micro, "random", folder, 1)
            faults.append(str(caught.value))

    run(config(micro, "random", folder, 1), intrude)

    assert faults
    assert verify(folder).reason is EndReason.BUDGET_FRAMES


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"turns": 9}, EndReason.BUDGET_TURNS),
        ({"stagnation_turns": 12}, EndReason.STAGNATION),
        ({"wall_s": 0.05}, EndReason.BUDGET_WALL),
    ],
)
def test_each_limit_ends_a_run(
    limit: dict[str, float], reason: EndReason, micro: Cartridge, tmp_path: Path
) -> None:
    asked = config(micro, "random", tmp_path / "run", 30)
    budget = BudgetPart.model_validate(asked.budget.model_dump() | limit)
    result = run(replace(asked, budget=budget))

    assert result.reason is reason
    if reason is EndReason.BUDGET_TURNS:
        assert result.clocks.turns == 9
    assert verify(tmp_path / "run").reason is reason


def test_limits_are_exact_across_resumes(micro: Cartridge, tmp_path: Path) -> None:
    asked = config(micro, "random", tmp_path / "run", 30)
    asked = replace(asked, budget=asked.budget.model_copy(update={"turns": 20}))
    stops = [False]
    result = run(asked, lambda p: stops.append(p.clocks.turns >= 6), lambda: stops[-1])
    assert result.clocks.turns == 6
    result = resume(asked, read_trajectory(asked.folder))

    assert result.reason is EndReason.BUDGET_TURNS
    assert result.clocks.turns == 20


@pytest.mark.slow
def test_a_process_that_is_killed_again_and_again_loses_nothing(
    oracle_run: Path, tmp_path: Path
) -> None:
    base = [sys.executable, "-W", "ignore", "-m", "pokebench"]
    start = [
        *base, "run", "--game", "tallgrass:micro@1", "--agent", "oracle", "--seed", "3",
        "--out", str(tmp_path),
    ]  # fmt: skip
    folder = tmp_path / "tallgrass-micro-1_oracle_seed3"
    events = folder / "events.jsonl"
    for attempt in range(4):
        command = start if not events.exists() else [*base, "resume", str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = events.stat().st_size if events.exists() else 0
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if events.exists() and events.stat().st_size > before + 1500 * (attempt + 1):
                os.kill(process.pid, signal.SIGKILL)
            time.sleep(0.005)
        process.wait()
    done = subprocess.run(
        [*base, "resume", str(folder), "--json"], capture_output=True, check=False
    )
    whole = read_trajectory(oracle_run)

    assert done.returncode == 0 or b"the run is over" in done.stderr
    assert play_of(read_trajectory(folder)) == play_of(whole)
    if done.returncode == 0:
        assert json.loads(done.stdout)["reason"] == "finished"
