"""The live line, and signals."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.cli.live import live_note
from pokebench.runner import Progress
from pokebench.testing import FakeProvider, MirrorPlayer
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Clocks, EndReason

PROGRESS = Progress(
    clocks=Clocks(
        frames=35_837, calls=120, tokens_cache_read=900_000, tokens_cache_write=50_000,
        tokens_out=50_000, usd_known=1.0, usd_uncertain=0.25,
    ),
    milestones=("new_game", "badge_1"),
    said="",
    did="UUA....",
    cache_share=0.947,
    has_unknown_prices=False,
    is_replaying=False,
)  # fmt: skip


BUDGET = BudgetPart(frames=10 * 35_837)


def test_the_live_line_tells_what_was_spent_and_what_it_will_come_to() -> None:
    assert live_note(PROGRESS, 8, BUDGET) == (
        "0:10:00  2/8 badge_1  $1.25, $12.50 at the end  120 calls  1.00 M tok 95% cached  UUA...."
    )
    limited = BUDGET.model_copy(update={"usd": 3.0})
    assert "$1.25, $3.00 at the end" in live_note(PROGRESS, 8, limited)
    assert "$ unknown" in live_note(replace(PROGRESS, has_unknown_prices=True), 8, BUDGET)
    assert "following the record" in live_note(replace(PROGRESS, is_replaying=True), 8, BUDGET)
    early = replace(PROGRESS, clocks=replace(PROGRESS.clocks, frames=10))
    assert "$1.25  " in live_note(early, 8, BUDGET)


def started(provider: FakeProvider, out: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-W", "ignore", "-m", "pokebench", "run", "--agent", "scripted",
        "--game", "tallgrass:micro@1", "--out", str(out), "--max-turns", "20",
        "--set", f"model.base_url={provider.url}/v1",
    ]  # fmt: skip
    pipe, environment = subprocess.PIPE, os.environ | {"POKEBENCH_CACHE": str(out / "cache")}
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)
    events = out / "tallgrass-micro-1_scripted_seed1" / "events.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if events.exists() and events.read_bytes().count(b'"t":"turn"') > 5:
            break
        time.sleep(0.01)
    return process


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_signal_stops_a_run_after_its_turn_and_says_how_to_go_on(
    number: signal.Signals, tmp_path: Path
) -> None:
    with FakeProvider(MirrorPlayer(), reply_seconds=0.02) as provider:
        process = started(provider, tmp_path)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
        folder = tmp_path / "tallgrass-micro-1_scripted_seed1"
        outcome = read_trajectory(folder).outcome
        assert outcome is not None
        assert outcome.reason is EndReason.INTERRUPTED
        assert process.returncode == 130
        assert f"To go on: pokebench resume {folder}" in told
        assert told.startswith("Forecast: $0.00")
        assert list((tmp_path / "cache" / "checkpoints").glob("*.ckpt"))
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "pokebench", "resume", str(folder), "--json"],
            capture_output=True, text=True, check=False,
            env=os.environ | {"POKEBENCH_CACHE": str(tmp_path / "cache")},
        )  # fmt: skip

        assert json.loads(done.stdout)["reason"] == "budget_turns"
        assert json.loads(done.stdout)["clocks"]["calls"] == len(provider.bills)


@pytest.mark.slow
def test_a_second_signal_stops_at_once_and_loses_nothing(tmp_path: Path) -> None:
    with FakeProvider(MirrorPlayer(), reply_seconds=0.4) as provider:
        process = started(provider, tmp_path)
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    folder = tmp_path / "tallgrass-micro-1_scripted_seed1"

    assert process.returncode == 130
    assert "Stopped in the middle of a turn" in told
    assert f"resume {folder}" in told
    assert read_trajectory(folder).turns
