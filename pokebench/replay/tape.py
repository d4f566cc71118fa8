"""The inputs of a run, by frame."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from pokebench.milestone import Cartridge, GameTable
from pokebench.replay.opening import Opening
from pokebench.trajectory import Line, Manifest, MilestoneEvent, Trajectory, TurnEvent
from pokebench.trajectory.events import TURN_KINDS
from pokebench.types import ACTION_LETTERS, Action

_ACTIONS: Final = {letter: action for action, letter in zip(Action, ACTION_LETTERS, strict=True)}
_KINDS: Final = frozenset({*TURN_KINDS, "milestone"})
_HEAD_BYTES: Final = 24


class Tape:
    """One action a step, from the start of the run on.

    A tape ends where the record does, where the episode is claimed to be over, or before the first
    turn that does not begin where the one before it ended.

    Attributes:
        opening: what is pressed before.
        start: the frame at which the first step begins.
        step_frames: frames of a step.
        hold_frames: frames of a step in which its button is held.
        count: lines of the record that were taken in.
    """

    def __init__(self, manifest: Manifest, table: GameTable, opening: Opening) -> None:
        """Begin an empty tape of the run that `manifest` names, after its opening."""
        self.opening = opening
        self.start = opening.end
        self.step_frames = table.timing.step_frames
        self.hold_frames = table.timing.hold_frames
        self.count = 0
        self._end = manifest.goal or table.end.milestone
        self._budget_frames = manifest.budget.frames
        self._is_over = False
        self._letters = bytearray()
        self._steps = array("q")
        self._lines = array("q")

    @classmethod
    def of(cls, trajectory: Trajectory, cartridge: Cartridge) -> "Tape":
        """Return the tape of a record."""
        opening = Opening.of(cartridge, trajectory.manifest.seed)
        tape = cls(trajectory.manifest, cartridge.table, opening)
        tape.extend(trajectory.lines)
        return tape

    @property
    def last_frame(self) -> int:
        """The last frame that the inputs lead to."""
        return self.start + len(self._letters) * self.step_frames

    @property
    def turn_lines(self) -> Sequence[int]:
        """For each turn the line of the record that it stands in."""
        return self._lines

    @property
    def turn_frames(self) -> list[int]:
        """For each turn the frame at which it begins."""
        ends = [self.start + steps * self.step_frames for steps in self._steps]
        return [self.start, *ends][: len(ends)]

    def extend(self, lines: Iterable[Line]) -> None:
        """Take in further lines of the record."""
        for line in lines:
            self.count = line.number
            if line.kind in _KINDS and not self._is_over:
                self._add(line)

    def action_at(self, frame: int) -> Action:
        """Return what the step does that is under way after `frame`, which is on the tape."""
        return _ACTIONS[chr(self._letters[(frame - self.start) // self.step_frames])]

    def line_at(self, frame: int) -> int:
        """Return the line of the turn that led to `frame`; 0 before the first turn's first step."""
        steps = -(-(frame - self.start) // self.step_frames)
        return self._lines[bisect_left(self._steps, steps)] if steps > 0 else 0

    def to_bytes(self) -> bytes:
        """Return the tape for `take_bytes`."""
        head = array("q", [self.count, self._is_over, len(self._steps)])
        return b"".join(
            (head.tobytes(), self._steps.tobytes(), self._lines.tobytes(), self._letters)
        )

    def take_bytes(self, raw: bytes) -> None:
        """Take in what `to_bytes` returned for a tape of the same run."""
        count, is_over, turns = array("q", raw[:_HEAD_BYTES])
        first, second = _HEAD_BYTES + 8 * turns, _HEAD_BYTES + 16 * turns
        self.count, self._is_over = count, bool(is_over)
        self._steps = array("q", raw[_HEAD_BYTES:first])
        self._lines = array("q", raw[first:second])
        self._letters = bytearray(raw[second:])

    def _add(self, line: Line) -> None:
        event = line.event
        if isinstance(event, MilestoneEvent) and event.id == self._end:
            self._is_over = True
            steps = (event.f - self.start) // self.step_frames
            del self._letters[max(steps, 0) :]
        elif isinstance(event, TurnEvent):
            self._add_turn(line.number, event)

    def _add_turn(self, number: int, event: TurnEvent) -> None:
        left = -(-(self._budget_frames - self.last_frame) // self.step_frames)
        self._is_over = event.f != self.last_frame or len(event.a) >= left
        if event.f == self.last_frame and left > 0:
            self._letters += event.a[:left].encode()
            self._steps.append(len(self._letters))
            self._lines.append(number)
