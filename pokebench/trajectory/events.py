"""The events of a trajectory; each states its kind in `t` and the frame before it in `f`."""

import json
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pokebench.types import ACTION_LETTERS, Amount, Clocks, Count, EndReason

MAX_ACTIONS = 100_000
"""The most actions that one turn may hold."""
MAX_TEXT = 50_000
"""The most characters that an agent may say in one turn."""
MAX_LINE_BYTES = 8 << 20
"""The longest line that is written or read."""
MAX_EVENTS_BYTES = 1 << 30
"""The longest record."""
MOST_DEPTH = 64
"""How deep JSON from outside may be nested, so that every reader can read it."""
Frames = Annotated[int, Field(ge=0, lt=1 << 48)]
RamHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
StateHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Letters = Annotated[
    str, StringConstraints(pattern=f"^[{ACTION_LETTERS}]*$", max_length=MAX_ACTIONS)
]


def depth_of(value: Any) -> int:
    """Return how deep JSON is nested: 0 for a plain value."""
    deepest, level = 0, [value]
    while level:
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values() or [None]
            elif isinstance(item, list | tuple):
                inner += item or [None]
        deepest += bool(inner)
        level = inner
    return deepest


class Event(BaseModel):
    """What all events have; a newer minor version adds kinds of events, not keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    f: Frames

    def body(self) -> dict[str, Any]:
        """Return the event as it is written, without index and hash."""
        return {"t": self.t, **self.model_dump(mode="json", exclude_defaults=True), "f": self.f}

    @cached_property
    def as_json(self) -> str:
        """The event's JSON as it is written, without index and hash; made once."""
        return json.dumps(self.body(), separators=(",", ":"), ensure_ascii=False)

    @property
    def t(self) -> str:
        """The kind of event."""
        return str(type(self).model_fields["kind"].default)


class SessionEvent(Event):
    """A process began to write: a run has one, and one more for each time it was resumed."""

    kind: Literal["session"] = Field(default="session", alias="t")
    reason: Literal["start", "resume"]
    version: str


class ResetEvent(Event):
    """The game was switched on and stands before the agent's first turn."""

    kind: Literal["reset"] = Field(default="reset", alias="t")
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    idle_frames: Frames
    ram: RamHash


class TurnEvent(Event):
    """The steps of an agent's turn.

    An exact turn is written before it is done. A careful one is written once it is known which of
    its steps, and which waits, were taken; what it follows from, the model's answer, was written
    before.

    Attributes:
        a: steps, one letter each (`ACTION_LETTERS`).
        text: what the agent said.
        w: seconds since the run began.
    """

    kind: Literal["turn"] = Field(default="turn", alias="t")
    a: Letters
    text: str = ""
    w: Amount


class InheritedEvent(TurnEvent):
    """A turn of the run that a branch goes on from; another agent took it.

    Attributes:
        a: steps, one letter each.
    """

    kind: Literal["inherited"] = Field(default="inherited", alias="t")  # type: ignore[assignment]


class IntentEvent(Event):
    """A model is about to be asked: written before the question leaves.

    Attributes:
        call: number of the question, from 0.
        attempt: how often it was asked before.
        purpose: a turn, or a summary.
        request: hash of the question.
        reserve_usd: upper bound of what the answer can cost; None if prices are unknown.
        waited_s: seconds waited for the provider since the question before; no work time.
    """

    kind: Literal["intent"] = Field(default="intent", alias="t")
    call: Count
    attempt: Count
    purpose: Literal["turn", "summary"]
    request: StateHash
    reserve_usd: Amount | None = None
    waited_s: Amount = 0.0


