"""Submissions that many tests share."""

from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.leaderboard.check import check
from pokebench.leaderboard.entry import Entry
from pokebench.leaderboard.pack import pack, write
from pokebench.leaderboard.submission import Declaration, Submitter
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, run
from pokebench.trajectory.manifest import BudgetPart

SHORT_FRAMES = 7200


def submit(runs: list[Path], out: Path, name: str = "Ada") -> Path:
    """Make a submission of `runs`."""
    declaration = Declaration(runs_declared=len(runs), runs_started=len(runs))
    write(pack(runs, Submitter(name=name), declaration, {}), out)
    return out


@pytest.fixture(scope="session")
def short_run(micro: Cartridge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes of the oracle on the smallest world; do not change it."""
    folder = tmp_path_factory.mktemp("runs") / "short"
    run(RunConfig(micro, AgentSpec.parse("oracle"), 7, BudgetPart(frames=SHORT_FRAMES), folder))
    return folder


@pytest.fixture(scope="session")
def submission(short_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission of that run; do not change it."""
    return submit([short_run], tmp_path_factory.mktemp("submissions") / "short")


@pytest.fixture(scope="session")
def entry(submission: Path) -> Entry:
    """What checking it gives."""
    return check(submission)
