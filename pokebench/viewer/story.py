"""A run as the page tells it: plain data folded from the record, whole or still growing.

The server and the exported page hand out the same four things, all JSON:

* `Story.header()`: what the run is. It never changes.
* `Story.growth(line)`: everything that came after a line of the record: turns as columns,
  milestones, marks, and how things stand now. `growth(0)` is the whole run; a page that follows a
  run in progress asks with the line of the growth before.
* `Story.turns(chunk)`: `CHUNK_TURNS` turns with all that was thought, said and done in them.
* `Story.raw(line)`: one event as it was written.

What comes from the record is untrusted: the page shows it as text and nothing else.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from pokebench.trajectory import (
    CheckpointEvent,
    DiagnosticEvent,
    DoneEvent,
    Event,
    Ledger,
    Line,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    ResultEvent,
    SessionEvent,
    Tail,
    TurnEvent,
)
from pokebench.types import FRAMES_PER_SECOND, Clocks, JsonObject
from pokebench.viewer.marks import LANES, Mark, mark_of
from pokebench.viewer.parts import part_of

FORMAT: Final = "pokebench-story/1"
CHUNK_TURNS: Final = 50
"""Turns in one chunk."""
_AFTER_TURN: Final = (DoneEvent, CheckpointEvent, MilestoneEvent, DiagnosticEvent, OutcomeEvent)
"""Events that belong to the turn before them; all others lead to the turn after."""
COLUMNS: Final = (
    "frame", "steps", "presses", "calls", "tokens_in", "tokens_cache_read", "tokens_cache_write",
    "tokens_out", "usd", "usd_uncertain", "wall",
)  # fmt: skip
"""What is told of each turn, as columns: `frame`, `steps`, `presses` before it, and what was spent
up to the moment it was acted on, the answers that led to it included."""


class Story:
    """One run."""

    def __init__(self, tail: Tail, titles: Mapping[str, str] | None = None) -> None:
        """Take in the record as far as it is whole.

        Args:
            tail: the record; nobody else polls it.
            titles: titles of the game's milestones, by id.
        """
        self._tail = tail
        self._titles = titles or {}
        self._ledger = Ledger()
        self._columns: dict[str, list[float]] = {name: [] for name in COLUMNS}
        self._frames: list[int] = []
        self._actions: list[str] = []
        self._turn_lines: list[int] = []
        self._starts = [0]
        self._line = 0
        self._milestones: list[tuple[int, JsonObject]] = []
        self._marks: list[Mark] = []
        self._steps = self._presses = 0
        self._first_frame = self._last_frame = 0
        self._seconds = 0.0
        self._outcome: OutcomeEvent | None = None
        self.follow()

    @property
    def turn_count(self) -> int:
        """Turns so far."""
        return len(self._frames)

    @property
    def line(self) -> int:
        """Whole lines so far."""
        return self._line

    @property
    def tail(self) -> Tail:
        """The record that is followed."""
        return self._tail

    def follow(self) -> bool:
        """Take in what was recorded since; return whether that was anything."""
        before = (self.line, self._tail.fault, self._tail.torn)
        for line in self._tail.poll():
            self._line = line.number
            self._take(line.event)
        self._line = self._tail.count
        return (self.line, self._tail.fault, self._tail.torn) != before

    def header(self) -> JsonObject:
        """Return what the run is."""
        manifest = self._tail.manifest
        card = manifest.agent.card
        model = card.get("model")
        ids = manifest.game.milestones
        return {
            "format": FORMAT,
            "name": self._tail.folder.name,
            "run_id": manifest.run_id,
            "created": manifest.created,
            "game": {
                "spec": manifest.game.spec,
                "id": manifest.game.id,
                "title": manifest.game.title,
                "rom_sha1": manifest.game.rom_sha1,
                "is_generated": manifest.game.world is not None,
            },
            "agent": {
                "id": manifest.agent.id,
                "title": _words(card.get("title")) or manifest.agent.id,
                "model": _words(model.get("model")) if isinstance(model, dict) else "",
                "host": manifest.agent.api_host or "",
                "is_privileged": manifest.agent.privileged,
            },
            "tier": manifest.tier,
            "seed": manifest.seed,
            "budget": manifest.budget.model_dump(exclude_none=True),
            "frames_per_second": FRAMES_PER_SECOND,
            "step_frames": manifest.timing.step_frames,
            "hold_frames": manifest.timing.hold_frames,
            "milestones": [{"id": name, "title": self._titles.get(name, name)} for name in ids],
            "lanes": list(LANES),
            "columns": list(COLUMNS),
            "chunk_turns": CHUNK_TURNS,
            "code": manifest.code.version,
            "emulator": f"{manifest.emulator.name} {manifest.emulator.version}",
        }

    def growth(self, line: int = 0) -> JsonObject:
        """Return what came after a line of the record.

        Args:
            line: whole lines that are known already; 0 for none.
        """
        first = self._turn_after(line)
        columns = {name: values[first:] for name, values in self._columns.items()}
        return {
            "line": self.line,
            "after": line,
            "first_turn": first,
            "turns": columns,
            "actions": self._actions[first:],
            "milestones": [told for at, told in self._milestones if at > line],
            "marks": [mark.to_json() for mark in self._marks if mark.line > line],
            "first_frame": self._first_frame,
            "last_frame": self._last_frame,
            "clocks": asdict(self._clocks()),
            "has_unknown_prices": self._ledger.has_unknown_prices,
            "head": self._tail.head,
            "status": self._status(),
        }

    def turns(self, chunk: int) -> JsonObject:
        """Return the turns from `chunk * CHUNK_TURNS` on.

        What came after the last turn of a run, such as a question under way, stands in `rest`.
        """
        first = max(chunk, 0) * CHUNK_TURNS
        last = min(first + CHUNK_TURNS, self.turn_count)
        is_end = first <= self.turn_count <= first + CHUNK_TURNS
        return {
            "chunk": chunk,
            "first_turn": first,
            "is_whole": last == first + CHUNK_TURNS,
            "turns": [self._turn(turn) for turn in range(first, last)],
            "rest": self._parts(self._starts[-1], self.line) if is_end else [],
        }

    def parts(self) -> Iterator[tuple[int, JsonObject]]:
        """Yield every part of the run with its turn, in order."""
        for turn in range(self.turn_count + 1):
            end = self._starts[turn + 1] if turn < self.turn_count else self.line
            for part in self._parts(self._starts[turn], end):
                yield turn, part

    def frame_of(self, turn: int) -> int:
        """Return the frame before a turn; the last one for what comes after all turns."""
        return self._frames[turn] if 0 <= turn < self.turn_count else self._last_frame

    def raw(self, line: int) -> str:
        """Return a line of the record, from 1, as it was written.

        Raises:
            TrajectoryError: there is no such line.
        """
        return self._tail.raw(line).decode("utf-8", "replace")

    def _take(self, event: Event) -> None:
        self._ledger.add(event)
        is_after = isinstance(event, _AFTER_TURN) and 0 < self._starts[-1] == self.line - 1
        turn = self.turn_count - is_after
        mark = mark_of(event, self.line, turn, self._frames)
        if mark is not None:
            self._marks.append(mark)
        self._last_frame = max(self._last_frame, event.f)
        match event:
            case ResetEvent():
                self._first_frame = event.f
            case ResultEvent():
                self._seconds = max(self._seconds, event.w)
            case TurnEvent():
                self._take_turn(event)
            case MilestoneEvent():
                told = {"id": event.id, "turn": turn, "clocks": asdict(event.clocks)}
                self._milestones.append((self.line, told))
            case OutcomeEvent():
                self._outcome, self._last_frame = event, event.f
            case SessionEvent():
                self._outcome = None
        if is_after:
            self._starts[-1] = self.line

    def _take_turn(self, event: TurnEvent) -> None:
        self._seconds = max(self._seconds, event.w)
        ledger = self._ledger
        values = (
            event.f, self._steps, self._presses, ledger.calls, ledger.tokens_in,
            ledger.tokens_cache_read, ledger.tokens_cache_write, ledger.tokens_out,
            ledger.usd_known, ledger.usd_uncertain, self._seconds,
        )  # fmt: skip
        for name, value in zip(COLUMNS, values, strict=True):
            self._columns[name].append(value)
        self._frames.append(event.f)
        self._actions.append(event.a)
        self._turn_lines.append(self.line)
        self._starts.append(self.line)
        self._steps += len(event.a)
        self._presses += len(event.a) - event.a.count(".")
        step_frames = self._tail.manifest.timing.step_frames
        self._last_frame = max(self._last_frame, event.f + len(event.a) * step_frames)

    def _turn_after(self, line: int) -> int:
        """Return the first turn that was recorded after a line."""
        return bisect_right(self._turn_lines, line)

    def _clocks(self) -> Clocks:
        if self._outcome is not None:
            return self._outcome.clocks
        seconds = self._seconds
        return self._ledger.on(
            Clocks(
                frames=self._last_frame,
                steps=self._steps,
                presses=self._presses,
                turns=self.turn_count,
                work_s=max(seconds - self._ledger.waited_s, 0.0),
                wall_s=seconds,
            )
        )

    def _status(self) -> JsonObject:
        outcome = self._outcome
        return {
            "is_over": outcome is not None and not outcome.reason.is_resumable,
            "reason": str(outcome.reason) if outcome else "",
            "detail": outcome.detail[:500] if outcome else "",
            "fault": self._tail.fault,
            "torn": self._tail.torn,
        }

    def _turn(self, turn: int) -> JsonObject:
        first, end = self._starts[turn], self._starts[turn + 1]
        return {
            "turn": turn,
            "line": first + 1,
            "lines": end - first,
            "parts": self._parts(first, end),
        }

    def _parts(self, first: int, end: int) -> list[JsonObject]:
        """Return the parts of lines `first` (from 0) to before `end`, each with its line."""
        parts = []
        lines = self._tail.lines
        for index in range(bisect_right(lines, first, key=_number), len(lines)):
            line = lines[index]
            if line.number > end:
                break
            part = part_of(line.event)
            if part is not None:
                parts.append(part | {"line": line.number})
        return parts


def _number(line: Line) -> int:
    return line.number


def _words(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