class AcceptedEvent(Event):
    """The provider works on a question and will keep the answer: it is not asked again.

    Attributes:
        call: number of the question.
        attempt: which attempt.
        id: the provider's id of the answer.
    """

    kind: Literal["accepted"] = Field(default="accepted", alias="t")
    call: Count
    attempt: Count
    id: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ResultEvent(Event):
    """A model's whole answer: written before it is acted on, and never asked for again.

    Attributes:
        call: number of the question.
        attempt: which attempt gave it.
        how: `live`; `kept`, if it was read from bytes that a killed process had left; `fetched`, if
            the provider had kept it.
        reply: the answer, as the adapter gave it.
        usd: what it cost by the card's price table; None if prices are unknown.
        seconds: how long it took.
        w: seconds since the run began.
    """

    kind: Literal["result"] = Field(default="result", alias="t")
    call: Count
    attempt: Count
    how: Literal["live", "kept", "fetched"] = "live"
    reply: dict[str, Any]
    tokens_in: Count = 0
    tokens_cache_read: Count = 0
    tokens_cache_write: Count = 0
    tokens_out: Count = 0
    usd: Amount | None = None
    seconds: Amount
    w: Amount

    @property
    def was_cut_off(self) -> bool:
        """Whether the card's ceiling cut the answer off."""
        return self.reply.get("stop") == "truncated"


class FailedEvent(Event):
    """A question that got no answer.

    Attributes:
        call: number of the question.
        attempt: which attempt failed.
        fault: what went wrong.
        billed: whether the provider may have charged.
        reserve_usd: upper bound of that charge.
        detail: the provider's words.
        wait_s: seconds to wait before the next attempt.
        w: seconds since the run began.
    """

    kind: Literal["failed"] = Field(default="failed", alias="t")
    call: Count
    attempt: Count
    fault: str
    billed: Literal["no", "unknown"]
    reserve_usd: Amount = 0.0
    detail: str = ""
    wait_s: Amount = 0.0
    w: Amount


class UnknownEvent(Event):
    """A question was on its way when the process ended; it may have been charged."""

    kind: Literal["unknown"] = Field(default="unknown", alias="t")
    call: Count
    attempt: Count
    reserve_usd: Amount = 0.0


class AgentEvent(Event):
    """What an agent did besides pressing buttons: notes, a compaction, a reply it had to reject."""

    kind: Literal["agent"] = Field(default="agent", alias="t")
    what: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
    data: dict[str, Any] = {}


class DiagnosticEvent(Event):
    """Something a person would want to look at: a loop, a standstill, a wall bumped into."""

    kind: Literal["diagnostic"] = Field(default="diagnostic", alias="t")
    what: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
    turn: Count
    detail: str = ""


class DoneEvent(Event):
    """Work and high RAM stood so after the turn before; `f` is the frame then."""

    kind: Literal["done"] = Field(default="done", alias="t")
    ram: RamHash


class CheckpointEvent(Event):
    """The whole machine stood so; `f` is the frame then."""

    kind: Literal["checkpoint"] = Field(default="checkpoint", alias="t")
    state: StateHash


class MilestoneEvent(Event):
    """A milestone latched; a claim that verification recomputes."""

    kind: Literal["milestone"] = Field(default="milestone", alias="t")
    id: Annotated[str, StringConstraints(max_length=64)]
    clocks: Clocks


class OutcomeEvent(Event):
    """The episode ended; nothing follows, unless the reason allows to resume."""

    kind: Literal["outcome"] = Field(default="outcome", alias="t")
    reason: EndReason
    detail: str = ""
    clocks: Clocks
    state: StateHash


TURN_KINDS = ("turn", "inherited")
"""Kinds of events that hold steps."""
EVENT_TYPES: dict[str, type[Event]] = {
    "session": SessionEvent,
    "reset": ResetEvent,
    "inherited": InheritedEvent,
    "intent": IntentEvent,
    "accepted": AcceptedEvent,
    "result": ResultEvent,
    "failed": FailedEvent,
    "unknown": UnknownEvent,
    "agent": AgentEvent,
    "diagnostic": DiagnosticEvent,
    "turn": TurnEvent,
    "done": DoneEvent,
    "checkpoint": CheckpointEvent,
    "milestone": MilestoneEvent,
    "outcome": OutcomeEvent,
}
