"""A line of a record: an event, where it stands, and what binds it to the lines before."""

import json
import logging
from typing import Any, Final

from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import TrajectoryError
from pokebench.trajectory.chain import HASH_DIGITS
from pokebench.trajectory.events import EVENT_TYPES, Event

logger = logging.getLogger(__name__)

_SEAL_BYTES: Final = len(b',"h":"') + HASH_DIGITS + len(b'"}')
_KINDS: Final = frozenset(kind.encode() for kind in EVENT_TYPES)
_USUAL: Final = (b"{", b"i", b"t", b":")
_NOTHING: Final = [b""] * 6


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
    def known(cls, number: int, sealed: bytes) -> "Line | None":
        """Return a line that was read and found good before; None if its kind is unknown."""
        line_hash = sealed[-2 - HASH_DIGITS : -2].decode()
        before, i, _, t, colon, kind, *_ = sealed.split(b'"', 6) + _NOTHING
        if (before, i, t, colon) == _USUAL and kind in _KINDS:
            return cls(number, None, line_hash, sealed)
        event = parse_event(f"line {number}", opened(sealed), number - 1)
        return cls(number, event, line_hash) if event is not None else None

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
