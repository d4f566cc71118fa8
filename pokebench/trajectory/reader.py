"""A record that was read, and the manifest of a run folder, which may come from a stranger."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import TrajectoryError
from pokebench.trajectory.events import TURN_KINDS, MilestoneEvent, OutcomeEvent, TurnEvent
from pokebench.trajectory.line import Line, parse_json
from pokebench.trajectory.manifest import FORMAT, Manifest
from pokebench.trajectory.writer import MANIFEST_NAME

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
    lines: Sequence[Line]
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
        return tuple(self.lines[bisect_right(self.lines, number, key=lambda line: line.number) :])

    def hash_at(self, number: int) -> str:
        """Return the hash of a line; "" if there is none, or it is of unknown kind."""
        line = self.lines[number - 1] if 0 < number <= len(self.lines) else None
        if line is None or line.number != number:  # lines of unknown kinds are left out
            index = bisect_left(self.lines, number, key=lambda line: line.number)
            line = self.lines[index] if index < len(self.lines) else None
        return line.hash if line is not None and line.number == number else ""


def read_manifest(folder: Path) -> tuple[bytes, Manifest]:
    """Return the bytes of a run's manifest, which seed its chain, and what they say.

    Raises:
        TrajectoryError: there is none, or it is malformed or of another version.
    """
    content = _read_limited(folder / MANIFEST_NAME, MAX_MANIFEST_BYTES)
    return content, _parse_manifest(folder / MANIFEST_NAME, content)


def _parse_manifest(path: Path, content: bytes) -> Manifest:
    data = parse_json(str(path), content)
    found = data.get("format")
    if found != FORMAT:
        raise TrajectoryError(f"{path}: format is {found!r}; this version reads {FORMAT}")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise TrajectoryError(f"{path}: {explain(error)}") from error


def _missing(path: Path) -> TrajectoryError:
    """Return the error for a file that is not there; of a folder of runs, it names one of them."""
    first = min(path.parent.glob(f"*/{MANIFEST_NAME}"), default=None)
    if first is not None:
        return TrajectoryError(
            f"{path.parent}: not a run, but a folder of runs like {first.parent}"
        )
    return TrajectoryError(f"{path}: no such file; is this a run folder?")


def _read_limited(path: Path, limit: int) -> bytes:
    """Return a file's bytes."""
    try:
        if path.is_symlink() or not path.is_file():
            raise _missing(path)
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise TrajectoryError(f"cannot read {path}: {error.strerror}") from error
    if len(raw) > limit:
        raise TrajectoryError(f"{path}: larger than {limit} bytes")
    return raw
