import json
import shutil
from pathlib import Path

import pytest

from pokebench.errors import ConfigError, SubmissionError
from pokebench.leaderboard.check import check
from pokebench.leaderboard.entry import Entry
from pokebench.leaderboard.intake import open_source
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.pack import pack, write
from pokebench.leaderboard.submission import SUBMISSION_NAME, Declaration, Submitter
from pokebench.verify import verify
from tests.leaderboard.conftest import submit

ADA = Submitter(name="Ada")
ONE = Declaration(runs_declared=1, runs_started=1)


def test_a_checked_submission_is_the_run_that_was_played(short_run: Path, entry: Entry) -> None:
    verified = verify(short_run)
    (run,) = entry.runs

    assert run.head == verified.trajectory.head
    assert [(m.id, m.clocks) for m in run.milestones] == [
        (m.id, m.clocks) for m in verified.milestones
    ]
    assert entry.proof.level is Level.REPLAYED
    assert entry.submitter.name == "Ada"
    assert entry.is_reference


def test_a_submission_holds_records_and_nothing_else(submission: Path, short_run: Path) -> None:
    names = {str(path.relative_to(submission)) for path in submission.rglob("*") if path.is_file()}
    run_id = json.loads((short_run / "manifest.json").read_bytes())["run_id"]

    assert names == {
        SUBMISSION_NAME, f"runs/{run_id}/manifest.json", f"runs/{run_id}/events.jsonl.zst",
    }  # fmt: skip
    size = sum(path.stat().st_size for path in submission.rglob("*") if path.is_file())
    assert size < 10_000


def test_a_zip_holds_what_its_folder_holds(
    short_run: Path, submission: Path, tmp_path: Path
) -> None:
    zipped = submit([short_run], tmp_path / "short.zip")

    with open_source(zipped) as one, open_source(submission) as other:
        assert one.names() == other.names()
        assert all(one.read(name) == other.read(name) for name in one.names())


def test_a_secret_of_the_environment_is_not_handed_in(random_run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(random_run, tmp_path / "run"))
    word = json.loads((folder / "manifest.json").read_bytes())["run_id"]

    with pytest.raises(SubmissionError, match=r"manifest.json line 3: it holds what looks like"):
        pack([folder], ADA, ONE, {"MY_API_KEY": word})


def test_more_runs_than_were_begun_are_no_submission(short_run: Path, random_run: Path) -> None:
    with pytest.raises(SubmissionError, match="2 runs are handed in, but runs_started is 1"):
        pack([short_run, random_run], ADA, ONE, {})


def test_a_run_is_packed_once(short_run: Path) -> None:
    with pytest.raises(SubmissionError, match="is given twice"):
        pack([short_run, short_run], ADA, ONE, {})


def test_nothing_is_overwritten(submission: Path, short_run: Path) -> None:
    with pytest.raises(ConfigError, match="exists; give another --out"):
        write(pack([short_run], ADA, ONE, {}), submission)


def test_runs_with_different_budgets_are_handed_in_apart(
    short_run: Path, oracle_run: Path, tmp_path: Path
) -> None:
    with pytest.raises(SubmissionError, match="what is compared apart is handed in apart"):
        check(submit([short_run, oracle_run], tmp_path / "both"))
