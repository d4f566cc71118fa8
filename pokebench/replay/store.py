"""What indexing a run leaves behind: machine states now and then, and the way walked.

It is a cache in the person's own folder, one file a run, and holds nothing that cannot be made
again. It is bound to the manifest (and so to ROM, game table and emulator), each state besides to
the line of the record that led to it. A state is checked by its hash before it is used; a file
that is damaged is made anew. Nothing in here ever comes from a run folder.
"""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import zstandard

from pokebench.replay.packing import pack, unpack
from pokebench.replay.way import Way
from pokebench.trajectory import Known, Trajectory
from pokebench.types import JsonObject

logger = logging.getLogger(__name__)
T = TypeVar("T")

_FORM: Final = 6
_BUSY_S: Final = 10.0
_FAULTS: Final = (sqlite3.Error, ValueError, zstandard.ZstdError)
MOST_CACHE_BYTES: Final = 1 << 30
"""What replay caches may take in all; a run of ten hours takes some 8 MB."""
MARKS: Final = ("compared", "resumable")
"""How far the record was compared; and the last place with a state, to go on comparing from."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS state (
    frame INTEGER PRIMARY KEY, line INTEGER NOT NULL, hash TEXT NOT NULL,
    digest TEXT NOT NULL, packed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS record (
    bytes INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, head TEXT NOT NULL, lengths BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS memory (
    name TEXT PRIMARY KEY, line INTEGER NOT NULL, hash TEXT NOT NULL, packed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS way (frame INTEGER PRIMARY KEY, packed BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The game between two steps.

    Attributes:
        frame: frames since power-on.
        line: the line of the record that led to it.
        hash: that line's hash.
        digest: SHA-256 of the canonical state.
        packed: the canonical state, and the episode's, compressed.
    """

    frame: int
    line: int
    hash: str
    digest: str
    packed: bytes

    @classmethod
    def of(cls, line: int, line_hash: str, machine: bytes, episode: JsonObject) -> "Keyframe":
        """Pack a canonical state and that of the episode."""
        known = json.dumps(episode).encode()
        packed = pack(len(known).to_bytes(4, "little") + known + machine)
        digest = hashlib.sha256(machine).hexdigest()
        return cls(episode["frames"], line, line_hash, digest, packed)

    def machine(self) -> bytes | None:
        """Return the canonical state; None if it is damaged."""
        machine = self._unpacked()[1]
        return machine if hashlib.sha256(machine).hexdigest() == self.digest else None

    @property
    def episode(self) -> JsonObject:
        """The episode's state; empty if it is damaged."""
        known = self._unpacked()[0]
        episode: JsonObject = json.loads(known) if known else {}
        return episode

    def _unpacked(self) -> tuple[bytes, bytes]:
        try:
            raw = unpack(self.packed)
        except zstandard.ZstdError:
            return b"", b""
        end = 4 + int.from_bytes(raw[:4], "little")
        return raw[4:end], raw[end:]


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a record was followed and held.

    Attributes:
        line: the last line that was compared.
        hash: its hash.
        frame: frames re-simulated until then.
        desync: what the line after it claims wrongly, or "".
    """

    line: int = 0
    hash: str = ""
    frame: int = 0
    desync: str = ""


class Store:
    """The cache of one run."""

    def __init__(self, folder: Path | None, root: str, most_bytes: int = MOST_CACHE_BYTES) -> None:
        """Open or make the cache of the run whose manifest `root` names.

        Args:
            folder: the person's own cache folder; None keeps everything in memory.
            root: the chain's digest before the first line.
            most_bytes: what the caches of all runs may take; those used longest ago go first.
        """
        self._most_bytes = most_bytes
        self._path = folder / "replay" / f"{root[:32]}.{_FORM}.sqlite" if folder else None
        self._count = 0
        self._database = self._opened()

    @property
    def path(self) -> Path | None:
        """The file; None if there is none."""
        return self._path

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @property
    def is_own(self) -> bool:
        """Whether the run was recorded here, so that its states were taken while it was played."""
        return self._one("SELECT 1 FROM fact WHERE name = 'recorded'") is not None

    def fit(self, trajectory: Trajectory) -> None:
        """Use what belongs to this very record, and forget what contradicts it."""
        known, self._count = self._count, trajectory.count

        def forget() -> None:
            rows = self._database.execute(
                "SELECT DISTINCT line, hash FROM state WHERE line > ? AND line <= ?",
                (known, trajectory.count),
            )
            strange = [line for line, found in rows if trajectory.hash_at(line) != found]
            if strange:
                self._database.execute("DELETE FROM state WHERE line >= ?", (min(strange),))
            marks = [self._mark(name) for name in MARKS]
            if strange or any(
                m.line <= self._count and trajectory.hash_at(m.line) != m.hash for m in marks
            ):
                self._database.execute("DELETE FROM fact")
                self._database.execute("DELETE FROM way")

        self._write(forget)

    def known(self) -> Known | None:
        """Return what is known of the record since it was read the last time."""
        row = self._one("SELECT bytes, sha256, head, lengths FROM record")
        if row is None:
            return None
        total, sha256, head, lengths = row
        return self._read(lambda: Known(total, sha256, head, unpack(lengths)), None)

    def keep_record(self, known: Known | None) -> None:
        """Remember that a record was read whole and found good; None for nothing of that."""
        if known is None:
            return

        def take() -> None:
            self._database.execute("DELETE FROM record")
            row = (known.events_bytes, known.sha256, known.head, pack(known.lengths))
            self._database.execute("INSERT INTO record VALUES (?, ?, ?, ?)", row)

        self._write(take)

    def memory(self, name: str, trajectory: Trajectory) -> bytes | None:
        """Return what was made of the first lines of this record; None if there is nothing."""

        def unpacked() -> bytes | None:
            query = "SELECT line, hash, packed FROM memory WHERE name = ?"
            row = self._database.execute(query, (name,)).fetchone()
            return unpack(row[2]) if row and trajectory.hash_at(row[0]) == row[1] else None

        return self._read(unpacked, None)

    def keep_memory(self, name: str, trajectory: Trajectory, made: bytes) -> None:
        """Remember what was made of a record, so that it need not be made again."""
        if trajectory.lines and (last := trajectory.lines[-1]).number == trajectory.count:
            row = (name, last.number, last.hash, pack(made))
            self._write(
                lambda: self._database.execute(
                    "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?)", row
                )
            )

    def made(self, name: str) -> bytes | None:
        """Return what was made for the run by its manifest alone; None if there is nothing."""
        query = "SELECT packed FROM memory WHERE name = ? AND line = 0"
        row = self._one(query, name)
        return self._read(lambda: unpack(row[0]), None) if row else None

    def keep_made(self, name: str, made: bytes) -> None:
        """Remember what was made for the run by its manifest alone."""
        row = (name, 0, "", pack(made))
        self._write(
            lambda: self._database.execute("INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?)", row)
        )

    def before(self, frame: int) -> int:
        """Return the frame of the newest state at or before `frame`; 0 if there is none."""
        row = self._one(
            "SELECT MAX(frame) FROM state WHERE frame <= ? AND line <= ?", frame, self._count
        )
        return row[0] if row and row[0] else 0

    def machine(self, frame: int) -> bytes | None:
        """Return the state at `frame`; a damaged one is forgotten."""
        keyframe = self.keyframe(frame)
        machine = keyframe.machine() if keyframe else None
        if machine is None:
            logger.warning("the state at frame %d is damaged and is made anew", frame)
            self._write(
                lambda: self._database.execute("DELETE FROM state WHERE frame = ?", (frame,))
            )
        return machine

    def keyframe(self, frame: int) -> Keyframe | None:
        """Return what is kept for exactly `frame`."""
        columns = "frame, line, hash, digest, packed"
        row = self._one(f"SELECT {columns} FROM state WHERE frame = ?", frame)
        return Keyframe(*row) if row else None

    def forget_states(self, since: int) -> None:
        """Forget the states from frame `since` on: one of them is not where the inputs lead."""
        self._write(lambda: self._database.execute("DELETE FROM state WHERE frame >= ?", (since,)))

    def frames(self) -> list[int]:
        """Return the frames for which there is a state, in order."""
        rows = self._rows("SELECT frame FROM state WHERE line <= ? ORDER BY frame", self._count)
        return [row[0] for row in rows]

    def way(self) -> Way:
        """Return the way walked."""
        rows = self._rows("SELECT packed FROM way ORDER BY frame")
        return self._read(
            lambda: Way.joined([Way.of_bytes(unpack(row[0])) for row in rows]), Way.joined([])
        )

    def mark(self, name: str) -> Mark:
        """Return a mark of `MARKS` that `keep` left; the beginning, if it left none."""
        mark = self._read(lambda: self._mark(name), Mark())
        return mark if mark.line <= self._count else Mark()

    def keep(self, keyframes: Iterable[Keyframe], way: Way | None = None, **marks: Mark) -> None:
        """Take in states, a stretch of the way, and how far things are, all or nothing."""
        states = [(k.frame, k.line, k.hash, k.digest, k.packed) for k in keyframes]
        ways = [way] if way is not None and len(way) else []
        stretches = [(int(w.frames[0]), pack(w.to_bytes())) for w in ways]
        facts = [
            (name, f"{mark.line} {mark.hash or '-'} {mark.frame} {mark.desync}")
            for name, mark in marks.items()
        ]

        def take() -> None:
            put = "INSERT OR REPLACE INTO"
            self._database.executemany(f"{put} state VALUES (?, ?, ?, ?, ?)", states)
            self._database.executemany(f"{put} way VALUES (?, ?)", stretches)
            self._database.executemany(f"{put} fact VALUES (?, ?)", facts)

        self._write(take)

    def keep_recorded(self, keyframe: Keyframe) -> None:
        """Take in a state of a run that is being recorded here."""
        self.keep([keyframe], recorded=Mark())

    def _mark(self, name: str) -> Mark:
        row = self._database.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        if row is None:
            return Mark()
        line, line_hash, frame, desync = row[0].split(" ", 3)
        return Mark(int(line), "" if line_hash == "-" else line_hash, int(frame), desync)

    def _opened(self) -> sqlite3.Connection:
        """Return the database; one that is damaged is thrown away and made anew."""
        if self._path is None:
            return _connected(":memory:")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            _evict(self._path, self._most_bytes)
            try:
                return _connected(str(self._path))
            except sqlite3.DatabaseError as error:
                logger.warning("replay cache %s is damaged (%s); making it anew", self._path, error)
                self._path.unlink(missing_ok=True)
                return _connected(str(self._path))
        except (OSError, sqlite3.Error) as error:
            logger.warning("no replay cache: cannot use %s: %s", self._path, error)
            self._path = None
            return _connected(":memory:")

    def _one(self, query: str, *values: object) -> Any | None:
        rows = self._rows(query, *values)
        return rows[0] if rows else None

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._read(lambda: self._database.execute(query, values).fetchall(), [])

    def _read(self, action: Callable[[], T], otherwise: T) -> T:
        try:
            return action()
        except _FAULTS as error:
            self._start_anew(error)
            return otherwise

    def _write(self, action: Callable[[], object]) -> None:
        """Do `action` in one transaction; a full disk costs no more than the cache."""
        try:
            with self._database:
                action()
        except _FAULTS as error:
            self._start_anew(error)

    def _start_anew(self, error: Exception) -> None:
        """Go on in memory when the file is of no use; a damaged one is removed."""
        logger.warning("replay cache %s is of no use: %s", self._path or "in memory", error)
        self._database.close()
        is_damaged = not isinstance(error, sqlite3.OperationalError)
        if self._path is not None and is_damaged:
            self._path.unlink(missing_ok=True)
        self._path = None
        self._database = _connected(":memory:")


def _evict(own: Path, most_bytes: int) -> None:
    """Remove the caches of runs that were used longest ago until the rest is small enough."""
    files = {path: path.stat() for path in own.parent.glob("*.sqlite")}
    total = sum(status.st_size for status in files.values())
    for path in sorted(files, key=lambda path: files[path].st_mtime_ns):
        if total <= most_bytes or path == own:
            return
        logger.info("removing the replay cache %s to make room", path)
        path.unlink(missing_ok=True)
        total -= files[path].st_size


def _connected(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
    try:
        database.executescript(_SCHEMA)
        database.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        database.close()
        raise
    return database
