"""Reads a submission that may be hostile: a folder or a zip, name by name, with a cap on each.

Nothing is ever unpacked by name. A folder is walked through descriptors that follow no link; only
the names that a submission may hold are opened.
"""

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from pokebench.errors import SubmissionError
from pokebench.leaderboard.submission import (
    MANIFEST_NAME,
    MEMBER,
    MOST_MANIFEST_BYTES,
    MOST_PACKED_BYTES,
    MOST_RUNS,
    MOST_SUBMISSION_BYTES,
    MOST_TOTAL_BYTES,
    RUNS_NAME,
    SUBMISSION_NAME,
)
from pokebench.trajectory.writer import EVENTS_NAME

_MOST_MEMBERS: Final = 1 + 2 * MOST_RUNS
_RUN_FOLDER: Final = re.compile(r"[0-9a-f]{32}")
_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_END_RECORD_BYTES: Final = 22
_MOST_DIRECTORY_BYTES: Final = 256 << 10
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    struct.error,
)  # fmt: skip
"""What reading a damaged zip raises."""


class Source(Protocol):
    """Where a submission's files come from."""

    def names(self) -> tuple[str, ...]:
        """Return the members, sorted; each is one that a submission may hold, and stands once."""
        ...

    def read(self, name: str) -> bytes:
        """Return a member whole; it is never larger than its kind may be."""
        ...


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a submission's folder or zip.

    Raises:
        SubmissionError: it is neither, or holds what no submission may.
    """
    try:
        if path.is_dir() and not path.is_symlink():
            with _open_folder(path) as source:
                yield source
        else:
            with _open_zip(path) as source:
                yield source
    except OSError as error:
        raise SubmissionError(f"{path}: cannot be read: {error.strerror}") from error


def most_bytes(name: str) -> int:
    """Return how large a member may be, as it is handed in."""
    if name == SUBMISSION_NAME:
        return MOST_SUBMISSION_BYTES
    return MOST_MANIFEST_BYTES if name.endswith(MANIFEST_NAME) else MOST_PACKED_BYTES


def _check_members(names: list[str], sizes: list[int]) -> tuple[str, ...]:
    for name, size in zip(names, sizes, strict=True):
        if not MEMBER.fullmatch(name):
            raise SubmissionError(f"{name[:200]!r}: a submission holds no such file")
        if size > most_bytes(name):
            raise SubmissionError(f"{name}: larger than {most_bytes(name)} bytes")
    if len(set(names)) != len(names):
        raise SubmissionError("a name stands twice in the archive")
    if len(names) > _MOST_MEMBERS:
        raise SubmissionError(f"more than {MOST_RUNS} runs")
    if sum(sizes) > MOST_TOTAL_BYTES:
        raise SubmissionError(f"larger than {MOST_TOTAL_BYTES} bytes")
    if SUBMISSION_NAME not in names:
        raise SubmissionError(f"no {SUBMISSION_NAME}; make a submission with: pokebench submit RUN")
    return tuple(sorted(names))


class _Folder:
    """A folder whose files are opened relative to its descriptor, following no link."""

    def __init__(self, root: int) -> None:
        self._root = root
        found = list(self._walk())
        self._names = _check_members([name for name, _ in found], [size for _, size in found])

    def names(self) -> tuple[str, ...]:
        """Return the members."""
        return self._names

    def read(self, name: str) -> bytes:
        """Return a member."""
        *folders, last = name.split("/")
        with _descend(self._root, folders) as folder:
            descriptor = os.open(last, _FILE_FLAGS, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            _check_kind(name, os.fstat(descriptor))
            return _read_capped(file, name)

    def _walk(self) -> Iterator[tuple[str, int]]:
        for name, found in _entries(self._root, "", 2):
            if name == RUNS_NAME and stat.S_ISDIR(found.st_mode):
                yield from self._walk_runs()
            else:
                _check_kind(name, found)
                yield name, found.st_size

    def _walk_runs(self) -> Iterator[tuple[str, int]]:
        with _descend(self._root, [RUNS_NAME]) as runs:
            for run, found in _entries(runs, RUNS_NAME + "/", MOST_RUNS):
                if not _RUN_FOLDER.fullmatch(run) or not stat.S_ISDIR(found.st_mode):
                    raise SubmissionError(f"{RUNS_NAME}/{run[:200]!r}: not the folder of a run")
                with _descend(runs, [run]) as folder:
                    for name, about in _entries(folder, f"{RUNS_NAME}/{run}/", 2):
                        _check_kind(name, about)
                        yield f"{RUNS_NAME}/{run}/{name}", about.st_size


@contextmanager
def _open_folder(path: Path) -> Iterator[Source]:
    descriptor = os.open(path, _FOLDER_FLAGS)
    try:
        _check_is_no_run(path, descriptor)
        yield _Folder(descriptor)
    finally:
        os.close(descriptor)


def _check_is_no_run(path: Path, folder: int) -> None:
    with suppress(FileNotFoundError):
        os.stat(EVENTS_NAME, dir_fd=folder, follow_symlinks=False)
        raise SubmissionError(f"{path}: this is a run; `pokebench submit` makes a submission of it")


@contextmanager
def _descend(folder: int, names: list[str]) -> Iterator[int]:
    """Open a folder below `folder`, following no link on the way."""
    current = os.dup(folder)
    try:
        for name in names:
            below = os.open(name, _FOLDER_FLAGS, dir_fd=current)
            os.close(current)
            current = below
        yield current
    finally:
        os.close(current)


def _entries(folder: int, prefix: str, most: int) -> Iterator[tuple[str, os.stat_result]]:
    """Yield what lies in a folder; stop at the first entry too many, however many there are."""
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count >= most:
                raise SubmissionError(f"{prefix or './'}: more than {most} entries in this folder")
            yield entry.name, os.stat(entry.name, dir_fd=folder, follow_symlinks=False)


def _check_kind(name: str, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise SubmissionError(f"{name[:200]!r}: not an ordinary file (a link, folder or device)")
    if found.st_nlink > 1:
        raise SubmissionError(f"{name[:200]!r}: a hard link; copy the file instead")


def _read_capped(file: BinaryIO, name: str) -> bytes:
    raw = file.read(most_bytes(name) + 1)
    if len(raw) > most_bytes(name):
        raise SubmissionError(f"{name}: larger than {most_bytes(name)} bytes")
    return raw


class _Zip:
    """A zip whose members are read one by one into memory."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        infos = archive.infolist()
        for info in infos:
            _check_info(info)
        self._names = _check_members([i.filename for i in infos], [i.file_size for i in infos])

    def names(self) -> tuple[str, ...]:
        """Return the members."""
        return self._names

    def read(self, name: str) -> bytes:
        """Return a member."""
        try:
            with self._archive.open(name) as file:
                return _read_capped(file, name)  # type: ignore[arg-type]  # it reads like a file
        except _DAMAGE as error:
            raise SubmissionError(f"{name}: the archive is damaged here: {error}") from error


