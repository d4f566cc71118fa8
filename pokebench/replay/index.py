"""Follows a whole record once, and leaves states behind, so that any frame is soon shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pokebench.milestone import Cartridge
from pokebench.replay.standing import Claims
from pokebench.replay.store import Mark, Store
from pokebench.replay.stretches import follow_all, plan
from pokebench.replay.survey import Begin, Survey, Wanted
from pokebench.replay.way import Way
from pokebench.trajectory import Line, Trajectory

_COMMIT_KEYFRAMES: Final = 32


@dataclass(frozen=True, slots=True)
class Index:
    """What following a record came to.

    Attributes:
        frames: the record was re-simulated, and held, up to here; if there is a desync, up to the
            last hash or milestone before it.
        desync: the first thing that does not come true, or "".
        is_whole: everything that was recorded so far holds.
        way: where the player walked, as far as the record was followed.
    """

    frames: int
    desync: str
    is_whole: bool
    way: Way


class Indexer:
    """Follows one record, from where it was followed before, as far as it goes."""

    def __init__(self, cartridge: Cartridge, store: Store) -> None:
        """Index the run whose cache is `store`, which fits its record."""
        self._cartridge = cartridge
        self._store = store
        self._mark = store.mark("compared")
        self._survey: Survey | None = None

    @property
    def mark(self) -> Mark:
        """How far the record was compared."""
        return self._mark

    def index(self, trajectory: Trajectory, jobs: int, on_progress: Callable[[int], None]) -> Index:
        """Follow the lines of `trajectory` that were not followed before."""
        if not self._mark.desync and self._mark.line < _last(trajectory.lines):
            if self._mark == Mark() and jobs > 1:
                self._follow_in_stretches(trajectory, jobs, on_progress)
            self._follow(trajectory, on_progress)
        mark = self._mark
        is_whole = not mark.desync and mark.line == _last(trajectory.lines)
        return Index(mark.frame, mark.desync, is_whole, self._store.way())

    def close(self) -> None:
        """Switch the console off."""
        if self._survey is not None:
            self._survey.follower.close()
            self._survey = None

    def _follow_in_stretches(
        self, trajectory: Trajectory, jobs: int, on_progress: Callable[[int], None]
    ) -> None:
        stretches = plan(trajectory, self._cartridge, self._store, Wanted(index=True), jobs)
        if len(stretches) < 2:
            return
        results = follow_all(stretches, jobs, on_progress)
        for stretch, done in zip(stretches, results, strict=False):
            if not done.is_linked and not done.mark.desync:
                wrong = stretch.begin or stretch.end
                self._store.forget_states(wrong.mark.frame if wrong else 0)
                break
            self._mark = done.mark
            marks = {"compared": done.mark, "resumable": done.resumable}
            self._store.keep(done.keyframes, done.way, **marks)

    def _follow(self, trajectory: Trajectory, on_progress: Callable[[int], None]) -> None:
        """Follow what is left, in this process."""
        if self._mark.desync:
            return
        survey = self._survey = self._survey or self._begun(trajectory)
        for line in trajectory.lines_after(survey.mark.line):
            if not survey.check(line):
                break
            if len(survey.surveyor.keyframes) >= _COMMIT_KEYFRAMES:
                self._commit(survey)
                on_progress(survey.mark.frame)
        self._commit(survey)
        on_progress(survey.mark.frame)

    def _commit(self, survey: Survey) -> None:
        keyframes, way = survey.surveyor.take()
        self._store.keep(keyframes, way, compared=survey.mark, resumable=survey.resumable)
        self._mark = survey.mark

    def _begun(self, trajectory: Trajectory) -> Survey:
        """Return a survey that stands where the last one left a state, or at power-on."""
        wanted = Wanted(index=True)
        begin = self._kept_begin(trajectory)
        survey = Survey(trajectory.manifest, self._cartridge, wanted, begin)
        if begin is not None and not survey.is_at_begin:
            self._store.forget_states(begin.mark.frame)
            survey.follower.close()
            survey = Survey(trajectory.manifest, self._cartridge, wanted)
        return survey

    def _kept_begin(self, trajectory: Trajectory) -> Begin | None:
        mark = self._store.mark("resumable")
        keyframe = self._store.keyframe(mark.frame)
        if keyframe is None:
            return None
        claims = Claims(trajectory.manifest, self._cartridge.table)
        for line in trajectory.lines:
            if line.number > mark.line:
                break
            claims.add(line)
        return Begin(mark, claims.standing(keyframe.episode), keyframe)


def _last(lines: Sequence[Line]) -> int:
    return lines[-1].number if lines else 0
