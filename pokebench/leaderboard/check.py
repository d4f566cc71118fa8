"""Checks a submission as the board does: bytes, form, digests, re-simulation, agreement."""

import importlib.metadata
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pokebench.errors import SubmissionError
from pokebench.leaderboard.copies import marked, refuse_copies
from pokebench.leaderboard.entry import FOLDER_NAME, Entry, Handed, Proof, entry_of
from pokebench.leaderboard.facts import Judged
from pokebench.leaderboard.intake import open_source
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.sandbox import Limits, judge
from pokebench.leaderboard.stage import Staged, read_submission, stage
from pokebench.leaderboard.submission import PackedRun, Submission

CHECKER: Final = "pokebench"
"""Who vouches for what a program can show: the levels `logged` and `replayed`."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a check is.

    Attributes:
        run_id: which run.
        frames: re-simulated so far.
        of: most that there can be.
    """

    run_id: str
    frames: int
    of: int


def check(
    path: Path,
    rom: Path | None = None,
    limits: Limits | None = None,
    jobs: int = 1,
    on_progress: Callable[[Progress], None] = lambda _: None,
    known: Sequence[Entry] = (),
    level: Level = Level.REPLAYED,
) -> Entry:
    """Check a submission, and return the entry that it makes.

    Every run is re-simulated in a child process of its own. Nothing is written but into a private
    folder that is removed.

    Args:
        path: the submission's folder or zip.
        rom: the verifier's own ROM, for games that are not generated.
        limits: what the check of one run may use.
        jobs: how many runs to check at once.
        on_progress: told how far it is; may be called from other threads.
        known: entries of the board, so that runs it has are refused before they are re-simulated,
            and runs that begin as one of its runs are marked.
        level: `replayed`; or `logged`, for a game whose ROM is not here: records are read, and
            nothing is played.

    Raises:
        SubmissionError: it cannot be taken; the message says why.
        RomNeededError: so far it holds, and the rest needs a ROM.
    """
    name = _name_of(path)
    with open_source(path) as source, tempfile.TemporaryDirectory(prefix="pokebench-") as private:
        submission, digest = read_submission(source)
        staged = [stage(source, run, Path(private) / run.run_id) for run in submission.runs]
        _refuse_same_record(staged, known)
        _refuse_mixture(staged)
        with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
            calls = [pool.submit(_judge, run, rom, limits, on_progress, level) for run in staged]
            try:
                found = [call.result() for call in calls]
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    return marked(_entry(name, submission, digest, found, level), known)


def _judge(
    staged: Staged,
    rom: Path | None,
    limits: Limits | None,
    on_progress: Callable[[Progress], None],
    level: Level,
) -> Judged:
    run_id, budget = staged.packed.run_id, staged.manifest.budget.frames
    try:
        return judge(
            staged,
            rom,
            limits,
            lambda frames: on_progress(Progress(run_id, frames, budget)),
            level,
        )
    except SubmissionError as error:
        raise type(error)(f"run {run_id}: {error}") from error


def _refuse_same_record(staged: Sequence[Staged], known: Iterable[Entry]) -> None:
    """Refuse a record that is there twice, or on the board already."""
    on_board = [run for entry in known for run in entry.runs]
    seen = {run.files.events_sha256: run.run_id for run in on_board}
    ids = {run.run_id for run in on_board}
    for run in staged:
        run_id = run.packed.run_id
        if run_id in ids:
            raise SubmissionError(f"run {run_id} is on the leaderboard already")
        other = seen.setdefault(run.packed.events_sha256, run_id)
        if other != run_id:
            raise SubmissionError(f"run {run_id} is the same record as run {other}")


def _refuse_mixture(staged: Sequence[Staged]) -> None:
    """Refuse runs that say themselves that they do not belong together."""
    first = staged[0].manifest
    for run in staged:
        own = run.manifest
        if (own.agent, own.game.spec, own.tier, own.budget) != (
            first.agent, first.game.spec, first.tier, first.budget,
        ):  # fmt: skip
            raise _mixed(own.run_id, first.run_id)


def _mixed(run_id: str, other_id: str) -> SubmissionError:
    return SubmissionError(
        f"run {run_id} has another agent, game, tier or budget than run {other_id}: what is "
        "compared apart is handed in apart"
    )


def _entry(
    name: str, submission: Submission, digest: str, found: Sequence[Judged], level: Level
) -> Entry:
    first = found[0]
    for judged in found:
        if judged.shared != first.shared:
            raise _mixed(judged.run.run_id, first.run.run_id)
    handed = Handed(name=name, sha256=digest, declaration=submission.declaration)
    runs: list[tuple[Judged, PackedRun]] = list(zip(found, submission.runs, strict=True))
    entry = entry_of(runs, submission.submitter, handed, _proof(level))
    refuse_copies(entry, ())
    return entry


def _name_of(path: Path) -> str:
    name = path.resolve().name.removesuffix(".zip")
    if not re.fullmatch(FOLDER_NAME, name):
        raise SubmissionError(
            f"{name[:200]!r}: a submission is named with letters, digits, dots, dashes and "
            "underscores"
        )
    return name


def _proof(level: Level) -> Proof:
    return Proof(
        level=level,
        by=CHECKER,
        version=importlib.metadata.version("pokebench"),
        on=datetime.now(UTC).strftime("%Y-%m-%d"),
    )
