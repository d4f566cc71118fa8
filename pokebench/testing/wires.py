"""The three protocols on the wire: what a request says, and the events that carry a reply."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pokebench.testing.cache import CacheUse
from pokebench.testing.players import ScriptedReply

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply as it will be sent.

    Attributes:
        number: makes ids.
        model: the model that was asked for.
        said: what the player answered.
        arguments: the tool's arguments as text, perhaps spoiled by a fault.
        stop: how it ended: `whole`, `truncated`, `refused` or `filtered`.
        use: input tokens.
        tokens_out: output tokens.
    """

    number: int
    model: str
    said: ScriptedReply
    arguments: str
    stop: str
    use: CacheUse
    tokens_out: int


class Wire(Protocol):
    """One protocol."""

    family: str

    def blocks(self, body: Json) -> list[Any]:
        """Return a request's blocks in the order in which they are cached."""
        ...

    def events(self, outcome: Outcome) -> list[str]:
        """Return the reply's server-sent events, the last one ending the reply."""
        ...

    def error(self, status: int, kind: str, words: str) -> Json:
        """Return the body of an error."""
        ...


class MessagesWire:
    """Anthropic Messages."""

    family = "anthropic"

    def blocks(self, body: Json) -> list[Any]:
        """Tools, system, then the blocks of each message."""
        messages = (part for message in body["messages"] for part in _parts(message["content"]))
        return [*body.get("tools", []), *_parts(body.get("system", [])), *messages]

    def events(self, outcome: Outcome) -> list[str]:
        """Return message_start to message_stop."""
        usage = {
            "input_tokens": outcome.use.fresh,
            "cache_read_input_tokens": outcome.use.read,
            "cache_creation_input_tokens": outcome.use.written,
        }
        message: Json = {
            "id": f"msg_{outcome.number:06d}", "type": "message", "role": "assistant",
            "model": outcome.model, "content": [], "stop_reason": None, "stop_sequence": None,
            "usage": usage | {"output_tokens": 1},
        }  # fmt: skip
        events = [_event("message_start", message=message)]
        for index, (start, delta) in enumerate(self._contents(outcome)):
            events.append(_event("content_block_start", index=index, content_block=start))
            events.append(_event("content_block_delta", index=index, delta=delta))
            events.append(_event("content_block_stop", index=index))
        stops = {"truncated": "max_tokens", "refused": "refusal", "filtered": "refusal"}
        reason = stops.get(outcome.stop) or ("tool_use" if outcome.said.tool else "end_turn")
        delta = {"stop_reason": reason, "stop_sequence": None}
        final = usage | {"output_tokens": outcome.tokens_out}
        events.append(_event("message_delta", delta=delta, usage=final))
        events.append(_event("message_stop"))
        return events

    def error(self, status: int, kind: str, words: str) -> Json:
        """Return an error object."""
        return {"type": "error", "error": {"type": kind, "message": words}, "request_id": "req_0"}

    def _contents(self, outcome: Outcome) -> Iterator[tuple[Json, Json]]:
        said = outcome.said
        if said.thinking:
            start = {"type": "thinking", "thinking": "", "signature": f"sig{outcome.number}"}
            yield start, {"type": "thinking_delta", "thinking": said.thinking}
        yield {"type": "text", "text": ""}, {"type": "text_delta", "text": said.text}
        if said.tool and outcome.stop != "refused":
            name = {"type": "tool_use", "id": f"toolu_{outcome.number:06d}", "name": said.tool}
            delta = {"type": "input_json_delta", "partial_json": outcome.arguments}
            yield {**name, "input": {}}, delta


