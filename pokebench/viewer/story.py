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

from pokebench.errors import TrajectoryError
from pokebench.trajectory import Line, Tail
from pokebench.types import FRAMES_PER_SECOND, JsonObject
from pokebench.viewer.fold import COLUMNS, Fold
from pokebench.viewer.indexing import by_name
from pokebench.viewer.marks import LANES
from pokebench.viewer.parts import part_of

FORMAT: Final = "pokebench-story/1"
CHUNK_TURNS: Final = 50
"""Turns in one chunk."""


class Story:
    """One run."""

    def __init__(
        self, tail: Tail, titles: Mapping[str, str] | None = None, kept: bytes | None = None
    ) -> None:
        """Take in the record as far as it is whole.

        Args:
            tail: the record; nobody else polls it.
            titles: titles of the game's milestones, by id.
            kept: what `to_bytes` returned when the same record was shorter; it is not read again.
        """
        self._tail = tail
        self._titles = titles or {}
        self._fold = Fold(tail.manifest.timing.step_frames)
        if kept is not None:
            self._fold.take_bytes(kept)
        self.follow()

    @property
    def turn_count(self) -> int:
        """Turns so far."""
        return self._fold.turn_count

    @property
    def line(self) -> int:
        """Whole lines so far."""
        return self._fold.line

    @property
    def tail(self) -> Tail:
        """The record that is followed."""
        return self._tail

    def follow(self) -> bool:
        """Take in what was recorded since; return whether that was anything."""
        before = (self.line, self._tail.fault, self._tail.torn)
        self._tail.poll()
        for line in self._lines_after(self.line):
            self._fold.take(line.number, line.event)
        self._fold.line = self._tail.count
        return (self.line, self._tail.fault, self._tail.torn) != before

    def to_bytes(self) -> bytes:
        """Return what the record adds up to, to be kept for the next opening."""
        return self._fold.to_bytes()

    def header(self) -> JsonObject:
        """Return what the run is."""
        manifest = self._tail.manifest
        card = manifest.agent.card
        model = card.get("model")
        ids = manifest.game.milestones
        return {
            "format": FORMAT,
            "name": self._tail.folder.resolve().name,
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
        columns = {name: values[first:] for name, values in self._fold.columns.items()}
        return {
            "line": self.line,
            "after": line,
            "first_turn": first,
            "turns": columns,
            "actions": self._fold.actions[first:],
            "milestones": [told for at, told in self._fold.milestones if at > line],
            "marks": [mark.to_json() for mark in self._fold.marks if mark.line > line],
            "first_frame": self._fold.first_frame,
            "last_frame": self._fold.last_frame,
            "clocks": asdict(self._fold.clocks()),
            "has_unknown_prices": self._fold.ledger.has_unknown_prices,
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
            "rest": self._parts(self._fold.starts[-1], self.line) if is_end else [],
        }

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Yield every line of the record with the turn that it belongs to, in order."""
        turn, starts = 0, self._fold.starts
        for line in self._lines_after(0):
            while turn < self.turn_count and line.number > starts[turn + 1]:
                turn += 1
            yield turn, line

    def parts_of(self, turn: int) -> list[JsonObject]:
        """Return the parts of a turn; none if there is no such turn."""
        if not 0 <= turn < self.turn_count:
            return []
        return self._parts(self._fold.starts[turn], self._fold.starts[turn + 1])

    def frame_of(self, turn: int) -> int:
        """Return the frame before a turn; the last one for what comes after all turns."""
        return self._fold.frames[turn] if 0 <= turn < self.turn_count else self._fold.last_frame

    def raw(self, line: int) -> str:
        """Return a line of the record, from 1, as it was written.

        Raises:
            TrajectoryError: there is no such line.
        """
        try:
            return self._tail.raw(line).decode("utf-8", "replace")
        except TrajectoryError as error:
            raise TrajectoryError(by_name(str(error), self._tail.folder)) from error

    def _turn_after(self, line: int) -> int:
        """Return the first turn that was recorded after a line."""
        return bisect_right(self._fold.turn_lines, line)

    def _status(self) -> JsonObject:
        outcome = self._fold.outcome
        return {
            "is_over": outcome is not None and not outcome.reason.is_resumable,
            "reason": str(outcome.reason) if outcome else "",
            "detail": outcome.detail[:500] if outcome else "",
            "fault": by_name(self._tail.fault, self._tail.folder),
            "torn": by_name(self._tail.torn, self._tail.folder),
        }

    def _turn(self, turn: int) -> JsonObject:
        first, end = self._fold.starts[turn], self._fold.starts[turn + 1]
        return {
            "turn": turn,
            "line": first + 1,
            "lines": end - first,
            "parts": self._parts(first, end),
        }

    def _parts(self, first: int, end: int) -> list[JsonObject]:
        """Return the parts of lines `first` (from 0) to before `end`, each with its line."""
        parts = []
        for line in self._lines_after(first):
            if line.number > end:
                break
            part = part_of(line.event)
            if part is not None:
                parts.append(part | {"line": line.number})
        return parts

    def _lines_after(self, number: int) -> Iterator[Line]:
        lines = self._tail.lines
        for at in range(bisect_right(lines, number, key=_number), len(lines)):
            yield lines[at]


def _number(line: Line) -> int:
    return line.number


def _words(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
