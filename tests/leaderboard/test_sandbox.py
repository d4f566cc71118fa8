from pathlib import Path

import pytest

from pokebench.errors import RomNeededError, SubmissionError
from pokebench.leaderboard.intake import open_source
from pokebench.leaderboard.sandbox import Limits, judge
from pokebench.leaderboard.stage import Staged, read_submission, stage
from pokebench.milestone import game_ids, load_table
from tests.leaderboard.forger import read_draft, write_folder


@pytest.fixture
def staged(submission: Path, tmp_path: Path) -> Staged:
    with open_source(submission) as source:
        form, _ = read_submission(source)
        return stage(source, form.runs[0], tmp_path / "staged")


def test_a_judge_that_takes_too_long_is_ended(staged: Staged) -> None:
    with pytest.raises(SubmissionError, match=r"used up its time|did not come to an end"):
        judge(staged, limits=Limits(seconds=0))


def test_a_judge_that_takes_too_much_memory_is_ended(staged: Staged) -> None:
    with pytest.raises(SubmissionError, match=r"did not come to an end|does not fit"):
        judge(staged, limits=Limits(memory_bytes=64 << 20))


def test_a_game_with_a_rom_needs_a_verifier_that_has_it(submission: Path, tmp_path: Path) -> None:
    others = [name for name in game_ids() if not load_table(name).game.generated]
    if not others:
        pytest.skip("there is no game with a ROM")
    draft = read_draft(submission)
    draft.manifest["game"]["spec"] = others[0]
    draft.refit()
    with open_source(write_folder(draft.files, tmp_path / "red")) as source:
        form, _ = read_submission(source)
        staged = stage(source, form.runs[0], tmp_path / "staged")

    with pytest.raises(RomNeededError):
        judge(staged)
