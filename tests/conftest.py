"""Games and runs that many tests share; made once in each test process."""

from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import RunConfig, run
from pokebench.trajectory.manifest import BudgetPart


@pytest.fixture(scope="session")
def micro() -> Cartridge:
    """The smallest world."""
    return open_game(GameSpec.parse("tallgrass:micro@1"))


@pytest.fixture(scope="session")
def oracle_run(micro: Cartridge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder in which the oracle finished the smallest world; do not change it."""
    folder = tmp_path_factory.mktemp("runs") / "oracle"
    agent = AgentSpec.parse("oracle")
    run(RunConfig(micro, agent, 3, BudgetPart(frames=frames_of_minutes(60)), folder))
    return folder


@pytest.fixture(scope="session")
def random_run(micro: Cartridge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of one minute of random play; do not change it."""
    folder = tmp_path_factory.mktemp("runs") / "random"
    agent = AgentSpec.parse("random")
    run(RunConfig(micro, agent, 5, BudgetPart(frames=frames_of_minutes(1)), folder))
    return folder
