"""The raw bytes of an answer while it arrives: `inflight/<call>-<attempt>.sse` in the run folder.

They are a help, not a truth: an answer that was whole when the process was killed is read from here
instead of being asked for again. Losing them, or a full disk, costs no more than that.
"""

import contextlib
import logging
from pathlib import Path
from typing import IO, Final

logger = logging.getLogger(__name__)

INFLIGHT_NAME: Final = "inflight"
MAX_INFLIGHT_BYTES: Final = 64 << 20


class Inflight:
    """The one answer that is on its way."""

    def __init__(self, folder: Path) -> None:
        """Keep it in a run folder."""
        self._folder = folder / INFLIGHT_NAME
        self._path: Path | None = None
        self._file: IO[bytes] | None = None

    def begin(self, call: int, attempt: int) -> None:
        """Expect the answer to an attempt."""
        self._path = self._place(call, attempt)

    def write(self, data: bytes) -> None:
        """Keep some bytes, as soon as they are there."""
        if self._path is None:
            return
        try:
            if self._file is None:
                self._folder.mkdir(exist_ok=True)
                self._file = self._path.open("wb", buffering=0)
            self._file.write(data)
        except OSError as error:
            logger.warning("cannot keep an answer while it arrives: %s", error.strerror)
            self._path = None

    def close(self) -> None:
        """Write no more; what is kept stays for a later process."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def end(self) -> None:
        """Forget the answer: it is in the record, or it failed."""
        self.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            self._path = None

    def left(self, call: int, attempt: int) -> bytes | None:
        """Return what an earlier process kept of an answer; it stays until `end`."""
        path = self._path = self._place(call, attempt)
        try:
            if path.is_symlink() or path.stat().st_size > MAX_INFLIGHT_BYTES:
                return None
            return path.read_bytes()
        except OSError:
            return None

    def clear(self) -> None:
        """Forget everything: the record has all answers."""
        self.end()
        if self._folder.is_symlink() or not self._folder.is_dir():
            return
        for path in self._folder.glob("*.sse"):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._folder.rmdir()

    def _place(self, call: int, attempt: int) -> Path:
        return self._folder / f"{call}-{attempt}.sse"