@contextmanager
def _open_zip(path: Path) -> Iterator[Source]:
    try:
        descriptor = os.open(path, _FILE_FLAGS)
    except OSError as error:
        raise SubmissionError(
            f"{path}: neither a submission's folder nor a zip: {error.strerror}"
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_TOTAL_BYTES:
            raise SubmissionError(f"{path}: not a file of at most {MOST_TOTAL_BYTES} bytes")
        _check_directory(path, file, found.st_size)
        try:
            with zipfile.ZipFile(file) as archive:
                yield _Zip(archive)
        except _DAMAGE as error:
            raise SubmissionError(f"{path}: not a zip that can be read: {error}") from error


def _check_directory(path: Path, file: BinaryIO, size: int) -> None:
    """Refuse a zip whose list of members is large before anything reads that list."""
    if size < _END_RECORD_BYTES:
        raise SubmissionError(f"{path}: neither a submission's folder nor a zip")
    file.seek(-_END_RECORD_BYTES, os.SEEK_END)
    end = file.read(_END_RECORD_BYTES)
    directory = int.from_bytes(end[12:16], "little")
    if end[:4] != b"PK\x05\x06" or end[-2:] != b"\0\0" or directory > _MOST_DIRECTORY_BYTES:
        raise SubmissionError(f"{path}: no zip, or one with a comment or too many members")
    file.seek(0)


def _check_info(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.orig_filename != info.filename or kind not in (0, stat.S_IFREG):
        raise SubmissionError(f"{info.orig_filename[:200]!r}: not an ordinary name of a file")
    if info.flag_bits & 0x1:
        raise SubmissionError(f"{info.filename[:200]!r}: encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError(f"{info.filename[:200]!r}: packed by a method that is not read here")
