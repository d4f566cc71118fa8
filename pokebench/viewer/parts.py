"""What a turn held, part by part, as plain data for people to read; bounded, whatever was recorded.

A record comes from anybody: each value is taken by its type, and long text is cut.
"""

import json
import math
from collections.abc import Callable
from typing import Any, Final

from pokebench.trajectory import (
    AgentEvent,
    DiagnosticEvent,
    Event,
    FailedEvent,
    MilestoneEvent,
    OutcomeEvent,
    ResultEvent,
    SessionEvent,
    TurnEvent,
    UnknownEvent,
)
from pokebench.types import JsonObject

MOST_TEXT: Final = 20_000
"""Characters of one text in a turn; what is longer is told by its length."""
MOST_TOOLS: Final = 20
"""Tool calls of one answer that are told."""


def part_of(event: Event) -> JsonObject | None:
    """Return an event as a part of its turn, or None if it says nothing to people.

    Each part has a `kind`: `call` (a model's answer), `failed`, `unknown` (a question without an
    answer), `notes`, `epoch` (a new context), `rejected` (an answer of no use), `agent` (anything
    else an agent recorded), `act` (the steps), `milestone`, `diagnostic`, `session`, `outcome`.
    """
    maker = _MAKERS.get(type(event))
    return maker(event) if maker else None


def text_of(value: Any) -> str:
    """Return a text of no more than `MOST_TEXT` characters; "" for what is none."""
    if not isinstance(value, str):
        return ""
    if len(value) <= MOST_TEXT:
        return value
    return f"{value[:MOST_TEXT]}\n[… and {len(value) - MOST_TEXT:,} more characters]"


def _call(event: ResultEvent) -> JsonObject:
    reply = event.reply
    return {
        "kind": "call",
        "call": event.call,
        "attempt": event.attempt,
        "how": event.how,
        "model": text_of(reply.get("model"))[:200],
        "stop": text_of(reply.get("stop"))[:40],
        "thinking": text_of(reply.get("thinking")),
        "text": text_of(reply.get("text")),
        "detail": text_of(reply.get("detail")),
        "tools": _tools(reply.get("tool_calls")),
        "tokens": {
            "in": event.tokens_in,
            "cache_read": event.tokens_cache_read,
            "cache_write": event.tokens_cache_write,
            "out": event.tokens_out,
        },
        "usd": event.usd,
        "seconds": event.seconds,
    }


def _tools(calls: Any) -> list[JsonObject]:
    if not isinstance(calls, list):
        return []
    return [
        {
            "name": text_of(call.get("name"))[:200],
            "arguments": _json_text(call.get("arguments")),
        }
        for call in calls[:MOST_TOOLS]
        if isinstance(call, dict)
    ]


def _json_text(value: Any) -> str:
    return text_of(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _failed(event: FailedEvent) -> JsonObject:
    return {
        "kind": "failed",
        "call": event.call,
        "attempt": event.attempt,
        "fault": text_of(event.fault),
        "billed": event.billed,
        "detail": text_of(event.detail),
        "wait_s": event.wait_s,
    }


def _unknown(event: UnknownEvent) -> JsonObject:
    return {"kind": "unknown", "call": event.call, "usd": event.reserve_usd}


def _agent(event: AgentEvent) -> JsonObject | None:
    data = event.data
    if event.what == "answer":
        return None
    if event.what == "notes":
        return {"kind": "notes", "text": text_of(data.get("text"))}
    if event.what == "rejected":
        why = text_of(data.get("kind"))[:80]
        return {"kind": "rejected", "why": why, "detail": text_of(data.get("detail"))}
    if event.what == "epoch":
        return {
            "kind": "epoch",
            "number": _count(data.get("number")),
            "reason": text_of(data.get("reason"))[:80],
            "tokens": _count(data.get("tokens")),
            "handover": text_of(data.get("handover")),
        }
    return {"kind": "agent", "what": event.what, "text": _json_text(data)}


def _act(event: TurnEvent) -> JsonObject:
    return {"kind": "act", "a": event.a[:MOST_TEXT], "text": text_of(event.text)}


def _count(value: Any) -> int:
    is_count = isinstance(value, int | float) and math.isfinite(value) and 0 <= value < 1 << 53
    return int(value) if is_count else 0


def _milestone(event: MilestoneEvent) -> JsonObject:
    return {"kind": "milestone", "id": event.id, "f": event.f}


def _diagnostic(event: DiagnosticEvent) -> JsonObject:
    return {"kind": "diagnostic", "what": event.what, "detail": text_of(event.detail)}


def _session(event: SessionEvent) -> JsonObject:
    return {"kind": "session", "reason": event.reason, "version": text_of(event.version)[:80]}


def _outcome(event: OutcomeEvent) -> JsonObject:
    return {"kind": "outcome", "reason": event.reason, "detail": text_of(event.detail)}


_MAKERS: Final[dict[type[Event], Callable[[Any], JsonObject | None]]] = {
    ResultEvent: _call,
    FailedEvent: _failed,
    UnknownEvent: _unknown,
    AgentEvent: _agent,
    TurnEvent: _act,
    MilestoneEvent: _milestone,
    DiagnosticEvent: _diagnostic,
    SessionEvent: _session,
    OutcomeEvent: _outcome,
}
