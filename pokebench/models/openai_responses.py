"""OpenAI's Responses API, stateless: every item that came back is sent again verbatim."""

import hashlib
import logging
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final

import openai

from pokebench.models.failure import failure_of, in_stream
from pokebench.models.protocol import (
    UNHEARD,
    AssistantMessage,
    Fault,
    Message,
    ModelFailure,
    ModelSettings,
    Part,
    PollFailure,
    Reply,
    Request,
    Stop,
    TextPart,
    ToolCall,
    ToolResult,
    Usage,
)
from pokebench.models.streamed import StreamedModel

logger = logging.getLogger(__name__)

_POLL_S: Final = 0.5
_TERMINAL = ("response.completed", "response.incomplete", "response.failed")


class OpenAIModel(StreamedModel):
    """One model at OpenAI."""

    def __init__(self, settings: ModelSettings, api_key: str) -> None:
        """Ask with `api_key`."""
        super().__init__(settings)
        self._client = openai.OpenAI(
            api_key=api_key, base_url=settings.base_url, max_retries=0, http_client=self._http
        )

    @property
    def host(self) -> str:
        """The host that questions go to."""
        return self._client.base_url.host

    def collect(self, response_id: str) -> Reply:
        """Wait for an answer in the background; see `Model.collect`."""
        deadline = time.monotonic() + self._settings.deadline_s
        while True:
            self._wire.listen(UNHEARD.received, self._settings.read_timeout_s)
            try:
                response = self._client.responses.retrieve(response_id)
                data = response.model_dump(mode="json", by_alias=True, exclude_none=True)
            except openai.NotFoundError:
                raise ModelFailure(Fault.GONE, "unknown", f"no answer {response_id}") from None
            except Exception as error:  # noqa: BLE001 - whatever the SDK or its transport raises
                cause = failure_of(error)
                raise PollFailure(cause.fault, "no", cause.detail, cause.retry_after_s) from None
            if data.get("status") not in ("queued", "in_progress"):
                return _reply(data)
            if time.monotonic() > deadline:
                self._cancel(response_id)
                raise ModelFailure(Fault.TIMEOUT, "unknown", "the answer took too long")
            time.sleep(_POLL_S)

    def _cancel(self, response_id: str) -> None:
        """Ask the provider to stop working on an answer that is not wanted any more."""
        try:
            self._client.responses.cancel(response_id)
        except Exception as error:  # noqa: BLE001 - whatever the SDK or its transport raises
            logger.warning("cannot cancel %s: %s", response_id, failure_of(error).fault)

    def _open(self, request: Request) -> AbstractContextManager[Iterable[Any]]:
        stream: AbstractContextManager[Iterable[Any]]
        # As `extra_body` the conversation goes out as it is; as `input` the SDK would walk through
        # every item of it, which takes a second for a hundred pictures.
        stream = self._client.responses.create(
            model=self._settings.model, input="", stream=True, extra_body=self._body(request)
        )
        return stream

    def _assembly(self) -> "_Assembly":
        return _Assembly()

    def _body(self, request: Request) -> dict[str, Any]:
        settings = self._settings
        # A developer message, since `instructions` is appended after the input and never cached.
        first = {"role": "developer", "content": request.system}
        body: dict[str, Any] = {
            "model": settings.model,
            "input": [first, *_items(request.messages)],
            "max_output_tokens": settings.max_output_tokens,
            "store": settings.background,
            "include": ["reasoning.encrypted_content"],
            "truncation": "disabled",
            "stream": True,
            "prompt_cache_key": hashlib.sha256(request.system.encode()).hexdigest()[:32],
            **settings.options,
        }
        if settings.background:
            body["background"] = True
        if request.after:
            asked = {"comparison_response_id": request.after}
            body.setdefault("prompt_cache_options", asked)
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
            body["reasoning"] = {**body.get("reasoning", {}), "effort": settings.effort}
        return body


class _Assembly:
    """Waits for the event that ends a response, which holds all of it."""

    def __init__(self) -> None:
        self._id = ""
        self._response: dict[str, Any] | None = None

    @property
    def response_id(self) -> str:
        """The response's id."""
        return self._id

    def add(self, event: Any) -> None:
        """Take one event of the stream.

        Raises:
            ModelFailure: it says that the response failed.
        """
        if event.type == "response.created":
            self._id = event.response.id
        elif event.type in _TERMINAL:
            self._response = event.response.model_dump(
                mode="json", by_alias=True, exclude_none=True
            )
        elif event.type == "error":
            raise in_stream(str(event.code).lower(), str(event.message)[:300])

    def reply(self) -> Reply:
        """Return the whole reply.

        Raises:
            ModelFailure: the stream ended before the reply did, or says that it failed.
        """
        if self._response is None:
            raise ModelFailure(Fault.PROTOCOL, "unknown", "stream ended before the answer did")
        return _reply(self._response)


def _reply(response: dict[str, Any]) -> Reply:
    """Return a terminal response as a reply.

    Raises:
        ModelFailure: the provider says that it failed.
    """
    status = response.get("status")
    if status == "cancelled":
        raise ModelFailure(Fault.SERVER, "unknown", "the answer was cancelled")
    if status == "failed":
        error = response.get("error") or {}
        raise in_stream(str(error.get("code", "")).lower(), str(error.get("message", ""))[:300])
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
    told = response.get("prompt_cache_diagnostics") or {}
    return told.get("reason") if told.get("type") == "cache_miss" else None


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
    url = "data:image/png;base64," + part.base64_png
    return {"type": "input_image", "detail": "high", "image_url": url}
