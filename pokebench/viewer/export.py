"""A page of runs that opens from a file: no ROM, no server, no internet."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pokebench.errors import ConfigError
from pokebench.trajectory import Tail
from pokebench.types import FRAMES_PER_SECOND, JsonObject
from pokebench.viewer.indexing import Simulation, State
from pokebench.viewer.pieces import (
    MOST_PIECES,
    FolderPieces,
    Pieces,
    SinglePieces,
    digest,
    index_of,
    is_export,
    packed_json,
)
from pokebench.viewer.reels import REEL_FRAMES, Own, reels
from pokebench.viewer.shown import ShownRun
from pokebench.viewer.story import CHUNK_TURNS

MOST_RUNS: Final = 4
"""Runs that can be seen side by side."""
RIGHTS: Final = (
    "The pictures show {title}, which belongs to its makers; they are no part of pokebench, and "
    "whoever shares them answers for it."
)
_RAW_LINES: Final = 200
_SEEN_TURNS: Final = 100

OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How runs are to be exported.

    Attributes:
        own: the person's ROM and cache.
        every: frames from one screen to the next; 1 shows each.
        max_bytes: what the export may take up at most.
        is_single: one file instead of a folder.
        with_commercial: screens of a commercial game may be exported.
        jobs: processes to encode screens; None takes one a core.
    """

    own: Own
    every: int = 1
    max_bytes: int = 100_000_000
    is_single: bool = False
    with_commercial: bool = False
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        bytes: size by part: `page`, `screens`, `words`, `record`, `seen`, `map`.
        hours: emulated hours of all runs.
        faults: for each run that does not hold to its end, how far it is shown and why.
        notes: what a person should know before sharing.
    """

    bytes: Mapping[str, int]
    hours: float
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def total(self) -> int:
        """Bytes in all."""
        return sum(self.bytes.values())


def export(
    folders: Sequence[Path], out: Path, wish: Wish, on_progress: OnProgress = lambda *_: None
) -> Exported:
    """Write a page that shows runs; until it is whole, `out` stays as it was.

    Args:
        folders: 1 to `MOST_RUNS` run folders.
        out: the folder to make, or with `is_single` the .html file.
        wish: how.
        on_progress: told how it goes on.

    Raises:
        TrajectoryError: a run cannot be read.
        ConfigError: a run cannot be re-simulated here, its screens may not be shared, the export
            gets larger than allowed, or `out` cannot be written.
    """
    if not 1 <= len(folders) <= MOST_RUNS:
        raise ConfigError(f"{len(folders)} runs: a page shows 1 to {MOST_RUNS}")
    runs = [_Run(folder, wish) for folder in folders]
    try:
        notes = _rights(runs, wish)
        with _written_beside(out, wish.is_single) as beside:
            pieces: Pieces = SinglePieces(beside) if wish.is_single else FolderPieces(beside)
            store = _Store(pieces, wish.max_bytes)
            plans = [run.put_all(store, on_progress) for run in runs]
            store.finish(plans, " ".join(notes))
    finally:
        for run in runs:
            run.close()
    hours = sum(run.frames for run in runs) / FRAMES_PER_SECOND / 3600
    faults = tuple(run.fault for run in runs if run.fault)
    return Exported(dict(store.bytes), hours, faults, notes)


class _Store:
    """Numbers pieces, and minds the budget."""

    def __init__(self, pieces: Pieces, max_bytes: int) -> None:
        self.bytes: Counter[str] = Counter()
        self._pieces = pieces
        self._max_bytes = max_bytes
        self._hashes: dict[int, str] = {}

    def put(self, part: str, data: bytes, share: float = 1.0) -> int:
        """Store a piece and return its number; `share` is how much of its part is done with it."""
        number = len(self._hashes) + 1
        if number > MOST_PIECES:
            raise ConfigError("these runs are too long for one page; export fewer")
        self._hashes[number] = digest(data)
        self.bytes[part] += self._pieces.put(number, data)
        if (size := self.bytes.total()) > self._max_bytes:
            raise ConfigError(self._too_large(part, size, share))
        return number

    def put_json(self, part: str, value: Any) -> int:
        """Store JSON."""
        return self.put(part, packed_json(value))

    def finish(self, plans: list[Mapping[str, Any]], note: str) -> None:
        """Write the index and the page."""
        self.bytes["page"] += self._pieces.put(0, index_of(plans, self._hashes))
        self.bytes["page"] += self._pieces.finish(note)

    def _too_large(self, part: str, size: int, share: float) -> str:
        most = self._max_bytes / 1e6
        if part != "screens" or share <= 0:
            return f"the export is larger than {most:g} MB without its screens: raise --max-size"
        screens = self.bytes["screens"]
        whole = (size - screens + screens / share) / 1e6
        return (
            f"the export would take about {whole:,.0f} MB, more than {most:g}: show fewer screens "
            f"(--every {max(2, round(whole / most + 0.5))}), export fewer runs, or raise --max-size"
        )


class _Run:
    """One run, taken apart into pieces.

    Attributes:
        frames: frames that are shown.
        fault: how far it is shown and why no further, or "".
    """

    def __init__(self, folder: Path, wish: Wish) -> None:
        self.fault = ""
        self.frames = 0
        self._wish = wish
        self._shown = ShownRun(Tail(folder), wish.own.rom, wish.own.cache, wish.own.table)
        if not self._shown.can_be_simulated:
            fault = self._shown.simulation.detail
            self._shown.close()
            raise ConfigError(f"{folder} cannot be exported without its screens: {fault}")

    @property
    def commercial_title(self) -> str:
        """The game's title if it is somebody's property, else ""."""
        game: JsonObject = self._shown.told()["header"]["game"]
        return "" if game["is_generated"] else str(game["title"])

    def put_all(self, store: _Store, on_progress: OnProgress) -> Mapping[str, Any]:
        """Store all pieces of the run; return which they are."""
        self._simulate(on_progress)
        shown = self._shown
        told = shown.told()
        turn_count = len(told["growth"]["turns"]["frame"])
        name = shown.folder.name
        chunks = _reported(range(turn_count // CHUNK_TURNS + 1), f"{name}: words", on_progress)
        turns = [store.put_json("words", shown.turns(chunk)) for chunk in chunks]
        plan = {
            "told": store.put_json("words", told | {"battles": shown.battles()}),
            "turns": turns,
            **self._put_record(store, on_progress),
            **self._put_seen(store, turn_count, on_progress),
            "map": store.put_json("map", shown.map()),
            "picture": store.put("map", shown.map_png()) if shown.map()["picture"] else None,
            "path": store.put_json("map", shown.path()),
        }
        return plan | {"screens": self._put_screens(store, on_progress)}

    def close(self) -> None:
        """Switch the consoles off."""
        self._shown.close()

    def _simulate(self, on_progress: OnProgress) -> None:
        """Follow the record once, so that frames are soon found and the page tells if it holds."""
        what = f"{self._shown.folder.name}: re-simulating"
        with self._wish.own.replay(self._shown.folder) as replay:
            last = replay.last_frame
            index = replay.index(lambda frame: on_progress(what, frame, last))
        state: State = "desync" if index.desync else "holds" if index.is_whole else "running"
        self._shown.simulation = Simulation(state, index.frames, index.desync)
        self.frames = min(last, index.frames) + 1 if index.desync else last + 1
        status = self._shown.told()["growth"]["status"]
        why = index.desync or status["fault"] or status["torn"]
        self.fault = (
            f"{self._shown.folder}: shown up to frame {self.frames - 1}: {why}" if why else ""
        )

    def _put_record(self, store: _Store, on_progress: OnProgress) -> Mapping[str, Any]:
        numbers = []
        what = f"{self._shown.folder.name}: record"
        for first in _reported(range(1, self._shown.line + 1, _RAW_LINES), what, on_progress):
            lines = range(first, min(first + _RAW_LINES, self._shown.line + 1))
            numbers.append(store.put_json("record", [self._shown.raw(line) for line in lines]))
        return {"raw": numbers, "raw_lines": _RAW_LINES}

    def _put_seen(self, store: _Store, turns: int, on_progress: OnProgress) -> Mapping[str, Any]:
        numbers = []
        what = f"{self._shown.folder.name}: what was seen"
        for first in _reported(range(0, turns, _SEEN_TURNS), what, on_progress):
            some = range(first, min(first + _SEEN_TURNS, turns))
            numbers.append(store.put_json("seen", [self._saw(turn) for turn in some]))
        return {"saw": numbers, "saw_turns": _SEEN_TURNS}

    def _saw(self, turn: int) -> JsonObject:
        frame = self._shown.frame_of(turn)
        if frame >= self.frames:
            blank = {"screen": False, "text": "", "answer": ""}
            return blank | {"frame": frame, "note": "not re-simulated"}
        return self._shown.saw(turn)

    def _put_screens(self, store: _Store, on_progress: OnProgress) -> Mapping[str, Any]:
        wish = self._wish
        numbers: list[int] = []
        made = reels(self._shown.folder, wish.own, self.frames, wish.every, wish.jobs)
        what = f"{self._shown.folder.name}: screens"
        for reel in made:
            done = min((len(numbers) + 1) * REEL_FRAMES, self.frames)
            numbers.append(store.put("screens", reel, done / self.frames))
            on_progress(what, done, self.frames)
        return {
            "frames": self.frames,
            "every": wish.every,
            "reel_frames": REEL_FRAMES,
            "reels": numbers,
        }


def _reported(numbers: range, what: str, on_progress: OnProgress) -> Iterator[int]:
    for done, number in enumerate(numbers):
        on_progress(what, done, len(numbers))
        yield number


def _rights(runs: Sequence[_Run], wish: Wish) -> tuple[str, ...]:
    titles = sorted({run.commercial_title for run in runs} - {""})
    if titles and not wish.with_commercial:
        raise ConfigError(
            f"{', '.join(titles)} belongs to its makers, and an export holds all screens of the "
            "run. If you may share them where you are, or keep them to yourself: --commercial"
        )
    return tuple(RIGHTS.format(title=title) for title in titles)


@contextmanager
def _written_beside(out: Path, is_single: bool) -> Iterator[Path]:
    """Lend a place that takes the name `out` when it is whole, and else goes."""
    _check_free(out, is_single)
    beside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _remove(beside)
        if not is_single:
            beside.mkdir()
        yield beside
        _put_in_place(beside, out)
    except OSError as error:
        raise ConfigError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        _remove(beside)


def _check_free(out: Path, is_single: bool) -> None:
    if is_single:
        if out.suffix.lower() != ".html" or out.is_dir():
            raise ConfigError(f"--out {out}: a single file ends in .html")
    elif out.exists() and not out.is_dir():
        raise ConfigError(f"--out {out}: this is a file; name a folder")
    elif out.is_dir() and any(out.iterdir()) and not is_export(out):
        raise ConfigError(f"--out {out}: this folder holds something else; name another")


def _put_in_place(beside: Path, out: Path) -> None:
    if beside.is_dir() and out.exists():
        before = out.with_name(f".{out.name}.before")
        _remove(before)
        out.rename(before)
        beside.rename(out)
        _remove(before)
    else:
        beside.replace(out)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
