"""Agents whose answers cannot be had twice: a person, or anybody's code.

Each answer is written down, with the agent's memory, before it is acted on. A run that is resumed
takes the answers from its record and gives the memory back, so nobody is asked again. And the tier
is kept: what comes out is what the tier's tools could have made.
"""

import json
from dataclasses import replace
from typing import Any, Final

from pokebench.agent.model_card import HarnessPart
from pokebench.agent.ports import Journal
from pokebench.agent.protocol import Agent, turn_fault
from pokebench.agent.toolbox import Toolbox
from pokebench.errors import AgentError
from pokebench.types import JsonObject, Observation, Policy, Turn, actions_of, letters_of

MOST_MEMORY: Final = 500_000
"""Characters that an agent's memory may have as JSON."""
_ANSWER: Final = "answer"


class RecordedAgent:
    """Lets an agent play through a tier, on the record."""

    def __init__(
        self, agent: Agent, toolbox: Toolbox, harness: HarnessPart, journal: Journal
    ) -> None:
        """Let `agent` play with `toolbox`; write its answers to `journal`."""
        self._agent = agent
        self._toolbox = toolbox
        self._is_open = harness.tier == "open"
        self._journal = journal
        self._memory: JsonObject | None = None

    def act(self, observation: Observation) -> Turn:
        """Return the agent's turn, from the record where there is one.

        Raises:
            AgentError: what it returned is no turn, or its memory is no JSON or too long.
            ToolError: the turn is none that the tier allows.
        """
        self._toolbox.see(observation)
        recorded = self._journal.recall(_ANSWER)
        if recorded is not None:
            self._memory = recorded["memory"]
            turn = Turn(actions_of(recorded["a"]), recorded["text"], Policy(recorded["policy"]))
            return self._toolbox.issue(turn)
        if self._memory is not None:
            self._agent.restore(self._memory)
            self._memory = None
        if not self._is_open:
            observation = replace(observation, view=None, is_reading=False)
        turn = self._agent.act(observation)
        fault = turn_fault(turn)
        if fault:
            raise AgentError(f"the agent returned no usable turn: {fault}")
        if turn.actions:
            turn = self._toolbox.issue(self._within_tier(turn))
            self._write(turn)
        return turn

    def state(self) -> JsonObject:
        """Return the agent's memory and what its tools have seen."""
        own = self._memory if self._memory is not None else self._agent.state()
        return {"own": own, "explored": self._toolbox.to_json()}

    def restore(self, state: JsonObject) -> None:
        """Take both back."""
        self._memory = state["own"]
        self._toolbox.restore(state["explored"])

    def _within_tier(self, turn: Turn) -> Turn:
        """Return a turn as the tier does it: with care, and of a length that its tools allow.

        Raises:
            ToolError: it is none that the tier allows.
        """
        if self._is_open or self._toolbox.has_issued(turn):
            return turn
        return self._toolbox.press(*turn.actions, text=turn.text)

    def _write(self, turn: Turn) -> None:
        """Write down an answer, before it is acted on."""
        memory = _json_memory(self._agent.state())
        answer = {"a": letters_of(turn.actions), "text": turn.text, "policy": turn.policy}
        self._journal.record(_ANSWER, {**answer, "memory": memory})


def _json_memory(memory: Any) -> JsonObject:
    """Return an agent's memory as JSON gives it back.

    Raises:
        AgentError: it is none, or too long.
    """
    try:
        text = json.dumps(memory)
    except (TypeError, ValueError, RecursionError) as error:
        raise AgentError(f"state() must return JSON values: {error}") from None
    if not isinstance(memory, dict) or len(text) > MOST_MEMORY:
        raise AgentError(f"state() must return a dict of at most {MOST_MEMORY} characters as JSON")
    result: JsonObject = json.loads(text)
    return result
