"""What the harness answered a model after a turn, made again from the machine.

A record holds what the model called and which steps were taken, but not what it was told of them.
So the same hands do the turn once more, on steps that are already known; where they would have
taken others than the record has, nothing is told.
"""

import json
from dataclasses import replace
from typing import Any, Final

from pokebench.episode import StepResult
from pokebench.hands import Hands
from pokebench.reader import Situation
from pokebench.replay import Replay
from pokebench.types import MOST_TEXT_PRESSES, Action, JsonObject, Policy, RamPort, Trace, Turn

_BUTTONS: Final = {action.name.lower(): action for action in Action}
_GOES_ON: Final = StepResult((), terminated=False, truncated=False)
_STEPS: Final = {"U": (0, -1), "D": (0, 1), "L": (-1, 0), "R": (1, 0)}
Cell = tuple[int, int]


def answer(replay: Replay, frame: int, parts: list[JsonObject]) -> str:
    """Return what a model was told of a turn, or "" where that cannot be said.

    Args:
        replay: the run.
        frame: the frame before the turn.
        parts: of the turn, as `part_of` makes them.

    Raises:
        PokebenchError: the turn cannot be re-simulated.
    """
    called = _called(parts)
    letters = next((part["a"] for part in parts if part["kind"] == "act"), "")
    if called is None or not letters:
        return ""
    steps = _KnownSteps(replay, frame, letters)
    trace = steps.trace(called) if isinstance(called, Turn) else _walked(steps, called)
    return trace.words() if trace else ""


class _KnownSteps:
    """The steps of a recorded turn, for hands to take them once more, each read but once."""

    def __init__(self, replay: Replay, frame: int, letters: str) -> None:
        self.letters = letters
        self._replay = replay
        self._start = frame
        self._step_frames = replay.trajectory.manifest.timing.step_frames
        self._taken = 0
        self._known: dict[int, Situation] = {}
        with replay.machine(frame) as ram:
            self.emulator: RamPort = ram

    def step(self, _action: Action, *, render: bool = False) -> StepResult:
        """Take the next step, whichever that is."""
        self._taken += 1
        if self._taken > len(self.letters):
            raise _NoMoreStepsError
        return _GOES_ON

    def situation(self, _ram: RamPort) -> Situation:
        """Return what the game was doing after the steps taken."""
        return self.after(self._taken)

    def after(self, taken: int) -> Situation:
        """Return what the game was doing after so many steps."""
        if taken not in self._known:
            with self._replay.machine(self._start + taken * self._step_frames) as ram:
                self._known[taken] = self._replay.reader.situation(ram)
        return self._known[taken]

    def is_solid(self, cell: Cell) -> bool:
        """Whether a cell was on the screen before the turn, and could not be entered."""
        with self._replay.machine(self._start) as ram:
            view = self._replay.reader.view(ram)
        if view is None:
            return False
        column, row = cell[0] - view.left, cell[1] - view.top
        is_seen = 0 <= row < len(view.walkable) and 0 <= column < len(view.walkable[row])
        return is_seen and view.walkable[row][column] == "0"

    def trace(self, turn: Turn) -> Trace | None:
        """Return what comes of `turn`; None if it takes other steps than these."""
        self._taken = 0
        try:
            trace = Hands(self, self, draws=False).perform(turn, lambda _: None)
        except _NoMoreStepsError:
            return None
        is_same = len(trace.done) == len(self.letters)
        return Trace(self.letters, trace.effects, trace.stopped) if is_same else None


class _NoMoreStepsError(Exception):
    """The hands would have gone on."""


def _walked(steps: _KnownSteps, goal: Cell) -> Trace | None:
    """Return what came of a walk, whose presses were not recorded apart from the waits.

    If it could have gone on from where it ended, it ended at its goal.
    """
    most = len(steps.letters.replace(".", ""))
    trace = steps.trace(_walk(most + 1))
    if trace is None:
        tried = (steps.trace(_walk(presses)) for presses in range(most, 0, -1))
        return next(filter(None, tried), None)
    return replace(trace, stopped="") if _is_through(steps, goal) else trace


def _walk(presses: int) -> Turn:
    return Turn((Action.UP,) * presses, policy=Policy.WALK)


def _is_through(steps: _KnownSteps, goal: Cell) -> bool:
    """Whether a walk's last press led to its goal, or to before a goal that cannot be entered."""
    last = len(steps.letters.rstrip(".")) - 1
    dx, dy = _STEPS.get(steps.letters[last], (0, 0))
    column, row = steps.after(last).position
    is_before = goal == (column + 2 * dx, row + 2 * dy)
    return goal == (column + dx, row + dy) or (is_before and steps.is_solid(goal))


def _called(parts: list[JsonObject]) -> Turn | Cell | None:
    """Return what the model's last call asked for: a turn, or the goal of a walk."""
    calls = [part for part in parts if part["kind"] == "call" and part["tools"]]
    try:
        read: Any = json.loads(calls[-1]["tools"][0]["arguments"])
        match read:
            case {"buttons": [*buttons]}:
                return Turn(tuple(_BUTTONS[button] for button in buttons), policy=Policy.CAREFUL)
            case {"column": int(column), "row": int(row)}:
                return column, row
            case dict() if not read:
                return Turn((Action.A,) * MOST_TEXT_PRESSES, policy=Policy.TEXT)
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        pass
    return None
