"""What is known of a question before it is asked: its identity, and how many tokens it has."""

import hashlib
import json
from typing import Final

from pokebench.models.protocol import (
    AssistantMessage,
    ImagePart,
    Message,
    Request,
    TextPart,
    ToolResult,
)

_FEW_CHARACTERS_PER_TOKEN: Final = 2
"""Text has three to four characters a token, so a reserve is rather too high."""
_MANY_CHARACTERS_PER_TOKEN: Final = 8
_MOST_IMAGE_TOKENS: Final = 1600
_MESSAGE_TOKENS: Final = 50
_TOOLS_TOKENS: Final = 2000


class Fingerprint:
    """Hashes requests; a request that goes on where the last one stood costs only what is new."""

    def __init__(self) -> None:
        self._messages: tuple[Message, ...] = ()
        self._head = ""
        self._digest = b""
        self._characters = 0

    @property
    def least_tokens(self) -> int:
        """Input tokens that the last request has at least, whatever the tokenizer."""
        return self._characters // _MANY_CHARACTERS_PER_TOKEN

    def of(self, request: Request) -> str:
        """Return the hash of a request, 64 hex digits."""
        tools = [(tool.name, tool.description, tool.parameters) for tool in request.tools]
        head = f"{request.system}\n{json.dumps(tools)}"
        known = len(self._messages)
        extends = (
            head == self._head
            and len(request.messages) >= known
            and all(a is b for a, b in zip(self._messages, request.messages, strict=False))
        )
        if not extends:
            self._digest = hashlib.sha256(head.encode()).digest()
            self._characters = len(request.system)
            known = 0
        for message in request.messages[known:]:
            self._digest = hashlib.sha256(self._digest + _identity(message)).digest()
            self._characters += _characters(message)
        self._head, self._messages = head, request.messages
        final = self._digest + (b"1" if request.may_call_tools else b"0")
        return hashlib.sha256(final).hexdigest()


def _identity(message: Message) -> bytes:
    """Return what tells a message from others: pictures by their pixels."""
    if isinstance(message, AssistantMessage):
        return json.dumps(message.echo, separators=(",", ":")).encode()
    head = (
        json.dumps([message.call_id, message.is_error]) if isinstance(message, ToolResult) else ""
    )
    digest = hashlib.sha256(f"{type(message).__name__} {head}".encode())
    for part in message.parts:
        if isinstance(part, TextPart):
            digest.update(f"text {len(part.text)} {part.text}".encode("utf-8", "surrogatepass"))
        else:
            digest.update(f"screen {part.scale} ".encode() + part.screen.tobytes())
    return digest.digest()


def most_tokens(request: Request, last_tokens: int) -> int:
    """Return input tokens of a request, rather too many.

    Args:
        request: the request.
        last_tokens: tokens of the conversation after the last reply, by the provider's count; 0
            before the first.
    """
    if not last_tokens:
        system = len(request.system) // _FEW_CHARACTERS_PER_TOKEN
        return _size(request.messages) + system + _TOOLS_TOKENS
    return last_tokens + _size(request.messages[-3:]) + _TOOLS_TOKENS


def _size(messages: tuple[Message, ...]) -> int:
    """Return a cautious number of tokens for `messages`."""
    tokens = 0
    for message in messages:
        parts = getattr(message, "parts", ())
        tokens += sum(_MOST_IMAGE_TOKENS for part in parts if isinstance(part, ImagePart))
        tokens += _characters(message) // _FEW_CHARACTERS_PER_TOKEN + _MESSAGE_TOKENS
    return tokens


def _characters(message: Message) -> int:
    """Return the length of the words that are shown in a message."""
    parts = getattr(message, "parts", ())
    return sum(len(part.text) for part in parts if isinstance(part, TextPart))
