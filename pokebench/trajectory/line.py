"""A line of a record: an event, where it stands, and what binds it to the lines before."""

import json
import logging
from collections.abc import Sequence
from typing import Any, Final, overload

from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS
from pokebench.trajectory.events import EVENT_TYPES, Event

logger = logging.getLogger(__name__)

_LETTERS_BEYOND: Final = ("\u0130".encode(), "\u212a".encode())
"""The two letters beyond ASCII whose lower case has an ASCII letter in it."""
_SEAL_BYTES: Final = len(b',"h":"') + HASH_DIGITS + len(b'"}')


class Line:
    """An event and where it stands.

    Attributes:
        number: line of `events.jsonl`, from 1.
        hash: the line's hash: the first 16 hex digits of the chain's digest after it.
    """

    __slots__ = ("_event", "_sealed", "hash", "number")

    def __init__(
        self, number: int, event: Event | None, line_hash: str, sealed: bytes = b""
    ) -> None:
        """Hold an event, or the sealed line to read it from when it is asked for."""
        self.number = number
        self.hash = line_hash
        self._event = event
        self._sealed = sealed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Line):
            return NotImplemented
        same = (self.number, self.hash) == (other.number, other.hash)
        return same and self.event == other.event

    def __hash__(self) -> int:
        return hash((self.number, self.hash))

    def __repr__(self) -> str:
        return f"Line({self.number}, {self.event!r}, {self.hash!r})"

    @classmethod
    def known(cls, number: int, sealed: bytes) -> "Line":
        """Return a usual line that was read and found good before."""
        return cls(number, None, sealed[-2 - HASH_DIGITS : -2].decode(), sealed)

    def might_say(self, word: bytes) -> bool:
        """Return whether a lower-case ASCII word may occur in it; told without reading it."""
        sealed = self._sealed
        if not sealed or word in sealed.lower() or b"\\u" in sealed:
            return True
        return not sealed.isascii() and any(letter in sealed for letter in _LETTERS_BEYOND)

    @property
    def event(self) -> Event:
        """The event."""
        if self._event is None:
            event = parse_event(f"line {self.number}", opened(self._sealed), self.number - 1)
            assert event is not None
            self._event, self._sealed = event, b""
        return self._event

    @property
    def kind(self) -> str:
        """The kind of event, which is known without reading all of it."""
        if self._event is not None:
            return self._event.t
        return kind_of(self._sealed, self.number - 1)


class Lines(Sequence[Line]):
    """Lines in order, from line 1 on; those that were known before are made when asked for."""

    def __init__(
        self, known: bytes = b"", ends: Sequence[int] = (0,), more: Sequence[Line] = ()
    ) -> None:
        """Hold the sealed lines that were known before, all of them usual, and those after.

        Args:
            known: those before, each with its line feed.
            ends: 0, and where each of them ends.
            more: those after.
        """
        self._known = known
        self._ends = ends
        self._more = list(more)

    def __len__(self) -> int:
        return len(self._ends) - 1 + len(self._more)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, place: int | slice) -> Line | tuple[Line, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        at = place + len(self) if place < 0 else place
        count = len(self._ends) - 1
        if 0 <= at < count:
            return Line.known(at + 1, self._known[self._ends[at] : self._ends[at + 1] - 1])
        return self._more[at - count]

    def append(self, line: Line) -> None:
        """Take in the next line."""
        self._more.append(line)

    def so_far(self) -> Sequence[Line]:
        """Return the lines that there are, to which nothing is appended."""
        return Lines(self._known, self._ends, self._more) if self._known else tuple(self._more)


def opened(sealed: bytes) -> bytes:
    """Return the JSON object of a sealed line."""
    return sealed[:-_SEAL_BYTES] + b"}"


def kind_of(body: bytes, index: int) -> str:
    """Return the kind of an event in the form in which the writer leaves it; "" for any other."""
    start = b'{"i":%d,"t":"' % index
    if not body.startswith(start):
        return ""
    end = body.find(b'"', len(start), len(start) + 40)
    return body[len(start) : max(end, len(start))].decode(errors="replace")


def is_usual(body: bytes, index: int) -> bool:
    """Return whether an event is of a kind that is known here, in the writer's form."""
    return kind_of(body, index) in EVENT_TYPES


def parse_event(place: str, body: bytes, index: int) -> Event | None:
    """Return the event, or None if it is of a kind that this version does not know.

    Raises:
        TrajectoryError: it is malformed, or not the one with this index.
    """
    return _parse_usual(body, index) or _parse_any(place, body, index)


def _parse_usual(body: bytes, index: int) -> Event | None:
    """Return an event in the form in which the writer leaves it; None for any other.

    It reads JSON once, which is most of what reading a long record takes.
    """
    model = EVENT_TYPES.get(kind_of(body, index))
    if model is None or b"NaN" in body or b"Infinity" in body:
        return None
    try:
        return model.model_validate_json(b"{" + body[body.index(b'"t"') :])
    except ValidationError:
        return None


def _parse_any(place: str, body: bytes, index: int) -> Event | None:
    """Return an event in any form, or say what is wrong with it."""
    data = parse_json(place, body)
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


def parse_json(place: str, raw: bytes) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        TrajectoryError: it is none.
    """
    try:
        data = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise TrajectoryError(f"{place}: not JSON") from error
    if not isinstance(data, dict):
        raise TrajectoryError(f"{place}: not a JSON object")
    return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
