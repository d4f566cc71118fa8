"""Reads and writes `leaderboard.json`: one entry a line, sorted, so that git merges it."""

import json
import os
from pathlib import Path

from pydantic import ValidationError

from pokebench.content import explain, read_bytes
from pokebench.errors import ConfigError, SubmissionError
from pokebench.leaderboard.copies import refuse_copies
from pokebench.leaderboard.entry import SCHEMA_VERSION, Entry, Leaderboard, Proof
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.plain import parse_json


def load(path: Path) -> Leaderboard:
    """Return the leaderboard in `path`; a missing file is an empty board.

    Raises:
        ConfigError: the file is malformed; the message names the key.
    """
    if not path.exists():
        return Leaderboard()
    raw = read_bytes(path, "leaderboard")
    try:
        parse_json(raw, f"leaderboard {path}")
        return Leaderboard.model_validate_json(raw)
    except ValidationError as error:
        raise ConfigError(f"leaderboard {path}: {explain(error)}") from error
    except SubmissionError as error:
        raise ConfigError(str(error)) from error


def save(board: Leaderboard, path: Path) -> None:
    """Write the leaderboard beside `path`, then put it in its place.

    Raises:
        ConfigError: the folder cannot be written.
    """
    lines = [_entry_line(entry) for entry in sorted(board.entries, key=_order)]
    body = ",\n".join(lines)
    text = f'{{"schema": {SCHEMA_VERSION}, "entries": [\n{body}\n]}}\n' if lines else _EMPTY
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"cannot write leaderboard {path}: {error.strerror}") from error


def add_entry(board: Leaderboard, entry: Entry) -> Leaderboard:
    """Return the board with a checked entry; runs of an agent and submitter that it has are joined.

    Raises:
        SubmissionError: a run of it is on the board already, or copies one.
    """
    refuse_copies(entry, board.entries)
    taken = {handed.name for known in board.entries for handed in known.submissions}
    for handed in entry.submissions:
        if handed.name in taken:
            raise SubmissionError(
                f"a submission {handed.name} is entered already; rename the folder"
            )
    by_id = {known.id: known for known in board.entries}
    present = by_id.get(entry.id)
    if present is not None:
        entry = _joined(present, entry)
    by_id[entry.id] = entry
    return _board(by_id)


def without_logged(board: Leaderboard, submission: str) -> Leaderboard:
    """Return the board without runs of `submission` that were only logged, to enter them anew."""
    kept = []
    for entry in board.entries:
        handed = tuple(h for h in entry.submissions if h.name != submission)
        if entry.proof.level is not Level.LOGGED or len(handed) == len(entry.submissions):
            kept.append(entry)
        elif handed:
            runs = tuple(run for run in entry.runs if run.submission != submission)
            kept.append(entry.model_copy(update={"submissions": handed, "runs": runs}))
    return Leaderboard(entries=tuple(kept))


def set_proof(board: Leaderboard, entry_id: str, proof: Proof) -> Leaderboard:
    """Return the board with another statement of what is proven of an entry.

    Raises:
        ConfigError: there is no such entry, or nobody played it again.
    """
    by_id = {known.id: known for known in board.entries}
    if entry_id not in by_id:
        raise ConfigError(f"no entry {entry_id!r}; `leaderboard rank --json` lists them")
    if not by_id[entry_id].proof.level.is_ranked:
        raise ConfigError(
            f"entry {entry_id} is only logged: enter its submission with `leaderboard add --rom "
            "FILE` first"
        )
    by_id[entry_id] = by_id[entry_id].model_copy(update={"proof": proof})
    return _board(by_id)


_EMPTY = f'{{"schema": {SCHEMA_VERSION}, "entries": []}}\n'


def _joined(present: Entry, added: Entry) -> Entry:
    """Return an entry with the runs of both, and the weaker of what is proven."""
    runs = sorted((*present.runs, *added.runs), key=lambda run: (run.seed, run.run_id))
    return present.model_copy(
        update={
            "runs": tuple(runs),
            "submissions": (*present.submissions, *added.submissions),
            "proof": min(present.proof, added.proof, key=lambda proof: proof.level.order),
        }
    )


def _board(by_id: dict[str, Entry]) -> Leaderboard:
    return Leaderboard(entries=tuple(sorted(by_id.values(), key=_order)))


def _order(entry: Entry) -> tuple[str, str, str]:
    return entry.game.spec, entry.agent.id, entry.id


def _entry_line(entry: Entry) -> str:
    return json.dumps(entry.model_dump(mode="json"), separators=(",", ":"), sort_keys=True)
