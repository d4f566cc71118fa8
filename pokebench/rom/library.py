"""Where a person's ROMs lie: looked for in a few places, and remembered by path alone.

No ROM is ever copied. The order: files and folders that `POKEBENCH_ROMS` names, the folder `roms/`
where the command was called, then what `pokebench rom add` has remembered.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pokebench.errors import RomError
from pokebench.rom.file import MAX_ROM_BYTES, ROM_ENDINGS, Rom, rom_in

_FOLDER: Final = "roms"
_MOST_FILES: Final = 500
"""The most files of one folder that are looked at."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A ROM that was remembered: its path and what it was then, not its bytes."""

    path: str
    sha1: str
    game: str


@dataclass(frozen=True, slots=True)
class Found:
    """A ROM that lies somewhere.

    Attributes:
        path: where.
        sha1: what it is.
        place: which place told of it: `POKEBENCH_ROMS`, `roms/` or `remembered`.
    """

    path: Path
    sha1: str
    place: str


class Library:
    """All places where ROMs are looked for."""

    def __init__(self, config: Path, places: str = "", folder: Path | None = None) -> None:
        """Look in `places`, in `folder`, and in what the file in `config` remembers.

        Args:
            config: the person's own folder for settings; it need not exist.
            places: files and folders, joined as the system joins paths.
            folder: a folder that is looked at if it is there.
        """
        self._file = config / "roms.json"
        self._places = [Path(place) for place in places.split(os.pathsep) if place]
        self._folder = folder

    @classmethod
    def of(cls, environment: Mapping[str, str], here: Path) -> "Library":
        """Return the library of a person whose command was called in `here`."""
        named = environment.get("POKEBENCH_CONFIG")
        usual = environment.get("XDG_CONFIG_HOME")
        base = Path(usual) if usual else Path.home() / ".config"
        config = Path(named) if named else base / "pokebench"
        return cls(config, environment.get("POKEBENCH_ROMS", ""), here / _FOLDER)

    def references(self) -> tuple[Reference, ...]:
        """Return what was remembered.

        Raises:
            RomError: the file that remembers is malformed.
        """
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
            return tuple(Reference(str(k["path"]), str(k["sha1"]), str(k["game"])) for k in known)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise RomError(
                f"{self._file} cannot be read ({error}); repair it or delete it: "
                "it only holds paths of ROMs, which `pokebench rom add` writes again"
            ) from error

    def remember(self, reference: Reference) -> None:
        """Write a reference down, in place of an older one to the same ROM or path.

        Raises:
            RomError: the file cannot be written.
        """
        others = [
            known
            for known in self.references()
            if known.sha1 != reference.sha1 and known.path != reference.path
        ]
        self._write([*others, reference])

    def forget(self, name: str) -> tuple[Reference, ...]:
        """Drop the references to a path or a game; return those that were dropped."""
        known = self.references()
        gone = tuple(r for r in known if name in (r.game, r.path) or r.path == _absolute(name))
        if gone:
            self._write([reference for reference in known if reference not in gone])
        return gone

    def _write(self, references: list[Reference]) -> None:
        text = json.dumps([asdict(reference) for reference in references], indent=1) + "\n"
        new = self._file.with_suffix(".json.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file)
        except OSError as error:
            raise RomError(f"cannot write {self._file}: {error.strerror}") from error

    def all(self) -> Iterator[Found]:
        """Yield every ROM that can be read, place by place; what is no ROM is passed over."""
        for path, place in self._candidates():
            try:
                yield Found(path, Rom.of(rom_in(path)).sha1, place)
            except RomError:
                continue

    def find(self, sha1s: Collection[str]) -> Path | None:
        """Return the first file that is one of `sha1s`, or None."""
        return next((found.path for found in self.all() if found.sha1 in sha1s), None)

    def _candidates(self) -> Iterator[tuple[Path, str]]:
        for place in self._places:
            yield from ((path, "POKEBENCH_ROMS") for path in _files(place))
        if self._folder is not None and self._folder.is_dir():
            yield from ((path, f"{_FOLDER}/") for path in _files(self._folder))
        for reference in self.references():
            yield Path(reference.path), "remembered"


def _files(place: Path) -> list[Path]:
    """Return a file, or a folder's files whose names and sizes could be those of ROMs."""
    if not place.is_dir():
        return [place]
    endings = (*ROM_ENDINGS, ".zip")
    try:
        named = sorted(p for p in place.iterdir() if p.suffix.lower() in endings)[:_MOST_FILES]
        return [p for p in named if p.is_file() and 0 < p.stat().st_size <= MAX_ROM_BYTES]
    except OSError:
        return []


def _absolute(name: str) -> str:
    return str(Path(name).expanduser().absolute())
