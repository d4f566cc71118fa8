"""Every write, sync and rename of a run fails once; `failing_io.py` sweeps more closely by hand."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("failing_io.c")
COMPILERS = ("cc", "gcc", "clang")


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library to preload."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None or sys.platform != "linux":
        pytest.skip("failing on purpose needs Linux and a C compiler")
    library = tmp_path_factory.mktemp("shim") / "failing_io.so"
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


@pytest.mark.slow
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize(("lasting", "every"), [(False, 3), (True, 7)])
def test_whatever_fails_the_run_goes_on_afterwards_or_says_clearly_why_not(
    error: str, lasting: bool, every: int, shim: Path
) -> None:
    command = [sys.executable, "-m", "tests.endurance.failing_io", "--error", error]
    command += ["--turns", "5", "--every", str(every), *["--lasting"] * lasting]
    environment = {**os.environ, "LD_PRELOAD": str(shim)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    trials = json.loads(done.stdout)

    assert trials[-1]["ending"]["failed"] == ""
    problems = [(t["nth"], t["ending"]["failed"], t["problems"]) for t in trials if t["problems"]]
    assert problems == []
