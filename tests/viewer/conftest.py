"""Real screens, and a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pokebench.episode import Episode
from pokebench.milestone import Cartridge
from pokebench.trajectory import read_trajectory
from pokebench.types import Frame, actions_of


@pytest.fixture(scope="session")
def real_play(micro: Cartridge, oracle_run: Path) -> list[Frame]:
    """Every frame of the oracle's first sixty steps."""
    trajectory = read_trajectory(oracle_run)
    episode = Episode(cartridge=micro, seed=trajectory.manifest.seed, budget_frames=1 << 40)
    timing, frames = micro.table.timing, []
    letters = "".join(turn.a for turn in trajectory.turns)[:60]
    for action in actions_of(letters):
        episode.emulator.hold(action)
        for frame in range(timing.step_frames):
            if frame == timing.hold_frames:
                episode.emulator.release(action)
            episode.emulator.run(1, render=True)
            frames.append(episode.emulator.screen())
    episode.close()
    return frames


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()
