"""Where suites lie, and how they are read and written: `suites/<name>/`.

plan.toml      what a person wrote
suite.toml     what was built of it; frozen, and its SHA-256 is the suite's identity
recordings/    the oracle's inputs: letters, compressed
controls.json  what baselines come to, so that each report can show them
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pokebench.content import content_dir, read_bytes, read_toml
from pokebench.errors import ConfigError
from pokebench.suite.form import Plan, Recording, Suite
from pokebench.trajectory.events import MAX_ACTIONS
from pokebench.types import ACTION_LETTERS

SUITE_NAME: Final = "suite.toml"
PLAN_NAME: Final = "plan.toml"
DEFAULT_SUITE: Final = "tallgrass-1"
_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class FrozenSuite:
    """A suite with its identity and its recordings.

    Attributes:
        folder: where it lies.
        suite: what it says.
        sha256: hash of its file.
    """

    folder: Path
    suite: Suite
    sha256: str

    def letters(self, world: str, seed: int) -> str:
        """Return the oracle's inputs in a world under a seed.

        Raises:
            ConfigError: the file is missing, damaged, or not the one that the suite was built with.
        """
        recording = next(
            (r for r in self.suite.recordings if (r.world, r.seed) == (world, seed)), None
        )
        if recording is None:
            raise ConfigError(f"suite {self.suite.name}: nothing is recorded for {world}, {seed}")
        path = recording_path(self.folder, world, seed)
        return _unpacked(path, recording)


def suite_names() -> tuple[str, ...]:
    """Return the names of the suites that come with pokebench."""
    return tuple(sorted(path.parent.name for path in content_dir("suites").glob(f"*/{SUITE_NAME}")))


def load_suite(name: str) -> FrozenSuite:
    """Return a suite by its name, or by its folder for one of your own.

    Raises:
        ConfigError: there is none, or its file is malformed.
    """
    folder = Path(name) if Path(name).is_dir() else content_dir("suites") / name
    path = folder / SUITE_NAME
    if not path.is_file():
        known = ", ".join(suite_names())
        raise ConfigError(f"no suite {name!r}; there are: {known}; your own is given as its folder")
    suite = read_toml(path, Suite, "suite")
    return FrozenSuite(folder, suite, hashlib.sha256(read_bytes(path, "suite")).hexdigest())


def load_plan(path: Path) -> Plan:
    """Return the plan in a file, or in a folder's `plan.toml`.

    Raises:
        ConfigError: it cannot be read, or is malformed.
    """
    return read_toml(path / PLAN_NAME if path.is_dir() else path, Plan, "suite plan")


def recording_path(folder: Path, world: str, seed: int) -> Path:
    """Return where the inputs in a world under a seed lie."""
    return folder / "recordings" / f"{world}_{seed}.z"


def packed(letters: str) -> bytes:
    """Return letters as a recording's file holds them."""
    return zlib.compress(letters.encode(), _LEVEL)


def _unpacked(path: Path, recording: Recording) -> str:
    decoder = zlib.decompressobj()
    try:
        raw = decoder.decompress(read_bytes(path, "recording"), MAX_ACTIONS + 1)
    except zlib.error as error:
        raise ConfigError(f"recording {path}: damaged ({error})") from error
    if hashlib.sha256(raw).hexdigest() != recording.sha256 or len(raw) != recording.steps:
        raise ConfigError(f"recording {path}: not the one that the suite was built with")
    letters = raw.decode("ascii", "replace")
    if set(letters) - set(ACTION_LETTERS):
        raise ConfigError(f"recording {path}: holds letters that are no actions")
    return letters


def suite_toml(suite: Suite) -> str:
    """Return a suite as the text of its file; equal suites give equal texts."""
    data = suite.model_dump(mode="json", by_alias=True)
    tables = {name: data.pop(name) for name in ("pins", "worlds", "recordings", "segments")}
    lines = [
        f"# {suite.title}. Built by `pokebench suite build`; frozen: any change is a new version.",
        *(_pair(key, value) for key, value in data.items()),
        "",
        "[pins]",
        *(_pair(key, value) for key, value in tables["pins"].items()),
    ]
    for name in ("worlds", "recordings", "segments"):
        for table in tables[name]:
            lines += ["", f"[[{name}]]", *(_pair(key, value) for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _pair(key: str, value: Any) -> str:
    return f"{key} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(_pair(key, inner) for key, inner in value.items()) + " }"
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return "[\n" + "".join(f"  {_toml(inner)},\n" for inner in value) + "]"
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return json.dumps(value)
