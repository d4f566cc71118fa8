"""Writes a run folder: the manifest once, then events, appended and never rewritten.

Each event is handed to the system in one write, so a killed process loses none that was appended;
`durable` ones are also on the disk before the call returns, so a power cut loses none of those.
"""

import fcntl
import json
import os
from pathlib import Path
from typing import Self

from pokebench.errors import ConfigError, TrajectoryError
from pokebench.trajectory.chain import Chain
from pokebench.trajectory.events import Event
from pokebench.trajectory.manifest import Manifest

MANIFEST_NAME = "manifest.json"
EVENTS_NAME = "events.jsonl"
LOCK_NAME = "run.lock"


class TrajectoryWriter:
    """The one writer of a run folder.

    Attributes:
        folder: the run folder.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Make the folder and put the manifest in it, before anything is played.

        Raises:
            ConfigError: the folder exists already or cannot be written.
        """
        self.folder = folder
        content = manifest.to_bytes()
        try:
            folder.mkdir(parents=True)
            self._lock = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR, 0o644)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._write_manifest(content)
            self._file = os.open(
                folder / EVENTS_NAME, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o644
            )
            _sync_folder(folder)
        except FileExistsError as error:
            raise ConfigError(
                f"run folder {folder} exists already; choose another --out"
            ) from error
        except OSError as error:
            raise ConfigError(f"cannot write run folder {folder}: {error.strerror}") from error
        self._chain = Chain(content)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, event: Event, *, durable: bool = False) -> None:
        """Append an event; with `durable`, return only when it is on the disk.

        Raises:
            TrajectoryError: the system refuses (disk full); what was written before is whole.
        """
        record = {"i": self._count, **event.body()}
        line = self._chain.seal(json.dumps(record, separators=(",", ":")).encode()) + b"\n"
        try:
            _write_all(self._file, line)
            if durable:
                os.fsync(self._file)
        except OSError as error:
            place = self.folder / EVENTS_NAME
            raise TrajectoryError(f"cannot write {place}: {error.strerror}") from error
        self._count += 1

    def close(self) -> None:
        """Put everything on the disk and let go of the folder."""
        os.fsync(self._file)
        os.close(self._file)
        os.close(self._lock)

    def _write_manifest(self, content: bytes) -> None:
        beside = self.folder / (MANIFEST_NAME + ".new")
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(self.folder / MANIFEST_NAME)


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
