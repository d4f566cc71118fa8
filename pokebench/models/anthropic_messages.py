"""Anthropic's Messages API: always streamed, tool arguments collected as they were written.

The SDK's own stream helper reads tool arguments leniently, so that half an argument looks whole;
events are therefore put together here. Retries are the runner's.
"""

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import anthropic

from pokebench.models.protocol import (
    AssistantMessage,
    Fault,
    Message,
    ModelFailure,
    ModelSettings,
    Part,
    Reply,
    Request,
    Stop,
    TextPart,
    ToolCall,
    ToolResult,
    ToolSpec,
    Usage,
)
from pokebench.models.streamed import StreamedModel
from pokebench.trajectory.events import MOST_DEPTH, depth_of

_STOPS = {
    "end_turn": Stop.END,
    "stop_sequence": Stop.END,
    "pause_turn": Stop.END,
    "tool_use": Stop.TOOL_CALL,
    "max_tokens": Stop.TRUNCATED,
    "refusal": Stop.REFUSED,
    "model_context_window_exceeded": Stop.CONTEXT_FULL,
}


class AnthropicModel(StreamedModel):
    """One model at Anthropic, or at a server that speaks its API."""

    def __init__(self, settings: ModelSettings, api_key: str) -> None:
        """Ask with `api_key`."""
        super().__init__(settings)
        self._client = anthropic.Anthropic(
            api_key=api_key, base_url=settings.base_url, max_retries=0, http_client=self._http
        )

    @property
    def host(self) -> str:
        """The host that questions go to."""
        return self._client.base_url.host

    def _open(self, request: Request) -> AbstractContextManager[Iterable[Any]]:
        stream: AbstractContextManager[Iterable[Any]]
        stream = self._client.messages.create(**self._body(request))
        return stream

    def _assembly(self) -> "_Assembly":
        return _Assembly()

    def _body(self, request: Request) -> dict[str, Any]:
        settings = self._settings
        system: dict[str, Any] = {"type": "text", "text": request.system}
        system["cache_control"] = {"type": "ephemeral"}
        choice: dict[str, Any] = {"type": "auto", "disable_parallel_tool_use": True}
        body: dict[str, Any] = {
            "model": settings.model,
            "max_tokens": settings.max_output_tokens,
            "system": [system],
            "messages": _messages(request.messages),
            "cache_control": {"type": "ephemeral"},
            "stream": True,
            "diagnostics": {"previous_message_id": request.after or None},
            **settings.options,
        }
        if request.tools:
            body["tools"] = [_tool(tool) for tool in request.tools]
            body["tool_choice"] = choice if request.may_call_tools else {"type": "none"}
        if settings.effort:
            body["output_config"] = {**body.get("output_config", {}), "effort": settings.effort}
        return body


