"""What chat completions refuse, in OpenAI's words."""

from collections.abc import Sequence
from typing import Any, Final

from pokebench.testing.blocks import Message
from pokebench.testing.known_models import ModelRules
from pokebench.testing.pictures import picture_of
from pokebench.testing.refusal import invalid
from pokebench.testing.responses_rules import check_function, missing, wrong_value

_ROLES: Final = ("system", "developer", "user", "assistant", "tool")
_PARTS: Final = ("text", "image_url", "refusal", "input_audio", "file")
_SAMPLING: Final = ("temperature", "top_p", "presence_penalty", "frequency_penalty")


def check_top_level(body: dict[str, Any], rules: ModelRules) -> None:
    """Check everything but tools and messages; what is unknown is let through, as servers do.

    Raises:
        RefusedError: the real API would refuse it.
    """
    if not body.get("model"):
        raise missing("model")
    messages = body.get("messages")
    if not isinstance(messages, list):
        raise missing("messages")
    if not messages:
        raise invalid(
            "Invalid 'messages': empty array. Expected an array with minimum length 1.",
            "messages",
            "empty_array",
        )
    _check_model_rules(body, rules)


def check_tools(tools: list[Any]) -> None:
    """Check definitions of functions.

    Raises:
        RefusedError: one is none.
    """
    for index, tool in enumerate(tools):
        function = tool.get("function")
        is_strict = isinstance(function, dict) and bool(function.get("strict"))
        check_function(function, f"tools[{index}].function", is_strict=is_strict)


def _check_model_rules(body: dict[str, Any], rules: ModelRules) -> None:
    model = body["model"]
    for name in _SAMPLING:
        if rules.refuses_sampling and body.get(name) is not None:
            words = f"Unsupported parameter: '{name}' is not supported with {model}."
            raise invalid(words, name, "unsupported_parameter")
    reasons_with_tools = bool(body.get("tools") and body.get("reasoning_effort"))
    if rules.refuses_chat_tools_with_reasoning and reasons_with_tools:
        words = f"Function tools with reasoning_effort are not supported for {model}."
        raise invalid(words, "reasoning_effort", "unsupported_parameter")


def check_message(message: Any, where: str) -> None:
    """Check one message by itself.

    Raises:
        RefusedError: it is not well formed.
    """
    role = message.get("role") if isinstance(message, dict) else None
    if role not in _ROLES:
        raise wrong_value(f"{where}.role", role, _ROLES)
    content = message.get("content")
    if content is None and not (role == "assistant" and message.get("tool_calls")):
        raise missing(f"{where}.content")
    for index, part in enumerate(content if isinstance(content, list) else []):
        place = f"{where}.content[{index}]"
        kind = part.get("type") if isinstance(part, dict) else None
        known = ("text",) if role == "tool" else _PARTS
        if kind not in known:
            raise wrong_value(f"{place}.type", kind, known)
        picture = picture_of(part)
        if picture is not None:
            picture.check(f"{place}.image_url")


def check_calls_answered(messages: Sequence[Message]) -> None:
    """Check that each call is answered right after it, and nothing else is.

    Raises:
        RefusedError: it is not so.
    """
    open_calls: set[str] = set()
    for index, message in enumerate(messages):
        if message.role == "tool":
            if not open_calls.issuperset(message.results):
                raise invalid(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceeding message with 'tool_calls'.",
                    f"messages[{index}].role",
                )
            open_calls.difference_update(message.results)
            continue
        _check_none_open(open_calls)
        open_calls = set(message.calls)
    _check_none_open(open_calls)


def _check_none_open(open_calls: set[str]) -> None:
    if open_calls:
        names = ", ".join(sorted(open_calls))
        raise invalid(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            f"{names}",
            "messages",
        )
