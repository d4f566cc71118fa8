"""A model's conversation: append-only inside an epoch, and as JSON for a stop in between."""

import base64
from collections.abc import Sequence
from typing import Any

from pokebench.models.protocol import (
    AssistantMessage,
    ImagePart,
    Message,
    Part,
    TextPart,
    ToolResult,
    UserMessage,
)
from pokebench.types import JsonObject


def messages_to_json(messages: Sequence[Message]) -> list[JsonObject]:
    """Return messages as JSON."""
    return [_message_to_json(message) for message in messages]


def messages_from_json(data: Sequence[JsonObject]) -> list[Message]:
    """Return the messages that `messages_to_json` wrote."""
    return [_message_from_json(item) for item in data]


def _message_to_json(message: Message) -> JsonObject:
    if isinstance(message, AssistantMessage):
        return {"kind": "assistant", "echo": message.echo}
    parts = [_part_to_json(part) for part in message.parts]
    if isinstance(message, ToolResult):
        result = {"kind": "result", "call_id": message.call_id, "is_error": message.is_error}
        return result | {"parts": parts}
    return {"kind": "user", "parts": parts}


def _message_from_json(data: JsonObject) -> Message:
    if data["kind"] == "assistant":
        return AssistantMessage(data["echo"])
    parts = tuple(_part_from_json(part) for part in data["parts"])
    if data["kind"] == "result":
        return ToolResult(data["call_id"], parts, data["is_error"])
    return UserMessage(parts)


def _part_to_json(part: Part) -> JsonObject:
    if isinstance(part, TextPart):
        return {"text": part.text}
    return {"png": base64.b64encode(part.png).decode()}


def _part_from_json(data: dict[str, Any]) -> Part:
    if "text" in data:
        return TextPart(data["text"])
    return ImagePart(base64.b64decode(data["png"]))
