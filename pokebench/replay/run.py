"""A run that can be looked at: any frame, any moment's RAM, while it still grows if need be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from pokebench.errors import DesyncError, TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.origin import own_cartridge
from pokebench.reader import reader_of
from pokebench.replay.console import Console
from pokebench.replay.index import Index, Indexer
from pokebench.replay.opening import Opening
from pokebench.replay.processes import usual_jobs
from pokebench.replay.store import Store
from pokebench.replay.survey import can_load_states
from pokebench.replay.tape import Tape
from pokebench.trajectory import Tail, Trajectory
from pokebench.types import Frame, RamPort

_TAPE: Final = "tape"


class Replay:
    """A run's frames and machine, by re-simulation from its inputs and the person's own ROM.

    Use it from one thread at a time, and close it.

    Attributes:
        trajectory: the record, as far as it was read.
        cartridge: the person's own.
        reader: turns RAM into words and places.
    """

    def __init__(
        self,
        trajectory: Trajectory,
        cartridge: Cartridge,
        cache: Path | None,
        record: Tail | None = None,
    ) -> None:
        """Show the run of `trajectory`, as far as that goes; see also `open`.

        Args:
            trajectory: the record.
            cartridge: the person's own, which fits it.
            cache: the person's own cache folder; None keeps everything in memory.
            record: what read `trajectory`, to read on with when the run goes on.
        """
        self.trajectory = trajectory
        self.cartridge = cartridge
        self.reader = reader_of(cartridge.table, cartridge.rom.data)
        self._record = record
        self._up_to_damage = False
        self._store = Store(cache if can_load_states(cartridge) else None, trajectory.root)
        self._store.fit(trajectory)
        self._tape = self._known_tape()
        self._kept_bytes = record.trusted_bytes if record else 0
        self._keep_record()
        self._indexer = Indexer(cartridge, self._store)
        self._console = Console(cartridge, self._tape, self._store)

    @classmethod
    def open(
        cls,
        folder: Path,
        rom_path: Path | None = None,
        *,
        table_path: Path | None = None,
        cache: Path | None = None,
        up_to_damage: bool = False,
    ) -> "Replay":
        """Open the run in `folder`; of a record that was cut off, what is whole is shown.

        Args:
            folder: the run folder.
            rom_path: the person's ROM, for games that are not generated.
            table_path: the person's table, for games that pokebench has none of.
            cache: the person's own cache folder, where `index` leaves states for the next time;
                None keeps them in memory.
            up_to_damage: show what is whole before a damaged line too; `trajectory.torn` says what
                is wrong with it.

        Raises:
            TrajectoryError: the record is damaged; the message names the place.
            DesyncError: the manifest names another ROM, table, timing or setting.
            ConfigError: the game, ROM or emulator is not here.
        """
        record = Tail(folder)
        cartridge = own_cartridge(record.manifest, rom_path, table_path)
        if cache is not None:
            store = Store(cache, record.root)
            record.trust(store.known())
            store.close()
        replay = cls(record.read(up_to_damage=up_to_damage), cartridge, cache, record)
        replay._up_to_damage = up_to_damage
        return replay

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
        """Follow the record as far as it goes, and keep a state every half minute of game time.

        What was followed before, here or in another process, is not followed again. The record's
        hashes, milestones and clocks are compared on the way, so the index tells whether the run
        re-simulates.

        Args:
            on_progress: called now and then with the frames re-simulated so far.
            jobs: processes to use where states of one's own allow it; None takes one a core, or
                this one where it may start none.
        """
        index = self._indexer.index(self.trajectory, jobs or usual_jobs(), on_progress)
        self._keep_record()
        return index

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
            TrajectoryError: the record is damaged, or another one took its place.
        """
        self._record = self._record or Tail(self.trajectory.folder)
        return self.take(self._record.read(up_to_damage=self._up_to_damage))

    def take(self, now: Trajectory) -> bool:
        """Go on with the record as it was read again; return whether anything was appended.

        Raises:
            TrajectoryError: it is another one than before.
        """
        before = self.trajectory
        newest = before.lines[-1] if before.lines else None
        is_same = now.root == before.root and now.count >= before.count
        if not is_same or (newest and now.hash_at(newest.number) != newest.hash):
            raise TrajectoryError(f"{before.folder}: the record was replaced; open it again")
        self.trajectory = now
        self._tape.extend(now.lines_after(before.count))
        self._store.fit(now)
        return now.count > before.count

    def close(self) -> None:
        """Switch the consoles off and let go of the cache."""
        self._console.close()
        self._indexer.close()
        self._store.close()

    def _known_tape(self) -> Tape:
        """Return the record's inputs, from the cache as far as it has them."""
        opening = Opening.of(self.cartridge, self.trajectory.manifest.seed)
        tape = Tape(self.trajectory.manifest, self.cartridge.table, opening)
        kept = self._store.memory(_TAPE, self.trajectory)
        if kept is not None:
            tape.take_bytes(kept)
        tape.extend(self.trajectory.lines_after(tape.count))
        return tape

    def _keep_record(self) -> None:
        """Remember what was read, so that the next opening need not read it again.

        Of a run that grows it is remembered now and then.
        """
        grown = self.trajectory.events_bytes - self._kept_bytes
        is_over = self.trajectory.outcome is not None
        if self._record is not None and grown > (0 if is_over else self._kept_bytes // 8):
            self._store.keep_record(self._record.known())
            self._store.keep_memory(_TAPE, self.trajectory, self._tape.to_bytes())
            self._kept_bytes = self.trajectory.events_bytes

    def _check(self, frame: int) -> None:
        if not 0 <= frame <= self.last_frame:
            raise TrajectoryError(f"frame {frame}: the record leads from 0 to {self.last_frame}")
        mark = self._indexer.mark
        if mark.desync and frame > mark.frame:
            raise DesyncError(f"frame {frame} cannot be shown: {mark.desync}")
