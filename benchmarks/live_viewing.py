"""What it costs a run to be watched: turns a minute with a page open on it, and without.

    python -m benchmarks.live_viewing [--pairs 3] [--turns 40] [--reply-seconds 0.4]

A model's run waits for its provider most of the time; `--reply-seconds` is how long an answer
takes. Runs with and without a viewer take turns, so that other load meets both alike.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from pokebench.testing import FakeProvider
from pokebench.trajectory import read_trajectory
from tests.viewer.playing import Thinker, command, environment, folder_in

_CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def main() -> None:
    """Measure, and print the ratio."""
    asked = _asked()
    ratios = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        for _ in range(asked.pairs):
            alone = _turns_a_minute(asked.turns, asked.reply_seconds, None)
            watched = _turns_a_minute(asked.turns, asked.reply_seconds, browser)
            ratios.append(watched / alone)
            print(f"alone {alone:.1f}, watched {watched:.1f} turns a minute: {ratios[-1]:.3f}")
        browser.close()
    print(f"watched against alone, median: {statistics.median(ratios):.3f}  (target >= 0.98)")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--reply-seconds", type=float, default=0.4)
    return parser.parse_args()


def _turns_a_minute(turns: int, reply_seconds: float, browser: Browser | None) -> float:
    """Let a model play, with a page that follows it if there is a browser."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        FakeProvider(Thinker(), reply_seconds=reply_seconds) as provider,
    ):
        out = Path(scratch)
        # the first quarter is not counted: the viewer is starting then
        runner = subprocess.Popen(
            command(out, provider, "--max-turns", str(turns + turns // 3)),
            env=environment(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        folder = folder_in(out)
        if browser is None:
            runner.wait()
        else:
            with _watched(folder, out, browser):
                runner.wait()
        seconds = [turn.w for turn in read_trajectory(folder).turns][-turns:]
    return 60 * (len(seconds) - 1) / (seconds[-1] - seconds[0])


@contextmanager
def _watched(folder: Path, out: Path, browser: Browser) -> Iterator[None]:
    """Open the page of a run that is in progress, and let it follow."""
    server = subprocess.Popen(
        [sys.executable, "-m", "pokebench", "view", "--no-open", "--json", str(folder)],
        env=environment(out), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    told = ""
    while not told.endswith("}\n"):
        told += server.stdout.readline()
    page = browser.new_page()
    page.goto(json.loads(told)["url"])
    page.wait_for_selector("body[data-ready]")
    try:
        yield
    finally:
        page.close()
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
