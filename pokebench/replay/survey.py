"""Following a record and taking down, on the way, what an index is made of."""

from dataclasses import dataclass, replace
from typing import Final

from pokebench.episode import Episode
from pokebench.errors import DesyncError
from pokebench.milestone import Cartridge
from pokebench.reader import Scene, reader_of
from pokebench.replay.follower import Follower, Watcher
from pokebench.replay.standing import Standing
from pokebench.replay.store import Keyframe, Mark
from pokebench.replay.way import Spot, Way
from pokebench.trajectory import Line, Manifest
from pokebench.types import Frame

_PROOFS: Final = frozenset({"reset", "done", "checkpoint", "milestone", "outcome"})
"""Kinds of events that tell something that re-simulation finds only if all before came true."""
KEYFRAME_FRAMES: Final = 1800
"""Frames between two states, half a minute of game time: taking one lasts as long as playing some
700, and a seek plays 900 on average."""
_PATIENCE_FRAMES: Final = 300
"""Frames for which a state waits for a line to end: only there re-simulation can begin anew."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take down while a record is followed.

    Attributes:
        index: states now and then, and the way walked.
        screens: frames whose screens to keep, where they are a step's last or the start.
        watchers: others who look on.
    """

    index: bool = False
    screens: frozenset[int] = frozenset()
    watchers: tuple[Watcher, ...] = ()


class Surveyor:
    """Looks on while a record is followed, and takes down what is wanted.

    Attributes:
        keyframes: states that were not handed over yet.
        spots: stretch of the way that was not handed over yet.
        screens: those wanted, by frame.
        newest: frame of the newest state.
        line: the line that is being followed.
    """

    def __init__(self, cartridge: Cartridge, wanted: Wanted, since: int) -> None:
        """Collect from the step after frame `since` on."""
        self.keyframes: list[Keyframe] = []
        self.spots: list[Spot] = []
        self.screens: dict[int, Frame] = {}
        self.newest = since
        self.line: Line | None = None
        self._wanted = wanted
        self._reader = reader_of(cartridge.table, cartridge.rom.data)
        self._keeps = wanted.index and can_load_states(cartridge)
        self._next = _next_due(since)
        self._stood: tuple[int, int, int, int] | None = None

    def wants_screen(self, frame: int) -> bool:
        """Return whether the screen of `frame` is wanted."""
        others = self._wanted.watchers
        return frame in self._wanted.screens or any(other.wants_screen(frame) for other in others)

    def see(self, episode: Episode) -> None:
        """Take down what is wanted of this step."""
        if episode.frames in self._wanted.screens:
            self.screens[episode.frames] = episode.emulator.screen()
        for other in self._wanted.watchers:
            other.see(episode)
        if self._wanted.index:
            self._see_place(episode)
        self.keep(episode, _PATIENCE_FRAMES)

    def keep(self, episode: Episode, patience_frames: int = 0) -> None:
        """Keep the state if one has been due for so long; best at the end of a line."""
        due = self._next + patience_frames
        if self._keeps and episode.frames >= due and self.line is not None:
            self.newest = episode.frames
            self._next = _next_due(episode.frames)
            machine, state = episode.emulator.machine(), episode.state()
            self.keyframes.append(Keyframe.of(self.line.number, self.line.hash, machine, state))

    def take(self) -> tuple[list[Keyframe], Way]:
        """Hand over the states and the way since the last call."""
        keyframes, spots = self.keyframes, self.spots
        self.keyframes, self.spots = [], []
        return keyframes, Way.of(spots)

    def _see_place(self, episode: Episode) -> None:
        situation = self._reader.situation(episode.emulator)
        stands = (situation.place, *situation.position, int(situation.scene is Scene.BATTLE))
        if situation.scene is not Scene.TITLE and stands != self._stood:
            self._stood = stands
            self.spots.append(Spot(episode.frames, *stands))


@dataclass(frozen=True, slots=True)
class Begin:
    """Where re-simulation may begin.

    Attributes:
        mark: the last line before.
        standing: where the run stands then.
        keyframe: the machine then, a state of one's own.
    """

    mark: Mark
    standing: Standing
    keyframe: Keyframe


class Survey:
    """Follows a record with a surveyor looking on.

    Attributes:
        follower: does what the record says.
        surveyor: looks on.
        mark: how far the record was followed and held.
        resumable: the last place with a state, to go on from another time.
        is_at_begin: it stands where it was told to; else it is of no use.
    """

    def __init__(
        self, manifest: Manifest, cartridge: Cartridge, wanted: Wanted, begin: Begin | None = None
    ) -> None:
        """Stand at `begin`, or at power-on if that is None."""
        self.surveyor = Surveyor(cartridge, wanted, begin.mark.frame if begin else 0)
        self.follower = Follower(manifest, cartridge, self.surveyor)
        self.mark = self.resumable = begin.mark if begin else Mark()
        self._proven = self.mark.frame
        self.is_at_begin = begin is None or self._stands(begin)

    def check(self, line: Line) -> bool:
        """Follow a line; return whether it came true, else `mark` says what did not."""
        self.surveyor.line = line
        try:
            self.follower.check(line)
        except DesyncError as error:
            self.mark = replace(self.mark, frame=self._proven, desync=str(error))
            return False
        self.surveyor.keep(self.follower.episode)
        self.mark = Mark(line.number, line.hash, self.follower.episode.frames)
        if line.kind in _PROOFS:
            self._proven = self.mark.frame
        if self.surveyor.newest == self.mark.frame and self.follower.standing() is not None:
            self.resumable = self.mark
        return True

    def _stands(self, begin: Begin) -> bool:
        """Go to where re-simulation is to begin; return whether its state loads as it was."""
        machine = begin.keyframe.machine()
        if machine is None or not begin.standing.episode:
            return False
        self.follower.restore(machine, begin.standing)
        return self.follower.state() == begin.keyframe.digest


def can_load_states(cartridge: Cartridge) -> bool:
    """Return whether a state of this game loads as it was.

    A cartridge with a clock that is not locked takes the host's time when a state is loaded.

    Source: Pan Docs, "The Cartridge Header", 0147: 0F and 10 are MBC3 with a timer.
    """
    has_clock = cartridge.rom.data[0x147] in (0x0F, 0x10)
    return not has_clock or cartridge.table.emulator.clock_locked


def _next_due(frame: int) -> int:
    return frame // KEYFRAME_FRAMES * KEYFRAME_FRAMES + KEYFRAME_FRAMES
