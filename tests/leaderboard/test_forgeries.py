from pathlib import Path

import pytest

from pokebench.leaderboard.entry import Entry, Leaderboard
from tests.leaderboard.forger import Draft, read_draft
from tests.leaderboard.forgeries import FORGERIES, NEEDS_RESIMULATION
from tests.leaderboard.trial import attempt

QUICK = sorted(set(FORGERIES) - set(NEEDS_RESIMULATION) - {"zip_bomb", "zstd_bomb"})


@pytest.fixture(scope="module")
def honest(submission: Path) -> Draft:
    return read_draft(submission)


@pytest.fixture(scope="module")
def board(entry: Entry) -> Leaderboard:
    return Leaderboard(entries=(entry,))


@pytest.mark.parametrize("name", QUICK)
def test_what_can_be_seen_without_playing_is_refused(
    name: str, honest: Draft, board: Leaderboard, tmp_path: Path
) -> None:
    for seed in range(2):
        trial = attempt(name, seed, honest, board, tmp_path / str(seed))

        assert trial.is_refused, trial


def test_a_damaged_archive_is_refused_wherever_the_damage_is(
    honest: Draft, board: Leaderboard, tmp_path: Path
) -> None:
    for seed in range(60):
        trial = attempt("zip_damaged", seed, honest, board, tmp_path / str(seed))

        assert trial.is_refused, trial


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_no_forgery_is_entered(
    name: str, honest: Draft, board: Leaderboard, tmp_path: Path
) -> None:
    for seed in range(100, 101 if name in NEEDS_RESIMULATION else 102):
        trial = attempt(name, seed, honest, board, tmp_path / str(seed))

        assert trial.is_refused, trial
