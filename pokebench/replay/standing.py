"""Where a run stands between two lines of its record, and where a record claims that it stands.

Re-simulation may begin at a claimed standing, with a machine state of one's own, if what it finds
is held against the claim of the line at which the stretch before ended: then the stretches form a
chain from power-on, and a false claim breaks it where it is first false.
"""

import copy
from dataclasses import dataclass, replace

from pokebench.milestone import Cartridge
from pokebench.trajectory import (
    Ledger,
    Line,
    Manifest,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    TurnEvent,
)
from pokebench.types import Action, EndReason


@dataclass(frozen=True, slots=True)
class Standing:
    """All that following a record keeps in mind besides the machine.

    Attributes:
        frames: frames since power-on.
        steps: steps taken.
        presses: steps that pressed a button.
        turns: turns taken.
        turns_at_milestone: turns when the newest milestone latched.
        latched: milestones, in order.
        ledger: what asking models has cost.
        began: the reset was recorded.
        outcome: a resumable end after which no session has begun yet.
    """

    frames: int
    steps: int
    presses: int
    turns: int
    turns_at_milestone: int
    latched: tuple[str, ...]
    ledger: Ledger
    began: bool
    outcome: EndReason | None = None


class Claims:
    """Adds up what a record claims, line by line, without playing."""

    def __init__(self, manifest: Manifest, cartridge: Cartridge) -> None:
        """Begin before the first line of the run that `manifest` names."""
        table = cartridge.table
        self._step_frames = table.timing.step_frames
        self._known = {milestone.id for milestone in cartridge.milestones}
        self._end = table.end.milestone
        self._budget_frames = manifest.budget.frames
        self._ledger = Ledger()
        self._is_odd = False
        self._now = Standing(0, 0, 0, 0, 0, (), self._ledger, False)

    @property
    def frames(self) -> int:
        """Frames that the inputs so far lead to."""
        return self._now.frames

    @property
    def can_begin(self) -> bool:
        """Whether re-simulation may begin here: the episode goes on, and nothing claimed is odd."""
        now = self._now
        is_over = self._end in now.latched or now.frames >= self._budget_frames
        return now.began and not is_over and now.outcome is None and not self._is_odd

    def standing(self) -> Standing:
        """Return the standing after the lines added so far."""
        return replace(self._now, ledger=copy.copy(self._ledger))

    def add(self, line: Line) -> None:
        """Take the next line."""
        event, now = line.event, self._now
        self._ledger.add(event)
        if isinstance(event, TurnEvent):
            self._is_odd |= event.f != now.frames or not now.began
            self._now = self._after_turn(event.a)
        elif isinstance(event, MilestoneEvent):
            self._is_odd |= event.id not in self._known or event.id in now.latched
            latched = (*now.latched, event.id)
            self._now = replace(now, latched=latched, turns_at_milestone=now.turns)
        elif isinstance(event, ResetEvent):
            self._is_odd |= now.began
            self._now = replace(now, began=True, frames=event.f)
        elif isinstance(event, OutcomeEvent):
            self._now = replace(now, outcome=event.reason)
        elif isinstance(event, SessionEvent):
            self._now = replace(now, outcome=None)

    def _after_turn(self, letters: str) -> Standing:
        now = self._now
        return replace(
            now,
            frames=now.frames + len(letters) * self._step_frames,
            steps=now.steps + len(letters),
            presses=now.presses + len(letters) - letters.count(Action.WAIT.letter),
            turns=now.turns + 1,
        )
