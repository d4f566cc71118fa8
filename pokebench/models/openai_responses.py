"""OpenAI's Responses API, stateless: every item that came back is sent again verbatim."""

import base64
import time
from typing import Any

import httpx2
import openai

from pokebench.models.failure import failure_of
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
    Usage,
)

_TERMINAL = ("response.completed", "response.incomplete", "response.failed")


class OpenAIModel:
    """One model at OpenAI."""

    def __init__(self, settings: ModelSettings, api_key: str) -> None:
        """Ask with `api_key`."""
        timeout = httpx2.Timeout(settings.read_timeout_s, connect=10.0)
        self._settings = settings
        self._client = openai.OpenAI(
            api_key=api_key, base_url=settings.base_url, max_retries=0, timeout=timeout
        )

    @property
    def host(self) -> str:
        """The host that questions go to."""
        return self._client.base_url.host

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def query(self, request: Request) -> Reply:
        """Ask once; see `Model.query`."""
        deadline = time.monotonic() + self._settings.deadline_s
        response: dict[str, Any] | None = None
        try:
            with self._client.responses.create(**self._body(request)) as stream:
                for event in stream:
                    if event.type in _TERMINAL:
                        response = event.response.model_dump(
                            mode="json", by_alias=True, exclude_none=True
                        )
                    elif event.type == "error":
                        raise ModelFailure(Fault.SERVER, "unknown", str(event.message)[:300])
                    if time.monotonic() > deadline:
                        raise ModelFailure(Fault.TIMEOUT, "unknown", "the answer took too long")
        except ModelFailure:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the SDK or its transport raises
            raise failure_of(error) from None
        if response is None:
            raise ModelFailure(Fault.PROTOCOL, "unknown", "stream ended before the answer did")
        return _reply(response)

    def _body(self, request: Request) -> dict[str, Any]:
        settings = self._settings
        # A developer message, since `instructions` is appended after the input and never cached.
        first = {"role": "developer", "content": request.system}
        body: dict[str, Any] = {
            "model": settings.model,
            "input": [first, *_items(request.messages)],
            "max_output_tokens": settings.max_output_tokens,
            "store": False,
            "include": ["reasoning.encrypted_content"],
            "truncation": "disabled",
            "stream": True,
            **settings.options,
        }
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                    "strict": True,
                }
                for tool in request.tools
            ]
            body["tool_choice"] = "auto" if request.may_call_tools else "none"
            body["parallel_tool_calls"] = False
        if settings.effort:
            body["reasoning"] = {"effort": settings.effort}
        return body


def _reply(response: dict[str, Any]) -> Reply:
    """Return a terminal response as a reply.

    Raises:
        ModelFailure: the provider says that it failed.
    """
    status = response.get("status")
    if status == "failed":
        error = response.get("error") or {}
        limited = error.get("code") == "rate_limit_exceeded"
        fault = Fault.RATE_LIMIT if limited else Fault.SERVER
        raise ModelFailure(fault, "unknown", str(error.get("message", ""))[:300])
    output: list[dict[str, Any]] = response.get("output", [])
    words = [part for item in output if item["type"] == "message" for part in item["content"]]
    refusals = [part["refusal"] for part in words if part["type"] == "refusal"]
    calls = tuple(
        ToolCall(item["call_id"], item["name"], item["arguments"])
        for item in output
        if item["type"] == "function_call"
    )
    reason = (response.get("incomplete_details") or {}).get("reason", "")
    stop = _stop(status, reason, has_refusal=bool(refusals), has_calls=bool(calls))
    return Reply(
        id=response["id"],
        model=response["model"],
        stop=stop,
        text="".join(part["text"] for part in words if part["type"] == "output_text"),
        thinking="".join(
            summary["text"]
            for item in output
            if item["type"] == "reasoning"
            for summary in item.get("summary", [])
        ),
        tool_calls=calls if stop is Stop.TOOL_CALL else (),
        echo=output,
        usage=_usage(response.get("usage") or {}),
        cache_miss=_cache_miss(response),
        detail=(refusals[0] if refusals else reason)[:200],
    )


def _stop(status: str | None, reason: str, *, has_refusal: bool, has_calls: bool) -> Stop:
    if status == "incomplete":
        return Stop.FILTERED if reason == "content_filter" else Stop.TRUNCATED
    if has_refusal:
        return Stop.REFUSED
    return Stop.TOOL_CALL if has_calls else Stop.END


def _usage(usage: dict[str, Any]) -> Usage:
    """Return tokens in disjoint classes; OpenAI's input tokens include the cached ones."""
    details = usage.get("input_tokens_details") or {}
    read, written = details.get("cached_tokens", 0), details.get("cache_write_tokens", 0)
    reasoning = (usage.get("output_tokens_details") or {}).get("reasoning_tokens", 0)
    fresh = max(usage.get("input_tokens", 0) - read - written, 0)
    return Usage(fresh, read, written, usage.get("output_tokens", 0), reasoning)


def _cache_miss(response: dict[str, Any]) -> str | None:
    miss = (response.get("prompt_cache_diagnostics") or {}).get("cache_miss") or {}
    return miss.get("reason")


def _items(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for message in messages:
        if isinstance(message, AssistantMessage):
            items += message.echo
        elif isinstance(message, ToolResult):
            items.append(
                {
                    "type": "function_call_output",
                    "call_id": message.call_id,
                    "output": [_part(part) for part in message.parts],
                }
            )
        else:
            items.append({"role": "user", "content": [_part(part) for part in message.parts]})
    return items


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "input_text", "text": part.text}
    url = "data:image/png;base64," + base64.b64encode(part.png).decode()
    return {"type": "input_image", "detail": "high", "image_url": url}
