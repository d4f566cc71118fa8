"""Keeps the same play from being entered twice, under whatever id, name, seed or words.

A run can also be copied up to some moment and go on by itself: a branch whose `parent` was taken
out of its manifest. Two things give that away. The milestones until there came by the very inputs
of another run; or, if some presses that did nothing were changed, at its very frames. Honest runs
part early: the oracle's own, under different seeds, do so within 100 steps.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pokebench.errors import SubmissionError
from pokebench.leaderboard.entry import Entry, EntryRun, Likeness
from pokebench.types import game_clock

_TELLING_MILESTONES: Final = 4
"""So many milestones at the very same frames do not happen twice."""
_TELLING_STEPS: Final = 256
"""Nor do so many equal steps: the introduction, which anybody may press through, is shorter."""


def refuse_copies(entry: Entry, known: Iterable[Entry]) -> None:
    """Refuse an entry if a run of it is a copy of another one in it, or on the board.

    Inputs decide: who plays the very same buttons again has not played, nor has who played them
    until everything was reached that the run has. References may, under other seeds: that is what
    the open-loop control does. Code that plays alike under one seed may, under another budget.

    Raises:
        SubmissionError: it is; the message names both.
    """
    for run, other, before in _pairs(entry, known):
        if why := _copied(entry, run, other, before):
            raise SubmissionError(
                f"run {run.run_id} {why} run {before.run_id} of {other.agent.id} by "
                f"{other.submitter.name}"
            )


def marked(entry: Entry, known: Iterable[Entry]) -> Entry:
    """Return an entry whose runs say which other run they begin like, on the board or before them.

    What agents share who look at nothing or whose code plays alike is not marked.
    """
    longest: dict[str, Likeness] = {}
    for run, other, before in _pairs(entry, known):
        if _may_be_alike(entry, other):
            continue
        like = _likeness(run, other, before)
        present = longest.get(run.run_id)
        if like and (present is None or like.steps > present.steps):
            longest[run.run_id] = like
    runs = (run.model_copy(update={"like": longest.get(run.run_id)}) for run in entry.runs)
    return entry.model_copy(update={"runs": tuple(runs)})


def likeness(run: EntryRun) -> str:
    """Return in words how a run begins as another one; "" if it does not."""
    like = run.like
    if like is None:
        return ""
    how = "the inputs equal those" if like.is_exact else "milestones come at the very frames"
    return (
        f"in the first {game_clock(like.frames)} of {game_clock(run.end.frames)} of game time, up "
        f"to milestone {like.milestones} of {len(run.milestones)}, {how} of run "
        f"{like.run_id[:8]}, entry {like.entry_id}"
    )


def _pairs(entry: Entry, known: Iterable[Entry]) -> Iterator[tuple[EntryRun, Entry, EntryRun]]:
    """Yield each run with each one that was there before it, and the entry of that."""
    others = [(other, run) for other in known for run in other.runs]
    for number, run in enumerate(entry.runs):
        for other, before in [*others, *((entry, before) for before in entry.runs[:number])]:
            yield run, other, before


def _copied(entry: Entry, run: EntryRun, other: Entry, before: EntryRun) -> str:
    if run.run_id == before.run_id:
        return "is on the leaderboard already: it is"
    if run.head == before.head:
        return "is the same record as"
    if run.play == before.play and (run.seed == before.seed or not entry.is_reference):
        return "presses exactly the buttons of"
    if _may_be_alike(entry, other):
        return ""
    like = _likeness(run, other, before)
    if like is not None and like.milestones == len(run.milestones):
        how = "by exactly the buttons" if like.is_exact else "at the very frame"
        return f"reached every milestone {how} of"
    return ""


def _may_be_alike(entry: Entry, other: Entry) -> bool:
    """Whether runs may share inputs: controls, and one author's code that always plays alike."""
    is_same_code = entry.agent == other.agent and entry.adapter != "model"
    return entry.is_reference or (is_same_code and entry.submitter.name == other.submitter.name)


def _likeness(run: EntryRun, other: Entry, before: EntryRun) -> Likeness | None:
    """Return how far `run` is a copy of `before`; None if no further than chance may lead."""
    exact = at_frames = 0
    for number, (mine, theirs) in enumerate(zip(run.milestones, before.milestones, strict=False)):
        if mine.id != theirs.id:
            break
        if mine.inputs and mine.inputs == theirs.inputs and mine.clocks.steps >= _TELLING_STEPS:
            exact = number + 1
        is_same = run.seed == before.seed and mine.clocks.frames == theirs.clocks.frames
        if is_same and at_frames == number:
            at_frames = number + 1
    shared = max(exact, at_frames if at_frames >= _TELLING_MILESTONES else 0)
    if not shared:
        return None
    last = run.milestones[shared - 1].clocks
    return Likeness(
        entry_id=other.id, run_id=before.run_id, milestones=shared, steps=last.steps,
        frames=last.frames, is_exact=exact == shared,
    )  # fmt: skip
