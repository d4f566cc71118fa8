"""OpenAI's Responses API on the wire."""

from functools import partial
from typing import Any, Final

from pokebench.testing.blocks import TRAILING, Block, Known, Message, Section, read_blocks
from pokebench.testing.known_models import KnownModels
from pokebench.testing.refusal import RefusedError, invalid
from pokebench.testing.responses_events import item_events
from pokebench.testing.responses_rules import (
    check_function,
    check_item,
    check_order,
    check_top_level,
)
from pokebench.testing.wire import REFUSAL, Json, Outcome, event, openai_seed

_INCOMPLETE: Final = {
    "truncated": "max_output_tokens",
    "context_full": "max_output_tokens",
    "filtered": "content_filter",
}
_PREFIX: Final = ("tools", "input")
_ECHOED: Final = (
    "background", "instructions", "max_output_tokens", "metadata", "previous_response_id",
    "prompt_cache_key", "reasoning", "service_tier", "store", "temperature", "top_p", "truncation",
)  # fmt: skip


class ResponsesWire:
    """OpenAI Responses."""

    name = "responses"
    family = "openai"

    def __init__(self, models: KnownModels) -> None:
        """Know the rules of `models`."""
        self._models = models
        self._known: Known[Message] = Known()

    def blocks(self, body: Json) -> list[Block]:
        """Return tools, instructions and the items of the input, messages part by part."""
        rules = self._models.rules(str(body.get("model", "")))
        check_top_level(body, rules)
        tools = body.get("tools") or []
        blocks = [*self._known.get(["tools", tools], lambda: _tools(tools)).blocks]
        instructions = _instructions(body, is_last=rules.appends_instructions)
        if not rules.appends_instructions:
            blocks += instructions
        items = body["input"]
        if isinstance(items, str):
            items = [{"role": "user", "content": items}]
        known: list[Message] = []
        for index, item in enumerate(items):
            known.append(self._known.get(item, partial(_item, item, f"input[{index}]")))
            blocks += known[-1].blocks
        check_order(known)
        return [*blocks, *instructions] if rules.appends_instructions else blocks

    def options(self, body: Json) -> Json:
        """Return what is neither tools nor input."""
        return {key: value for key, value in body.items() if key not in _PREFIX}

    def tools(self, body: Json) -> tuple[str, ...]:
        """Return the names of the tools that may be called."""
        if body.get("tool_choice") == "none":
            return ()
        return tuple(tool["name"] for tool in body.get("tools") or [] if "name" in tool)

    def most_tokens(self, body: Json) -> int | None:
        """Return `max_output_tokens`."""
        return body.get("max_output_tokens")

    def thinks(self, body: Json) -> bool:
        """Return whether reasoning is not switched off."""
        return (body.get("reasoning") or {}).get("effort") != "none"

    def seeds(self, body: Json, blocks: list[Block]) -> tuple[str, str]:
        """Return what cached prefixes depend on."""
        return openai_seed(body), ""

    def reply(self, outcome: Outcome, body: Json) -> Json:
        """Return a response."""
        reason = _INCOMPLETE.get(outcome.stop)
        return self._frame(outcome, body) | {
            "status": "incomplete" if reason else "completed",
            "incomplete_details": {"reason": reason} if reason else None,
            "completed_at": None if reason else outcome.created,
            "output": _output(outcome, body),
            "usage": _usage(outcome),
        }

    def begun(self, outcome: Outcome, body: Json, status: str) -> Json:
        """Return a response that is not finished: `queued`, `in_progress` or `cancelled`."""
        return self._frame(outcome, body) | {"status": status}

    def events(self, outcome: Outcome, body: Json) -> list[str]:
        """Return response.created to response.completed, numbered."""
        reply = self.reply(outcome, body)
        first = "queued" if body.get("background") else "in_progress"
        datas: list[Json] = [
            {"type": "response.created", "response": self.begun(outcome, body, first)}
        ]
        if body.get("background"):
            queued = self.begun(outcome, body, "queued")
            datas.append({"type": "response.queued", "response": queued})
        running = self.begun(outcome, body, "in_progress")
        datas.append({"type": "response.in_progress", "response": running})
        for index, item in enumerate(reply["output"]):
            datas += item_events(index, item)
        datas.append({"type": f"response.{reply['status']}", "response": reply})
        return [
            event(data["type"], data | {"sequence_number": number})
            for number, data in enumerate(datas)
        ]

    def reply_id(self, outcome: Outcome) -> str:
        """Return the id of the reply."""
        return f"resp_{outcome.id}"

    def overflow(self, tokens: int, most: int) -> RefusedError:
        """Return the refusal of a request that is too long."""
        return invalid(
            "Your input exceeds the context window of this model. Please adjust your input and try "
            "again.",
            "input",
            "context_length_exceeded",
        )

    def error(self, refused: RefusedError) -> Json:
        """Return an error object."""
        error = {"message": refused.words, "type": refused.kind, "param": refused.param}
        return {"error": error | {"code": refused.code}}

    def error_event(self, kind: str) -> str:
        """Return an error inside a stream."""
        error = {"type": "error", "code": kind, "message": "planned", "param": None}
        return event("error", error | {"sequence_number": 1})

    def _frame(self, outcome: Outcome, body: Json) -> Json:
        echoed: Json = {key: body[key] for key in _ECHOED if key in body}
        return {
            "id": self.reply_id(outcome), "object": "response", "created_at": outcome.created,
            "model": outcome.model, "status": "in_progress", "incomplete_details": None,
            "error": None, "output": [], "usage": None,
            "parallel_tool_calls": body.get("parallel_tool_calls", True),
            "tool_choice": body.get("tool_choice", "auto"), "tools": body.get("tools") or [],
            **echoed, **outcome.extra,
        }  # fmt: skip


