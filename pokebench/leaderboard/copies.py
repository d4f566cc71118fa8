"""Keeps the same play from being entered twice, under whatever id, name, seed or words."""

from collections.abc import Iterable
from typing import Final

from pokebench.errors import SubmissionError
from pokebench.leaderboard.entry import Entry, EntryRun

_TELLING_MILESTONES: Final = 4
"""So many milestones at the very same frames do not happen twice."""


def refuse_copies(entry: Entry, known: Iterable[Entry]) -> None:
    """Refuse an entry if a run of it is a copy of another one in it, or on the board.

    Inputs alone decide: who plays the very same buttons again has not played. References may, under
    other seeds: that is what the open-loop control does. Beside that, a run is a copy if it has
    the seed of another and reached the same milestones at the same frames.

    Raises:
        SubmissionError: it is; the message names both.
    """
    others = [(other, run) for other in known for run in other.runs]
    for number, run in enumerate(entry.runs):
        earlier = [(entry, before) for before in entry.runs[:number]]
        for other, before in [*others, *earlier]:
            if why := _copied(entry, run, before):
                raise SubmissionError(
                    f"run {run.run_id} {why} run {before.run_id} of {other.agent.id} by "
                    f"{other.submitter.name}"
                )


def _copied(entry: Entry, run: EntryRun, before: EntryRun) -> str:
    if run.run_id == before.run_id:
        return "is on the leaderboard already: it is"
    if run.head == before.head:
        return "is the same record as"
    if run.play == before.play and (run.seed == before.seed or not entry.is_reference):
        return "presses exactly the buttons of"
    if run.seed == before.seed and not entry.is_reference and _same_frames(run, before):
        return "reached every milestone at the very frame of"
    return ""


def _same_frames(run: EntryRun, before: EntryRun) -> bool:
    mine = [(m.id, m.clocks.frames) for m in run.milestones]
    theirs = [(m.id, m.clocks.frames) for m in before.milestones]
    return len(mine) >= _TELLING_MILESTONES and mine == theirs
