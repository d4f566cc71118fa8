"""Where a run stands between two lines of its record, and where a record claims that it stands.

Re-simulation may begin at a claimed standing, with a machine state of one's own, if what it finds
is held against the claim of the line at which the stretch before ended: then the stretches form a
chain from power-on, and a false claim breaks it where it is first false.
"""

import copy
from dataclasses import dataclass

from pokebench.milestone import GameTable
from pokebench.trajectory import (
    InheritedEvent,
    Ledger,
    Line,
    Manifest,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    TurnEvent,
)
from pokebench.types import EndReason, JsonObject


@dataclass(frozen=True, slots=True)
class Standing:
    """All that following a record keeps in mind besides the machine.

    Attributes:
        episode: the episode's state.
        turns: turns taken.
        turns_at_milestone: turns when the newest milestone latched, or the branch began.
        ledger: what asking models has cost.
        began: the reset was recorded.
        outcome: a resumable end after which no session has begun yet.
    """

    episode: JsonObject
    turns: int
    turns_at_milestone: int
    ledger: Ledger
    began: bool
    outcome: EndReason | None = None


class Claims:
    """Adds up what a record claims, line by line, without playing.

    Attributes:
        frames: frames that the inputs so far lead to.
    """

    def __init__(self, manifest: Manifest, table: GameTable) -> None:
        """Begin before the first line of the run that `manifest` names."""
        self.frames = 0
        self._step_frames = table.timing.step_frames
        self._budget_frames = manifest.budget.frames
        self._ledger = Ledger()
        self._turns = self._turns_at_milestone = 0
        self._began = self._is_odd = False
        self._outcome: EndReason | None = None

    @property
    def can_begin(self) -> bool:
        """Whether re-simulation may begin here: the episode goes on, and nothing claimed is odd."""
        goes_on = self._began and self.frames < self._budget_frames and self._outcome is None
        return goes_on and not self._is_odd

    def standing(self, episode: JsonObject) -> Standing:
        """Return the standing after the lines added so far, with the episode's state there."""
        return Standing(
            episode=episode,
            turns=self._turns,
            turns_at_milestone=self._turns_at_milestone,
            ledger=copy.copy(self._ledger),
            began=self._began,
            outcome=self._outcome,
        )

    def add(self, line: Line) -> None:
        """Take the next line."""
        event = line.event
        self._ledger.add(event)
        if isinstance(event, TurnEvent):
            self._is_odd |= event.f != self.frames or not self._began
            self.frames += len(event.a) * self._step_frames
            self._turns += 1
            if isinstance(event, InheritedEvent):
                self._turns_at_milestone = self._turns
        elif isinstance(event, MilestoneEvent):
            self._turns_at_milestone = self._turns
        elif isinstance(event, ResetEvent):
            self._is_odd |= self._began
            self.frames, self._began = event.f, True
        elif isinstance(event, OutcomeEvent):
            self._outcome = event.reason
        elif isinstance(event, SessionEvent):
            self._outcome = None
