"""What players answer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """What a player answers.

    Attributes:
        text: words.
        tool: name of the tool it calls, or None.
        arguments: the tool's arguments.
        thinking: thinking, where the protocol can carry it.
    """

    text: str
    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    thinking: str = ""
