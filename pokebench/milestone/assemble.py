"""From the files of a table to its whole text: what it extends, and what stands for conditions.

A table may build on another file, and may name what it says often:

    extends = "shared/pokemon_gen1.toml"      everything of that file, and what differs
    [events]      BEAT_BROCK = 119            then { event = "BEAT_BROCK" }: that bit of event_flags
    [conditions]  free = { … }                then { is = "free" } is that condition
    { symbols = [ … ], columns = [ … ], listed = "shared/maps.csv" }     rows from a CSV file
"""

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeGuard

from pokebench.content import parse_toml, read_bytes
from pokebench.errors import ConfigError

WHAT: Final = "game table"
_MOST_FILES: Final = 5
_MOST_DEPTH: Final = 8
_LISTS_BY_ID: Final = ("milestones", "flags")


@dataclass(slots=True)
class Assembly:
    """The text of a table and the files that it was put together from.

    Attributes:
        folder: the folder that names in a table are relative to.
        files: bytes of each file by its name in the folder, in the order in which they were read.
    """

    folder: Path
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hash of all files; of a table that is one file, that file's hash."""
        hashes = [(name, hashlib.sha256(raw).hexdigest()) for name, raw in self.files.items()]
        if len(hashes) == 1:
            return hashes[0][1]
        lines = "".join(f"{digest}  {name}\n" for name, digest in hashes)
        return hashlib.sha256(lines.encode()).hexdigest()

    def table(self, name: str) -> dict[str, Any]:
        """Return the whole table that the file `name` states.

        Raises:
            ConfigError: a file is missing or wrong; the message names it.
        """
        whole = self._merged(name)
        events, conditions = whole.pop("events", {}), whole.pop("conditions", {})
        if not isinstance(events, dict) or not isinstance(conditions, dict):
            raise ConfigError(f"{WHAT} {name}: events and conditions are tables of names")
        names = _Names(events, conditions, self)
        for entry in [*_entries(whole, "milestones"), *_entries(whole, "flags")]:
            names.expand_in(entry, "when", f"{name}: {entry.get('id', 'an entry without id')}")
        for number, rule in enumerate(_entries(whole.get("screen"), "scenes"), 1):
            for key in ("when", "ready", "reads_on"):
                names.expand_in(rule, key, f"{name}: screen.scenes, rule {number}")
        for line in _entries(whole.get("start"), "script"):
            names.expand_in(line, "until", f"{name}: start.script, to {line.get('to', '?')}")
        for entry in _entries(whole.get("start"), "expect"):
            names.expand_in(entry, "when", f"{name}: start.expect, {entry.get('title', '?')}")
        return whole

    def read(self, name: str, named_in: str) -> bytes:
        """Return the bytes of a file of the folder.

        Raises:
            ConfigError: it lies elsewhere or cannot be read.
        """
        if name not in self.files:
            inside = (self.folder / name).resolve().is_relative_to(self.folder.resolve())
            if not inside:
                raise ConfigError(f"{WHAT} {named_in}: {name!r} lies outside {self.folder}")
            self.files[name] = read_bytes(self.folder / name, WHAT)
        return self.files[name]

    def _merged(self, name: str, depth: int = 0) -> dict[str, Any]:
        if depth >= _MOST_FILES:
            raise ConfigError(f"{WHAT} {name}: extends {_MOST_FILES} files or itself")
        own = parse_toml(self.read(name, name), self.folder / name, WHAT)
        base_name = own.pop("extends", None)
        if base_name is None:
            return own
        if not isinstance(base_name, str):
            raise ConfigError(f"{WHAT} {name}: extends must name a file")
        return _overlaid(self._merged(base_name, depth + 1), own, name)


def _entries(table: Any, key: str) -> list[dict[str, Any]]:
    """Return the entries of a list; what is no list of tables is refused later, by its form."""
    value = table.get(key) if isinstance(table, dict) else None
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _is_list(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _overlaid(base: dict[str, Any], own: dict[str, Any], name: str) -> dict[str, Any]:
    """Return `base` with what `own` says differently; tables go into each other."""
    whole = dict(base)
    for key, value in own.items():
        before = whole.get(key)
        if key in _LISTS_BY_ID and _is_list(before) and _is_list(value):
            whole[key] = _overlaid_list(before, value, name)
        elif isinstance(before, dict) and isinstance(value, dict):
            whole[key] = _overlaid(before, value, name)
        else:
            whole[key] = value
    return whole


def _overlaid_list(
    base: list[dict[str, Any]], own: list[dict[str, Any]], name: str
) -> list[dict[str, Any]]:
    """Return `base` with entries of the same id changed and new ones put in.

    A new entry goes to the end, or in front of the one that its key `before` names.
    """
    whole = [dict(entry) for entry in base]
    for entry in own:
        change = dict(entry)
        place = change.pop("before", None)
        ids = [known.get("id") for known in whole]
        if change.get("id") in ids:
            whole[ids.index(change["id"])] |= change
        elif place is None:
            whole.append(change)
        elif place in ids:
            whole.insert(ids.index(place), change)
        else:
            raise ConfigError(
                f"{WHAT} {name}: {change.get('id')}: before {place!r}, which is not there"
            )
    return whole


@dataclass(frozen=True, slots=True)
class _Names:
    """What stands for something else in a condition."""

    events: dict[str, int]
    conditions: dict[str, Any]
    assembly: Assembly

    def expand_in(self, entry: dict[str, Any], key: str, place: str) -> None:
        """Replace the condition under `key` of an entry."""
        if key in entry:
            entry[key] = self._expanded(entry[key], place)

    def _expanded(self, condition: Any, place: str, depth: int = 0) -> Any:
        if depth > _MOST_DEPTH:
            raise ConfigError(f"{WHAT} {place}: conditions are nested too deep or name each other")
        if isinstance(condition, list):
            return [self._expanded(part, place, depth) for part in condition]
        if not isinstance(condition, dict):
            return condition
        if "event" in condition:
            index = self._look_up(self.events, condition, "event", place)
            return {"symbol": "event_flags", "bit": index}
        if "is" in condition:
            return self._expanded(
                self._look_up(self.conditions, condition, "is", place), place, depth + 1
            )
        if "listed" in condition:
            return self._rows(condition, place)
        parts = {key: value for key, value in condition.items() if key in ("all", "any", "not")}
        return condition | {
            key: self._expanded(value, place, depth + 1) for key, value in parts.items()
        }

    def _look_up(
        self, known: dict[str, Any], condition: dict[str, Any], key: str, place: str
    ) -> Any:
        name = condition[key]
        if len(condition) != 1 or not isinstance(name, str) or name not in known:
            raise ConfigError(f"{WHAT} {place}: unknown {key} {name!r}, or keys besides it")
        return known[name]

    def _rows(self, condition: dict[str, Any], place: str) -> dict[str, Any]:
        """Return a condition with the rows of the CSV file that it names."""
        name, columns = condition["listed"], condition.get("columns")
        if not isinstance(name, str) or not isinstance(columns, list):
            raise ConfigError(f"{WHAT} {place}: listed names a CSV file, columns its columns")
        text = self.assembly.read(name, place).decode(errors="replace")
        try:
            rows = [[int(row[c], 0) for c in columns] for row in csv.DictReader(io.StringIO(text))]
        except (KeyError, TypeError, ValueError, csv.Error) as error:
            raise ConfigError(f"{WHAT} {place}: {name} has no numbers under {columns}") from error
        kept = {key: value for key, value in condition.items() if key not in ("listed", "columns")}
        return kept | {"rows": rows}
