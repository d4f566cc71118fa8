"""OpenAI's chat completions on the wire, as compatible servers speak them, too."""

import json
from functools import partial
from typing import Any, Final

from pokebench.testing.blocks import Block, Known, Message, Section, read_blocks
from pokebench.testing.chat_rules import (
    check_calls_answered,
    check_message,
    check_tools,
    check_top_level,
)
from pokebench.testing.known_models import KnownModels
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.wire import REFUSAL, Json, Outcome, openai_seed, pieces

_STOPS: Final = {
    "truncated": "length",
    "context_full": "length",
    "filtered": "content_filter",
    "refused": "stop",
}
_PREFIX: Final = ("tools", "messages")


class ChatWire:
    """OpenAI chat completions."""

    name = "chat"
    family = "openai"

    def __init__(self, models: KnownModels) -> None:
        """Know the rules of `models`."""
        self._models = models
        self._known: Known[Message] = Known()

    def blocks(self, body: Json) -> list[Block]:
        """Return the tools, then the messages: their parts, then the calls in them."""
        check_top_level(body, self._models.rules(str(body.get("model", ""))))
        tools = body.get("tools") or []
        blocks = [*self._known.get(["tools", tools], lambda: _tools(tools)).blocks]
        known: list[Message] = []
        for index, message in enumerate(body["messages"]):
            where = f"messages[{index}]"
            known.append(self._known.get(message, partial(_message, message, where)))
            blocks += known[-1].blocks
        check_calls_answered(known)
        return blocks

    def options(self, body: Json) -> Json:
        """Return what is neither tools nor messages."""
        return {key: value for key, value in body.items() if key not in _PREFIX}

    def tools(self, body: Json) -> tuple[str, ...]:
        """Return the names of the tools that may be called."""
        if body.get("tool_choice") == "none":
            return ()
        return tuple(tool["function"]["name"] for tool in body.get("tools") or [])

    def most_tokens(self, body: Json) -> int | None:
        """Return the limit, under its new name or its old one."""
        return body.get("max_completion_tokens") or body.get("max_tokens")

    def thinks(self, body: Json) -> bool:
        """Return whether reasoning is not switched off."""
        return body.get("reasoning_effort") != "none"

    def seeds(self, body: Json, blocks: list[Block]) -> tuple[str, str]:
        """Return what cached prefixes depend on."""
        return openai_seed(body), ""

    def reply(self, outcome: Outcome, body: Json) -> Json:
        """Return a completion."""
        said = outcome.said
        is_refused = outcome.stop == "refused"
        message: Json = {"role": "assistant", "content": said.text or None, "refusal": None}
        if is_refused:
            message |= {"content": None, "refusal": REFUSAL}
        if said.thinking:
            message["reasoning_content"] = said.thinking
        if outcome.calls_tool:
            message["tool_calls"] = [_call(outcome)]
        choice = {"index": 0, "message": message, "logprobs": None}
        return {
            "id": self.reply_id(outcome), "object": "chat.completion",
            "created": outcome.created, "model": outcome.model,
            "choices": [choice | {"finish_reason": _finish(outcome)}], "usage": _usage(outcome),
            **outcome.extra,
        }  # fmt: skip

    def events(self, outcome: Outcome, body: Json) -> list[str]:
        """Return the chunks and the end mark."""
        base = {
            "id": self.reply_id(outcome), "object": "chat.completion.chunk",
            "created": outcome.created, "model": outcome.model,
        }  # fmt: skip
        chunks = [_chunk(base, delta, None) for delta in _deltas(outcome)]
        chunks.append(_chunk(base, {}, _finish(outcome)))
        if (body.get("stream_options") or {}).get("include_usage"):
            chunks = [chunk | {"usage": None} for chunk in chunks]
            chunks.append({**base, **outcome.extra, "choices": [], "usage": _usage(outcome)})
        return [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]

    def reply_id(self, outcome: Outcome) -> str:
        """Return the id of the reply."""
        return f"chatcmpl-{outcome.id}"

    def overflow(self, tokens: int, most: int) -> RefusedError:
        """Return the refusal of a request that is too long."""
        return invalid(
            f"This model's maximum context length is {most} tokens. However, your messages "
            f"resulted in {tokens} tokens. Please reduce the length of the messages.",
            "messages",
            "context_length_exceeded",
        )

    def error(self, refused: RefusedError) -> Json:
        """Return an error object."""
        error = {"message": refused.words, "type": refused.kind, "param": refused.param}
        return {"error": error | {"code": refused.code}}

    def error_event(self, kind: str) -> str:
        """Return an error inside a stream."""
        return f"data: {json.dumps(self.error(RefusedError(200, kind, 'planned', code=kind)))}\n\n"


def _tools(tools: list[Any]) -> Message:
    check_tools(tools)
    return Message("tools", tuple(read_blocks("openai", Section.TOOLS, "tools", tools)))


def _message(message: Json, where: str) -> Message:
    check_message(message, where)
    role, content = message["role"], message.get("content") or []
    parts: list[Any] = [content] if isinstance(content, str) else [*content]
    rest = {key: value for key, value in message.items() if key not in ("role", "content")}
    parts += [rest] if any(rest.values()) else []
    return Message(
        role=role,
        blocks=tuple(read_blocks("openai", Section.MESSAGES, role, parts)),
        calls=tuple(str(call.get("id")) for call in message.get("tool_calls") or []),
        results=(str(message.get("tool_call_id")),) if role == "tool" else (),
    )


def _deltas(outcome: Outcome) -> list[Json]:
    """Return what each chunk adds."""
    said = outcome.said
    deltas: list[Json] = [{"role": "assistant", "content": "", "refusal": None}]
    deltas += [{"reasoning_content": piece} for piece in pieces(said.thinking)]
    if outcome.stop == "refused":
        return deltas + [{"refusal": piece} for piece in pieces(REFUSAL)]
    deltas += [{"content": piece} for piece in pieces(said.text)]
    if outcome.calls_tool:
        call = _call(outcome)
        begun = call | {"index": 0, "function": {"name": said.tool, "arguments": ""}}
        deltas.append({"tool_calls": [begun]})
        for piece in pieces(outcome.arguments):
            deltas.append({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    return deltas


def _call(outcome: Outcome) -> Json:
    function = {"name": outcome.said.tool, "arguments": outcome.arguments}
    return {"id": f"call_{outcome.part}", "type": "function", "function": function}


def _finish(outcome: Outcome) -> str:
    return _STOPS.get(outcome.stop) or ("tool_calls" if outcome.calls_tool else "stop")


def _usage(outcome: Outcome) -> Json:
    use = outcome.use
    return {
        "prompt_tokens": use.total,
        "completion_tokens": outcome.tokens_out,
        "total_tokens": use.total + outcome.tokens_out,
        "prompt_tokens_details": {
            "cached_tokens": use.read,
            "cache_write_tokens": use.written,
        },
        "completion_tokens_details": {"reasoning_tokens": outcome.tokens_thinking},
    }


def _chunk(base: Json, delta: Json, finish: str | None) -> Json:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**base, "choices": [choice]}
