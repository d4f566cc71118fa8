"""Reads a record as far as it is whole, and on as it grows: for who watches and judges nothing."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from pokebench.errors import TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS, Chain
from pokebench.trajectory.events import MAX_EVENTS_BYTES, MAX_LINE_BYTES
from pokebench.trajectory.line import Line, parse_event
from pokebench.trajectory.reader import Trajectory, read_manifest
from pokebench.trajectory.writer import EVENTS_NAME

_BLOCK_BYTES: Final = 4 << 20


class Tail:
    """The whole lines of one run folder, each read once.

    A line whose hash or content is wrong ends the reading for good; what stands before it is whole.

    Attributes:
        folder: the run folder.
        manifest: what the run is.
        lines: the events so far; those of a kind that is not known here are left out.
        fault: what is wrong with the line after them and where, or "".
        torn: what is wrong with the end if the writer is, or was cut off, in a line; else "".
    """

    def __init__(self, folder: Path) -> None:
        """Read the manifest.

        Raises:
            TrajectoryError: there is none, or it is malformed.
        """
        self.folder = folder
        content, self.manifest = read_manifest(folder)
        self.lines: list[Line] = []
        self.fault = ""
        self.torn = ""
        self._path = folder / EVENTS_NAME
        self._chain = Chain(content)
        self._root = self._chain.head
        self._ends = [0]

    @property
    def count(self) -> int:
        """Whole lines so far."""
        return len(self._ends) - 1

    @property
    def head(self) -> str:
        """The chain's digest after them, 64 hex digits."""
        return self._chain.head

    def poll(self) -> list[Line]:
        """Read on; return the events that are new."""
        before = len(self.lines)
        if not self.fault:
            try:
                with self._open() as file:
                    self.lines.extend(self._read(file))
            except OSError as error:
                self.torn = f"{self._path}: {error.strerror}"
            except TrajectoryError as error:
                self.fault = str(error)
        return self.lines[before:]

    def raw(self, number: int) -> bytes:
        """Return line `number`, from 1, as it was written.

        Raises:
            TrajectoryError: there is no such line, or it cannot be read any more.
        """
        if not 1 <= number <= self.count:
            raise TrajectoryError(f"{self._path}: there is no whole line {number}")
        start, end = self._ends[number - 1 : number + 1]
        try:
            with self._open() as file:
                return os.pread(file.fileno(), end - start - 1, start)
        except OSError as error:
            raise TrajectoryError(f"cannot read {self._path}: {error.strerror}") from error

    def trajectory(self) -> Trajectory:
        """Return what is whole so far as a record of its own."""
        return Trajectory(
            folder=self.folder,
            manifest=self.manifest,
            lines=tuple(self.lines),
            root=self._root,
            head=self.head,
            events_bytes=self._ends[-1],
            count=self.count,
            torn=self.torn or None,
        )

    def _open(self) -> BinaryIO:
        if self._path.is_symlink() or not self._path.is_file():
            raise TrajectoryError(f"{self._path}: no such file; is this a run folder?")
        return self._path.open("rb")

    def _read(self, file: BinaryIO) -> Iterator[Line]:
        rest = b""
        while True:
            read_to = self._ends[-1] + len(rest)
            block = os.pread(file.fileno(), _BLOCK_BYTES, read_to)
            *whole, rest = (rest + block).split(b"\n")
            for raw in whole:
                line = self._take(raw)
                if line is not None:
                    yield line
            where = f"{self._path} line {self.count + 1}"
            if len(rest) > MAX_LINE_BYTES or self._ends[-1] + len(rest) > MAX_EVENTS_BYTES:
                raise TrajectoryError(f"{where}: longer than it may be")
            if not block:
                self.torn = f"{where}: cut off in the middle" if rest else ""
                return

    def _take(self, raw: bytes) -> Line | None:
        where = f"{self._path} line {self.count + 1}"
        if len(raw) > MAX_LINE_BYTES:
            raise TrajectoryError(f"{where}: longer than {MAX_LINE_BYTES} bytes")
        body = self._chain.open(raw)
        if body is None:
            raise TrajectoryError(f"{where}: its hash does not fit what stands before it")
        event = parse_event(where, body, self.count)
        self._ends.append(self._ends[-1] + len(raw) + 1)
        return Line(self.count, event, self.head[:HASH_DIGITS]) if event is not None else None
