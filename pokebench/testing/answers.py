"""What comes in over HTTP and what goes out: calls, pages, streams, and broken connections."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pokebench.testing.faults import PlannedFault
from pokebench.testing.refusal import RefusedError
from pokebench.testing.stream import Wait
from pokebench.testing.wire import Json, Wire

_STATUS_WORDS: Final = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
    403: "permission_error", 404: "not_found_error", 413: "request_too_large",
    429: "rate_limit_error", 500: "api_error", 503: "service_unavailable",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip
_GARBAGE: Final = "<html><body>bad gateway</body></html>"
_PAUSES: Final = ("stall", "drip", "comments")
_HALVES: Final = ("truncate_stream", "not_json")


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came in.

    Attributes:
        method: GET, POST or DELETE.
        path: without the query.
        query: the last value of each key.
        headers: by their names in lower case.
        body: a JSON object, empty if there was none.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json


@dataclass(frozen=True, slots=True)
class Page:
    """An answer in one piece.

    Attributes:
        status: HTTP status.
        text: what it says.
        kind: content type.
        headers: further headers.
        delay_s: seconds until it is sent.
    """

    status: int
    text: str
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """No answer: silence for some seconds, then the connection ends."""

    seconds: float = 0.0
    is_reset: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer in events.

    Attributes:
        timed: yields what is sent, given something that sleeps.
    """

    timed: Callable[[Wait], Iterator[str]]


Answer = Page | Stream | Hold


def page(data: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Return `data` as JSON."""
    return Page(status, json.dumps(data), headers=headers)


def struck_before(wire: Wire, fault: PlannedFault | None) -> Page | Hold | None:
    """Return the answer of a fault that strikes before anything is billed, if it is such."""
    if fault is not None and fault.kind == "status":
        return _planned_error(wire, fault)
    if fault is not None and fault.kind == "drop":
        return Hold()
    if fault is not None and fault.kind == "garbage":
        return Page(200, _GARBAGE, "text/html")
    return None


def struck_page(data: Any, fault: PlannedFault | None, delay_s: float = 0.0) -> Answer:
    """Return a reply in one piece with what a fault makes of it."""
    text = json.dumps(data)
    kind = fault.kind if fault else ""
    seconds = fault.seconds if fault else 0.0
    if kind == "drop_after_billing":
        return Hold()
    if kind == "hang_after_billing":
        return Hold(seconds)
    if kind == "reset":
        return Hold(is_reset=True)
    if kind in _HALVES:
        text = text[: len(text) // 2]
    if kind in _PAUSES:
        delay_s += seconds
    return Page(200, text, delay_s=delay_s)


def _planned_error(wire: Wire, fault: PlannedFault) -> Page:
    """Return the error of a planned fault."""
    word = fault.word or _STATUS_WORDS.get(fault.status, "api_error")
    code = word if wire.family == "openai" else None
    refused = RefusedError(fault.status, word, "planned", code=code)
    return page(wire.error(refused), fault.status, fault.headers)
