"""Plays the trials of a suite: in parallel, resumable, each a run folder of its own."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pokebench.agent import AgentSpec
from pokebench.errors import ConfigError, PokebenchError, TrajectoryError
from pokebench.runner import Progress, RunConfig, RunResult, resume, run
from pokebench.suite.content import FrozenSuite, load_suite
from pokebench.suite.pool import asked_to_stop, map_jobs
from pokebench.suite.trial import Trial, config_of
from pokebench.trajectory import OutcomeEvent, Trajectory, read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Clocks, EndReason

ABOUT_NAME: Final = "suite-run.json"
_FORM: Final = "pokebench-suite-run/1"


@dataclass(frozen=True, slots=True)
class Session:
    """What all trials of one `suite run` have in common.

    Attributes:
        suite: the suite's folder.
        agent: who plays.
        out: takes the run folders.
        limits: besides game time, each for one trial; its frames are not looked at.
        factor: the budget of game time in multiples of the reference time.
        cache: for checkpoints.
    """

    suite: Path
    agent: AgentSpec
    out: Path
    limits: BudgetPart
    factor: float
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a trial ended.

    Attributes:
        trial: which.
        reason: why; None if it failed before it began.
        clocks: from power-on.
        has_goal: the goal was reached, by the record.
        fault: what went wrong besides, or "".
    """

    trial: Trial
    reason: EndReason | None
    clocks: Clocks
    has_goal: bool
    fault: str = ""

    @property
    def usd(self) -> float:
        """Dollars that it cost, uncertain ones included."""
        return self.clocks.usd_known + self.clocks.usd_uncertain


@dataclass(frozen=True, slots=True)
class _Job:
    session: Session
    trial: Trial
    parent: int


def begin(frozen: FrozenSuite, session: Session) -> None:
    """Write down what the folder is for, or see that it is for just that.

    Raises:
        ConfigError: the folder holds runs of another suite, agent or budget.
    """
    agent = session.agent
    about: dict[str, Any] = {
        "form": _FORM,
        "suite": frozen.suite.name,
        "suite_sha256": frozen.sha256,
        "agent": agent.card.model_dump(mode="json"),
        "code_sha256": agent.code_sha256,
        "factor": session.factor,
        "limits": session.limits.model_dump(mode="json"),
    }
    path = session.out / ABOUT_NAME
    if path.is_file():
        try:
            found = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: not readable ({error})") from error
        differing = [
            key for key in about if not isinstance(found, dict) or found.get(key) != about[key]
        ]
        if differing:
            raise ConfigError(
                f"{session.out} holds runs with another {', '.join(differing)}; give another --out"
            )
        return
    session.out.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(about, indent=1) + "\n")
    beside.replace(path)


def is_done(out: Path, trial: Trial) -> bool:
    """Return whether a trial has ended for good."""
    trajectory = _recorded(out / trial.name)
    if trajectory is None or trajectory.outcome is None:
        return False
    return not trajectory.outcome.reason.is_resumable


def play(
    session: Session,
    trials: Sequence[Trial],
    processes: int,
    stop_requested: Callable[[], bool],
) -> Iterator[Done]:
    """Play trials, or go on with them, and yield each as it ends, or as it is asked to stop."""
    if processes > 1:
        jobs = [_Job(session, trial, os.getpid()) for trial in trials]
        yield from map_jobs(play_elsewhere, jobs, processes, stop_requested)
        return
    for trial in trials:
        if stop_requested():
            return
        yield _play_trial(session, trial, stop_requested)


def play_elsewhere(job: _Job) -> Done:
    """Play one trial in a process of the pool."""
    with asked_to_stop(job.parent) as stop_requested:
        return _play_trial(job.session, job.trial, stop_requested)


def _play_trial(session: Session, trial: Trial, stop_requested: Callable[[], bool]) -> Done:
    """Play one trial to its end; what goes wrong with it is told and stops nobody else."""
    folder = session.out / trial.name
    try:
        config = config_of(
            load_suite(str(session.suite)), trial, session.agent, folder,
            session.limits, session.factor, session.cache,
        )  # fmt: skip
        result = play_or_go_on(config, stop_requested=stop_requested)
    except PokebenchError as error:
        recorded = _recorded(folder)
        clocks = recorded.outcome.clocks if recorded and recorded.outcome else Clocks()
        return Done(trial, None, clocks, has_goal=False, fault=str(error))
    goal = config.task.goal if config.task else ""
    return Done(trial, result.reason, result.clocks, goal in result.milestones, result.detail)


def play_or_go_on(
    config: RunConfig,
    on_progress: Callable[[Progress], None] = lambda _: None,
    stop_requested: Callable[[], bool] = lambda: False,
) -> RunResult:
    """Play a run, or go on with it if it was cut off; of one that has ended, return the end."""
    trajectory = _recorded(config.folder)
    if trajectory is None:
        shutil.rmtree(config.folder, ignore_errors=True)
        return run(config, on_progress, stop_requested)
    outcome = trajectory.outcome
    if outcome is not None and not outcome.reason.is_resumable:
        return _ended(trajectory, outcome)
    return resume(config, trajectory, on_progress, stop_requested)


def _ended(trajectory: Trajectory, outcome: OutcomeEvent) -> RunResult:
    milestones = tuple(event.id for event in trajectory.milestones)
    return RunResult(trajectory.folder, outcome.reason, outcome.detail, outcome.clocks, milestones)


def _recorded(folder: Path) -> Trajectory | None:
    """Return a record that can be gone on with; None if nothing of worth was recorded.

    What was recorded before the prefix cannot have cost anything, and the agent saw none of it.

    Raises:
        TrajectoryError: there is a record, and it is damaged.
    """
    if not (folder / "events.jsonl").is_file():
        return None
    try:
        trajectory = read_trajectory(folder)
    except TrajectoryError:
        if (folder / "events.jsonl").stat().st_size == 0:
            return None
        raise
    is_begun = trajectory.turns or (trajectory.lines and trajectory.manifest.prefix is None)
    return trajectory if is_begun else None
