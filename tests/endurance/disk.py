"""A small disk that can really be full, without asking for root."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final, Self

_MOUNT: Final = 'mount -t tmpfs -o size=1m none "$0" && echo mounted && exec cat'
_FILLER: Final = "filler"


class DiskUnavailableError(Exception):
    """This machine does not let us have a disk; the message is its own."""


class SmallDisk:
    """One mebibyte in a mount namespace of its own; the disk is gone when its process is.

    Attributes:
        folder: where it is seen from outside of the namespace.
    """

    def __init__(self, place: Path) -> None:
        """Mount it at `place`, an empty folder.

        Raises:
            DiskUnavailableError: namespaces are forbidden here, or not known.
        """
        if shutil.which("unshare") is None:
            raise DiskUnavailableError("no program unshare")
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _MOUNT]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [*command, str(place)], stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        assert self._process.stdout is not None
        self.folder = Path(f"/proc/{self._process.pid}/root{place}")
        if self._process.stdout.readline() != "mounted\n" or not self.folder.is_dir():
            raise DiskUnavailableError(self._process.communicate()[1].strip() or "not reachable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def fill(self, free_kib: int) -> None:
        """Leave `free_kib` KiB."""
        space = os.statvfs(self.folder)
        size = space.f_bavail * space.f_frsize - (free_kib << 10)
        (self.folder / _FILLER).write_bytes(b"\0" * size)

    def empty(self) -> None:
        """Take away what fills it."""
        (self.folder / _FILLER).unlink()
