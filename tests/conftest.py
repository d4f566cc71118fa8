"""Games and runs that many tests share; made once in each test process."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import RunConfig, run
from pokebench.trajectory.manifest import BudgetPart

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


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


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Headless Chromium; a process can have one only.

    A machine without it passes these tests over, but not where everything must be tried.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or next(filter(None, map(which, CHROMIUM_NAMES)), None)
        own = playwright.chromium.executable_path
        if not found and not Path(own).exists() and not os.environ.get("CI"):
            pytest.skip("needs Chromium: apt-get install chromium, or set CHROMIUM to its path")
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()
