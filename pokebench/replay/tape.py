"""The inputs of a run, by frame."""

from bisect import bisect_right
from collections.abc import Iterable

from pokebench.milestone import Cartridge
from pokebench.trajectory import Line, Manifest, MilestoneEvent, TurnEvent
from pokebench.types import Action, actions_of


class Tape:
    """One action a step, from the start of the run on.

    A tape ends where the record does, where the episode is claimed to be over, or before the first
    turn that does not begin where the one before it ended.

    Attributes:
        start: the frame at which the first step begins.
        step_frames: frames of a step.
        hold_frames: frames of a step in which its button is held.
        last_frame: the last one that the inputs lead to.
    """

    def __init__(self, manifest: Manifest, cartridge: Cartridge) -> None:
        """Begin an empty tape of the run that `manifest` names."""
        table = cartridge.table
        self.start = table.start.boot_frames + table.start.idle_frames(manifest.seed)
        self.step_frames = table.timing.step_frames
        self.hold_frames = table.timing.hold_frames
        self.last_frame = self.start
        self._end = manifest.goal or table.end.milestone
        self._budget_frames = manifest.budget.frames
        self._is_over = False
        self._turns: list[tuple[Action, ...]] = []
        self._starts: list[int] = []
        self._lines: list[int] = []

    def extend(self, lines: Iterable[Line]) -> None:
        """Add the turns of further lines."""
        for line in lines:
            event = line.event
            if isinstance(event, TurnEvent):
                self._add(line, event)
            elif isinstance(event, MilestoneEvent) and event.id == self._end:
                self._is_over = True
                self.last_frame = min(self.last_frame, event.f)

    def action_at(self, frame: int) -> Action:
        """Return what the step does that is under way after `frame`, which is on the tape."""
        index = bisect_right(self._starts, frame) - 1
        return self._turns[index][(frame - self._starts[index]) // self.step_frames]

    def line_at(self, frame: int) -> int:
        """Return the line of the turn that led to `frame`; 0 for frames before the first turn."""
        index = bisect_right(self._starts, frame - 1) - 1
        return self._lines[index] if index >= 0 else 0

    def _add(self, line: Line, event: TurnEvent) -> None:
        if self._is_over or event.f != self.last_frame:
            self._is_over = True
            return
        steps = len(event.a)
        left = -(-(self._budget_frames - self.last_frame) // self.step_frames)
        if steps >= left:
            self._is_over = True
            steps = max(left, 0)
        if steps:
            self._turns.append(actions_of(event.a[:steps]))
            self._starts.append(self.last_frame)
            self._lines.append(line.number)
            self.last_frame += steps * self.step_frames
