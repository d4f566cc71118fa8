"""What Anthropic's Messages API refuses, in its words."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pokebench.testing.blocks import Block, Message
from pokebench.testing.known_models import ModelRules
from pokebench.testing.pictures import picture_of
from pokebench.testing.refusal import RefusedError, invalid

_PARAMETERS: Final = frozenset(
    {
        "model", "messages", "max_tokens", "system", "tools", "tool_choice", "stream",
        "stop_sequences", "temperature", "top_p", "top_k", "thinking", "output_config",
        "output_format", "cache_control", "metadata", "service_tier", "container", "diagnostics",
        "inference_geo", "speed", "user_profile_id", "workspace_id", "context_management",
        "compaction", "betas", "mcp_servers", "thread",
    }
)  # fmt: skip
_ROLES: Final = ("user", "assistant", "system")
_TOOL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_MOST_MARKS: Final = 4
_THINKING_TYPES: Final = ("adaptive", "enabled", "disabled", "between_tools")
_LIFETIMES: Final = ("", "5m", "1h")


def check_top_level(body: dict[str, Any], rules: ModelRules) -> None:
    """Check everything but tools, system and the contents of messages.

    Raises:
        RefusedError: the real API would refuse it.
    """
    _check_parameters(body)
    _check_model_rules(body, rules)


def _check_parameters(body: dict[str, Any]) -> None:
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            raise invalid(f"{name}: Field required")
    for name in body:
        if name not in _PARAMETERS:
            raise invalid(f"{name}: Extra inputs are not permitted")
    if not isinstance(body["model"], str) or not body["model"]:
        raise invalid("model: String should have at least 1 character")
    most = body["max_tokens"]
    if type(most) is not int or most < 0:
        raise invalid("max_tokens: Input should be a valid integer, 0 or more")
    if not isinstance(body["messages"], list):
        raise invalid("messages: Input should be a valid list")
    if not body["messages"]:
        raise invalid("messages: at least one message is required")


def _check_model_rules(body: dict[str, Any], rules: ModelRules) -> None:
    model = body["model"]
    for name in ("temperature", "top_p", "top_k"):
        if rules.refuses_sampling and body.get(name) is not None:
            raise invalid(f"{name}: is not supported by {model}")
    choice = (body.get("tool_choice") or {}).get("type", "auto")
    if choice not in ("auto", "any", "tool", "none"):
        raise invalid(f"tool_choice.type: {choice!r} is none of auto, any, tool, none")
    if rules.refuses_forced_tools and choice in ("any", "tool"):
        raise invalid(f"tool_choice: type {choice!r} is not supported by {model}")
    thinking = body.get("thinking") or {}
    kind = thinking.get("type", "adaptive")
    if kind not in _THINKING_TYPES:
        raise invalid(f"thinking.type: {kind!r} is none of {', '.join(_THINKING_TYPES)}")
    if rules.always_thinks and (kind == "disabled" or "budget_tokens" in thinking):
        raise invalid(f"thinking: {model} always thinks; its budget cannot be set")
    if kind == "enabled" and not 1024 <= thinking.get("budget_tokens", 0) < body["max_tokens"]:
        raise invalid("thinking.budget_tokens: must be at least 1024 and less than max_tokens")


def check_tools(tools: list[Any]) -> None:
    """Check definitions of tools.

    Raises:
        RefusedError: a name or a schema is none.
    """
    names: set[str] = set()
    for index, tool in enumerate(tools):
        name = tool.get("name")
        if not isinstance(name, str) or not _TOOL_NAME.fullmatch(name):
            raise invalid(f"tools.{index}.name: String should match '{_TOOL_NAME.pattern}'")
        if name in names:
            raise invalid("tools: Tool names must be unique.")
        names.add(name)
        schema = tool.get("input_schema")
        is_own = tool.get("type") in (None, "custom")
        if is_own and (not isinstance(schema, dict) or schema.get("type") != "object"):
            raise invalid(f"tools.{index}.input_schema.type: Field required")


def content_of(message: Any, where: str) -> list[Any]:
    """Check one message by itself and return its blocks.

    Raises:
        RefusedError: it is not well formed.
    """
    if not isinstance(message, dict) or "content" not in message:
        raise invalid(f"{where}.content: Field required")
    if message.get("role") not in _ROLES:
        raise invalid(f"{where}.role: Input should be 'user' or 'assistant'")
    content = message["content"]
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list) or not all(isinstance(block, dict) for block in content):
        raise invalid(f"{where}.content: Input should be a valid list of blocks")
    if not content:
        raise invalid("messages: all messages must have non-empty content")
    for position, block in enumerate(content):
        _check_block(block, f"{where}.content.{position}")
    return content


def check_turns(messages: Sequence[Message]) -> None:
    """Check that each call is answered in the next turn, and nothing else is.

    Neighbours of one role are one turn.

    Raises:
        RefusedError: it is not so.
    """
    if messages[0].role != "user":
        raise invalid('messages: first message must use the "user" role')
    nobody = _Turn(0, [], [])
    turns = [nobody, *_turns(messages), nobody]
    for before, turn, after in zip(turns, turns[1:], turns[2:], strict=False):
        for name in turn.results:
            if name not in before.calls:
                raise _unexpected(turn.first, name)
        if len(set(turn.calls)) < len(turn.calls):
            raise invalid("messages: `tool_use` ids must be unique")
        missing = [name for name in turn.calls if name not in after.results]
        if missing:
            raise _unanswered(turn.first, missing)


class _Turn(NamedTuple):
    """Neighbours of one role: number of the first, and the ids in all of them."""

    first: int
    calls: list[str]
    results: list[str]


def _turns(messages: Sequence[Message]) -> Iterator[_Turn]:
    """Yield turns; answers behind other words are none."""
    for _, neighbours in itertools.groupby(enumerate(messages), lambda pair: pair[1].role):
        group = list(neighbours)
        calls = [name for _, message in group for name in message.calls]
        results = [name for _, message in group for name in message.results]
        is_led = not results or group[0][1].is_led_by_results
        yield _Turn(group[0][0], calls, results if is_led else [])


def _check_block(block: dict[str, Any], where: str) -> None:
    kind = block.get("type")
    if not isinstance(kind, str):
        raise invalid(f"{where}.type: Field required")
    checks = {
        "text": _check_text,
        "image": _check_image,
        "tool_result": _check_result_parts,
        "thinking": _check_thinking,
        "tool_use": _check_call,
    }
    if kind in checks:
        checks[kind](block, where)


def _check_text(block: dict[str, Any], where: str) -> None:
    if not isinstance(block.get("text"), str):
        raise invalid(f"{where}.text: Input should be a valid string")
    if not block["text"]:
        raise invalid("messages: text content blocks must be non-empty")


def _check_image(block: dict[str, Any], where: str) -> None:
    picture = picture_of(block)
    if picture is not None:
        picture.check(f"{where}.image.source.base64")


def _check_result_parts(block: dict[str, Any], where: str) -> None:
    content = block.get("content") or []
    for position, part in enumerate(content if isinstance(content, list) else []):
        _check_block(part, f"{where}.content.{position}")


def _check_thinking(block: dict[str, Any], where: str) -> None:
    if not block.get("signature"):
        raise invalid(f"{where}.thinking.signature: Field required")
    if "cache_control" in block:
        raise invalid(f"{where}.thinking.cache_control: Extra inputs are not permitted")


def _check_call(block: dict[str, Any], where: str) -> None:
    if not isinstance(block.get("input"), dict):
        raise invalid(f"{where}.tool_use.input: Input should be a valid dictionary")


def _unexpected(index: int, name: str) -> RefusedError:
    return invalid(
        f"messages.{index}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: "
        f"{name}. Each `tool_result` block must have a corresponding `tool_use` block in the "
        "previous message."
    )


def _unanswered(index: int, names: list[str]) -> RefusedError:
    return invalid(
        f"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately "
        f"after: {', '.join(names)}. Each `tool_use` block must have a corresponding "
        "`tool_result` block in the next message."
    )


def check_breakpoints(blocks: Sequence[Block], automatic: Any) -> None:
    """Check the breakpoints of the cache: four at most, the long-lived ones first.

    Raises:
        RefusedError: it is not so.
    """
    marks = [block.mark for block in blocks if block.mark is not None]
    if automatic is not None:
        marks.append(str(automatic.get("ttl") or ""))
    if len(marks) > _MOST_MARKS:
        raise invalid(
            f"A maximum of {_MOST_MARKS} blocks with cache_control may be provided. "
            f"Found {len(marks)}."
        )
    is_short = False
    for mark in marks:
        if mark not in _LIFETIMES:
            raise invalid("cache_control.ttl: Input should be '5m' or '1h'")
        if mark == "1h" and is_short:
            raise invalid(
                "cache_control: a ttl='1h' block must not come after a ttl='5m' block. Note that "
                "blocks are processed in the following order: `tools`, `system`, `messages`."
            )
        is_short = is_short or mark != "1h"
