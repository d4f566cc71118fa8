"""A model's conversation: append-only inside an epoch, and as JSON for a stop in between."""

import base64
from typing import Any

from pokebench.models.picture import png_of, screen_of
from pokebench.models.protocol import (
    AssistantMessage,
    ImagePart,
    JsonValue,
    Message,
    Part,
    TextPart,
    ToolResult,
    UserMessage,
)
from pokebench.types import JsonObject


class Conversation:
    """What was said since the epoch began; nothing of it is ever changed or dropped.

    Attributes:
        tokens: size of the context after the last reply, by the provider's count.
        last_id: the provider's id of the last reply; "" before the first.
    """

    def __init__(self) -> None:
        self.tokens = 0
        self._messages: list[Message] = []
        self.last_id = ""
        self._pending: str | None = None
        self._images = 0

    @property
    def messages(self) -> tuple[Message, ...]:
        """Everything said."""
        return tuple(self._messages)

    @property
    def images(self) -> int:
        """How many pictures there are."""
        return self._images

    def begin(self, parts: tuple[Part, ...]) -> None:
        """Forget everything and open anew."""
        self.tokens = 0
        self.last_id = ""
        self._pending = None
        self._messages = [UserMessage(parts)]
        self._images = _images_in(parts)

    def show(self, parts: tuple[Part, ...]) -> None:
        """Show the game: as the answer to the call that pressed buttons, if there was one."""
        self._images += _images_in(parts)
        if self._pending is not None:
            self._messages.append(ToolResult(self._pending, parts))
            self._pending = None
        else:
            self._messages.append(UserMessage(parts))

    def hear(self, echo: JsonValue) -> None:
        """Keep a reply as the provider's own items."""
        self._messages.append(AssistantMessage(echo))

    def owe(self, call_id: str) -> None:
        """Answer a call with what is shown next."""
        self._pending = call_id

    def answer(self, call_id: str, words: str, *, is_error: bool = False) -> None:
        """Answer a call at once."""
        self._messages.append(ToolResult(call_id, (TextPart(words),), is_error))

    def say(self, words: str) -> None:
        """Say something that answers no call."""
        self._messages.append(UserMessage((TextPart(words),)))

    def to_json(self) -> JsonObject:
        """Return everything as JSON."""
        messages = [_message_to_json(message) for message in self._messages]
        return {
            "messages": messages,
            "pending": self._pending,
            "tokens": self.tokens,
            "images": self._images,
            "last_id": self.last_id,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> "Conversation":
        """Return the conversation that `to_json` wrote."""
        result = cls()
        result._messages = [_message_from_json(item) for item in data["messages"]]
        result._pending = data["pending"]
        result.tokens = data["tokens"]
        result._images = data["images"]
        result.last_id = data["last_id"]
        return result


def _images_in(parts: tuple[Part, ...]) -> int:
    return sum(isinstance(part, ImagePart) for part in parts)


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
    png = base64.b64encode(png_of(part.screen, 1)).decode()
    return {"png": png, "scale": part.scale}


def _part_from_json(data: dict[str, Any]) -> Part:
    if "text" in data:
        return TextPart(data["text"])
    return ImagePart(screen_of(base64.b64decode(data["png"])), data["scale"])
