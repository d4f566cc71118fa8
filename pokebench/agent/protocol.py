"""The agent: an observation in, a turn out."""

from typing import Protocol, runtime_checkable

from pokebench.trajectory.events import MAX_ACTIONS, MAX_TEXT
from pokebench.types import Action, JsonObject, Observation, Policy, Turn


@runtime_checkable
class Agent(Protocol):
    """Anything that can play.

    An agent keeps its memory in itself; `state` and `restore` let a run go on after a stop.
    """

    def act(self, observation: Observation) -> Turn:
        """Choose what to do next; the next call shows what came of it.

        A turn without actions ends the episode: the agent gives up or is done.
        """
        ...

    def state(self) -> JsonObject:
        """Return the agent's memory, so that `restore` in a new process continues alike."""
        ...

    def restore(self, state: JsonObject) -> None:
        """Take back a memory that `state` returned."""
        ...


def turn_fault(turn: object) -> str:
    """Return why `turn`, which comes from anybody's code, cannot be done; "" if it can."""
    if not isinstance(turn, Turn):
        return f"act() returned {type(turn).__name__}, not a Turn"
    if not isinstance(turn.actions, tuple) or not isinstance(turn.text, str):
        return "a turn has a tuple of actions and a text"
    if not isinstance(turn.policy, Policy):
        return f"{turn.policy!r} is no Policy"
    if len(turn.actions) > MAX_ACTIONS or len(turn.text) > MAX_TEXT:
        return f"a turn has at most {MAX_ACTIONS} actions and {MAX_TEXT} characters of text"
    if not turn.text.isascii() and not _is_encodable(turn.text):
        return "a turn's text must be text that can be written as UTF-8"
    strange = [action for action in turn.actions if not isinstance(action, Action)]
    return f"{strange[0]!r} is no Action" if strange else ""


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
