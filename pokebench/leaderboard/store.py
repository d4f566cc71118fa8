"""Reads and writes `leaderboard.json`: one entry a line, sorted, so that git merges it."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from pokebench.content import explain, read_bytes
from pokebench.errors import ConfigError
from pokebench.leaderboard.entry import SCHEMA_VERSION, Entry, Leaderboard


def load(path: Path) -> Leaderboard:
    """Return the leaderboard in `path`; a missing file is an empty board.

    Raises:
        ConfigError: the file is malformed; the message names the key.
    """
    if not path.exists():
        return Leaderboard()
    raw = read_bytes(path, "leaderboard")
    try:
        return Leaderboard.model_validate_json(raw)
    except ValidationError as error:
        raise ConfigError(f"leaderboard {path}: {explain(error)}") from error


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


def add_runs(board: Leaderboard, entries: Iterable[Entry]) -> Leaderboard:
    """Return the board with the runs of `entries` added to the entries they belong to.

    Raises:
        ConfigError: a run is on the board already.
    """
    by_id = {entry.id: entry for entry in board.entries}
    known = {run.run_id for entry in board.entries for run in entry.runs}
    for entry in entries:
        for run in entry.runs:
            if run.run_id in known:
                raise ConfigError(f"run {run.run_id} is on the leaderboard already")
            known.add(run.run_id)
        present = by_id.get(entry.id)
        runs = (*(present.runs if present else ()), *entry.runs)
        ordered = tuple(sorted(runs, key=lambda run: (run.seed, run.run_id)))
        by_id[entry.id] = entry.model_copy(update={"runs": ordered})
    return Leaderboard(entries=tuple(sorted(by_id.values(), key=_order)))


_EMPTY = f'{{"schema": {SCHEMA_VERSION}, "entries": []}}\n'


def _order(entry: Entry) -> tuple[str, str, str]:
    return entry.game.spec, entry.agent.id, entry.id


def _entry_line(entry: Entry) -> str:
    return json.dumps(entry.model_dump(mode="json"), separators=(",", ":"), sort_keys=True)
