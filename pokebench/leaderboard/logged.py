"""Reads a record without playing it: what the level `logged` rests on.

For games whose ROM the keeper of a board does not have. The record must be whole, its chain must
hold, and every clock that its inputs and answers determine is counted again; that milestones came
where it says, nobody has seen.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pokebench.errors import DesyncError, SubmissionError
from pokebench.origin import cartridge_without_rom
from pokebench.replay.follower import Reached, place_of
from pokebench.trajectory import (
    Ledger,
    Line,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    Trajectory,
    TurnEvent,
    read_trajectory,
)
from pokebench.trajectory.ledger import COUNTED
from pokebench.types import Action, Clocks, EndReason
from pokebench.verify import Verification

_COUNTED = ("frames", "presses", "steps", "turns", *COUNTED)
_DOLLARS = 1e-6


def read_log(folder: Path) -> Verification:
    """Return what a record says of itself, in the form of what re-simulation would have found.

    Raises:
        TrajectoryError: the record is damaged.
        DesyncError: it contradicts itself or the game's table; the message names the line.
        ConfigError: the game or emulator is not here.
        SubmissionError: it was cut off before its end.
    """
    trajectory = read_trajectory(folder)
    outcome = trajectory.outcome
    if outcome is None:
        raise SubmissionError("the record was cut off before its end; resume the run first")
    cartridge = cartridge_without_rom(trajectory.manifest)
    account = _Account(trajectory, [milestone.id for milestone in cartridge.milestones])
    for line in trajectory.lines:
        account.check(line)
    return Verification(
        trajectory=trajectory,
        cartridge=cartridge,
        milestones=tuple(account.reached),
        flags=(),
        reason=outcome.reason,
        clocks=outcome.clocks,
        state=outcome.state,
        invalid_because=account.ledger.invalid_because or trajectory.manifest.uncounted_because,
        screens={},
    )


class _Account:
    """Counts what a record's inputs and answers add up to, line by line.

    Attributes:
        reached: milestones that are claimed, each once, in order.
        ledger: what answers add up to.
    """

    def __init__(self, trajectory: Trajectory, milestones: Sequence[str]) -> None:
        self.reached: list[Reached] = []
        self.ledger = Ledger()
        self._manifest = trajectory.manifest
        self._milestones = set(milestones)
        self._start: int | None = None
        self._inputs = ""
        self._turns = 0
        self._known_steps = 0

    def check(self, line: Line) -> None:
        """Count one event, and compare what it says with the count.

        Raises:
            DesyncError: it says something else.
        """
        place, event = place_of(line), line.event
        self.ledger.add(event)
        if isinstance(event, ResetEvent):
            if self._start is not None or event.seed != self._manifest.seed:
                raise DesyncError(f"{place}: reset a second time, or under another seed")
            self._start = event.f
        elif isinstance(event, TurnEvent):
            self._compare(place, "frame", event.f, self._frame(len(self._inputs)))
            self._known_steps = len(self._inputs)
            self._inputs += event.a
            self._turns += 1
        elif isinstance(event, MilestoneEvent):
            if event.id not in self._milestones:
                raise DesyncError(f"{place}: milestone {event.id} is not left to be reached")
            self._milestones.remove(event.id)
            self._check_clocks(place, event)
            self.reached.append(Reached(event.id, event.clocks))
        elif isinstance(event, OutcomeEvent):
            self._check_clocks(place, event)
            self._check_budget(place, event)

    def _check_clocks(self, place: str, event: MilestoneEvent | OutcomeEvent) -> None:
        """Compare the clocks of an event that lies within the last turn, or at its end."""
        steps = event.clocks.steps
        if not self._known_steps <= steps <= len(self._inputs):
            raise DesyncError(f"{place}: {steps} steps, which is not within the turn before it")
        self._known_steps = steps
        done = self._inputs[:steps]
        found = replace(
            self.ledger.on(Clocks()),
            frames=self._frame(steps),
            presses=steps - done.count(Action.WAIT.letter),
            steps=steps,
            turns=self._turns,
        )
        self._compare(place, "frame", event.f, found.frames)
        for name in _COUNTED:
            claimed, own = getattr(event.clocks, name), getattr(found, name)
            if not (name.startswith("usd") and abs(claimed - own) <= _DOLLARS):
                self._compare(place, f"clock {name}", claimed, own)

    def _check_budget(self, place: str, event: OutcomeEvent) -> None:
        """Refuse an end by the budget before it, and play beyond it."""
        left = self._manifest.budget.frames - event.f
        is_used_up = left <= 0
        if (event.reason is EndReason.BUDGET_FRAMES and not is_used_up) or (
            left <= -self._manifest.timing.step_frames
        ):
            raise DesyncError(f"{place}: the reason is {event.reason} with {left} frames left")

    def _frame(self, steps: int) -> int:
        if self._start is None:
            raise DesyncError("events.jsonl: a turn or an end before the reset")
        return self._start + steps * self._manifest.timing.step_frames

    @staticmethod
    def _compare(place: str, what: str, recorded: object, counted: object) -> None:
        if recorded != counted:
            raise DesyncError(f"{place}: {what} is recorded as {recorded}, and counts {counted}")
