"""Writes a run folder: the manifest once, then events, appended and never rewritten.

Each event is handed to the system in one write, so a killed process loses none that was appended;
`durable` ones are also on the disk before the call returns, so a power cut loses none of those.
"""

import errno
import fcntl
import os
from pathlib import Path
from typing import Protocol, Self

from pokebench.errors import ConfigError, TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS, Chain
from pokebench.trajectory.events import MAX_EVENTS_BYTES, Event
from pokebench.trajectory.manifest import Manifest

MANIFEST_NAME = "manifest.json"
EVENTS_NAME = "events.jsonl"
LOCK_NAME = "run.lock"
BALLAST_NAME = "ballast"
BALLAST_BYTES = 1 << 16
_ROOM_BYTES = 32 << 20
"""What is left of the longest record when a run must end, so that its end still fits."""


class Reopened(Protocol):
    """What is known of a record that is to be gone on with, as `Trajectory` tells it."""

    @property
    def folder(self) -> Path:
        """The run folder."""
        ...

    @property
    def events_bytes(self) -> int:
        """Length of the whole lines."""
        ...

    @property
    def root(self) -> str:
        """The chain's digest before the first of them, 64 hex digits."""
        ...

    @property
    def head(self) -> str:
        """The chain's digest after them, 64 hex digits."""
        ...

    @property
    def count(self) -> int:
        """How many there are."""
        ...


class TrajectoryWriter:
    """The one writer of a run folder.

    Attributes:
        folder: the run folder.
        root: the chain's digest before the first line, 64 hex digits.
        is_full: the disk is full, and the reserve was used to finish a line, or the record is as
            long as it may be: the run must end.
    """

    def __init__(
        self, folder: Path, root: str, chain: Chain, count: int, lock: int, file: int
    ) -> None:
        """Go on after `count` events; use `create` or `reopen`."""
        self.folder = folder
        self.root = root
        self.is_full = False
        self._is_broken = False
        self._bytes = os.fstat(file).st_size
        self._chain = chain
        self._count = count
        self._lock = lock
        self._file = file

    @property
    def count(self) -> int:
        """How many events there are."""
        return self._count

    @property
    def head(self) -> str:
        """The hash of the last line, 16 hex digits."""
        return self._chain.head[:HASH_DIGITS]

    @classmethod
    def create(cls, folder: Path, manifest: Manifest) -> "TrajectoryWriter":
        """Make a run folder and put the manifest in it, before anything is played.

        Raises:
            ConfigError: the folder exists already or cannot be written.
        """
        content = manifest.to_bytes()
        try:
            folder.mkdir(parents=True)
            lock = _locked(folder)
            _write_new(folder / MANIFEST_NAME, content)
            _reserve(folder / BALLAST_NAME)
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND
            file = os.open(folder / EVENTS_NAME, flags, 0o644)
            _sync_folder(folder)
        except FileExistsError as error:
            raise ConfigError(
                f"run folder {folder} exists already; choose another --out"
            ) from error
        except OSError as error:
            raise ConfigError(f"cannot write run folder {folder}: {error.strerror}") from error
        chain = Chain(content)
        return cls(folder, chain.head, chain, 0, lock, file)

    @classmethod
    def reopen(cls, record: "Reopened") -> "TrajectoryWriter":
        """Go on with a run folder after its last whole line.

        What stands after it, the start of a line that was never finished, is kept beside.

        Args:
            record: the trajectory as it was read.

        Raises:
            ConfigError: another process writes this run, or the folder cannot be written.
        """
        folder, events_bytes = record.folder, record.events_bytes
        path = folder / EVENTS_NAME
        lock = -1
        try:
            lock = _locked(folder)
            _reserve(folder / BALLAST_NAME)
            raw = path.read_bytes()
            if b"\n" in raw[events_bytes:]:
                raise ConfigError(f"run {folder} went on while it was read; resume it again")
            if len(raw) > events_bytes:
                _append_all(folder / (EVENTS_NAME + ".torn"), raw[events_bytes:] + b"\n")
                os.truncate(path, events_bytes)
            file = os.open(path, os.O_WRONLY | os.O_APPEND)
        except (OSError, ConfigError) as error:
            if lock >= 0:
                os.close(lock)
            if isinstance(error, ConfigError):
                raise
            raise ConfigError(f"cannot write run folder {folder}: {error.strerror}") from error
        return cls(folder, record.root, Chain.after(record.head), record.count, lock, file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, event: Event, *, durable: bool = False) -> None:
        """Append an event; with `durable`, return only when it is on the disk.

        After a refusal nothing more is written: what the disk holds then is not known, and is found
        out by reading the record again.

        Raises:
            TrajectoryError: the system refuses; what was written before is whole.
        """
        if self._is_broken:
            raise TrajectoryError(
                f"cannot write {self.folder / EVENTS_NAME}: a write failed before"
            )
        # Broken until the line is whole: an interrupt may strike between any two of these steps.
        self._is_broken = True
        body = f'{{"i":{self._count},{event.as_json[1:]}'
        line = self._chain.seal(body.encode()) + b"\n"
        try:
            self._write(line)
            if durable:
                os.fdatasync(self._file)
        except OSError as error:
            raise self._refused(error) from error
        self._count += 1
        self._bytes += len(line)
        self.is_full |= self._bytes > MAX_EVENTS_BYTES - _ROOM_BYTES
        self._is_broken = False

    def close(self) -> None:
        """Put everything on the disk and let go of the folder.

        Raises:
            TrajectoryError: the system refuses.
        """
        try:
            if not self._is_broken:
                os.fsync(self._file)
        except OSError as error:
            raise self._refused(error) from error
        finally:
            os.close(self._file)
            (self.folder / BALLAST_NAME).unlink(missing_ok=True)
            os.close(self._lock)

    def _refused(self, error: OSError) -> TrajectoryError:
        place = self.folder / EVENTS_NAME
        return TrajectoryError(
            f"cannot write {place}: {error.strerror}; what was written before is whole, so the run "
            "can be resumed"
        )

    def _write(self, line: bytes) -> None:
        """Write a line; on a full disk, free the reserve, so that what was paid for is kept."""
        try:
            _write_all(self._file, line)
        except OSError as error:
            ballast = self.folder / BALLAST_NAME
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not ballast.exists():
                raise
            self.is_full = True
            ballast.unlink()
            _write_all(self._file, line)


def _locked(folder: Path) -> int:
    """Return a descriptor that holds the folder's lock; the system lets go of it with the process.

    Raises:
        ConfigError: another process holds it.
    """
    lock = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise ConfigError(f"run {folder} is being played by another process") from error
    return lock


def _write_new(path: Path, content: bytes) -> None:
    """Write a file beside its place, sync it, and put it there."""
    beside = path.with_name(path.name + ".new")
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _reserve(path: Path) -> None:
    """Keep some space, so that a line under way can be finished when the disk is full."""
    if not path.exists() or path.stat().st_size < BALLAST_BYTES:
        path.write_bytes(b"\0" * BALLAST_BYTES)


def _append_all(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def _write_all(file: int, data: bytes) -> None:
    """Write all of `data`; on failure cut off what was written of it."""
    start = os.fstat(file).st_size
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(file, view) :]
    except OSError:
        os.ftruncate(file, start)
        raise


def _sync_folder(folder: Path) -> None:
    """Put the folder's list of names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
