"""A submission that is being forged.

A forger knows the format: after a change to manifest or events, every hash, number and digest is
made to fit again, so that only re-simulation or a rule can find it.
"""

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from pokebench.leaderboard.submission import MANIFEST_NAME, PACKED_NAME, SUBMISSION_NAME, member
from pokebench.trajectory.chain import Chain

JsonObject = dict[str, Any]
Events = list[JsonObject]


@dataclass(slots=True)
class Draft:
    """A submission of one run, in pieces.

    Attributes:
        form: `submission.json`.
        run_id: the run's id, as its files are named.
        manifest: its manifest.
        record: its events, without index and hash.
        files: what was handed in, by name.
    """

    form: JsonObject
    run_id: str
    manifest: JsonObject
    record: Events
    files: dict[str, bytes]

    @property
    def manifest_name(self) -> str:
        return member(self.run_id, MANIFEST_NAME)

    @property
    def packed_name(self) -> str:
        return member(self.run_id, PACKED_NAME)

    def of_kind(self, kind: str) -> Events:
        """The events of a kind."""
        return [event for event in self.record if event["t"] == kind]

    def refit(self) -> None:
        """Make files of manifest and events; every hash and digest fits."""
        manifest = json.dumps(self.manifest).encode()
        self.refit_bytes(manifest, sealed(manifest, self.record))

    def refit_bytes(self, manifest: bytes, events: bytes, packed: bytes | None = None) -> None:
        """Make files of these bytes; every digest fits."""
        packed = zstandard.ZstdCompressor().compress(events) if packed is None else packed
        self.files[self.manifest_name] = manifest
        self.files[self.packed_name] = packed
        self.form["runs"][0] |= digests(manifest, events, packed)
        self.refit_form()

    def refit_form(self) -> None:
        """Make `submission.json` of the form."""
        self.files[SUBMISSION_NAME] = json.dumps(self.form).encode()

    @property
    def events(self) -> bytes:
        """The record's bytes, as handed in."""
        return zstandard.ZstdDecompressor().decompress(self.files[self.packed_name])


def read_draft(folder: Path) -> Draft:
    """Return an honest submission of one run as a draft."""
    form = json.loads((folder / SUBMISSION_NAME).read_bytes())
    run_id = form["runs"][0]["run_id"]
    names = (SUBMISSION_NAME, member(run_id, MANIFEST_NAME), member(run_id, PACKED_NAME))
    files = {name: (folder / name).read_bytes() for name in names}
    draft = Draft(form, run_id, json.loads(files[names[1]]), [], files)
    draft.record = [json.loads(line) for line in draft.events.splitlines()]
    for event in draft.record:
        del event["h"], event["i"]
    return draft


def sealed(manifest: bytes, events: Events) -> bytes:
    """Return `events.jsonl` with indices and a hash chain that fits."""
    chain, lines = Chain(manifest), []
    for index, event in enumerate(events):
        body = json.dumps({"i": index} | event, separators=(",", ":")).encode()
        lines.append(chain.seal(body) + b"\n")
    return b"".join(lines)


def digests(manifest: bytes, events: bytes, packed: bytes) -> JsonObject:
    """Return what `submission.json` says of a run's files."""
    return {
        "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
        "events_sha256": hashlib.sha256(events).hexdigest(),
        "events_bytes": len(events),
        "packed_sha256": hashlib.sha256(packed).hexdigest(),
    }


def write_folder(files: dict[str, bytes], out: Path) -> Path:
    """Write a submission's folder."""
    for name, raw in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return out


def write_zip(
    files: Sequence[tuple[str | zipfile.ZipInfo, bytes]],
    out: Path,
    method: int = zipfile.ZIP_STORED,
    comment: bytes = b"",
) -> Path:
    """Write a zip with members of any name, as often as they are given."""
    path = out.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, raw in files:
            archive.writestr(name, raw)
        archive.comment = comment
    return path
