"""Agents whose answers cannot be had twice: a person, or anybody's code.

Each answer is written down, with the agent's memory, before it is acted on. A run that is resumed
takes the answers from its record and gives the memory back, so nobody is asked again. And the tier
is kept: what comes out is what the tier's tools could have made.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Final

from pokebench.agent.model_card import HarnessPart
from pokebench.agent.ports import Journal
from pokebench.agent.protocol import Agent, turn_fault
from pokebench.agent.toolbox import Toolbox
from pokebench.errors import AgentError
from pokebench.trajectory.events import MOST_DEPTH, depth_of
from pokebench.types import JsonObject, Observation, Policy, Turn, actions_of, letters_of

MOST_MEMORY: Final = 100_000
"""Characters that an agent's memory may have as JSON."""
Limit = Callable[[], AbstractContextManager[None]]
_ANSWER: Final = "answer"


class RecordedAgent:
    """Lets an agent play through a tier, on the record."""

    def __init__(
        self,
        agent: Agent,
        toolbox: Toolbox,
        harness: HarnessPart,
        journal: Journal,
        limit: Limit = nullcontext,
    ) -> None:
        """Let `agent` play.

        Args:
            agent: who plays.
            toolbox: what it does it with.
            harness: the tier.
            journal: takes its answers.
            limit: ends the run from inside when the time is up; around the agent's own code alone,
                so that nothing of ours is torn.
        """
        self._limit = limit
        self._written = ""
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
            self._remember(recorded.get("memory"))
            turn = Turn(actions_of(recorded["a"]), recorded["text"], Policy(recorded["policy"]))
            return self._toolbox.issue(turn)
        if self._memory is not None:
            with self._limit():
                self._agent.restore(self._memory)
            self._memory = None
        if not self._is_open:
            observation = replace(observation, view=None, is_reading=False)
        with self._limit():
            turn = self._agent.act(observation)
        fault = turn_fault(turn)
        if fault:
            raise AgentError(f"the agent returned no usable turn: {fault}")
        turn = replace(turn, ended=None)
        if turn.actions:
            turn = self._toolbox.issue(self._within_tier(turn))
            self._write(turn)
        return turn

    def state(self) -> JsonObject:
        """Return the agent's memory and what its tools have seen."""
        own = self._memory if self._memory is not None else json.loads(self._written or "{}")
        return {"own": own, "explored": self._toolbox.to_json()}

    def restore(self, state: JsonObject) -> None:
        """Take both back."""
        self._remember(state["own"])
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
        """Write down an answer before it is acted on, with the memory unless that is as it was."""
        with self._limit():
            memory = self._agent.state()
        text = _json_text(memory)
        answer = {"a": letters_of(turn.actions), "text": turn.text, "policy": str(turn.policy)}
        changed = {"memory": json.loads(text)} if text != self._written else {}
        self._journal.record(_ANSWER, {**answer, **changed})
        self._written = text

    def _remember(self, memory: JsonObject | None) -> None:
        """Keep the memory that the record has, to be given back when play goes on."""
        if memory is not None:
            self._memory = memory
            self._written = _json_text(memory)
        elif self._memory is None:
            self._memory = json.loads(self._written or "{}")


def _json_text(memory: Any) -> str:
    """Return an agent's memory as JSON.

    Raises:
        AgentError: it is none, or too much.
    """
    try:
        text = json.dumps(memory, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise AgentError(f"state() must return JSON values: {error}") from None
    if not isinstance(memory, dict) or len(text) > MOST_MEMORY or depth_of(memory) > MOST_DEPTH:
        raise AgentError(
            f"state() must return a dict of at most {MOST_MEMORY} characters as JSON, nested at "
            f"most {MOST_DEPTH} deep"
        )
    return text
