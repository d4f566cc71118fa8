"""Who answers at the fake provider: scripts, and the oracle on a mirror of the game."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pokebench.agent.oracle import Oracle
from pokebench.episode import Episode
from pokebench.milestone import GameSpec, open_game
from pokebench.types import Action, Observation, actions_of

_DONE: Final = re.compile(r"^Done: ([UDLRABTS.]*)$", re.MULTILINE)
_MODEL: Final = re.compile(r"scripted:(?P<game>[a-z:@0-9]+):seed(?P<seed>\d+)")
_MOST_BUTTONS: Final = 8
_NO_BUDGET: Final = 10**12


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


class Player(Protocol):
    """Answers questions; the provider asks once for each different question."""

    def reply(self, model: str, texts: list[str], *, may_call_tools: bool) -> ScriptedReply:
        """Answer a conversation.

        Args:
            model: the model that is asked for.
            texts: all words said to the model, in order; pictures are left out.
            may_call_tools: whether tools may be called.
        """
        ...


class ScriptPlayer:
    """Answers with what a function says; the function is told how many questions came before."""

    def __init__(self, script: Callable[[int, list[str]], ScriptedReply]) -> None:
        """Answer with `script(number, texts)`."""
        self._script = script
        self._asked = 0

    def reply(self, model: str, texts: list[str], *, may_call_tools: bool) -> ScriptedReply:
        """Answer the next question."""
        self._asked += 1
        return self._script(self._asked - 1, texts)


class MirrorPlayer:
    """Plays as the oracle does, on a mirror that it moves by what the harness says was done.

    It sees neither picture nor text: what it needs is the line `Done: …` in every answer of the
    harness, with all steps that were taken. The model's name says which game and start to mirror:
    `scripted:tallgrass:micro@1:seed3`.
    """

    def __init__(self) -> None:
        self._mirrors: dict[str, _Mirror] = {}
        self._lock = threading.Lock()

    def reply(self, model: str, texts: list[str], *, may_call_tools: bool) -> ScriptedReply:
        """Move the mirror and answer with the oracle's next buttons."""
        with self._lock:
            if model not in self._mirrors:
                self._mirrors[model] = _Mirror(model)
            mirror = self._mirrors[model]
            mirror.follow([letters for text in texts for letters in _DONE.findall(text)])
            if not may_call_tools:
                return ScriptedReply(f"I have taken {mirror.steps} steps and go on as planned.")
            return mirror.answer()


class _Mirror:
    """The oracle's own console."""

    def __init__(self, model: str) -> None:
        match = _MODEL.fullmatch(model)
        if match is None:
            raise ValueError(f"model {model!r}: write it like scripted:tallgrass:micro@1:seed3")
        cartridge = open_game(GameSpec.parse(match["game"]))
        self._episode = Episode(cartridge, int(match["seed"]), _NO_BUDGET)
        self._oracle = Oracle(self._episode.emulator, cartridge.rom.data)
        self._reports: list[str] = []

    @property
    def steps(self) -> int:
        """Steps that the mirror has taken."""
        return self._episode.steps

    def follow(self, reports: list[str]) -> None:
        """Take the steps of new reports.

        A new context begins a new list of reports: all in it are new but the empty ones.
        """
        known = len(self._reports)
        new = reports[known:] if reports[:known] == self._reports else reports
        self._reports = reports
        for letters in new:
            for action in actions_of(letters):
                self._episode.step(action)

    def answer(self) -> ScriptedReply:
        """Choose the next steps."""
        turn = self._oracle.act(Observation())
        actions = turn.actions[:_MOST_BUTTONS] or (Action.WAIT,)
        names = [action.name.lower() for action in actions]
        return ScriptedReply(f"I press {' '.join(names)}.", "press_buttons", {"buttons": names})