class ResponsesWire:
    """OpenAI Responses."""

    family = "openai"

    def blocks(self, body: Json) -> list[Any]:
        """Tools, then the items of the input."""
        return [*body.get("tools", []), *_parts(body["input"])]

    def events(self, outcome: Outcome) -> list[str]:
        """Return response.created to response.completed."""
        said, number = outcome.said, outcome.number
        output: list[Json] = []
        if said.thinking:
            summary = [{"type": "summary_text", "text": said.thinking}]
            output.append({"type": "reasoning", "id": f"rs_{number:06d}", "summary": summary})
        words: Json = {"type": "output_text", "text": said.text, "annotations": []}
        if outcome.stop == "refused":
            words = {"type": "refusal", "refusal": "I will not do that."}
        output.append(
            {
                "type": "message", "id": f"msg_{number:06d}", "role": "assistant",
                "status": "completed", "content": [words],
            }
        )  # fmt: skip
        if said.tool and outcome.stop != "refused":
            output.append(
                {
                    "type": "function_call", "id": f"fc_{number:06d}", "status": "completed",
                    "call_id": f"call_{number:06d}", "name": said.tool,
                    "arguments": outcome.arguments,
                }
            )  # fmt: skip
        reasons = {"truncated": "max_output_tokens", "filtered": "content_filter"}
        reason = reasons.get(outcome.stop)
        use = outcome.use
        details = {"cached_tokens": use.read, "cache_write_tokens": use.written}
        response: Json = {
            "id": f"resp_{number:06d}", "object": "response", "created_at": 0,
            "model": outcome.model, "status": "incomplete" if reason else "completed",
            "incomplete_details": {"reason": reason} if reason else None, "output": output,
            "parallel_tool_calls": False, "tool_choice": "auto", "tools": [], "error": None,
            "usage": {
                "input_tokens": use.total, "input_tokens_details": details,
                "output_tokens": outcome.tokens_out,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": use.total + outcome.tokens_out,
            },
        }  # fmt: skip
        begun = response | {"status": "in_progress", "output": [], "usage": None}
        ending = "response.incomplete" if reason else "response.completed"
        return [
            _event("response.created", sequence_number=0, response=begun),
            _event(ending, sequence_number=1, response=response),
        ]

    def error(self, status: int, kind: str, words: str) -> Json:
        """Return an error object."""
        return {"error": {"message": words, "type": kind, "param": None, "code": kind}}


class ChatWire:
    """OpenAI chat completions."""

    family = "openai"

    def blocks(self, body: Json) -> list[Any]:
        """Tools, then the messages."""
        return [*body.get("tools", []), *body["messages"]]

    def events(self, outcome: Outcome) -> list[str]:
        """Return the chunks and the end mark."""
        said, number, use = outcome.said, outcome.number, outcome.use
        stops = {"truncated": "length", "filtered": "content_filter", "refused": "stop"}
        finish = stops.get(outcome.stop) or ("tool_calls" if said.tool else "stop")
        deltas: list[Json] = [{"role": "assistant", "content": ""}]
        if outcome.stop == "refused":
            deltas.append({"refusal": "I will not do that."})
        else:
            deltas.append({"content": said.text})
            if said.tool:
                function = {"name": said.tool, "arguments": outcome.arguments}
                call = {"index": 0, "id": f"call_{number:06d}", "type": "function"}
                deltas.append({"tool_calls": [{**call, "function": function}]})
        base = {
            "id": f"chatcmpl_{number:06d}", "object": "chat.completion.chunk", "created": 0,
            "model": outcome.model,
        }  # fmt: skip
        details = {"cached_tokens": use.read, "cache_write_tokens": use.written}
        usage = {
            "prompt_tokens": use.total, "completion_tokens": outcome.tokens_out,
            "total_tokens": use.total + outcome.tokens_out, "prompt_tokens_details": details,
        }  # fmt: skip
        chunks = [_choice(base, delta, None) for delta in deltas]
        chunks.append(_choice(base, {}, finish))
        chunks.append({**base, "choices": [], "usage": usage})
        return [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]

    def error(self, status: int, kind: str, words: str) -> Json:
        """Return an error object."""
        return {"error": {"message": words, "type": kind, "param": None, "code": kind}}


WIRES: dict[str, Wire] = {
    "/v1/messages": MessagesWire(),
    "/v1/responses": ResponsesWire(),
    "/v1/chat/completions": ChatWire(),
}
"""Every protocol by its path."""


def words_of(block: Any) -> list[str]:
    """Return all words in a block of any protocol, pictures left out."""
    if isinstance(block, list):
        return [text for part in block for text in words_of(part)]
    if isinstance(block, dict):
        kinds = ("text", "content", "output")
        return [text for kind in kinds if kind in block for text in words_of(block[kind])]
    return [block] if isinstance(block, str) else []


def _parts(content: Any) -> list[Any]:
    return [content] if isinstance(content, str) else list(content)


def _event(kind: str, **data: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n"


def _choice(base: Json, delta: Json, finish: str | None) -> Json:
    return {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
