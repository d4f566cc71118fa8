"""Follows a whole record once, and leaves states behind, so that any frame is soon shown."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pokebench.episode import Episode
from pokebench.errors import DesyncError
from pokebench.milestone import Cartridge
from pokebench.reader import Scene, reader_of
from pokebench.replay.follower import Follower
from pokebench.replay.standing import Claims
from pokebench.replay.store import Keyframe, Mark, Store
from pokebench.replay.way import Spot, Way
from pokebench.savestate import canonical
from pokebench.trajectory import Line, Trajectory

KEYFRAME_FRAMES: Final = 600
"""Frames between two states: ten seconds of game time."""
_COMMIT_KEYFRAMES: Final = 32


@dataclass(frozen=True, slots=True)
class Index:
    """What following a record came to.

    Attributes:
        frames: the record was re-simulated, and held, up to here.
        desync: the first thing that does not come true, or "".
        is_whole: everything that was recorded so far holds.
        way: where the player walked, as far as the record was followed.
    """

    frames: int
    desync: str
    is_whole: bool
    way: Way


class Surveyor:
    """Looks on while a record is followed; collects states and the way walked.

    Attributes:
        keyframes: states that were not handed over yet.
        spots: stretch of the way that was not handed over yet.
        newest: frame of the newest state.
        line: the line that is being followed.
    """

    def __init__(self, cartridge: Cartridge, since: int) -> None:
        """Collect from the step after frame `since` on."""
        self.keyframes: list[Keyframe] = []
        self.spots: list[Spot] = []
        self.newest = since
        self.line: Line | None = None
        self._reader = reader_of(cartridge.table, cartridge.rom.data)
        self._keeps = can_load_states(cartridge)
        self._next = since // KEYFRAME_FRAMES * KEYFRAME_FRAMES + KEYFRAME_FRAMES
        self._stood: tuple[int, int, int] | None = None

    def wants_screen(self, frame: int) -> bool:
        """Return False: no screen is drawn while indexing."""
        return False

    def see(self, episode: Episode) -> None:
        """Take down where the player is; take a state when one is due."""
        situation = self._reader.situation(episode.emulator)
        stands = (situation.place, *situation.position)
        if situation.scene is not Scene.TITLE and stands != self._stood:
            self._stood = stands
            self.spots.append(Spot(episode.frames, *stands))
        if self._keeps and episode.frames >= self._next and self.line is not None:
            self._next = episode.frames // KEYFRAME_FRAMES * KEYFRAME_FRAMES + KEYFRAME_FRAMES
            self.newest = episode.frames
            machine = canonical(episode.emulator.save_state())
            number, line_hash = self.line.number, self.line.hash
            self.keyframes.append(Keyframe.of(episode.frames, number, line_hash, machine))

    def take(self) -> tuple[list[Keyframe], Way]:
        """Hand over what was collected since the last call."""
        keyframes, spots = self.keyframes, self.spots
        self.keyframes, self.spots = [], []
        return keyframes, Way.of(spots)


class Indexer:
    """Follows one record, from where it was followed before, as far as it goes."""

    def __init__(self, trajectory: Trajectory, cartridge: Cartridge, store: Store) -> None:
        """Index the run into `store`, which fits `trajectory`."""
        self._cartridge = cartridge
        self._manifest = trajectory.manifest
        self._store = store
        self._mark = store.mark("compared")
        self._resumable = store.mark("resumable")
        self._follower: Follower | None = None
        self._surveyor = Surveyor(cartridge, 0)

    @property
    def mark(self) -> Mark:
        """How far the record was compared."""
        return self._mark

    def index(self, trajectory: Trajectory, on_progress: Callable[[int], None]) -> Index:
        """Follow the lines of `trajectory` that were not followed before."""
        if not self._mark.desync and self._mark.line < trajectory.count:
            self._follow(trajectory, on_progress)
        mark = self._mark
        is_whole = not mark.desync and mark.line == _last(trajectory.lines)
        return Index(mark.frame, mark.desync, is_whole, self._store.way())

    def close(self) -> None:
        """Switch the console off."""
        if self._follower is not None:
            self._follower.close()
            self._follower = None

    def _follow(self, trajectory: Trajectory, on_progress: Callable[[int], None]) -> None:
        follower = self._follower = self._follower or self._begun(trajectory.lines)
        for line in _after(trajectory.lines, self._mark.line):
            self._surveyor.line = line
            try:
                follower.check(line)
            except DesyncError as error:
                self._mark = replace(self._mark, desync=str(error))
                break
            self._mark = Mark(line.number, line.hash, follower.episode.frames)
            if self._surveyor.newest == self._mark.frame and follower.standing() is not None:
                self._resumable = self._mark
            if len(self._surveyor.keyframes) >= _COMMIT_KEYFRAMES:
                self._commit()
                on_progress(follower.episode.frames)
        self._commit()
        on_progress(self._mark.frame)

    def _commit(self) -> None:
        keyframes, way = self._surveyor.take()
        self._store.keep(keyframes, way, compared=self._mark, resumable=self._resumable)

    def _begun(self, lines: Sequence[Line]) -> Follower:
        """Return a follower where the last one left a state, or at power-on."""
        self._mark = self._resumable
        keyframe = self._store.keyframe(self._mark.frame)
        machine = keyframe.machine() if keyframe else None
        self._surveyor = Surveyor(self._cartridge, self._mark.frame if machine else 0)
        follower = Follower(self._manifest, self._cartridge, self._surveyor)
        if machine is None:
            self._mark = self._resumable = Mark()
            return follower
        claims = Claims(self._manifest, self._cartridge)
        for line in lines:
            if line.number > self._mark.line:
                break
            claims.add(line)
        follower.restore(machine, claims.standing())
        return follower


def can_load_states(cartridge: Cartridge) -> bool:
    """Return whether a state of this game loads as it was.

    A cartridge with a clock that is not locked takes the host's time when a state is loaded.

    Source: Pan Docs, "The Cartridge Header", 0147: 0F and 10 are MBC3 with a timer.
    """
    has_clock = cartridge.rom.data[0x147] in (0x0F, 0x10)
    return not has_clock or cartridge.table.emulator.clock_locked


def _after(lines: Sequence[Line], number: int) -> Sequence[Line]:
    """Return the lines after line `number`."""
    return lines[bisect_right(lines, number, key=lambda line: line.number) :]


def _last(lines: Sequence[Line]) -> int:
    return lines[-1].number if lines else 0
