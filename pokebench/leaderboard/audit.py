"""Checks a whole leaderboard again: each submission is re-simulated and compared with its entry."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from pokebench.errors import PokebenchError, RomNeededError, SubmissionError
from pokebench.leaderboard.check import Progress, check
from pokebench.leaderboard.entry import Entry, Handed, Leaderboard
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.sandbox import Limits


@dataclass(frozen=True, slots=True)
class Finding:
    """What checking one submission again gave.

    Attributes:
        submission: its name.
        entry_id: the entry that it belongs to.
        runs: how many runs it holds.
        fault: what is wrong, or "".
        needs_rom: nothing is known to be wrong, and a ROM is needed to go on.
    """

    submission: str
    entry_id: str
    runs: int
    fault: str
    needs_rom: bool = False

    @property
    def holds(self) -> bool:
        """Whether everything was found again."""
        return not self.fault


def audit(
    board: Leaderboard,
    folder: Path,
    limits: Limits | None = None,
    jobs: int = 1,
    only: str = "",
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Finding]:
    """Check the submissions behind a board, in whatever order they are done.

    Args:
        board: the leaderboard.
        folder: where the submissions lie, by name.
        limits: what the check of one run may use.
        jobs: submissions to check at once.
        only: only games whose name begins so; "" for all.
        on_progress: told how far each run is, from other threads.
    """
    work = [
        (entry, handed)
        for entry in board.entries
        for handed in entry.submissions
        if entry.game.spec.startswith(only)
    ]
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        calls = [
            pool.submit(_look, entry, handed, folder, limits, on_progress) for entry, handed in work
        ]
        try:
            for call in as_completed(calls):
                yield call.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _look(
    entry: Entry,
    handed: Handed,
    folder: Path,
    limits: Limits | None,
    on_progress: Callable[[Progress], None],
) -> Finding:
    runs = sum(run.submission == handed.name for run in entry.runs)
    path = folder / handed.name
    if not path.exists() and path.with_name(f"{handed.name}.zip").exists():
        path = path.with_name(f"{handed.name}.zip")
    try:
        level = min(entry.proof.level, Level.REPLAYED, key=lambda level: level.order)
        again = check(path, limits=limits, on_progress=on_progress, level=level)
        _compare(entry, handed, again)
    except RomNeededError as error:
        return Finding(handed.name, entry.id, runs, str(error), needs_rom=True)
    except PokebenchError as error:
        return Finding(handed.name, entry.id, runs, str(error))
    return Finding(handed.name, entry.id, runs, "")


def _compare(entry: Entry, handed: Handed, found: Entry) -> None:
    """Refuse a difference between what the board says and what was found.

    Raises:
        SubmissionError: there is one; the message names it.
    """
    if found.submissions[0].sha256 != handed.sha256:
        raise SubmissionError("its submission.json is not the one that was entered")
    if found.id != entry.id:
        raise SubmissionError(f"it makes entry {found.id}, not {entry.id}")
    if found.submissions[0].declaration != handed.declaration:
        raise SubmissionError("the board states another declaration")
    entered = {run.run_id: run for run in entry.runs if run.submission == handed.name}
    if entered.keys() != {run.run_id for run in found.runs}:
        raise SubmissionError("the board lists other runs of it")
    for run in found.runs:
        known = entered[run.run_id].model_dump()
        found_again = run.model_dump(exclude={"like"})  # what it is like hangs on what came before
        differing = [key for key, value in found_again.items() if known[key] != value]
        if differing:
            raise SubmissionError(f"run {run.run_id}: the board states another {differing[0]}")
