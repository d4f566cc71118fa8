"""Unpacks a run of a submission into a private folder, byte by byte under caps."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard
from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import SubmissionError
from pokebench.leaderboard.intake import Source
from pokebench.leaderboard.plain import parse_json
from pokebench.leaderboard.submission import (
    EVENTS_NAME,
    MANIFEST_NAME,
    MOST_EVENTS_BYTES,
    MOST_RATIO,
    PACKED_NAME,
    SUBMISSION_NAME,
    WINDOW_BYTES,
    PackedRun,
    Submission,
    member,
)
from pokebench.trajectory import Manifest
from pokebench.trajectory.scrub import Scrubber

_SLICE: Final = 256
"""Packed bytes that are handed over at once: a block of zstd is at least 4 bytes and at most
128 KiB unpacked, so that at most 8 MiB come out of a slice."""
_FREE_BYTES: Final = 1 << 20
"""Short records may be packed as tightly as they like."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A run that lies in a private folder, with nothing checked but its bytes.

    Attributes:
        folder: a run folder.
        packed: the digests, which hold.
        manifest: what the run says it is.
    """

    folder: Path
    packed: PackedRun
    manifest: Manifest


def read_submission(source: Source) -> tuple[Submission, str]:
    """Return `submission.json` and its SHA-256.

    Raises:
        SubmissionError: it is malformed, or other runs lie beside it than it lists.
    """
    raw = source.read(SUBMISSION_NAME)
    parse_json(raw, SUBMISSION_NAME)
    try:
        submission = Submission.model_validate_json(raw)
    except ValidationError as error:
        raise SubmissionError(f"{SUBMISSION_NAME}: {explain(error)}") from error
    listed = {SUBMISSION_NAME} | {
        member(run.run_id, name) for run in submission.runs for name in (MANIFEST_NAME, PACKED_NAME)
    }
    differing = listed.symmetric_difference(source.names())
    if differing:
        name = min(differing)
        state = "is listed and missing" if name in listed else "is there and not listed"
        raise SubmissionError(f"{name}: {state} in {SUBMISSION_NAME}")
    return submission, hashlib.sha256(raw).hexdigest()


def stage(source: Source, packed: PackedRun, folder: Path) -> Staged:
    """Unpack one run into `folder`, which is made.

    Raises:
        SubmissionError: a digest does not hold, the manifest is malformed, the record unpacks to
            too much, or something in it looks like a key.
    """
    folder.mkdir()
    name = member(packed.run_id, MANIFEST_NAME)
    raw_manifest = source.read(name)
    _check_digest(name, raw_manifest, packed.manifest_sha256)
    manifest = _manifest(raw_manifest, name)
    if manifest.run_id != packed.run_id:
        raise SubmissionError(f"{name}: its run_id is {manifest.run_id}")
    _check_no_key(raw_manifest, name)
    (folder / MANIFEST_NAME).write_bytes(raw_manifest)
    name = member(packed.run_id, PACKED_NAME)
    raw = source.read(name)
    _check_digest(name, raw, packed.packed_sha256)
    _write_events(raw, name, packed, folder / EVENTS_NAME)
    return Staged(folder, packed, manifest)


def unpack(raw: bytes, name: str) -> Iterator[bytes]:
    """Yield what one zstd frame holds, in pieces of at most 8 MiB.

    Raises:
        SubmissionError: it is damaged, needs too much memory, holds more than one frame, or
            unpacks to more than a record may be.
    """
    most = min(MOST_EVENTS_BYTES, max(_FREE_BYTES, len(raw) * MOST_RATIO))
    unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES).decompressobj()
    total = 0
    for start in range(0, len(raw), _SLICE):
        if unpacker.eof:
            raise SubmissionError(f"{name}: something stands behind the record")
        try:
            piece = unpacker.decompress(raw[start : start + _SLICE])
        except zstandard.ZstdError as error:
            raise SubmissionError(f"{name}: not a zstd frame that can be read: {error}") from error
        total += len(piece)
        if total > most:
            raise SubmissionError(f"{name}: unpacks to more than {most} bytes")
        yield piece
    if not unpacker.eof or unpacker.unused_data:
        raise SubmissionError(f"{name}: not one whole zstd frame")


def _write_events(raw: bytes, name: str, packed: PackedRun, path: Path) -> None:
    digest, total = hashlib.sha256(), 0
    with path.open("xb") as file:
        for piece in unpack(raw, name):
            total += len(piece)
            if total > packed.events_bytes:
                raise SubmissionError(f"{name}: unpacks to more than the bytes it states")
            digest.update(piece)
            file.write(piece)
    if total != packed.events_bytes or digest.hexdigest() != packed.events_sha256:
        raise SubmissionError(f"{name}: unpacks to something else than {SUBMISSION_NAME} states")
    with path.open("rb") as file:
        for line in file:
            _check_no_key(line, name)


def _manifest(raw: bytes, name: str) -> Manifest:
    parse_json(raw, name)
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise SubmissionError(f"{name}: {explain(error)}") from error


def _check_digest(name: str, raw: bytes, expected: str) -> None:
    found = hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise SubmissionError(f"{name}: its SHA-256 is {found}, not the one in {SUBMISSION_NAME}")


def _check_no_key(raw: bytes, name: str) -> None:
    if Scrubber().finds(raw.decode("utf-8", "replace")):
        raise SubmissionError(
            f"{name}: it holds what looks like a key. Withdraw that key at its provider first; a "
            "record cannot be changed afterwards, so this run cannot be handed in"
        )
