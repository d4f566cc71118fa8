"""Real screens, a real browser, and real servers for it to look at."""

import importlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from pokebench.episode import Episode
from pokebench.milestone import Cartridge
from pokebench.trajectory import read_trajectory
from pokebench.types import Frame, actions_of

Viewed = Callable[..., str]
"""Serves run folders and returns the address."""


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


@contextmanager
def served(
    cache: Path, *arguments: str | Path, stderr: int = subprocess.DEVNULL
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `pokebench view`; give the address and the process."""
    command = [sys.executable, "-W", "ignore", "-m", "pokebench", "view", "--no-open", "--json"]
    process = subprocess.Popen(
        [*command, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=stderr, text=True,
        env=os.environ | {"POKEBENCH_CACHE": str(cache)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = ""
        while not told.endswith("}\n"):
            line = process.stdout.readline()
            assert line, "the server ended"
            told += line
        yield json.loads(told)["url"], process
    finally:
        process.terminate()
        process.communicate(timeout=120)


@pytest.fixture(scope="session")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewed]:
    """A function that serves runs until the session ends; the same runs by the same server."""
    cache = tmp_path_factory.mktemp("cache")
    known: dict[tuple[Path, ...], str] = {}
    closers = []

    def serve(*runs: Path) -> str:
        if runs not in known:
            server = served(cache, *runs)
            known[runs] = server.__enter__()[0]
            closers.append(server)
        return known[runs]

    yield serve
    for server in closers:
        server.__exit__(None, None, None)


class Seen:
    """A page that is looked at; whatever it complains of ends the test.

    Attributes:
        page: the page.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        """Keep what the page complains of; that a server is away is no fault of the page."""
        is_away = re.match(r"Failed to load resource: (net::ERR_|.* status of 503\b)", said.text)
        if said.type == "error" and not is_away:
            self.complaints.append(said.text)

    def open(self, address: str) -> Page:
        """Open an address and wait until the runs are there."""
        self.page.goto(address)
        self.page.wait_for_selector("body[data-ready]")
        return self.page


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Seen]]:
    """A function that opens a fresh page: `look(dark=True, phone=True)`."""
    opened: list[tuple[BrowserContext, Seen]] = []

    def fresh(*, dark: bool = False, phone: bool = False) -> Seen:
        context = browser.new_context(
            viewport={"width": 360, "height": 740} if phone else {"width": 1280, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(120_000)
        seen = Seen(context)
        opened.append((context, seen))
        return seen

    yield fresh
    for context, _ in opened:
        context.close()
    assert [c for _, seen in opened for c in seen.complaints] == []


def until(page: Page, expression: str, seconds: float = 120) -> Any:
    """Wait until an expression is true on the page; return its value.

    The page's policy forbids the browser to poll by itself, as it forbids everything else.
    """
    deadline = time.monotonic() + seconds
    while not (value := page.evaluate(expression)):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(30)
    return value


def violations(page: Page) -> dict[str, str]:
    """Return what keeps some people from using the page as it stands, with a place for each."""
    axe = importlib.import_module("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return {violation["id"]: violation["nodes"][0]["html"] for violation in found}


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page where `POKEBENCH_ARTIFACTS` says, to be looked at."""
    folder = os.environ.get("POKEBENCH_ARTIFACTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def asked(address: str) -> bytes:
    """Return what a server answers."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        body: bytes = answer.read()
    return body
