"""A run that can be looked at: any frame, any moment's RAM, while it still grows if need be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pokebench.errors import DesyncError, TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.origin import own_cartridge
from pokebench.reader import reader_of
from pokebench.replay.console import Console
from pokebench.replay.index import Index, Indexer, can_load_states
from pokebench.replay.store import Store
from pokebench.replay.tape import Tape
from pokebench.trajectory import Trajectory, read_trajectory
from pokebench.types import Frame, RamPort


class Replay:
    """A run's frames and machine, by re-simulation from its inputs and the person's own ROM.

    Use it from one thread at a time, and close it.

    Attributes:
        trajectory: the record, as far as it was read.
        cartridge: the person's own.
        reader: turns RAM into words and places.
    """

    def __init__(self, trajectory: Trajectory, cartridge: Cartridge, cache: Path | None) -> None:
        """Show the run of `trajectory`; use `open`."""
        self.trajectory = trajectory
        self.cartridge = cartridge
        self.reader = reader_of(cartridge.table, cartridge.rom.data)
        self._tape = Tape(trajectory.manifest, cartridge)
        self._tape.extend(trajectory.lines)
        self._store = Store(cache if can_load_states(cartridge) else None, trajectory.root)
        self._store.fit(trajectory)
        self._indexer = Indexer(trajectory, cartridge, self._store)
        self._console = Console(cartridge, self._tape, self._store)

    @classmethod
    def open(
        cls,
        folder: Path,
        rom_path: Path | None = None,
        *,
        table_path: Path | None = None,
        cache: Path | None = None,
    ) -> "Replay":
        """Open the run in `folder`; of a record that was cut off, what is whole is shown.

        Args:
            folder: the run folder.
            rom_path: the person's ROM, for games that are not generated.
            table_path: the person's table, for games that pokebench has none of.
            cache: the person's own cache folder, where `index` leaves states for the next time;
                None keeps them in memory.

        Raises:
            TrajectoryError: the record is damaged; the message names the place.
            DesyncError: the manifest names another ROM, table, timing or setting.
            ConfigError: the game, ROM or emulator is not here.
        """
        trajectory = read_trajectory(folder)
        cartridge = own_cartridge(trajectory.manifest, rom_path, table_path)
        return cls(trajectory, cartridge, cache)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def first_frame(self) -> int:
        """The frame at which the agent's first turn begins."""
        return self._tape.start

    @property
    def last_frame(self) -> int:
        """The last frame that the record's inputs lead to."""
        return self._tape.last_frame

    def index(
        self, on_progress: Callable[[int], None] = lambda _: None, jobs: int | None = None
    ) -> Index:
        """Follow the record as far as it goes, and keep a state every ten seconds of game time.

        What was followed before, here or in another process, is not followed again. The record's
        hashes, milestones and clocks are compared on the way, so the index tells whether the run
        re-simulates.

        Args:
            on_progress: called now and then with the frames re-simulated so far.
            jobs: processes to use where states of one's own allow it; None takes one a core.
        """
        return self._indexer.index(self.trajectory, on_progress)

    def screen(self, frame: int) -> Frame:
        """Return what the run showed at `frame`, `(144, 160, 3) uint8` RGB, the caller's own.

        Any frame from power-on to `last_frame`, also one inside a step.

        Raises:
            DesyncError: indexing found that the run does not re-simulate up to there.
            TrajectoryError: the record does not lead there.
        """
        self._check(frame)
        return self._console.screen(frame)

    def screens(self, start: int, stop: int, every: int = 1) -> Iterator[Frame]:
        """Yield the screens of the frames in `range(start, stop, every)`.

        Raises:
            DesyncError: indexing found that the run does not re-simulate up to there.
            TrajectoryError: the record does not lead there.
        """
        for frame in range(start, stop, every):
            yield self.screen(frame)

    @contextmanager
    def machine(self, frame: int) -> Iterator[RamPort]:
        """Lend the console's memory as it was at `frame`, to be read only inside the `with`.

        Raises:
            DesyncError: indexing found that the run does not re-simulate up to there.
            TrajectoryError: the record does not lead there.
        """
        self._check(frame)
        self._console.stand(frame)
        yield self._console.emulator

    def refresh(self) -> bool:
        """Take in what was appended to the record since; return whether there was anything.

        Raises:
            TrajectoryError: the record is damaged, or is another one than before.
        """
        return self.take(read_trajectory(self.trajectory.folder))

    def take(self, now: Trajectory) -> bool:
        """Go on with a record that was read again; return whether anything was appended.

        Raises:
            TrajectoryError: it is another one than before.
        """
        before = self.trajectory
        newest = before.lines[-1] if before.lines else None
        is_same = now.root == before.root and now.count >= before.count
        if not is_same or (newest and now.hash_at(newest.number) != newest.hash):
            raise TrajectoryError(f"{before.folder}: the record was replaced; open it again")
        self.trajectory = now
        if now.count == before.count:
            return False
        self._tape.extend(now.lines[len(before.lines) :])
        self._store.fit(now)
        return True

    def close(self) -> None:
        """Switch the consoles off and let go of the cache."""
        self._console.close()
        self._indexer.close()
        self._store.close()

    def _check(self, frame: int) -> None:
        if not 0 <= frame <= self.last_frame:
            raise TrajectoryError(f"frame {frame}: the record leads from 0 to {self.last_frame}")
        mark = self._indexer.mark
        if mark.desync and frame > mark.frame:
            raise DesyncError(f"frame {frame} cannot be shown: {mark.desync}")
