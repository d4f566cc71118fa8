"""A player that finishes worlds: the oracle, on a mirror of the game."""

import contextlib
import hashlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, TypeVar

from pokebench.testing.mirror_console import Console, Report
from pokebench.testing.players import Question, Said
from pokebench.testing.reply import ScriptedReply
from pokebench.types import Action

_DONE: Final = re.compile(r"^Done: ([UDLRABTS.]*)$", re.MULTILINE)
_MARK: Final = re.compile(r"mirror mark ([0-9a-f]{16})")
_WORDS_ONLY: Final = re.compile(r"(?:without calling|not call) (?:a|any) tool", re.IGNORECASE)
_NEW_EPOCH: Final = "This is what you see now"
"""What the harness says when it opens a new context without a hand-over to show."""
_MOST_BUTTONS: Final = 8
_MOST_CONSOLES: Final = 6
_MOST_KEPT: Final = 2_000
_NOTES_EVERY: Final = 40
_MAP_EVERY: Final = 7
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What a conversation says about the game.

    Attributes:
        opening: everything up to the first report.
        mark: the mark of the hand-over that it begins with; "" if there is none.
        reports: what was done since.
        is_aside: whether something was said since the last report that did not move the game.
        wants_words: whether it asks for words only.
    """

    opening: tuple[str, ...]
    mark: str
    reports: list[Report]
    is_aside: bool
    wants_words: bool


class MirrorPlayer:
    """Plays as the oracle does, on a mirror that it moves by what the harness says was done.

    It sees neither picture nor text: what it needs is the line `Done: …` in every answer of the
    harness, with all steps that were taken. The model's name says which game and start to mirror:
    `scripted:tallgrass:micro@1:seed3`.

    What it answers depends on the conversation alone: a run that is asked for again, or a second
    run of the same model, gets a mirror of its own. A context that was cleared is known again by a
    mark that the player wrote into its hand-over.
    """

    def __init__(self, *, uses_all_tools: bool = False) -> None:
        """Press buttons only, or use every tool that is offered."""
        self._uses_all_tools = uses_all_tools
        self._consoles: list[Console] = []
        self._marks: OrderedDict[str, list[Report]] = OrderedDict()
        self._openings: OrderedDict[str, list[Report]] = OrderedDict()
        self._latest: OrderedDict[str, list[Report]] = OrderedDict()
        self._lock = threading.Lock()

    def reply(self, question: Question) -> ScriptedReply:
        """Move the mirror and answer with the oracle's next steps.

        Raises:
            ValueError: the model's name says nothing, or the conversation begins with a hand-over
                that another player wrote.
        """
        with self._lock:
            conversation = _heard(question.said)
            path = self._path(question.model, conversation)
            console = self._console(question.model, path)
            if not question.tools or conversation.wants_words:
                return self._hand_over(question, console)
            return self._answer(question.tools, conversation, console)

    def hear(self, question: Question) -> None:
        """Take note of what was done; the question itself is not answered."""
        with self._lock, contextlib.suppress(ValueError):
            self._path(question.model, _heard(question.said))

    def _path(self, model: str, conversation: _Conversation) -> list[Report]:
        """Return all reports since power-on."""
        line = conversation.mark or model
        key = _hash(model, *conversation.opening)
        base = self._openings.get(key)
        if base is None:
            base = self._base(line, conversation)
            _keep(self._openings, key, base)
        path = [*base, *conversation.reports]
        _keep(self._latest, line, path)
        return path

    def _base(self, line: str, conversation: _Conversation) -> list[Report]:
        """Return the reports before a conversation that is new.

        A context that overflowed was cleared without a hand-over: a conversation that begins where
        one began before, but otherwise, goes on from there.
        """
        mark = conversation.mark
        if mark and mark not in self._marks:
            raise ValueError(f"this player did not write the hand-over with mark {mark}")
        is_anew = bool(mark) or _NEW_EPOCH in "".join(conversation.opening[-1:])
        if is_anew and line in self._latest:
            return self._latest[line]
        return self._marks[mark] if mark else []

    def _console(self, model: str, path: list[Report]) -> Console:
        """Return a console that went along `path`: the one that is nearest, or a new one."""
        fitting = [
            console
            for console in self._consoles
            if console.model == model and console.path == path[: len(console.path)]
        ]
        console = max(fitting, key=lambda fit: len(fit.path), default=None)
        if console is None:
            console = Console(model)
        else:
            self._consoles.remove(console)
        self._consoles.append(console)
        if len(self._consoles) > _MOST_CONSOLES:
            self._consoles.pop(0).close()
        console.follow(path)
        return console

    def _hand_over(self, question: Question, console: Console) -> ScriptedReply:
        """Answer with words, and with a mark that says how far the game is."""
        mark = _hash(question.model, repr(console.path), *question.texts)
        _keep(self._marks, mark, list(console.path))
        return ScriptedReply(
            f"I have taken {console.steps} steps and go on as planned (mirror mark {mark})."
        )

    def _answer(
        self, tools: tuple[str, ...], conversation: _Conversation, console: Console
    ) -> ScriptedReply:
        turn = console.turn()
        if self._uses_all_tools and not conversation.is_aside:
            reply = _with_other_tools(tools, console)
            if reply is not None:
                return reply
        actions = turn.actions[:_MOST_BUTTONS] or (Action.WAIT,)
        names = [action.name.lower() for action in actions]
        return ScriptedReply(f"I press {' '.join(names)}.", "press_buttons", {"buttons": names})


def _with_other_tools(tools: tuple[str, ...], console: Console) -> ScriptedReply | None:
    """Return a call of another tool than the buttons, if one is offered and of use here."""
    turns = sum(report.is_answer for report in console.path) + 1
    if "write_notes" in tools and turns % _NOTES_EVERY == 0:
        text = f"Turn {turns}: {console.steps} steps so far."
        return ScriptedReply("I note how far I am.", "write_notes", {"text": text})
    if "map" in tools and turns % _MAP_EVERY == 0 and console.is_walking():
        return ScriptedReply("I look at the map.", "map")
    if "advance_text" in tools and console.has_text():
        return ScriptedReply("I read on.", "advance_text")
    goal = console.straight_goal() if "navigate" in tools else None
    if goal is None:
        return None
    where = {"column": goal[0], "row": goal[1]}
    return ScriptedReply(f"I walk to column {goal[0]}, row {goal[1]}.", "navigate", where)


def _heard(said: tuple[Said, ...]) -> _Conversation:
    """Return what a conversation says about the game."""
    heard = [part for part in said if part.role != "assistant"]
    marks = [(part, _MARK.findall(text)[-1]) for part in heard for text in part.texts
             if _MARK.search(text)]  # fmt: skip
    first = heard.index(marks[-1][0]) if marks else 0
    reports: list[Report] = []
    opening: Said | None = None
    last: Said | None = None
    for part in heard[first:]:
        for letters in (found for text in part.texts for found in _DONE.findall(text)):
            opening = opening or part
            last = part
            is_answer = part.message != opening.message
            if letters or is_answer:
                reports.append(Report(letters, is_answer))
    before = heard[: heard.index(opening) + 1] if opening else heard[:1]
    texts = next((part.texts for part in reversed(said) if part.texts), ())
    return _Conversation(
        opening=tuple(text for part in before for text in part.texts),
        mark=marks[-1][1] if marks else "",
        reports=reports,
        is_aside=last is not None and _is_followed(said, last),
        wants_words=any(_WORDS_ONLY.search(text) for text in texts[-1:]),
    )


def _is_followed(said: tuple[Said, ...], last: Said) -> bool:
    """Return whether anything was said after the message of the last report."""
    later = said[said.index(last) + 1 :]
    return any(
        part.message != last.message and (part.texts or part.role == "assistant") for part in later
    )


def _hash(*texts: str) -> str:
    running = hashlib.blake2b(digest_size=8)
    for text in texts:
        running.update(f"{len(text)} {text}".encode())
    return running.hexdigest()


def _keep(kept: OrderedDict[str, T], key: str, value: T) -> None:
    """Keep a value as the newest, and forget the oldest of too many."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
