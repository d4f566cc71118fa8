"""Reads a run folder, which may come from a stranger: bounded, checked, and never executed."""

import json
import logging
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS, Chain
from pokebench.trajectory.events import (
    EVENT_TYPES,
    MAX_EVENTS_BYTES,
    MAX_LINE_BYTES,
    Event,
    MilestoneEvent,
    OutcomeEvent,
    TurnEvent,
)
from pokebench.trajectory.manifest import FORMAT, Manifest
from pokebench.trajectory.writer import EVENTS_NAME, MANIFEST_NAME

logger = logging.getLogger(__name__)

MAX_MANIFEST_BYTES: Final = 1 << 20
_PLAIN: Final = re.compile(rb'\{"i":([0-9]{1,12}),"t":"([a-z]{1,32})"[,}]')


@dataclass(frozen=True, slots=True)
class Line:
    """An event and where it stands.

    Attributes:
        number: line of `events.jsonl`, from 1.
        event: the event.
        hash: the line's hash: the first 16 hex digits of the chain's digest after it.
    """

    number: int
    event: Event
    hash: str


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
        torn: what is wrong with the last line if the writer was cut off in it, else None.
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
        return tuple(line.event for line in self.lines if isinstance(line.event, MilestoneEvent))

    @property
    def turns(self) -> tuple[TurnEvent, ...]:
        """The turns in order."""
        return tuple(line.event for line in self.lines if isinstance(line.event, TurnEvent))

    def hash_at(self, number: int) -> str:
        """Return the hash of a line; "" if there is none, or it is of unknown kind."""
        index = bisect_left(self.lines, number, key=lambda line: line.number)
        is_there = index < len(self.lines) and self.lines[index].number == number
        return self.lines[index].hash if is_there else ""


def read_trajectory(folder: Path) -> Trajectory:
    """Read a run folder and check its hash chain.

    Raises:
        TrajectoryError: a file is missing, too large, of another format, or a line's hash or
        content is
            wrong; the message names file and line.
    """
    content, manifest = read_manifest(folder)
    path = folder / EVENTS_NAME
    raw = _read_limited(path, MAX_EVENTS_BYTES)
    whole, newline, rest = raw.rpartition(b"\n")
    chain = Chain(content)
    root = chain.head
    raw_lines = whole.split(b"\n") if newline else []
    lines = tuple(_read_lines(path, raw_lines, chain))
    torn = f"{path} line {len(raw_lines) + 1}: cut off in the middle" if rest else None
    size = len(raw) - len(rest)
    return Trajectory(folder, manifest, lines, root, chain.head, size, len(raw_lines), torn)


def read_manifest(folder: Path) -> tuple[bytes, Manifest]:
    """Return the bytes of a run's manifest, which seed its chain, and what they say.

    Raises:
        TrajectoryError: there is none, or it is malformed or of another version.
    """
    content = _read_limited(folder / MANIFEST_NAME, MAX_MANIFEST_BYTES)
    return content, _parse_manifest(folder / MANIFEST_NAME, content)


def _read_lines(path: Path, raw_lines: list[bytes], chain: Chain) -> Iterator[Line]:
    for number, raw in enumerate(raw_lines, 1):
        place = f"{path} line {number}"
        if len(raw) > MAX_LINE_BYTES:
            raise TrajectoryError(f"{place}: longer than {MAX_LINE_BYTES} bytes")
        body = chain.open(raw)
        if body is None:
            raise TrajectoryError(_chain_fault(place, number))
        event = parse_event(place, body, number - 1)
        if event is not None:
            yield Line(number, event, chain.head[:HASH_DIGITS])


def _chain_fault(place: str, number: int) -> str:
    if number == 1:
        return (
            f"{place}: its hash does not fit; this line or {MANIFEST_NAME} was changed after it "
            "was written"
        )
    return f"{place}: its hash does not fit; the line was changed, moved or added later"


def _parse_manifest(path: Path, content: bytes) -> Manifest:
    data = _parse_json(str(path), content)
    found = data.get("format")
    if found != FORMAT:
        raise TrajectoryError(f"{path}: format is {found!r}; this version reads {FORMAT}")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise TrajectoryError(f"{path}: {explain(error)}") from error


def parse_event(place: str, body: bytes, index: int) -> Event | None:
    """Return the event of a line, or None if it is of a kind that this version does not know.

    Args:
        place: file and line, for errors.
        body: the event as JSON, without its hash.
        index: which number it should have.

    Raises:
        TrajectoryError: it is malformed; the message names the place.
    """
    plain = _parse_plain(body, index)
    if plain is not None:
        return plain
    data = _parse_json(place, body)
    if data.pop("i", None) != index:
        raise TrajectoryError(f"{place}: events are numbered in order, so this should be {index}")
    kind = data.get("t")
    model = EVENT_TYPES.get(kind) if isinstance(kind, str) else None
    if model is None:
        logger.warning("%s: event of unknown kind %.40r is passed over", place, kind)
        return None
    try:
        return model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise TrajectoryError(f"{place}: {explain(error)}") from error


def _parse_plain(body: bytes, index: int) -> Event | None:
    """Return the event of a line that looks as this version writes it, in half the time.

    None says nothing: whatever is unusual is for the thorough way, which finds the words for it.
    """
    match = _PLAIN.match(body)
    if match is None or int(match[1]) != index or b"NaN" in body or b"Infinity" in body:
        return None
    model = EVENT_TYPES.get(match[2].decode())
    if model is None:
        return None
    try:
        return model.model_validate_json(b"{" + body[match.start(2) - len('"t":"') :])
    except ValidationError:
        return None


def _parse_json(place: str, raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise TrajectoryError(f"{place}: not JSON") from error
    if not isinstance(data, dict):
        raise TrajectoryError(f"{place}: not a JSON object")
    return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _read_limited(path: Path, limit: int) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise TrajectoryError(f"{path}: no such file; is this a run folder?")
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise TrajectoryError(f"cannot read {path}: {error.strerror}") from error
    if len(raw) > limit:
        raise TrajectoryError(f"{path}: larger than {limit} bytes")
    return raw
