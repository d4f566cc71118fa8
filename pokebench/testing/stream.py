"""Server-sent events as they leave: in their own time, and with what goes wrong on the way."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pokebench.testing.faults import PlannedFault
from pokebench.testing.wire import Wire

COMMENT: Final = ": keep-alive\n\n"
_COMMENT_PAUSE_S: Final = 0.05
_NOT_JSON: Final = "event: x\ndata: {not json\n\n"
Wait = Callable[[float], None]


class ResetNowError(Exception):
    """The connection breaks here."""


def timed(
    wire: Wire,
    events: Iterable[str],
    count: int,
    fault: PlannedFault | None,
    pause_s: float,
    wait: Wait,
) -> Iterator[str]:
    """Yield what is sent.

    Args:
        wire: the protocol.
        events: the reply.
        count: how many events there are.
        fault: what goes wrong.
        pause_s: pause before each event.
        wait: sleeps.

    Raises:
        ResetNowError: the connection breaks.
    """
    place = fault.place(count) if fault else count
    for index, event in enumerate(events):
        if fault is not None and index == place:
            yield from _struck(wire, fault, wait)
            if fault.kind in ("truncate_stream", "error_event"):
                return
        if fault is not None and fault.kind == "drip":
            wait(fault.seconds)
        if pause_s:
            wait(pause_s)
        yield event


def _struck(wire: Wire, fault: PlannedFault, wait: Wait) -> Iterator[str]:
    """Yield what a fault puts into a stream.

    Raises:
        ResetNowError: the connection breaks.
    """
    if fault.kind == "reset":
        raise ResetNowError
    if fault.kind == "stall":
        wait(fault.seconds)
    elif fault.kind == "not_json":
        yield _NOT_JSON
    elif fault.kind == "error_event":
        yield wire.error_event(fault.word or "overloaded_error")
    elif fault.kind == "comments":
        for _ in range(int(fault.seconds / _COMMENT_PAUSE_S)):
            yield COMMENT
            wait(_COMMENT_PAUSE_S)
