"""Who asks and what: clients, and requests in the words of each protocol."""

import base64
import io
from typing import Any

from PIL import Image

from pokebench.testing import ScriptedReply, ScriptPlayer

ARGUMENTS = {"buttons": ["up", "a", 'é\n"quoted"'], "why": "because of the door"}
REPLY = ScriptedReply(
    "I walk up to the door and open it.", "press_buttons", ARGUMENTS, "The door is to the north."
)
PARAMETERS = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
LONG = "You play a game. " * 400
"""More than the shortest prefix that is cached."""


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def always(reply: ScriptedReply) -> ScriptPlayer:
    return ScriptPlayer(lambda number, texts: reply)


def picture(kind: str = "PNG", width: int = 320, height: int = 288) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def claude_picture(data: str, media_type: str = "image/png") -> dict[str, Any]:
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}


def messages(*said: Any, **options: Any) -> dict[str, Any]:
    """A request for Messages; users and the assistant take turns."""
    turns = [
        {"role": "user" if i % 2 == 0 else "assistant", "content": words}
        for i, words in enumerate(said or ("start",))
    ]
    tool = {"name": "press_buttons", "description": "Press", "input_schema": PARAMETERS}
    body = {"model": "claude-opus-5-5", "max_tokens": 4000, "system": LONG, "tools": [tool]}
    return body | {"messages": turns} | options


def responses(*items: Any, **options: Any) -> dict[str, Any]:
    """A request for Responses; a string is said by the user."""
    said = [
        {"role": "user", "content": item} if isinstance(item, str) else item
        for item in items or ("start",)
    ]
    tool = {"type": "function", "name": "press_buttons", "parameters": PARAMETERS, "strict": True}
    body = {"model": "gpt-6.2-sol", "tools": [tool], "store": False}
    return body | {"input": [{"role": "developer", "content": LONG}, *said]} | options


def chat(*said: Any, **options: Any) -> dict[str, Any]:
    """A request for chat completions; a string is said by the user."""
    turns = [
        {"role": "user", "content": item} if isinstance(item, str) else item
        for item in said or ("start",)
    ]
    function = {"name": "press_buttons", "parameters": PARAMETERS}
    body = {"model": "local", "tools": [{"type": "function", "function": function}]}
    return body | {"messages": [{"role": "system", "content": LONG}, *turns]} | options
