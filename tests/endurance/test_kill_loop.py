"""Runs that are killed again and again; `kill_loop.py` runs the same with more kills by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 25
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("adapter", "faults"),
    [("anthropic", 0), ("openai", 1), ("openai_background", 1), ("openai_compatible", 1)],
)
def test_a_run_killed_at_any_moment_is_the_same_run_and_pays_for_nothing_twice(
    adapter: str, faults: int
) -> None:
    command = [sys.executable, "-m", "tests.endurance.kill_loop", "--kills", str(KILLS)]
    command += ["--turns", "40", "--adapter", adapter, *["--faults"] * faults]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    endured = json.loads(done.stdout)

    assert endured["audit"]["problems"] == []
    assert endured["kills"] == KILLS
    assert {"start-up", "after intent"} <= set(endured["found"])
