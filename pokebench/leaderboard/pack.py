"""Makes a submission of runs: packed, listed, without keys, and checked as the board will."""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard
from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import ConfigError, SubmissionError
from pokebench.leaderboard.submission import (
    MANIFEST_NAME,
    MOST_EVENTS_BYTES,
    MOST_PACKED_BYTES,
    MOST_RUNS,
    PACKED_NAME,
    SUBMISSION_NAME,
    Declaration,
    PackedRun,
    Submission,
    Submitter,
    member,
)
from pokebench.trajectory import Scrubber, Trajectory, read_trajectory
from pokebench.trajectory.writer import EVENTS_NAME

_LEVEL: Final = 19
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Packed:
    """A submission in memory.

    Attributes:
        submission: its form.
        files: every file by name.
    """

    submission: Submission
    files: dict[str, bytes]

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(map(len, self.files.values()))


def pack(
    folders: Sequence[Path],
    submitter: Submitter,
    declaration: Declaration,
    environment: Mapping[str, str],
) -> Packed:
    """Return a submission of the runs in `folders`.

    Args:
        folders: run folders.
        submitter: who hands in.
        declaration: what no record can show.
        environment: environment variables, whose secrets must not stand in the records.

    Raises:
        TrajectoryError: a record is damaged.
        SubmissionError: a run has no end, is too large, stands twice, or holds a key.
    """
    scrubber = Scrubber.of_environment(environment)
    files: dict[str, bytes] = {}
    runs = []
    for folder in folders:
        trajectory = read_trajectory(folder)
        packed, parts = _pack_run(trajectory, scrubber)
        if parts.keys() & files.keys():
            raise SubmissionError(f"{folder}: run {packed.run_id} is given twice")
        files |= parts
        runs.append(packed)
    if len(runs) > MOST_RUNS:
        raise SubmissionError(f"{len(runs)} runs; a submission holds at most {MOST_RUNS}")
    submission = _submission(submitter, declaration, runs)
    text = submission.model_dump(mode="json", by_alias=True)
    files[SUBMISSION_NAME] = json.dumps(text, indent=1).encode() + b"\n"
    if scrubber.finds(files[SUBMISSION_NAME].decode()):
        raise SubmissionError("what you declare holds what looks like a key; take it out")
    return Packed(submission, files)


def write(packed: Packed, out: Path) -> None:
    """Write a submission into a new folder, or into a zip if `out` ends so.

    Raises:
        ConfigError: `out` exists, or cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix == ".zip":
            _write_zip(packed, out)
        else:
            out.mkdir()
            for name, raw in packed.files.items():
                path = out / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
    except FileExistsError as error:
        raise ConfigError(f"{out} exists; give another --out") from error
    except OSError as error:
        raise ConfigError(f"cannot write submission {out}: {error.strerror}") from error


def _write_zip(packed: Packed, out: Path) -> None:
    with zipfile.ZipFile(out, "x", zipfile.ZIP_STORED) as archive:
        for name in sorted(packed.files):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), packed.files[name])


def _submission(
    submitter: Submitter, declaration: Declaration, runs: Sequence[PackedRun]
) -> Submission:
    try:
        return Submission(submitter=submitter, declaration=declaration, runs=tuple(runs))
    except ValidationError as error:
        raise SubmissionError(explain(error)) from error


def _pack_run(trajectory: Trajectory, scrubber: Scrubber) -> tuple[PackedRun, dict[str, bytes]]:
    folder, run_id = trajectory.folder, trajectory.manifest.run_id
    if trajectory.outcome is None or trajectory.torn is not None:
        raise SubmissionError(f"{folder}: the run has no end; `pokebench resume` goes on with it")
    manifest = (folder / MANIFEST_NAME).read_bytes()
    events = (folder / EVENTS_NAME).read_bytes()
    if len(events) > MOST_EVENTS_BYTES:
        raise SubmissionError(f"{folder}: the record is larger than {MOST_EVENTS_BYTES} bytes")
    _check_no_key(manifest, f"{folder}/{MANIFEST_NAME}", scrubber)
    _check_no_key(events, f"{folder}/{EVENTS_NAME}", scrubber)
    packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(events)
    if len(packed) > MOST_PACKED_BYTES:
        raise SubmissionError(f"{folder}: packed, it is larger than {MOST_PACKED_BYTES} bytes")
    about = PackedRun(
        run_id=run_id,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        events_sha256=hashlib.sha256(events).hexdigest(),
        events_bytes=len(events),
        packed_sha256=hashlib.sha256(packed).hexdigest(),
    )
    return about, {member(run_id, MANIFEST_NAME): manifest, member(run_id, PACKED_NAME): packed}


def _check_no_key(raw: bytes, name: str, scrubber: Scrubber) -> None:
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        if scrubber.finds(line):
            raise SubmissionError(
                f"{name} line {number}: it holds what looks like a key, or the value of a secret "
                "environment variable. Withdraw that key at its provider; a record cannot be "
                "changed afterwards, so this run cannot be handed in"
            )
