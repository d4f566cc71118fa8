"""Reads a record, which may come from a stranger: bounded, checked, and on as it grows."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from pokebench.errors import TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS, Chain
from pokebench.trajectory.events import MAX_EVENTS_BYTES, MAX_LINE_BYTES
from pokebench.trajectory.line import Line, Lines, is_usual, parse_event
from pokebench.trajectory.reader import Trajectory, read_manifest
from pokebench.trajectory.writer import EVENTS_NAME, MANIFEST_NAME

_BLOCK_BYTES: Final = 4 << 20
_LENGTH: Final = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Known:
    """A record that was read whole and found good; what has the same digest is as good.

    All its lines have the writer's form, and are of kinds that are known here.

    Attributes:
        events_bytes: length of its whole lines.
        sha256: SHA-256 of these bytes, 64 hex digits.
        head: the chain's digest after them, 64 hex digits.
        lengths: of each line with its line feed, as `uint32`, little-endian.
    """

    events_bytes: int
    sha256: str
    head: str
    lengths: bytes


class Tail:
    """The whole lines of one run folder, each read once.

    A line whose hash or content is wrong ends the reading for good; what stands before it is whole.

    Attributes:
        folder: the run folder.
        manifest: what the run is.
        root: the chain's digest before the first line.
        lines: the events so far; those of a kind that is not known here are left out.
        fault: what is wrong with the line after them and where, or "".
        torn: what is wrong with the end if the writer is, or was cut off, in a line; else "".
        trusted_bytes: how much of it was known to be good when it was first read.
    """

    def __init__(self, folder: Path) -> None:
        """Read the manifest.

        Raises:
            TrajectoryError: there is none, or it is malformed.
        """
        self.folder = folder
        content, self.manifest = read_manifest(folder)
        self.lines = Lines()
        self.fault = ""
        self.torn = ""
        self.trusted_bytes = 0
        self._path = folder / EVENTS_NAME
        self._chain = Chain(content)
        self.root = self._chain.head
        self._ends = [0]
        self._digest = hashlib.sha256()
        self._known: Known | None = None
        self._is_usual = True

    @property
    def count(self) -> int:
        """Whole lines so far."""
        return len(self._ends) - 1

    @property
    def head(self) -> str:
        """The chain's digest after them, 64 hex digits."""
        return self._chain.head

    @property
    def read_bytes(self) -> int:
        """How much of the record was read so far."""
        return self._ends[-1]

    def trust(self, known: Known | None) -> None:
        """Before the first reading, say what oneself found good; it is only read when asked for."""
        self._known = known

    def known(self) -> Known | None:
        """Return what was read so far, to be told to a later reader of the same record.

        None if it has lines of another form than the writer's, which are read anew each time.
        """
        if not self._is_usual:
            return None
        lengths = np.diff(self._ends).astype(_LENGTH).tobytes()
        return Known(self._ends[-1], self._digest.hexdigest(), self.head, lengths)

    def poll(self) -> None:
        """Read on as far as it is whole."""
        try:
            self._advance()
        except OSError as error:
            self.torn = f"cannot read {self._path}: {error.strerror}"

    def read(self, *, up_to_damage: bool = False) -> Trajectory:
        """Read on; return the record.

        Args:
            up_to_damage: take what is whole before a damaged line too, if anything is.

        Raises:
            TrajectoryError: the file is missing, too large, shorter than before, or a line's hash
                or content is wrong; the message names file and line.
        """
        try:
            self._advance()
        except OSError as error:
            raise TrajectoryError(f"cannot read {self._path}: {error.strerror}") from error
        if self.fault and not (up_to_damage and self.count):
            raise TrajectoryError(self.fault)
        return self.trajectory()

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
            lines=self.lines.so_far(),
            root=self.root,
            head=self.head,
            events_bytes=self._ends[-1],
            count=self.count,
            torn=self.fault or self.torn or None,
        )

    def _advance(self) -> None:
        if self.fault:
            return
        try:
            with self._open() as file:
                if os.fstat(file.fileno()).st_size < self._ends[-1]:
                    raise TrajectoryError(
                        f"{self._path}: shorter than before; the record was replaced"
                    )
                if self._known is not None:
                    self._take_known(file, self._known)
                    self._known = None
                for sealed in self._whole_lines(file):
                    self._take(sealed)
        except TrajectoryError as error:
            self.fault = str(error)

    def _open(self) -> BinaryIO:
        if self._path.is_symlink() or not self._path.is_file():
            raise TrajectoryError(f"{self._path}: no such file; is this a run folder?")
        return self._path.open("rb")

    def _whole_lines(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield the lines that end; each is to be taken before the next."""
        rest = b""
        while True:
            read_to = self._ends[-1] + len(rest)
            block = os.pread(file.fileno(), _BLOCK_BYTES, read_to)
            *whole, rest = (rest + block).split(b"\n")
            yield from whole
            where = f"{self._path} line {self.count + 1}"
            if len(rest) > MAX_LINE_BYTES:
                raise TrajectoryError(f"{where}: longer than {MAX_LINE_BYTES} bytes")
            if self._ends[-1] + len(rest) > MAX_EVENTS_BYTES:
                raise TrajectoryError(f"{self._path}: larger than {MAX_EVENTS_BYTES} bytes")
            if not block:
                self.torn = f"{where}: cut off in the middle" if rest else ""
                return

    def _take(self, sealed: bytes) -> None:
        """Check and read the next line."""
        number = self.count + 1
        place = f"{self._path} line {number}"
        if len(sealed) > MAX_LINE_BYTES:
            raise TrajectoryError(f"{place}: longer than {MAX_LINE_BYTES} bytes")
        body = self._chain.open(sealed)
        if body is None:
            raise TrajectoryError(_chain_fault(place, number))
        event = parse_event(place, body, number - 1)
        if event is not None:
            self.lines.append(Line(number, event, self.head[:HASH_DIGITS]))
        self._is_usual &= is_usual(body, number - 1)
        self._digest.update(sealed + b"\n")
        self._ends.append(self._ends[-1] + len(sealed) + 1)

    def _take_known(self, file: BinaryIO, known: Known) -> None:
        """Take the lines that are known to be good, if they are the same still."""
        if known.events_bytes > MAX_EVENTS_BYTES:
            return
        content = file.read(known.events_bytes)
        digest = hashlib.sha256(content)
        lengths = np.frombuffer(known.lengths, _LENGTH)
        is_same = digest.hexdigest() == known.sha256 and lengths.sum() == len(content)
        if not is_same:
            return
        self._ends = [0, *np.cumsum(lengths, dtype=np.int64).tolist()]
        self.lines = Lines(content, tuple(self._ends))
        self._digest = digest
        self._chain = Chain.after(known.head)
        self.trusted_bytes = known.events_bytes


def read_trajectory(folder: Path) -> Trajectory:
    """Read a run folder and check its hash chain.

    Raises:
        TrajectoryError: a file is missing, too large, of another format, or a line's hash or
            content is wrong; the message names file and line.
    """
    return Tail(folder).read()


def _chain_fault(place: str, number: int) -> str:
    if number == 1:
        return (
            f"{place}: its hash does not fit; this line or {MANIFEST_NAME} was changed after it "
            "was written"
        )
    return f"{place}: its hash does not fit; the line was changed, moved or added later"
