"""Who answers at the fake provider."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from pokebench.testing.reply import ScriptedReply
from pokebench.testing.script import Script, ScriptReader


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


@runtime_checkable
class Listener(Protocol):
    """A player that wants to know of questions that fail or are too long before it is asked.

    What they tell may not be told again, if the context is cleared after them.
    """

    def hear(self, question: Question) -> None:
        """Take note of a conversation."""
        ...


class ScriptPlayer:
    """Answers with what a function says; the function is told how many questions came before."""

    def __init__(self, script: Callable[[int, list[str]], ScriptedReply]) -> None:
        """Answer with `script(number, texts)`."""
        self._script = script
        self._asked = 0

    @classmethod
    def load(cls, path: Path) -> Self:
        """Answer with the script in a TOML or JSON file, a table `[[reply]]` for each reply.

        Raises:
            ConfigError: it cannot be read, or a key is wrong.
        """
        return cls(ScriptReader(Script.load(path)))

    def reply(self, question: Question) -> ScriptedReply:
        """Answer the next question."""
        self._asked += 1
        return self._script(self._asked - 1, question.texts)
