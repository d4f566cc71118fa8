"""Checkpoints: where a run stood, so that a resume need not begin at power-on.

They are a cache in the person's own folder, never part of a run folder: a savestate from somebody
else can hang or crash the process, so none is ever loaded. A checkpoint counts only for the exact
record it was taken after, by the hash of its last line; losing one costs the time to play again.
"""

import base64
import hashlib
import json
import logging
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from pokebench.replay.store import Keyframe, Store
from pokebench.trajectory import Trajectory
from pokebench.types import JsonObject

logger = logging.getLogger(__name__)

_MAGIC: Final = b"pokebench-checkpoint/1\n"
_LEVEL: Final = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run stood.

    Attributes:
        version: of pokebench; memory has another form in another version.
        count: how many events the record had.
        head: the hash of the last one.
        machine: the console's savestate.
        state: SHA-256 of the whole machine, to be compared after loading.
        memory: of all that takes part in a run.
    """

    version: str
    count: int
    head: str
    machine: bytes
    state: str
    memory: JsonObject

    def fits(self, trajectory: Trajectory, version: str) -> bool:
        """Whether it was taken on the way to this record, by this version."""
        if self.version != version:
            return False
        return any(
            line.number == self.count and line.hash == self.head for line in trajectory.lines
        )

    def to_bytes(self) -> bytes:
        """Return the checkpoint as a file's content."""
        body = {
            "version": self.version,
            "count": self.count,
            "head": self.head,
            "machine": base64.b64encode(self.machine).decode(),
            "state": self.state,
            "memory": self.memory,
        }
        packed = zlib.compress(json.dumps(body, separators=(",", ":")).encode(), _LEVEL)
        return _MAGIC + hashlib.sha256(packed).digest() + packed

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Return the checkpoint that `to_bytes` wrote.

        Raises:
            ValueError: it is damaged, or of another form.
        """
        digest, packed = raw[len(_MAGIC) :][:32], raw[len(_MAGIC) + 32 :]
        if not raw.startswith(_MAGIC) or hashlib.sha256(packed).digest() != digest:
            raise ValueError("damaged")
        body: dict[str, Any] = json.loads(zlib.decompress(packed))
        return cls(**(body | {"machine": base64.b64decode(body["machine"])}))


class CheckpointStore:
    """The newest checkpoint of one run, and machine states along the way, in one's own folder."""

    def __init__(self, folder: Path | None, run_id: str, root: str) -> None:
        """Keep them in `folder`; None keeps none.

        Args:
            folder: the person's own cache folder.
            run_id: the run's.
            root: the chain's digest before the first line, which names its manifest.
        """
        self._folder, self._root = folder, root
        self._path = folder / "checkpoints" / f"{run_id}.ckpt" if folder else None

    @property
    def keeps(self) -> bool:
        """Whether checkpoints are kept at all."""
        return self._path is not None

    def save(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in the place of the last one; a full disk costs no more than it."""
        if self._path is None:
            return
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(checkpoint.to_bytes())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            logger.warning("no checkpoint: cannot write %s: %s", self._path, error.strerror)
            beside.unlink(missing_ok=True)

    def keep_state(self, keyframe: Keyframe) -> None:
        """Keep a state for replays: re-simulation may begin at it."""
        if self._folder is not None:
            store = Store(self._folder, self._root)
            store.keep_recorded(keyframe)
            store.close()

    def load(self) -> Checkpoint | None:
        """Return the newest checkpoint, or None if there is none that is whole."""
        if self._path is None or not self._path.is_file():
            return None
        try:
            return Checkpoint.from_bytes(self._path.read_bytes())
        except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
            logger.warning("checkpoint %s is of no use: %s", self._path, error)
            return None

    def drop(self) -> None:
        """Forget the checkpoint: the run is over."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
