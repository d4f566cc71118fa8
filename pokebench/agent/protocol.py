"""The agent: an observation in, a turn out."""

from typing import Protocol, runtime_checkable

from pokebench.types import JsonObject, Observation, Turn


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
