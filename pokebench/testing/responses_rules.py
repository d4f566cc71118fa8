"""What OpenAI's Responses API refuses, in its words."""

import re
from collections.abc import Sequence
from typing import Any, Final

from pokebench.testing.blocks import Message
from pokebench.testing.known_models import ModelRules
from pokebench.testing.pictures import picture_of
from pokebench.testing.refusal import RefusedError, invalid

_PARAMETERS: Final = frozenset(
    {
        "model", "input", "instructions", "tools", "tool_choice", "stream", "stream_options",
        "max_output_tokens", "max_tool_calls", "temperature", "top_p", "top_logprobs", "store",
        "background", "background_options", "include", "reasoning", "text", "truncation",
        "parallel_tool_calls", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "metadata", "service_tier", "safety_identifier", "user",
        "previous_response_id", "conversation", "context_management", "moderation", "image",
        "access_programs",
    }
)  # fmt: skip
_ROLES: Final = ("user", "assistant", "system", "developer")
_INPUT_PARTS: Final = ("input_text", "input_image", "input_file")
_OUTPUT_PARTS: Final = ("output_text", "refusal")
_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LEAST_OUTPUT_TOKENS: Final = 16
_CALL, _RESULT = "function_call", "function_call_output"


def check_top_level(body: dict[str, Any], rules: ModelRules) -> None:
    """Check everything but tools and the items of the input.

    Raises:
        RefusedError: the real API would refuse it.
    """
    _check_parameters(body)
    _check_model_rules(body, rules)


def check_function(function: Any, where: str, *, is_strict: bool) -> None:
    """Check a function that may be called.

    Raises:
        RefusedError: its name or its schema is none.
    """
    if not isinstance(function, dict) or not _NAME.fullmatch(str(function.get("name", ""))):
        raise missing(f"{where}.name")
    schema = function.get("parameters")
    if schema is None:
        return
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise _bad_schema(function["name"], where, "schema must have type 'object'")
    if not is_strict:
        return
    if schema.get("additionalProperties") is not False:
        words = "'additionalProperties' is required to be supplied and to be false"
        raise _bad_schema(function["name"], where, words)
    if set(schema.get("required") or ()) != set(schema.get("properties") or ()):
        words = "'required' is required to be supplied and to name every key in properties"
        raise _bad_schema(function["name"], where, words)


def missing(param: str) -> RefusedError:
    """Return the refusal of a request without something that it needs."""
    return invalid(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def wrong_value(param: str, value: Any, known: tuple[str, ...]) -> RefusedError:
    """Return the refusal of a value that is none of those there are."""
    supported = ", ".join(f"'{name}'" for name in known)
    words = f"Invalid value: '{value}'. Supported values are: {supported}."
    return invalid(words, param, "invalid_value")


def _bad_schema(name: str, where: str, words: str) -> RefusedError:
    text = f"Invalid schema for function '{name}': In context=(), {words}."
    return invalid(text, f"{where}.parameters", "invalid_function_parameters")


def _check_parameters(body: dict[str, Any]) -> None:
    for name in body:
        if name not in _PARAMETERS:
            raise invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    if not body.get("model"):
        raise missing("model")
    if not body.get("input"):
        raise missing("input")
    if not isinstance(body["input"], str | list):
        raise invalid("Invalid type for 'input'.", "input", "invalid_type")
    least = _LEAST_OUTPUT_TOKENS
    most = body.get("max_output_tokens")
    if most is not None and (type(most) is not int or most < least):
        words = f"Invalid 'max_output_tokens': expected an integer of at least {least}."
        raise invalid(words, "max_output_tokens", "integer_below_min_value")
    if body.get("previous_response_id"):
        words = f"Previous response with id '{body['previous_response_id']}' not found."
        raise invalid(words, "previous_response_id", "previous_response_not_found")
    if body.get("background") and body.get("store") is False:
        raise invalid("Background mode requires store=true.", "store", "invalid_value")


def _check_model_rules(body: dict[str, Any], rules: ModelRules) -> None:
    model = body["model"]
    for name in ("temperature", "top_p"):
        if rules.refuses_sampling and body.get(name) is not None:
            words = f"Unsupported parameter: '{name}' is not supported with {model}."
            raise invalid(words, name, "unsupported_parameter")
    effort = (body.get("reasoning") or {}).get("effort")
    if rules.always_thinks and effort == "none":
        words = f"Unsupported value: 'none' is not supported with {model}."
        raise invalid(words, "reasoning.effort", "unsupported_value")


def check_item(item: Any, where: str) -> None:
    """Check one item by itself.

    Raises:
        RefusedError: it is not well formed.
    """
    if not isinstance(item, dict):
        raise invalid(f"Invalid type for '{where}'.", where, "invalid_type")
    kind = item.get("type", "message")
    checks = {
        "message": _check_message,
        _CALL: _check_call,
        _RESULT: _check_result,
        "reasoning": _check_reasoning,
    }
    if kind not in checks:
        raise wrong_value(where, kind, tuple(checks))
    checks[kind](item, where)


def check_order(items: Sequence[Message]) -> None:
    """Check that reasoning is followed by what came of it, and that each call is answered.

    Raises:
        RefusedError: it is not so.
    """
    called: set[str] = set()
    answered: set[str] = set()
    for item, follower in zip(items, [*items[1:], None], strict=True):
        is_reasoning = bool(item.blocks) and item.blocks[0].kind == "reasoning"
        if is_reasoning and (follower is None or follower.role != "assistant"):
            words = (
                f"Item '{item.blocks[0].id}' of type 'reasoning' was provided without its "
                "required following item."
            )
            raise invalid(words, "input")
        called.update(item.calls)
        for name in item.results:
            if name not in called:
                words = "No tool call found for function call output with call_id"
                raise invalid(f"{words} {name}.", "input")
            answered.add(name)
    for name in sorted(called - answered):
        raise invalid(f"No tool output found for function call {name}.", "input")


def _check_call(item: dict[str, Any], where: str) -> None:
    for name in ("call_id", "name", "arguments"):
        if not isinstance(item.get(name), str):
            raise missing(f"{where}.{name}")


def _check_result(item: dict[str, Any], where: str) -> None:
    if not isinstance(item.get("call_id"), str):
        raise missing(f"{where}.call_id")
    if not isinstance(item.get("output"), str | list):
        raise missing(f"{where}.output")
    _check_parts(item["output"], f"{where}.output", _INPUT_PARTS)


def _check_reasoning(item: dict[str, Any], where: str) -> None:
    if not item.get("encrypted_content"):
        words = f"Item with id '{item.get('id')}' not found. Items are not persisted here."
        raise RefusedError(404, "invalid_request_error", words, where)


def _check_message(item: dict[str, Any], where: str) -> None:
    role = item.get("role")
    if role not in _ROLES:
        raise wrong_value(where, role, _ROLES)
    if not isinstance(item.get("content"), str | list):
        raise missing(f"{where}.content")
    parts = _OUTPUT_PARTS if role == "assistant" else _INPUT_PARTS
    _check_parts(item["content"], f"{where}.content", parts)


def _check_parts(content: Any, where: str, known: tuple[str, ...]) -> None:
    for index, part in enumerate(content if isinstance(content, list) else []):
        place = f"{where}[{index}]"
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in known:
            raise wrong_value(place, kind, known)
        if kind in _OUTPUT_PARTS and "prompt_cache_breakpoint" in part:
            raise invalid("An assistant's block takes no breakpoint.", place, "invalid_value")
        picture = picture_of(part)
        if picture is not None:
            picture.check(f"{place}.image_url")
