"""Cleans what models write before it is kept: any text may come, and not all can be stored."""

import re
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and new line, and marks that turn the direction of what follows."""


def clean(text: str) -> str:
    """Return `text` without control characters but new lines and tabs, as valid Unicode."""
    return _CONTROLS.sub("", text).encode("utf-8", "replace").decode("utf-8")


def bounded(text: str, characters: int) -> str:
    """Return `text`, cleaned, trimmed, and cut to `characters`."""
    return clean(text).strip()[:characters]


def quoted(text: str, characters: int = 60) -> str:
    """Return the beginning of a model's own words in quotes, on one line, for an error message."""
    line = " ".join(clean(text).split())
    return f'"{line}"' if len(line) <= characters else f'"{line[:characters]}..."'
