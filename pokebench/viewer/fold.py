"""What a record adds up to, line by line: turns as columns, milestones, marks, costs."""

from dataclasses import asdict, fields
from typing import Any, Final

from pydantic_core import from_json, to_json

from pokebench.trajectory import (
    CheckpointEvent,
    DiagnosticEvent,
    DoneEvent,
    Event,
    Ledger,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    ResultEvent,
    SessionEvent,
    TurnEvent,
)
from pokebench.types import Clocks, JsonObject
from pokebench.viewer.marks import Mark, mark_of

COLUMNS: Final = (
    "frame", "steps", "presses", "calls", "tokens_in", "tokens_cache_read", "tokens_cache_write",
    "tokens_out", "usd", "usd_uncertain", "wall",
)  # fmt: skip
"""What is told of each turn, as columns: `frame`, `steps`, `presses` before it, and what was spent
up to the moment it was acted on, the answers that led to it included."""
_AFTER_TURN: Final = (DoneEvent, CheckpointEvent, MilestoneEvent, DiagnosticEvent, OutcomeEvent)
"""Events that belong to the turn before them; all others lead to the turn after."""
_PLAIN: Final = (
    "columns", "actions", "turn_lines", "starts", "line", "steps", "presses", "first_frame",
    "last_frame", "seconds", "milestones",
)  # fmt: skip


class Fold:
    """A record that is added up.

    Attributes:
        columns: `COLUMNS`, one value a turn.
        actions: the steps of each turn, as letters.
        turn_lines: the line of each turn.
        starts: for each turn the line after which what belongs to it begins, and where the last
            one ends.
        line: the last line.
        milestones: line and what is told of each.
        marks: moments for the timeline.
        steps: steps so far.
        presses: those of them that press a button.
        first_frame: where the agent's first turn begins.
        last_frame: up to where the record leads.
        seconds: of the run's clock.
        outcome: how the run ended.
        ledger: what was spent.
    """

    def __init__(self, step_frames: int) -> None:
        """Begin with nothing; a step takes `step_frames`."""
        self._step_frames = step_frames
        self.columns: dict[str, list[float]] = {name: [] for name in COLUMNS}
        self.actions: list[str] = []
        self.turn_lines: list[int] = []
        self.starts = [0]
        self.line = 0
        self.milestones: list[tuple[int, JsonObject]] = []
        self.marks: list[Mark] = []
        self.steps = self.presses = 0
        self.first_frame = self.last_frame = 0
        self.seconds = 0.0
        self.outcome: OutcomeEvent | None = None
        self.ledger = Ledger()

    @property
    def turn_count(self) -> int:
        """Turns so far."""
        return len(self.actions)

    @property
    def frames(self) -> list[int]:
        """The frame before each turn."""
        return self.columns["frame"]  # type: ignore[return-value]

    def take(self, line: int, event: Event) -> None:
        """Take in the event of a line."""
        self.line = line
        self.ledger.add(event)
        is_after = isinstance(event, _AFTER_TURN) and 0 < self.starts[-1] == self.line - 1
        turn = self.turn_count - is_after
        mark = mark_of(event, self.line, turn, self.frames)
        if mark is not None:
            self.marks.append(mark)
        self.last_frame = max(self.last_frame, event.f)
        match event:
            case ResetEvent():
                self.first_frame = event.f
            case ResultEvent():
                self.seconds = max(self.seconds, event.w)
            case TurnEvent():
                self._take_turn(event)
            case MilestoneEvent():
                told = {"id": event.id, "turn": turn, "clocks": asdict(event.clocks)}
                self.milestones.append((self.line, told))
            case OutcomeEvent():
                self.outcome, self.last_frame = event, event.f
            case SessionEvent():
                self.outcome = None
        if is_after:
            self.starts[-1] = self.line

    def _take_turn(self, event: TurnEvent) -> None:
        self.seconds = max(self.seconds, event.w)
        ledger = self.ledger
        values = (
            event.f, self.steps, self.presses, ledger.calls, ledger.tokens_in,
            ledger.tokens_cache_read, ledger.tokens_cache_write, ledger.tokens_out,
            ledger.usd_known, ledger.usd_uncertain, self.seconds,
        )  # fmt: skip
        for name, value in zip(COLUMNS, values, strict=True):
            self.columns[name].append(value)
        self.actions.append(event.a)
        self.turn_lines.append(self.line)
        self.starts.append(self.line)
        self.steps += len(event.a)
        self.presses += len(event.a) - event.a.count(".")
        end = event.f + len(event.a) * self._step_frames
        self.last_frame = max(self.last_frame, end)

    def clocks(self) -> Clocks:
        """Return how the clocks stand."""
        if self.outcome is not None:
            return self.outcome.clocks
        seconds = self.seconds
        return self.ledger.on(
            Clocks(
                frames=self.last_frame,
                steps=self.steps,
                presses=self.presses,
                turns=self.turn_count,
                work_s=max(seconds - self.ledger.waited_s, 0.0),
                wall_s=seconds,
            )
        )

    def to_bytes(self) -> bytes:
        """Return everything, for `take_bytes`."""
        told: JsonObject = {name: getattr(self, name) for name in _PLAIN}
        told["marks"] = [[getattr(mark, f.name) for f in fields(Mark)] for mark in self.marks]
        told["ledger"] = asdict(self.ledger)
        told["outcome"] = self.outcome and self.outcome.model_dump_json(by_alias=True)
        return to_json(told)

    def take_bytes(self, raw: bytes) -> None:
        """Stand where a fold of the same record stood that `to_bytes` wrote down.

        Raises:
            ValueError: it has another form.
        """
        told: dict[str, Any] = from_json(raw)
        try:
            for name in _PLAIN:
                setattr(self, name, told[name])
            self.marks = [Mark(*values) for values in told["marks"]]
            self.ledger = Ledger(**told["ledger"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"no fold of a record: {error}") from error
        outcome = told["outcome"]
        self.outcome = OutcomeEvent.model_validate_json(outcome) if outcome else None
