"""Follows one record in several stretches at once.

A stretch begins at a state of one's own and at the standing that the record claims there. At its
end it is held against the state and the standing at which the next one begins. The first begins at
power-on, so if every stretch holds and ends where the next begins, then by induction all began
where power-on leads, and the verdict is that of one pass. No state is believed.
"""

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from pokebench.milestone import Cartridge
from pokebench.replay.follower import Flagged, Follower, Handover, Reached, Standpoint
from pokebench.replay.processes import ProcessDiedError, do_all
from pokebench.replay.standing import Claims
from pokebench.replay.store import Keyframe, Mark, Store
from pokebench.replay.survey import Begin, Survey, Wanted
from pokebench.replay.way import Way
from pokebench.trajectory import Line, Manifest, Trajectory
from pokebench.trajectory.events import TURN_KINDS
from pokebench.types import Frame

logger = logging.getLogger(__name__)

LEAST_FRAMES: Final = 36_000
"""Ten minutes of game time; re-simulating less takes no longer than starting a process for it."""
_STRETCHES_A_JOB: Final = 3
_PROGRESS_LINES: Final = 64


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that are followed by one process.

    Attributes:
        manifest: the run's.
        cartridge: one's own.
        wanted: what to take down on the way.
        lines: what to follow.
        begin: where to begin; None at power-on.
        end: where the next stretch begins; None if this is the last.
    """

    manifest: Manifest
    cartridge: Cartridge
    wanted: Wanted
    lines: tuple[Line, ...]
    begin: Begin | None
    end: Begin | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What following a stretch came to.

    Attributes:
        mark: the last line that held, and what the one after it claims wrongly.
        resumable: the last place with a state.
        is_linked: it began where it was told to, and ended where the next stretch begins.
        keyframes: states taken on the way.
        way: where the player walked.
        screens: those wanted, by frame.
        reached: milestones that were claimed and found.
        flagged: flags that were raised.
        handover: where the agent took over from a prefix.
        end: what is known where it ended.
    """

    mark: Mark
    resumable: Mark
    is_linked: bool
    keyframes: list[Keyframe]
    way: Way
    screens: dict[int, Frame]
    reached: tuple[Reached, ...]
    flagged: tuple[Flagged, ...]
    handover: Handover | None
    end: Standpoint


def plan(
    trajectory: Trajectory,
    cartridge: Cartridge,
    store: Store,
    wanted: Wanted,
    jobs: int,
    least_frames: int = LEAST_FRAMES,
) -> list[Stretch]:
    """Cut a record where `store` has states into stretches for `jobs` processes.

    Args:
        trajectory: the record, which `store` fits.
        cartridge: one's own.
        store: one's own states.
        wanted: what to take down on the way.
        jobs: processes.
        least_frames: a stretch is at least so long, but for the last.
    """
    begins = _begins(trajectory, cartridge, store, jobs, least_frames)
    stretches = []
    for begin, end in pairwise((None, *begins, None)):
        lines = trajectory.lines_after(begin.mark.line if begin else 0)
        if end is not None:
            lines = lines[: bisect_right(lines, end.mark.line, key=lambda line: line.number)]
        stretches.append(Stretch(trajectory.manifest, cartridge, wanted, lines, begin, end))
    return stretches


def _begins(
    trajectory: Trajectory, cartridge: Cartridge, store: Store, jobs: int, least_frames: int
) -> list[Begin]:
    states, claims = frozenset(store.frames()), Claims(trajectory.manifest, cartridge.table)
    turns = trajectory.of_kind("turn")
    whole = turns[-1].event.f if turns else 0
    wished = max(least_frames, whole // (jobs * _STRETCHES_A_JOB))
    begins: list[Begin] = []
    before, cut_at = Mark(), 0
    for line in trajectory.lines:
        is_cut = line.kind in TURN_KINDS and claims.can_begin and claims.frames in states
        if is_cut and claims.frames - cut_at >= wished:
            keyframe = store.keyframe(claims.frames)
            if keyframe is not None:
                mark = Mark(before.line, before.hash, claims.frames)
                begins.append(Begin(mark, claims.standing(keyframe.episode), keyframe))
                cut_at = claims.frames
        claims.add(line)
        before = Mark(line.number, line.hash)
    return begins


def follow_all(
    stretches: Sequence[Stretch], jobs: int, on_progress: Callable[[int], None]
) -> Iterator[Followed]:
    """Follow stretches on `jobs` processes, up to the first that does not hold.

    Yields:
        What each came to, in order; all but the last hold and are linked. It ends early if a
        process died.
    """
    done = [0] * len(stretches)

    def tell(index: int, frames: int) -> None:
        done[index] = frames
        on_progress(sum(done))

    try:
        for followed in do_all([partial(follow, s) for s in stretches], jobs, tell):
            yield followed
            if followed.mark.desync or not followed.is_linked:
                return
    except ProcessDiedError as error:
        logger.warning("%s; re-simulating in one process", error)


def follow(stretch: Stretch, on_progress: Callable[[int], None] = lambda _: None) -> Followed:
    """Follow a stretch to its end, or to what does not come true.

    Args:
        stretch: what to follow.
        on_progress: called now and then with the frames done since it began.
    """
    survey = Survey(stretch.manifest, stretch.cartridge, stretch.wanted, stretch.begin)
    follower = survey.follower
    since = follower.episode.frames
    try:
        for line in stretch.lines if survey.is_at_begin else ():
            if not survey.check(line):
                break
            if line.number % _PROGRESS_LINES == 0:
                on_progress(follower.episode.frames - since)
        on_progress(follower.episode.frames - since)
        keyframes, way = survey.surveyor.take()
        return Followed(
            survey.mark,
            survey.resumable,
            survey.is_at_begin and _is_linked(follower, stretch.end),
            keyframes,
            way,
            survey.surveyor.screens,
            tuple(follower.reached),
            tuple(follower.flagged),
            follower.handover,
            follower.standpoint(),
        )
    finally:
        follower.close()


def _is_linked(follower: Follower, end: Begin | None) -> bool:
    if end is None:
        return True
    return follower.standing() == end.standing and follower.state() == end.keyframe.digest
