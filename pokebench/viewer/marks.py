"""Moments of a run that the timeline marks, each in a lane."""

from dataclasses import dataclass
from typing import Any, Final

from pokebench.diagnostics import STAGNATION_TURNS
from pokebench.trajectory import (
    AgentEvent,
    DiagnosticEvent,
    Event,
    FailedEvent,
    OutcomeEvent,
    SessionEvent,
    UnknownEvent,
)
from pokebench.types import JsonObject

LANES: Final = (
    {"id": "battle", "title": "Battles"},
    {"id": "trouble", "title": "Trouble"},
    {"id": "context", "title": "Contexts"},
    {"id": "notes", "title": "Notes"},
    {"id": "error", "title": "Errors"},
    {"id": "session", "title": "Sessions"},
)
"""The lanes in the order in which they are drawn."""
_EPOCHS: Final = {
    "tokens": "the context was long enough",
    "images": "the context held enough pictures",
    "turns": "a segment was over",
    "overflow": "the context was full",
    "refusals": "the model kept refusing",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment, or a span of time.

    Attributes:
        line: line of the record that tells it; 0 if re-simulation found it.
        lane: id of its lane.
        turn: the turn that it belongs to.
        frame: when it was, or began.
        end: when it ended; the same frame for a moment.
        label: in words.
    """

    line: int
    lane: str
    turn: int
    frame: int
    end: int
    label: str

    def to_json(self) -> JsonObject:
        """Return the mark for the page."""
        return {
            "lane": self.lane,
            "turn": self.turn,
            "frame": self.frame,
            "end": self.end,
            "label": self.label,
        }


def mark_of(event: Event, line: int, turn: int, frames: list[int]) -> Mark | None:
    """Return the mark of an event, or None if it has none.

    Args:
        event: the event.
        line: where it stands.
        turn: the turn that it belongs to.
        frames: the frame at which each turn so far began.
    """
    told = _told(event)
    if told is None:
        return None
    lane, label = told
    begins = event.f
    if isinstance(event, DiagnosticEvent) and event.what == "stagnation" and frames:
        first = max(min(event.turn, len(frames)) - STAGNATION_TURNS, 0)
        begins = min(frames[min(first, len(frames) - 1)], event.f)
    return Mark(line, lane, turn, begins, event.f, label[:300])


def _told(event: Event) -> tuple[str, str] | None:
    """Return lane and label of an event."""
    match event:
        case DiagnosticEvent():
            return "trouble", f"{event.what.replace('_', ' ')}: {event.detail}"
        case FailedEvent():
            return "error", f"no answer: {event.fault}, {event.detail}"
        case UnknownEvent():
            return "error", "a question was on its way when the process ended"
        case OutcomeEvent() if event.reason.is_resumable:
            return "error", f"stopped: {event.reason} {event.detail}"
        case SessionEvent() if event.reason == "resume":
            return "session", "resumed"
        case AgentEvent():
            return _told_by_agent(event.what, event.data)
    return None


def _told_by_agent(what: str, data: dict[str, Any]) -> tuple[str, str] | None:
    if what == "notes":
        text = data.get("text")
        characters = len(text) if isinstance(text, str) else 0
        return "notes", f"notes rewritten, {characters} characters"
    if what == "epoch":
        reason = str(data.get("reason"))[:80]
        return "context", f"a new context: {_EPOCHS.get(reason, reason)}"
    if what == "rejected":
        return "error", f"unusable answer: {str(data.get('kind'))[:80]}"
    return None
