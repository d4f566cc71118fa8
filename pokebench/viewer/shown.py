"""One run as the server shows it: its story, its screens, what was seen, where the player went."""

import json
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pokebench.errors import PokebenchError, TrajectoryError
from pokebench.replay.store import Store
from pokebench.replay.way import Way
from pokebench.trajectory import Tail, Trajectory
from pokebench.trajectory.writer import EVENTS_NAME
from pokebench.types import JsonObject
from pokebench.viewer.indexing import Simulation
from pokebench.viewer.maps import trodden
from pokebench.viewer.search import search
from pokebench.viewer.story import Story

if TYPE_CHECKING:
    from pokebench.viewer.pictures import Pictures

_TEXT_TIERS: Final = frozenset({"text", "assisted", "open", "both"})
_BLIND_TIERS: Final = frozenset({"none"})
_FOLD: Final = "fold 1"
"""The name and form of what is kept of a story."""
_TITLES: Final = "titles 1"
"""The name and form of what is kept of the milestones' titles."""
_KEEP_BYTES: Final = 1 << 18
"""Bytes of the record that are read in an instant, and so are not worth keeping."""


class ShownRun:
    """One run folder; nothing else is read but the person's own cache and ROM.

    Its methods may be called from any thread.

    Attributes:
        simulation: how far it was re-simulated.
    """

    def __init__(
        self, record: Tail, rom: Path | None, cache: Path, table: Path | None = None
    ) -> None:
        """Read the record; the emulator is loaded when it is needed, or by `prepare`.

        Args:
            record: the run's; nothing but the manifest was read.
            rom: the person's ROM, for games that are not generated.
            cache: the person's own cache folder.
            table: the person's table, for games that pokebench has none of.
        """
        self.simulation = Simulation()
        self._tail = record
        self._rom = rom
        self._table = table
        self._cache = cache
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._pictures: Pictures | None = None
        self._fault = ""
        self._kept_bytes = 0
        store = Store(cache, record.root)
        try:
            self._story = self._opened(store)
            if not self._fault:
                self.simulation = _known_simulation(store, record)
        finally:
            store.close()

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self._tail.folder

    @property
    def line(self) -> int:
        """Whole lines of the record that were taken in."""
        return self._story.line

    @property
    def turn_count(self) -> int:
        """Turns that were taken in."""
        return self._story.turn_count

    @property
    def can_be_simulated(self) -> bool:
        """Whether game, ROM and emulator are here."""
        self.prepare()
        return not self._fault

    def prepare(self) -> None:
        """Get ready to show screens; `simulation` tells if that cannot be."""
        with suppress(PokebenchError):
            self._made()

    def follow(self) -> bool:
        """Take in what was recorded since; return whether that was anything."""
        with self._lock:
            return self._story.follow()

    def keep(self) -> None:
        """Leave what the record adds up to in the cache, so that it opens at once another time."""
        with self._lock:
            trajectory, known = self._tail.trajectory(), self._tail.known()
            if trajectory.events_bytes - self._kept_bytes < _KEEP_BYTES:
                return
            self._kept_bytes = trajectory.events_bytes
            made = self._story.to_bytes()
        store = Store(self._cache, trajectory.root)
        store.keep_record(known)
        store.keep_memory(_FOLD, trajectory, made)
        store.close()

    def told(self) -> JsonObject:
        """Return everything that the page begins with."""
        growth = self.growth(0)
        simulation = self.simulation.to_json()
        return {"header": self._story.header(), "growth": growth, "simulation": simulation}

    def growth(self, line: int) -> JsonObject:
        """Return what came after a line of the record, and for how long nothing did."""
        with self._lock:
            growth = self._story.growth(line)
        status = growth["status"]
        if not status["reason"] and not status["fault"]:
            status["quiet_s"] = self._quiet_s()
        return growth

    def turns(self, chunk: int) -> JsonObject:
        """Return a chunk of turns."""
        with self._lock:
            return self._story.turns(chunk)

    def raw(self, line: int) -> str:
        """Return a line of the record as it was written.

        Raises:
            TrajectoryError: there is no such line.
        """
        return self._story.raw(line)

    def search(self, words: str) -> JsonObject:
        """Return where words occur."""
        return search(self._story, words)

    def screen(self, frame: int) -> bytes:
        """Return the screen of a frame as PNG, exact to the pixel.

        Raises:
            PokebenchError: it cannot be shown.
        """
        return self._made().screen(frame)

    def film(self, start: int, every: int, count: int) -> bytes:
        """Return `count` screens from frame `start` on, `every` frames apart, as one chunk.

        Raises:
            PokebenchError: they cannot be shown.
        """
        return self._made().film(start, every, count)

    def frame_of(self, turn: int) -> int:
        """Return the frame before a turn; the last one for what comes after all turns."""
        return self._story.frame_of(turn)

    def saw(self, turn: int) -> JsonObject:
        """Return what the agent was shown before a turn, made again from the machine.

        `answer` is what a model was told of the turn before.

        Raises:
            PokebenchError: it cannot be re-simulated.
        """
        tier = self._tail.manifest.tier
        frame = self._story.frame_of(turn)
        told: JsonObject = {"frame": frame, "screen": False, "text": "", "answer": "", "note": ""}
        if tier in _BLIND_TIERS:
            return told | {"note": "This agent looks at nothing."}
        harness = self._tail.manifest.agent.card.get("harness")
        shows = not isinstance(harness, dict) or harness.get("screenshot", True) is not False
        told["answer"] = self._answer(turn - 1)
        if tier in _TEXT_TIERS:
            told["text"] = self._made().read(frame)
        return told | {"screen": shows}

    def _answer(self, turn: int) -> str:
        with self._lock:
            parts, frame = self._story.parts_of(turn), self._story.frame_of(turn)
        has_call = any(part["kind"] == "call" for part in parts)
        return self._made().answer(frame, parts) if has_call else ""

    def map(self) -> JsonObject:
        """Return the places of the map, and how they lie on its picture, if it has one."""
        picture = self._made().map if self.can_be_simulated else None
        return picture.told if picture else trodden(self._way())

    def map_png(self) -> bytes:
        """Return the map's picture.

        Raises:
            TrajectoryError: this game has none.
        """
        picture = self._made().map if self.can_be_simulated else None
        if picture is None:
            raise TrajectoryError("this game has no picture of its map")
        return picture.png

    def path(self) -> JsonObject:
        """Return where the player stood, as far as the run was re-simulated."""
        way = self._way()
        return {
            "frame": way.frames.tolist(),
            "place": way.places.tolist(),
            "x": way.xs.tolist(),
            "y": way.ys.tolist(),
        }

    def battles(self) -> list[tuple[int, int]]:
        """Return first and last frames of the battles, as far as the run was re-simulated."""
        return self._way().battles

    def close(self) -> None:
        """Switch the consoles off."""
        self.keep()
        if self._pictures is not None:
            self._pictures.close()

    def _quiet_s(self) -> int:
        """Return the seconds since the record grew, by this machine's clock: only to be shown."""
        try:
            now = time.time()  # noqa: TID251
            return max(int(now - (self.folder / EVENTS_NAME).stat().st_mtime), 0)
        except OSError:
            return 0

    def _made(self) -> "Pictures":
        """Return what makes pictures of the run.

        Raises:
            PokebenchError: there can be none.
        """
        from pokebench.viewer.pictures import Pictures  # it loads the emulator

        with self._loading:
            if self._fault:
                raise TrajectoryError(self._fault)
            if self._pictures is None:
                try:
                    self._pictures = Pictures(self._trajectory, self._rom, self._cache, self._table)
                except PokebenchError as error:
                    self._fault = str(error)
                    self.simulation = Simulation("unavailable", 0, self._fault)
                    raise
            return self._pictures

    def _titles(self, store: Store) -> dict[str, str]:
        """Return the milestones' titles, which the game has; none without it."""
        kept = store.made(_TITLES)
        if kept:
            titles: dict[str, str] = json.loads(kept)
            return titles
        if not self.can_be_simulated:
            return {}
        titles = self._made().titles
        store.keep_made(_TITLES, json.dumps(titles).encode())
        return titles

    def _opened(self, store: Store) -> Story:
        """Return the story, from the cache as far as that has it."""
        self._tail.trust(store.known())
        self._tail.poll()
        kept = store.memory(_FOLD, self._tail.trajectory())
        titles = self._titles(store)
        try:
            story = Story(self._tail, titles, kept)
        except ValueError:
            return Story(self._tail, titles)
        self._kept_bytes = self._tail.trusted_bytes if kept else 0
        return story

    def _way(self) -> Way:
        store = Store(self._cache, self._trajectory().root)
        try:
            return store.way()
        finally:
            store.close()

    def _trajectory(self) -> Trajectory:
        with self._lock:
            return self._tail.trajectory()


def _known_simulation(store: Store, record: Tail) -> Simulation:
    """Return what an earlier re-simulation found, if it compared the whole record."""
    trajectory = record.trajectory()
    store.fit(trajectory)
    mark = store.mark("compared")
    if mark.desync:
        return Simulation("desync", mark.frame, mark.desync)
    is_whole = trajectory.count > 0 and mark.line == trajectory.lines[-1].number
    return Simulation("holds" if is_whole else "pending", mark.frame)
