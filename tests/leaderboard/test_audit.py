from pathlib import Path

import pytest

from pokebench.leaderboard.audit import audit
from pokebench.leaderboard.entry import Entry, Leaderboard
from pokebench.leaderboard.store import load

ROOT = Path(__file__).parents[2]


def test_a_submission_that_is_gone_is_a_fault(entry: Entry, tmp_path: Path) -> None:
    (finding,) = audit(Leaderboard(entries=(entry,)), tmp_path)

    assert not finding.holds
    assert "short: neither a submission's folder nor a zip" in finding.fault


@pytest.mark.slow
def test_a_board_that_claims_more_than_its_submission_is_caught(
    entry: Entry, submission: Path
) -> None:
    run = entry.runs[0].model_copy(update={"milestones": entry.runs[0].milestones[:-1]})
    board = Leaderboard(entries=(entry.model_copy(update={"runs": (run,)}),))
    (honest,) = audit(Leaderboard(entries=(entry,)), submission.parent)
    (edited,) = audit(board, submission.parent)

    assert honest.holds, honest.fault
    assert edited.fault.endswith("the board states another milestones")


@pytest.mark.slow
def test_the_repositorys_board_holds_on_the_smallest_world() -> None:
    board = load(ROOT / "leaderboard.json")
    findings = list(audit(board, ROOT / "submissions", jobs=2, only="tallgrass:micro"))

    assert len(findings) >= 4
    assert [finding for finding in findings if not finding.holds] == []


def test_every_submission_of_the_repository_is_on_its_board() -> None:
    board = load(ROOT / "leaderboard.json")
    named = {handed.name for entry in board.entries for handed in entry.submissions}
    present = {path.name for path in (ROOT / "submissions").iterdir() if path.is_dir()}

    assert named == present
    agents = {entry.adapter for entry in board.entries}
    assert {"oracle", "random", "replay", "wall_follower"} <= agents
