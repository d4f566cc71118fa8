"""Chat completions, as vLLM, Ollama, llama.cpp, OpenRouter and many others speak them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import openai

from pokebench.models.protocol import (
    AssistantMessage,
    Fault,
    ImagePart,
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
    Usage,
)
from pokebench.models.streamed import StreamedModel

_STOPS = {
    "stop": Stop.END,
    "tool_calls": Stop.TOOL_CALL,
    "function_call": Stop.TOOL_CALL,
    "length": Stop.TRUNCATED,
    "content_filter": Stop.FILTERED,
}


_REASONING_FIELDS = ("reasoning_content", "reasoning_details")
"""Fields of a reply that some servers want back, or they refuse the conversation."""
_EXTRA_FIELDS = ("extra_content",)
"""Fields of a call, such as signatures of thoughts, that go back with it."""


class ChatModel(StreamedModel):
    """One model at a compatible server."""

    def __init__(self, settings: ModelSettings, api_key: str) -> None:
        """Ask with `api_key`, which many local servers ignore."""
        super().__init__(settings)
        self._client = openai.OpenAI(
            api_key=api_key, base_url=settings.base_url, max_retries=0, http_client=self._http
        )

    @property
    def host(self) -> str:
        """The host that questions go to."""
        return self._client.base_url.host

    def _open(self, request: Request) -> AbstractContextManager[Iterable[Any]]:
        stream: AbstractContextManager[Iterable[Any]]
        # As `extra_body` the conversation goes out as it is; as `messages` the SDK would walk
        # through every part of it, which takes long for a hundred pictures.
        stream = self._client.chat.completions.create(
            model=self._settings.model, messages=[], stream=True, extra_body=self._body(request)
        )
        return stream

    def _assembly(self) -> "_Assembly":
        return _Assembly()

    def _body(self, request: Request) -> dict[str, Any]:
        settings = self._settings
        system = {"role": "system", "content": request.system}
        body: dict[str, Any] = {
            "model": settings.model,
            "messages": [system, *_messages(request.messages)],
            "max_tokens": settings.max_output_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
            **settings.options,
        }
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.parameters,
                    },
                }
                for tool in request.tools
            ]
            body["tool_choice"] = "auto" if request.may_call_tools else "none"
        if settings.effort:
            body["reasoning_effort"] = settings.effort
        return body


class _Assembly:
    """Puts a streamed reply together."""

    def __init__(self) -> None:
        self._id = self._model = self._finish = ""
        self._text = self._thinking = self._refusal = ""
        self._reasoning: dict[str, Any] = {}
        self._calls: list[dict[str, Any]] = []
        self._usage: dict[str, Any] = {}

    @property
    def response_id(self) -> str:
        """The completion's id."""
        return self._id

    def add(self, event: Any) -> None:
        """Take one chunk of the stream."""
        chunk = event.model_dump(mode="json", exclude_none=True)
        self._id = chunk.get("id", self._id)
        self._model = chunk.get("model", self._model)
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices", [])[:1]:
            self._finish = choice.get("finish_reason") or self._finish
            delta = choice.get("delta") or {}
            self._text += _words(delta.get("content"))
            self._thinking += _words(delta.get("reasoning_content") or delta.get("reasoning"))
            self._refusal += _words(delta.get("refusal"))
            for name in _REASONING_FIELDS:
                if delta.get(name):
                    self._keep_reasoning(name, delta[name])
            for call in delta.get("tool_calls") or []:
                self._add_call(call)

    def _keep_reasoning(self, name: str, value: Any) -> None:
        """Keep what a server wants back with its own reply: words, or a list of items."""
        before = self._reasoning.get(name)
        self._reasoning[name] = value if before is None else before + value

    def _add_call(self, call: dict[str, Any]) -> None:
        """Add a piece of a call; servers that number none, or all alike, begin each with an id."""
        index, new_id = call.get("index"), call.get("id") or ""
        is_known = bool(self._calls) and (index is None or index == self._calls[-1]["index"])
        if not is_known or (new_id and self._calls[-1]["id"] not in ("", new_id)):
            self._calls.append({"index": index, "id": "", "name": "", "arguments": "", "extra": {}})
        kept, function = self._calls[-1], call.get("function") or {}
        kept["id"] = new_id or kept["id"]
        kept["name"] = function.get("name") or kept["name"]
        kept["arguments"] += function.get("arguments") or ""
        kept["extra"] |= {key: call[key] for key in _EXTRA_FIELDS if call.get(key)}

    def reply(self) -> Reply:
        """Return the whole reply.

        Raises:
            ModelFailure: the stream ended before the reply did.
        """
        if not self._finish:
            raise ModelFailure(Fault.PROTOCOL, "unknown", "stream ended early")
        if not self._usage:
            words = "the server does not tell its usage; most have a setting for it"
            raise ModelFailure(Fault.PROTOCOL, "unknown", words)
        stop = _STOPS.get(self._finish, Stop.END)
        if stop is Stop.END and self._refusal:
            stop = Stop.REFUSED
        ordered = [
            call | {"id": call["id"] or f"call-{number}-{self._id}"}
            for number, call in enumerate(self._calls)
        ]
        if stop is Stop.END and ordered:
            stop = Stop.TOOL_CALL  # some servers say "stop" after a tool call
        echo: dict[str, Any] = {"role": "assistant", "content": self._text or None}
        echo |= self._reasoning
        if ordered:
            echo["tool_calls"] = [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {"name": call["name"], "arguments": call["arguments"] or "{}"},
                    **call["extra"],
                }
                for call in ordered
            ]
        calls = tuple(ToolCall(c["id"], c["name"], c["arguments"] or "{}") for c in ordered)
        return Reply(
            id=self._id,
            model=self._model,
            stop=stop,
            text=self._text,
            thinking=self._thinking,
            tool_calls=calls if stop is Stop.TOOL_CALL else (),
            echo=echo,
            usage=self._tokens(),
            detail=(self._refusal or "" if self._finish in _STOPS else self._finish)[:200],
        )

    def _tokens(self) -> Usage:
        details = self._usage.get("prompt_tokens_details") or {}
        read, written = details.get("cached_tokens", 0), details.get("cache_write_tokens", 0)
        reasoning = (self._usage.get("completion_tokens_details") or {}).get("reasoning_tokens", 0)
        fresh = max(self._usage.get("prompt_tokens", 0) - read - written, 0)
        return Usage(fresh, read, written, self._usage.get("completion_tokens", 0), reasoning)


def _words(value: Any) -> str:
    """Return the words of a field that is text, a list of parts, or null."""
    if isinstance(value, list):
        return "".join(str(part.get("text", "")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


def _messages(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Return the conversation; a tool's answer is text only, so its pictures follow it."""
    result: list[dict[str, Any]] = []
    for message in messages:
        if isinstance(message, AssistantMessage):
            result.append(message.echo)
        elif isinstance(message, ToolResult):
            words = "\n".join(part.text for part in message.parts if isinstance(part, TextPart))
            pictures = [_part(part) for part in message.parts if isinstance(part, ImagePart)]
            result.append({"role": "tool", "tool_call_id": message.call_id, "content": words})
            if pictures:
                result.append({"role": "user", "content": pictures})
        else:
            result.append({"role": "user", "content": [_part(part) for part in message.parts]})
    return result


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    url = "data:image/png;base64," + part.base64_png
    return {"type": "image_url", "image_url": {"url": url}}
