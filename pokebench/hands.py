"""Does an agent's turn on the console: all of it, or with care.

A careful turn stops when something happens that the agent could not foresee, and lets the game
run on, in recorded waiting steps, until it takes a button again. So no screen is ever shown halfway
through a change, and a list of presses never runs on blindly into a battle.
"""

from collections.abc import Callable
from typing import Final, Protocol

from pokebench.episode import StepResult
from pokebench.reader import Scene, Situation
from pokebench.types import Action, Effect, Policy, RamPort, Trace, Turn

MAX_WAITS: Final = 30
"""Waiting steps after a press until a game that never settles is shown as it is: ten seconds."""
STILL_STEPS: Final = 3
"""Waiting steps without a change after which a game that gives no sign is taken to be ready."""
MAX_FRUITLESS: Final = 2
"""Presses without effect in a row after which a careful turn stops."""
_BEGINNINGS: Final = {
    Scene.TEXT: "a dialogue began",
    Scene.BATTLE: "a battle began",
    Scene.CHOICE: "a choice is asked",
}
_ENDINGS: Final = {
    Scene.TEXT: "the dialogue ended",
    Scene.BATTLE: "the battle ended",
}


class Game(Protocol):
    """What buttons are pressed on: an episode."""

    @property
    def emulator(self) -> RamPort:
        """The console's memory."""
        ...

    def step(self, action: Action, *, render: bool = False) -> StepResult:
        """Do one action; draw the step's last frame, if `render`."""
        ...


class Watcher(Protocol):
    """Who tells what the game is doing: a reader."""

    def situation(self, ram: RamPort) -> Situation:
        """Return what the game is doing."""
        ...


class Hands:
    """Presses an agent's buttons."""

    def __init__(self, episode: Game, reader: Watcher, *, draws: bool) -> None:
        """Press the buttons of `episode`; with `draws`, render the last frame of each step."""
        self._episode = episode
        self._reader = reader
        self._draws = draws
        self._done: list[str] = []
        self.is_over = False

    def situation(self) -> Situation:
        """Return what the game is doing now."""
        return self._reader.situation(self._episode.emulator)

    def settle(self, on_step: Callable[[StepResult], None]) -> Trace:
        """Wait until the game takes a button."""
        self._done = []
        self._wait_until_ready(on_step)
        return Trace("".join(self._done), ())

    def perform(self, turn: Turn, on_step: Callable[[StepResult], None]) -> Trace:
        """Do a turn; stop early when the episode is over or, unless it is exact, when care asks."""
        self._done = []
        if turn.policy is Policy.EXACT:
            return self._perform_exactly(turn, on_step)
        before = self.situation()
        effects: list[Effect] = []
        stopped = ""
        for index, action in enumerate(turn.actions):
            self._step(action, on_step)
            now = self._wait_until_ready(on_step)
            effects.append(_effect(before, now))
            if self._has_only_turned(turn, effects[-1], now):
                turned = now
                self._step(action, on_step)
                now = self._wait_until_ready(on_step)
                effects.append(_effect(turned, now))
            remaining = len(turn.actions) - index - 1
            if self.is_over or not remaining:
                break
            stopped = _reason(before, now, turn.policy, effects)
            if stopped:
                break
            before = now
        return Trace("".join(self._done), tuple(effects), stopped)

    def _has_only_turned(self, turn: Turn, effect: Effect, now: Situation) -> bool:
        """Whether one more press is needed to walk, since the first one only turned."""
        is_turn = effect is Effect.TURNED and turn.policy is Policy.WALK
        return is_turn and now.may_turn_first and not self.is_over

    def _perform_exactly(self, turn: Turn, on_step: Callable[[StepResult], None]) -> Trace:
        last = len(turn.actions) - 1
        for index, action in enumerate(turn.actions):
            self._step(action, on_step, render=self._draws and index == last)
            if self.is_over:
                break
        return Trace("".join(self._done), ())

    def _wait_until_ready(self, on_step: Callable[[StepResult], None]) -> Situation:
        now = self.situation()
        still = 0
        for _ in range(MAX_WAITS):
            if now.is_ready or self.is_over or still == STILL_STEPS:
                break
            before = now
            self._step(Action.WAIT, on_step)
            now = self.situation()
            is_same = now.is_ready_when_still and now.fingerprint == before.fingerprint
            still = still + 1 if is_same else 0
        return now

    def _step(
        self, action: Action, on_step: Callable[[StepResult], None], *, render: bool | None = None
    ) -> None:
        result = self._episode.step(action, render=self._draws if render is None else render)
        self._done.append(action.letter)
        self.is_over = result.is_over
        on_step(result)


def _effect(before: Situation, now: Situation) -> Effect:
    """Return what a press did, as a person would see it."""
    if now.fingerprint == before.fingerprint:
        return Effect.NOTHING
    if now.scene is not before.scene or now.scene is not Scene.WORLD:
        return Effect.CHANGED
    if (now.place, now.position) != (before.place, before.position):
        return Effect.MOVED
    return Effect.TURNED


def _reason(before: Situation, now: Situation, policy: Policy, effects: list[Effect]) -> str:
    """Return why a turn should stop after this press, or ""."""
    if policy is Policy.TEXT and not now.has_text:
        return _BEGINNINGS.get(now.scene, "there is no more text")
    if now.scene is not before.scene:
        if now.scene in _BEGINNINGS:
            return _BEGINNINGS[now.scene]
        if before.scene in _ENDINGS:
            return _ENDINGS[before.scene]
    if now.place != before.place:
        return "you are in another place"
    if policy is Policy.WALK and effects[-1] is not Effect.MOVED:
        return "the way is blocked"
    fruitless = effects[-MAX_FRUITLESS:]
    if len(fruitless) == MAX_FRUITLESS and set(fruitless) == {Effect.NOTHING}:
        return f"{MAX_FRUITLESS} presses in a row had no effect"
    return ""
