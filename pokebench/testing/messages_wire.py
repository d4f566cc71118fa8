"""Anthropic's Messages API on the wire."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from pokebench.testing.blocks import Block, Known, Message, Section, read_blocks
from pokebench.testing.known_models import KnownModels
from pokebench.testing.messages_rules import (
    check_breakpoints,
    check_tools,
    check_top_level,
    check_turns,
    content_of,
)
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.wire import REFUSAL, Json, Outcome, event, lenient_object, pieces

_STOPS: Final = {
    "truncated": "max_tokens",
    "refused": "refusal",
    "filtered": "refusal",
    "context_full": "model_context_window_exceeded",
}
_PREFIX: Final = ("tools", "system", "messages")


class MessagesWire:
    """Anthropic Messages."""

    name = "messages"
    family = "anthropic"

    def __init__(self, models: KnownModels) -> None:
        """Know the rules of `models`."""
        self._models = models
        self._known: Known[Message] = Known()

    def blocks(self, body: Json) -> list[Block]:
        """Return tools, system, then the blocks of each message."""
        check_top_level(body, self._models.rules(str(body.get("model", ""))))
        tools = body.get("tools") or []
        system = body.get("system") or []
        parts = [system] if isinstance(system, str) else system
        blocks = [
            *self._known.get(["tools", tools], lambda: _tools(tools)).blocks,
            *self._known.get(["system", parts], lambda: _system(parts)).blocks,
        ]
        messages = []
        for index, message in enumerate(body["messages"]):
            where = f"messages.{index}"
            known = self._known.get(message, partial(_message, message, where))
            messages.append(known)
            blocks += known.blocks
        check_turns(messages)
        check_breakpoints(blocks, body.get("cache_control"))
        return blocks

    def options(self, body: Json) -> Json:
        """Return what is neither tools, system nor messages."""
        return {key: value for key, value in body.items() if key not in _PREFIX}

    def tools(self, body: Json) -> tuple[str, ...]:
        """Return the names of the tools that may be called."""
        if (body.get("tool_choice") or {}).get("type") == "none":
            return ()
        return tuple(tool["name"] for tool in body.get("tools") or [])

    def most_tokens(self, body: Json) -> int | None:
        """Return `max_tokens`."""
        most: int = body["max_tokens"]
        return most

    def thinks(self, body: Json) -> bool:
        """Return whether thinking is not switched off."""
        return (body.get("thinking") or {}).get("type") != "disabled"

    def seeds(self, body: Json, blocks: list[Block]) -> tuple[str, str]:
        """Return the model; and what messages depend on, but neither tools nor system."""
        pictured = any(block.has_picture for block in blocks)
        parts = [body.get("tool_choice"), body.get("thinking"), pictured]
        return str(body["model"]), json.dumps(parts, sort_keys=True)

    def reply(self, outcome: Outcome, body: Json) -> Json:
        """Return a message."""
        stop = _STOPS.get(outcome.stop) or ("tool_use" if outcome.calls_tool else "end_turn")
        return self._frame(outcome) | {
            "content": list(_contents(outcome, body)),
            "stop_reason": stop,
            "stop_details": _stop_details(outcome),
            "usage": _usage(outcome) | {"output_tokens": outcome.tokens_out},
        }

    def events(self, outcome: Outcome, body: Json) -> list[str]:
        """Return message_start to message_stop."""
        reply = self.reply(outcome, body)
        begun = self._frame(outcome) | {"usage": _usage(outcome) | {"output_tokens": 1}}
        events = [_event("message_start", message=begun), _event("ping")]
        for index, block in enumerate(reply["content"]):
            events += _block_events(index, block, outcome)
        delta = {"stop_reason": reply["stop_reason"], "stop_sequence": None}
        delta |= {"stop_details": reply["stop_details"]}
        usage = {
            key: value
            for key, value in reply["usage"].items()
            if key.endswith("_tokens") or key == "output_tokens_details"
        }
        events.append(_event("message_delta", delta=delta, usage=usage))
        events.append(_event("message_stop"))
        return events

    def reply_id(self, outcome: Outcome) -> str:
        """Return the id of the reply."""
        return f"msg_{outcome.id}"

    def overflow(self, tokens: int, most: int) -> RefusedError:
        """Return the refusal of a request that is too long."""
        return invalid(f"prompt is too long: {tokens} tokens > {most} maximum")

    def error(self, refused: RefusedError) -> Json:
        """Return an error object."""
        error: Json = {"type": refused.kind, "message": refused.words}
        if refused.code:
            error["details"] = {"error_code": refused.code}
        return {"type": "error", "error": error, "request_id": "req_fake"}

    def error_event(self, kind: str) -> str:
        """Return an error inside a stream."""
        return event("error", self.error(RefusedError(200, kind, "planned")))

    def _frame(self, outcome: Outcome) -> Json:
        return {
            "id": self.reply_id(outcome), "type": "message", "role": "assistant",
            "model": outcome.model, "content": [], "stop_reason": None, "stop_sequence": None,
            "stop_details": None, **outcome.extra,
        }  # fmt: skip


def _tools(tools: list[Any]) -> Message:
    check_tools(tools)
    return Message("tools", tuple(read_blocks("anthropic", Section.TOOLS, "tools", tools)))


def _system(parts: list[Any]) -> Message:
    return Message("system", tuple(read_blocks("anthropic", Section.SYSTEM, "system", parts)))


def _message(message: Json, where: str) -> Message:
    content = content_of(message, where)
    role = message["role"]
    kinds = [block.get("type") for block in content]
    results = kinds.count("tool_result")
    return Message(
        role=role,
        blocks=tuple(read_blocks("anthropic", Section.MESSAGES, role, content)),
        calls=tuple(str(b.get("id")) for b in content if b["type"] == "tool_use"),
        results=tuple(str(b.get("tool_use_id")) for b in content if b["type"] == "tool_result"),
        is_led_by_results="tool_result" not in kinds[results:],
    )


def _contents(outcome: Outcome, body: Json) -> Iterator[Json]:
    """Yield the blocks of a reply."""
    said = outcome.said
    if outcome.seal:
        is_shown = (body.get("thinking") or {}).get("display") != "omitted"
        thinking = said.thinking if is_shown else ""
        yield {"type": "thinking", "thinking": thinking, "signature": outcome.seal}
    text = said.text or (REFUSAL if outcome.stop == "refused" else "")
    if text:
        yield {"type": "text", "text": text}
    if outcome.calls_tool:
        yield {
            "type": "tool_use",
            "id": f"toolu_{outcome.part}",
            "name": said.tool,
            "input": lenient_object(outcome.arguments),
        }


def _block_events(index: int, block: Json, outcome: Outcome) -> list[str]:
    """Return one content block as it is streamed: opened empty, filled in pieces, closed."""
    deltas: list[Json] = []
    begun: Json
    if block["type"] == "thinking":
        begun = {"type": "thinking", "thinking": "", "signature": ""}
        deltas += [
            {"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"])
        ]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    elif block["type"] == "text":
        begun = {"type": "text", "text": ""}
        deltas += [{"type": "text_delta", "text": piece} for piece in pieces(block["text"])]
    else:
        begun = block | {"input": {}}
        cuts = ("", *pieces(outcome.arguments))
        deltas += [{"type": "input_json_delta", "partial_json": piece} for piece in cuts]
    return [
        _event("content_block_start", index=index, content_block=begun),
        *(_event("content_block_delta", index=index, delta=delta) for delta in deltas),
        _event("content_block_stop", index=index),
    ]


def _stop_details(outcome: Outcome) -> Json | None:
    if outcome.stop not in ("refused", "filtered"):
        return None
    return {"type": "refusal", "category": "general_harms", "explanation": REFUSAL}


def _usage(outcome: Outcome) -> Json:
    use = outcome.use
    return {
        "input_tokens": use.fresh,
        "cache_read_input_tokens": use.read,
        "cache_creation_input_tokens": use.written,
        "cache_creation": {
            "ephemeral_5m_input_tokens": use.written_short,
            "ephemeral_1h_input_tokens": use.written_long,
        },
        "output_tokens_details": {"thinking_tokens": outcome.tokens_thinking},
        "service_tier": "standard",
    }


def _event(kind: str, **data: Any) -> str:
    return event(kind, {"type": kind, **data})
