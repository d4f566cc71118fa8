"""Finds the content folders `agents/` and `milestones/`, and reads TOML that people write."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pokebench.errors import ConfigError

M = TypeVar("M", bound=BaseModel)
_PACKAGE = Path(__file__).resolve().parent


def content_dir(name: str) -> Path:
    """Return the folder `name`: inside an installed wheel, beside the package in a checkout.

    Raises:
        ConfigError: neither place has it.
    """
    packaged = _PACKAGE / "_content"
    path = (packaged if packaged.is_dir() else _PACKAGE.parent) / name
    if not path.is_dir():
        raise ConfigError(f"no content folder {path}; reinstall pokebench")
    return path


def read_bytes(path: Path, what: str) -> bytes:
    """Return a file's bytes; `what` names its kind in the message.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {what} {path}: {error.strerror}") from error


def read_toml(path: Path, model: type[M], what: str) -> M:
    """Return a TOML file as `model`.

    Raises:
        ConfigError: it cannot be read, is no TOML, or a key is wrong; the message names the key.
    """
    return validated(parse_toml(read_bytes(path, what), path, what), model, path, what)


def parse_toml(raw: bytes, path: Path, what: str) -> dict[str, Any]:
    """Return the tables of a TOML file's bytes.

    Raises:
        ConfigError: they are no TOML; the message names the line.
    """
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise ConfigError(f"{what} {path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{what} {path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{what} {path}: nested too deep") from error


def validated(data: dict[str, Any], model: type[M], path: Path, what: str) -> M:
    """Return what was read from the file `path` as `model`.

    Raises:
        ConfigError: a key is wrong; the message names it.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"{what} {path}: {explain(error)}") from error


def explain(error: ValidationError) -> str:
    """Return a validation error as one sentence that names each key and what is wrong with it."""
    faults = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'top level'}: {fault['msg']}"
        for fault in error.errors(include_url=False)
    ]
    shown = faults[:3] + ([f"and {len(faults) - 3} more"] if len(faults) > 3 else [])
    return "; ".join(shown)
