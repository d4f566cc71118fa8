"""The recipe by which a fork's pull request is checked, as it stands in the docs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pokebench.leaderboard.entry import Leaderboard
from pokebench.leaderboard.store import save
from tests.leaderboard.forged_play import move_milestone
from tests.leaderboard.forger import read_draft, write_folder

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "docs" / "check-submission.yml").read_text()


def script() -> str:
    """The shell script of the recipe's last step."""
    body = RECIPE.split("run: |\n")[1]
    return "\n".join(line.removeprefix(" " * 10) for line in body.splitlines())


def run_recipe(place: Path) -> subprocess.CompletedProcess[str]:
    bin_folder = Path(sys.executable).parent
    return subprocess.run(
        ["bash", "-c", script()],
        cwd=place / "base",
        env={"PATH": f"{bin_folder}:{os.defpath}", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, submission: Path) -> Path:
    (tmp_path / "base" / "submissions").mkdir(parents=True)
    (tmp_path / "fork" / "submissions").mkdir(parents=True)
    save(Leaderboard(), tmp_path / "base" / "leaderboard.json")
    shutil.copytree(submission, tmp_path / "base" / "submissions" / "known")
    shutil.copytree(submission, tmp_path / "fork" / "submissions" / "known")
    return tmp_path


def test_the_recipe_has_no_secret_and_runs_the_base_branch() -> None:
    assert "secrets." not in RECIPE
    assert "pull_request_target" not in RECIPE
    assert RECIPE.count("persist-credentials: false") == RECIPE.count("actions/checkout")
    assert "pull_request.base.sha" in RECIPE
    assert "pip install -c base/constraints.txt ./base" in RECIPE
    assert "contents: read" in RECIPE


def test_what_is_known_is_not_checked_again(place: Path) -> None:
    done = run_recipe(place)

    assert done.returncode == 0, done.stderr
    assert "no new submission" in done.stdout


@pytest.mark.slow
def test_an_honest_submission_passes_and_a_forged_one_does_not(
    place: Path, submission: Path
) -> None:
    shutil.copytree(submission, place / "fork" / "submissions" / "honest")
    honest = run_recipe(place)
    draft = read_draft(submission)
    move_milestone(draft, np.random.default_rng(1))
    draft.refit()
    write_folder(draft.files, place / "fork" / "submissions" / "forged")
    forged = run_recipe(place)

    assert honest.returncode == 0, honest.stderr
    assert "honest holds." in honest.stdout
    assert forged.returncode == 1
    assert "re-simulation gives" in forged.stderr
