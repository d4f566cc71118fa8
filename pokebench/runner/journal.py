"""The record of a run, written while it goes on, or followed while it is resumed.

A resumed run does everything again from power-on. Each event it comes to is compared with the
record and not written a second time; where the record ends, writing goes on. So a resumed run is
the same run, or it is noticed that it is not.
"""

import time
from collections import deque
from collections.abc import Iterable
from typing import Any, TypeVar

from pokebench.errors import DesyncError
from pokebench.trajectory import (
    Event,
    Ledger,
    Line,
    MilestoneEvent,
    OutcomeEvent,
    Scrubber,
    SessionEvent,
    TrajectoryWriter,
)

E = TypeVar("E", bound=Event)


class Journal:
    """Takes events in order.

    Attributes:
        ledger: what models have cost so far.
    """

    def __init__(
        self,
        writer: TrajectoryWriter,
        scrubber: Scrubber,
        recorded: Iterable[Line] = (),
        known: int = 0,
    ) -> None:
        """Write to `writer`, after following what was recorded before.

        Args:
            writer: takes new events.
            scrubber: keeps keys out of them.
            recorded: the events of earlier sessions.
            known: how many of these need not be followed, since a checkpoint was taken after them.
        """
        self.ledger = Ledger()
        self._writer = writer
        self._scrubber = scrubber
        self._recorded = deque(recorded)
        self._seconds = 0.0
        self._live_since = time.monotonic()
        self._skip_sessions()
        while self._recorded and self._recorded[0].number <= known:
            self._pop()

    @property
    def is_replaying(self) -> bool:
        """Whether there is record left to follow."""
        return bool(self._recorded)

    @property
    def is_full(self) -> bool:
        """Whether the disk is: the run must end."""
        return self._writer.is_full

    @property
    def place(self) -> tuple[int, str] | None:
        """How many events there are and the last one's hash, for a checkpoint; None in between.

        While a run follows its record, the record's end is not where the game is.
        """
        return None if self._recorded else (self._writer.count, self._writer.head)

    def elapsed(self) -> float:
        """Return seconds since the run began, without the time between sessions."""
        if self._recorded:
            return self._seconds
        return round(self._seconds + time.monotonic() - self._live_since, 3)

    def peek(self) -> Event | None:
        """Return the next event of the record, or None where it ends."""
        return self._recorded[0].event if self._recorded else None

    def take(self, kind: type[E]) -> E:
        """Return the next event of the record, which must be of `kind`.

        Raises:
            DesyncError: it is another.
        """
        line = self._recorded[0]
        if not isinstance(line.event, kind):
            wanted = kind.model_fields["kind"].default
            raise DesyncError(f"{_place(line)}: resuming comes to a {wanted} here")
        self._pop()
        return line.event

    def commit(self, event: E, *, durable: bool = False) -> E:
        """Write an event, or see that the record has the same; return it as it is recorded.

        Raises:
            DesyncError: the record has another event here: the run cannot be resumed.
            TrajectoryError: the record cannot be written further.
        """
        clean = self._scrubber.scrub(event)
        if not self._recorded:
            self._writer.append(clean, durable=durable)
            self.ledger.add(clean)
            return clean
        line = self._recorded[0]
        recorded, found = _comparable(line.event), _comparable(clean)
        # Secrets of the day when it was recorded may have been others than today's.
        if recorded not in (found, _comparable(event)):
            differing = sorted(k for k in recorded | found if recorded.get(k) != found.get(k))
            raise DesyncError(
                f"{_place(line)}: resuming gives another {', '.join(differing)}; this run cannot "
                "be resumed with this version of agent and software"
            )
        self._pop()
        return clean

    def _pop(self) -> None:
        event = self._recorded.popleft().event
        self.ledger.add(event)
        seconds = getattr(event, "w", None)
        if isinstance(event, MilestoneEvent | OutcomeEvent):
            seconds = event.clocks.wall_s
        self._seconds = max(self._seconds, seconds or 0.0)
        self._skip_sessions()

    def _skip_sessions(self) -> None:
        """Pass over where earlier sessions ended and began; they are no part of the play."""
        while self._recorded and isinstance(self._recorded[0].event, OutcomeEvent | SessionEvent):
            event = self._recorded.popleft().event
            if isinstance(event, OutcomeEvent):
                self._seconds = max(self._seconds, event.clocks.wall_s)
        if not self._recorded:
            self._live_since = time.monotonic()


def _place(line: Line) -> str:
    return f"events.jsonl line {line.number} ({line.event.t}, frame {line.event.f})"


def _comparable(event: Event) -> dict[str, Any]:
    """Return what must be equal when a run is done again: all but seconds."""
    body = event.body()
    body.pop("w", None)
    clocks = body.get("clocks")
    if isinstance(clocks, dict):
        seconds = ("wall_s", "work_s")
        body["clocks"] = {name: value for name, value in clocks.items() if name not in seconds}
    return body
