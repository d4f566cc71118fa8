"""Agents without a model: random play, and the inputs of a recorded run played again."""

import numpy as np

from pokebench.agent.card import RandomOptions
from pokebench.errors import ConfigError
from pokebench.types import ACTION_LETTERS, Action, JsonObject, Observation, Turn, actions_of

_REPLAY_TURN_STEPS = 16


class RandomAgent:
    """Draws actions by weight, alike for equal seeds: the floor of the benchmark."""

    def __init__(self, seed: int, options: RandomOptions) -> None:
        """Draw from a generator that `seed` starts."""
        self._generator = np.random.Generator(np.random.PCG64(seed))
        weights = [options.weights.get(letter, 0) for letter in ACTION_LETTERS]
        if sum(weights) <= 0 or min(weights) < 0:
            raise ConfigError("random.weights: give at least one action a positive weight")
        self._bounds = np.cumsum(weights)
        self._turn_steps = options.turn_steps

    def act(self, observation: Observation) -> Turn:
        """Draw the next actions; the observation changes nothing."""
        draws = self._generator.integers(self._bounds[-1], size=self._turn_steps)
        chosen = np.searchsorted(self._bounds, draws, side="right")
        return Turn(tuple(Action(int(action)) for action in chosen))

    def state(self) -> JsonObject:
        """Return the generator's state."""
        return {"generator": self._generator.bit_generator.state}

    def restore(self, state: JsonObject) -> None:
        """Take back the generator's state."""
        self._generator.bit_generator.state = state["generator"]


class ReplayAgent:
    """Plays recorded inputs without looking: what is left of a run when only memory is used."""

    def __init__(self, letters: str) -> None:
        """Play the actions that `letters` stand for, then stop."""
        self._actions = actions_of(letters)
        self._position = 0

    def act(self, observation: Observation) -> Turn:
        """Return the next recorded actions; the observation changes nothing."""
        start = self._position
        self._position = min(start + _REPLAY_TURN_STEPS, len(self._actions))
        return Turn(self._actions[start : self._position])

    def state(self) -> JsonObject:
        """Return how far it has played."""
        return {"position": self._position}

    def restore(self, state: JsonObject) -> None:
        """Go on from a position."""
        self._position = int(state["position"])
