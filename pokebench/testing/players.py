"""Who answers at the fake provider."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


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


@dataclass(frozen=True, slots=True)
class Said:
    """One part of a conversation.

    Attributes:
        role: who said it, as the protocol calls it.
        message: number of the message that it is a part of.
        texts: words in it; none for a picture.
    """

    role: str
    message: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a player is asked.

    Attributes:
        model: the model that is asked for.
        said: the conversation, in order, instructions first.
        tools: names of the tools that may be called; none if only words are wanted.
    """

    model: str
    said: tuple[Said, ...]
    tools: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """All words, in order."""
        return [text for said in self.said for text in said.texts]


class Player(Protocol):
    """Answers questions; the provider asks once for each different question."""

    def reply(self, question: Question) -> ScriptedReply:
        """Answer a conversation.

        Raises:
            ValueError: it cannot be answered; the provider refuses the request with these words.
        """
        ...


class ScriptPlayer:
    """Answers with what a function says; the function is told how many questions came before."""

    def __init__(self, script: Callable[[int, list[str]], ScriptedReply]) -> None:
        """Answer with `script(number, texts)`."""
        self._script = script
        self._asked = 0

    def reply(self, question: Question) -> ScriptedReply:
        """Answer the next question."""
        self._asked += 1
        return self._script(self._asked - 1, question.texts)