class _Assembly:
    """Puts a streamed reply together."""

    def __init__(self) -> None:
        self._id = self._model = self._stop = self._detail = ""
        self._blocks: dict[int, dict[str, Any]] = {}
        self._arguments: dict[int, str] = {}
        self._usage: dict[str, Any] = {}
        self._is_whole = False
        self._miss: str | None = None

    @property
    def response_id(self) -> str:
        """The message's id."""
        return self._id

    def add(self, event: Any) -> None:
        """Take one event of the stream."""
        data = event.model_dump(mode="json", by_alias=True, exclude_none=True)
        kind = data["type"]
        if kind == "message_start":
            self._id, self._model = data["message"]["id"], data["message"]["model"]
            self._usage.update(data["message"]["usage"])
            self._miss = _cache_miss(data["message"])
        elif kind == "content_block_start":
            self._blocks[data["index"]] = data["content_block"]
            self._arguments[data["index"]] = ""
        elif kind == "content_block_delta":
            self._add_delta(data["index"], data["delta"])
        elif kind == "message_delta":
            self._stop = data["delta"].get("stop_reason") or ""
            details = data["delta"].get("stop_details") or {}
            self._detail = str(details.get("category", ""))
            self._usage.update(data["usage"])
        elif kind == "message_stop":
            self._is_whole = True

    def _add_delta(self, index: int, delta: dict[str, Any]) -> None:
        block = self._blocks[index]
        if delta["type"] == "input_json_delta":
            self._arguments[index] += delta["partial_json"]
        elif delta["type"] in ("text_delta", "thinking_delta"):
            name = delta["type"].removesuffix("_delta")
            block[name] = block.get(name, "") + delta[name]
        elif delta["type"] == "signature_delta":
            block["signature"] = delta["signature"]

    def reply(self) -> Reply:
        """Return the whole reply.

        Raises:
            ModelFailure: the stream ended before the reply did.
        """
        if not self._is_whole or not self._stop:
            raise ModelFailure(Fault.PROTOCOL, "unknown", f"stream ended early ({self._stop!r})")
        stop = _STOPS.get(self._stop, Stop.END)
        if self._stop not in _STOPS:
            self._detail = self._stop
        for index, arguments in self._arguments.items():
            if self._blocks[index]["type"] == "tool_use":
                self._blocks[index]["input"] = _lenient(arguments)
        blocks = [b for _, b in sorted(self._blocks.items()) if not _is_empty(b)]
        calls = tuple(
            ToolCall(self._blocks[i]["id"], self._blocks[i]["name"], self._arguments[i] or "{}")
            for i in sorted(self._blocks)
            if self._blocks[i]["type"] == "tool_use"
        )
        return Reply(
            id=self._id,
            model=self._model,
            stop=stop,
            text="".join(block["text"] for block in blocks if block["type"] == "text"),
            thinking="".join(b.get("thinking", "") for b in blocks if b["type"] == "thinking"),
            tool_calls=calls if stop is Stop.TOOL_CALL else (),
            echo=blocks,
            usage=self._tokens(),
            cache_miss=self._miss,
            detail=self._detail,
        )

    def _tokens(self) -> Usage:
        details = self._usage.get("output_tokens_details") or {}
        return Usage(
            tokens_in=self._usage.get("input_tokens", 0),
            tokens_cache_read=self._usage.get("cache_read_input_tokens", 0),
            tokens_cache_write=self._usage.get("cache_creation_input_tokens", 0),
            tokens_out=self._usage.get("output_tokens", 0),
            reasoning=details.get("thinking_tokens", 0),
        )


def _is_empty(block: dict[str, Any]) -> bool:
    """Return whether a block is words without a word: the API makes such, and refuses them back."""
    return block["type"] == "text" and not block["text"].strip()


def _cache_miss(message: dict[str, Any]) -> str | None:
    """Return why the provider could not read the prefix from its cache, if it says so."""
    reason = (message.get("diagnostics") or {}).get("cache_miss_reason") or {}
    kind = reason.get("type")
    return str(kind) if kind else None


def _tool(tool: ToolSpec) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description,
        "input_schema": tool.parameters,
        "strict": True,
    }


def _lenient(arguments: str) -> dict[str, Any]:
    """Return tool arguments for the way back, which must be an object even if it was none."""
    try:
        parsed = json.loads(arguments or "{}")
        json.dumps(parsed, allow_nan=False)
    except (ValueError, RecursionError):
        parsed = None
    is_plain = isinstance(parsed, dict) and depth_of(parsed) < MOST_DEPTH // 2
    return parsed if is_plain else {"unreadable": arguments[:2000]}


def _messages(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Return the conversation; neighbours of one role become one message."""
    result: list[dict[str, Any]] = []
    for message in messages:
        if isinstance(message, AssistantMessage):
            role, content = "assistant", list(message.echo)
        elif isinstance(message, ToolResult):
            role = "user"
            content = [
                {
                    "type": "tool_result",
                    "tool_use_id": message.call_id,
                    "is_error": message.is_error,
                    "content": [_part(part) for part in message.parts],
                }
            ]
        else:
            role, content = "user", [_part(part) for part in message.parts]
        if result and result[-1]["role"] == role:
            result[-1]["content"] = [*result[-1]["content"], *content]
        else:
            result.append({"role": role, "content": content})
    return result


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    source = {"type": "base64", "media_type": "image/png", "data": part.base64_png}
    # A picture that is too large is an error, for it would be scaled down without a word.
    return {"type": "image", "source": source, "transformations": {"oversized_image": "error"}}
