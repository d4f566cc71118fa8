"""Reads a run folder, which may come from a stranger: bounded, checked, and never executed."""

import hashlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS, Chain
from pokebench.trajectory.events import (
    MAX_EVENTS_BYTES,
    MAX_LINE_BYTES,
    TURN_KINDS,
    MilestoneEvent,
    OutcomeEvent,
    TurnEvent,
)
from pokebench.trajectory.line import Line, parse_event, parse_json
from pokebench.trajectory.manifest import FORMAT, Manifest
from pokebench.trajectory.writer import EVENTS_NAME, MANIFEST_NAME

MAX_MANIFEST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A run folder whose hash chain holds.

    Attributes:
        folder: where it was read from.
        manifest: what the run is.
        lines: its events in order.
        root: the chain's digest before the first line, 64 hex digits: the name of the manifest.
        head: the chain's last digest, 64 hex digits: the name of exactly this record.
        events_bytes: length of the whole lines of `events.jsonl`.
        count: how many whole lines there are, those of unknown kind included.
        torn: what is wrong with the line after those, if there is something after them, else None.
    """

    folder: Path
    manifest: Manifest
    lines: tuple[Line, ...]
    root: str
    head: str
    events_bytes: int
    count: int
    torn: str | None = None

    @property
    def outcome(self) -> OutcomeEvent | None:
        """How the episode ended, or None if the run was cut off."""
        last = self.lines[-1].event if self.lines else None
        return last if isinstance(last, OutcomeEvent) else None

    @property
    def milestones(self) -> tuple[MilestoneEvent, ...]:
        """The milestones that the run claims."""
        events = (line.event for line in self.of_kind("milestone"))
        return tuple(event for event in events if isinstance(event, MilestoneEvent))

    @property
    def turns(self) -> tuple[TurnEvent, ...]:
        """The turns in order, inherited ones included."""
        events = (line.event for line in self.of_kind(*TURN_KINDS))
        return tuple(event for event in events if isinstance(event, TurnEvent))

    def of_kind(self, *kinds: str) -> tuple[Line, ...]:
        """Return the lines of some kinds; the others need not be read for it."""
        return tuple(line for line in self.lines if line.kind in kinds)

    def lines_after(self, number: int) -> tuple[Line, ...]:
        """Return the lines that stand after line `number`."""
        return self.lines[bisect_right(self.lines, number, key=lambda line: line.number) :]

    def hash_at(self, number: int) -> str:
        """Return the hash of a line; "" if there is none, or it is of unknown kind."""
        index = bisect_left(self.lines, number, key=lambda line: line.number)
        is_there = index < len(self.lines) and self.lines[index].number == number
        return self.lines[index].hash if is_there else ""


@dataclass(frozen=True, slots=True)
class Known:
    """A record that was read whole and found good; what has the same digest is as good.

    Attributes:
        events_bytes: length of its whole lines.
        sha256: SHA-256 of these bytes, 64 hex digits.
        head: the chain's digest after them, 64 hex digits.
    """

    events_bytes: int
    sha256: str
    head: str


class RecordReader:
    """Reads one record, and reads on where it ended when it has grown."""

    def __init__(self, folder: Path, *, up_to_damage: bool = False) -> None:
        """Read the manifest of the run in `folder`.

        Args:
            folder: the run folder.
            up_to_damage: take what is whole before a damaged line, and say so in `torn`.

        Raises:
            TrajectoryError: the manifest is missing, too large or malformed.
        """
        content, self.manifest = read_manifest(folder)
        self._folder = folder
        self._path = folder / EVENTS_NAME
        self._known: Known | None = None
        self._trusted_bytes = 0
        self._up_to_damage = up_to_damage
        self._chain = Chain(content)
        self._root = self._chain.head
        self._digest = hashlib.sha256()
        self._lines: list[Line] = []
        self._count = 0
        self._bytes = 0

    @property
    def root(self) -> str:
        """The chain's digest before the first line."""
        return self._root

    @property
    def trusted_bytes(self) -> int:
        """How much of the record was known to be good when it was first read."""
        return self._trusted_bytes

    def trust(self, known: Known | None) -> None:
        """Before the first reading, say what oneself found good; it is only read when asked for."""
        self._known = known

    def known(self) -> Known:
        """Return what was read so far, to be told to a later reader of the same record."""
        return Known(self._bytes, self._digest.hexdigest(), self._chain.head)

    def read(self) -> Trajectory:
        """Return the record as it is now.

        Raises:
            TrajectoryError: a file is missing, too large, shorter than before, or a line's hash or
                content is wrong; the message names file and line.
        """
        raw = _read_limited(self._path, MAX_EVENTS_BYTES, self._bytes)
        if self._known is not None:
            raw = self._take_known(raw, self._known)
            self._known = None
        whole, newline, rest = raw.rpartition(b"\n")
        torn = None
        try:
            for sealed in whole.split(b"\n") if newline else ():
                self._take(sealed)
        except TrajectoryError as error:
            if not self._up_to_damage:
                raise
            torn = str(error)
        if rest and torn is None:
            torn = f"{self._path} line {self._count + 1}: cut off in the middle"
        return Trajectory(
            self._folder,
            self.manifest,
            tuple(self._lines),
            self._root,
            self._chain.head,
            self._bytes,
            self._count,
            torn,
        )

    def _take(self, sealed: bytes) -> None:
        """Check and read the next line."""
        number = self._count + 1
        place = f"{self._path} line {number}"
        if len(sealed) > MAX_LINE_BYTES:
            raise TrajectoryError(f"{place}: longer than {MAX_LINE_BYTES} bytes")
        body = self._chain.open(sealed)
        if body is None:
            raise TrajectoryError(_chain_fault(place, number))
        event = parse_event(place, body, number - 1)
        if event is not None:
            self._lines.append(Line(number, event, self._chain.head[:HASH_DIGITS]))
        self._digest.update(sealed + b"\n")
        self._count = number
        self._bytes += len(sealed) + 1

    def _take_known(self, raw: bytes, known: Known) -> bytes:
        """Take the lines that are known to be good; return what comes after them."""
        part = raw[: known.events_bytes]
        digest = hashlib.sha256(part)
        if len(part) != known.events_bytes or digest.hexdigest() != known.sha256:
            return raw
        for number, sealed in enumerate(part.split(b"\n")[:-1], 1):
            line = Line.known(number, sealed)
            if line is not None:
                self._lines.append(line)
            self._count = number
        self._digest, self._bytes = digest, known.events_bytes
        self._trusted_bytes = known.events_bytes
        self._chain = Chain.after(known.head)
        return raw[known.events_bytes :]


