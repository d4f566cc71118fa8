"""The events of a trajectory; each states its kind in `t` and the frame before it in `f`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pokebench.types import ACTION_LETTERS, Clocks, EndReason

MAX_ACTIONS = 100_000
"""The most actions that one turn may hold."""
Frames = Annotated[int, Field(ge=0, lt=1 << 48)]
RamHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
StateHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Letters = Annotated[
    str, StringConstraints(pattern=f"^[{ACTION_LETTERS}]*$", max_length=MAX_ACTIONS)
]


class Event(BaseModel):
    """What all events have; a newer minor version adds kinds of events, not keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    f: Frames

    def body(self) -> dict[str, Any]:
        """Return the event as it is written, without index and hash."""
        return {"t": self.t, **self.model_dump(mode="json", exclude_defaults=True), "f": self.f}

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
    """The agent's turn: written before its actions are done.

    Attributes:
        a: actions, one letter each (`ACTION_LETTERS`).
        text: what the agent said.
        w: seconds since the run began.
    """

    kind: Literal["turn"] = Field(default="turn", alias="t")
    a: Letters
    text: str = ""
    w: float


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
    """The episode ended; nothing follows."""

    kind: Literal["outcome"] = Field(default="outcome", alias="t")
    reason: EndReason
    detail: str = ""
    clocks: Clocks
    state: StateHash


EVENT_TYPES: dict[str, type[Event]] = {
    "session": SessionEvent,
    "reset": ResetEvent,
    "turn": TurnEvent,
    "done": DoneEvent,
    "checkpoint": CheckpointEvent,
    "milestone": MilestoneEvent,
    "outcome": OutcomeEvent,
}