def _tools(tools: list[Any]) -> Message:
    for index, tool in enumerate(tools):
        check_function(tool, f"tools[{index}]", is_strict=bool(tool.get("strict")))
    return Message("tools", tuple(read_blocks("openai", Section.TOOLS, "tools", tools)))


def _instructions(body: Json, *, is_last: bool) -> list[Block]:
    """Return the instructions, if there are any."""
    text = body.get("instructions")
    if not isinstance(text, str) or not text:
        return []
    section = Section.MESSAGES if is_last else Section.SYSTEM
    kind = TRAILING if is_last else "instructions"
    return read_blocks("openai", section, "system", [{"type": kind, "text": text}])


def _item(item: Json, where: str) -> Message:
    check_item(item, where)
    kind = item.get("type", "message")
    parts: list[Any] = [item]
    role = "tool" if kind == "function_call_output" else "assistant"
    if kind == "message":
        content, role = item["content"], item["role"]
        parts = [content] if isinstance(content, str) else content
    return Message(
        role=role,
        blocks=tuple(read_blocks("openai", Section.MESSAGES, role, parts)),
        calls=(item["call_id"],) if kind == "function_call" else (),
        results=(item["call_id"],) if kind == "function_call_output" else (),
    )


def _output(outcome: Outcome, body: Json) -> list[Json]:
    """Return the items of a reply."""
    said, number = outcome.said, outcome.part
    status = "incomplete" if outcome.stop in _INCOMPLETE else "completed"
    output: list[Json] = []
    if outcome.seal:
        is_summed_up = bool((body.get("reasoning") or {}).get("summary")) and said.thinking
        summary = [{"type": "summary_text", "text": said.thinking}] if is_summed_up else []
        reasoning = {"type": "reasoning", "id": f"rs_{number}", "summary": summary}
        output.append(reasoning | {"encrypted_content": outcome.seal})
    words: Json = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    if outcome.stop == "refused":
        words = {"type": "refusal", "refusal": REFUSAL}
    if said.text or outcome.stop == "refused":
        message = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
        output.append(message | {"status": status, "content": [words]})
    if outcome.calls_tool:
        call: Json = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}"}
        call |= {"name": said.tool, "arguments": outcome.arguments, "status": status}
        output.append(call)
    return output


def _usage(outcome: Outcome) -> Json:
    use = outcome.use
    return {
        "input_tokens": use.total,
        "input_tokens_details": {
            "cached_tokens": use.read,
            "cache_write_tokens": use.written,
            "cache_write_tokens_details": {
                "ttl_30m_tokens": use.written_short,
                "ttl_12h_tokens": use.written_long,
            },
        },
        "output_tokens": outcome.tokens_out,
        "output_tokens_details": {"reasoning_tokens": outcome.tokens_thinking},
        "total_tokens": use.total + outcome.tokens_out,
    }