def read_manifest(folder: Path) -> tuple[bytes, Manifest]:
    """Return the bytes of a run's manifest, which seed its chain, and what they say.

    Raises:
        TrajectoryError: there is none, or it is malformed or of another version.
    """
    content = _read_limited(folder / MANIFEST_NAME, MAX_MANIFEST_BYTES)
    return content, _parse_manifest(folder / MANIFEST_NAME, content)


def read_trajectory(folder: Path) -> Trajectory:
    """Read a run folder and check its hash chain.

    Raises:
        TrajectoryError: a file is missing, too large, of another format, or a line's hash or
            content is wrong; the message names file and line.
    """
    return RecordReader(folder).read()


def _chain_fault(place: str, number: int) -> str:
    if number == 1:
        return (
            f"{place}: its hash does not fit; this line or {MANIFEST_NAME} was changed after it "
            "was written"
        )
    return f"{place}: its hash does not fit; the line was changed, moved or added later"


def _parse_manifest(path: Path, content: bytes) -> Manifest:
    data = parse_json(str(path), content)
    found = data.get("format")
    if found != FORMAT:
        raise TrajectoryError(f"{path}: format is {found!r}; this version reads {FORMAT}")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise TrajectoryError(f"{path}: {explain(error)}") from error


def _read_limited(path: Path, limit: int, start: int = 0) -> bytes:
    """Return a file's bytes from `start` on."""
    try:
        if path.is_symlink() or not path.is_file():
            raise TrajectoryError(f"{path}: no such file; is this a run folder?")
        with path.open("rb") as file:
            file.seek(start)
            raw = file.read(limit + 1 - start)
            is_shorter = file.seek(0, 2) < start
    except OSError as error:
        raise TrajectoryError(f"cannot read {path}: {error.strerror}") from error
    if is_shorter:
        raise TrajectoryError(f"{path}: shorter than before; the record was replaced")
    if start + len(raw) > limit:
        raise TrajectoryError(f"{path}: larger than {limit} bytes")
    return raw
