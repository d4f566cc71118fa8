"""What a file from outside may hold: bounded text, strict JSON, finite numbers."""

import json
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from pokebench.errors import SubmissionError
from pokebench.trajectory.events import MOST_DEPTH, depth_of

_LARGEST_INTEGER: Final = 1 << 63
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


class Strict(BaseModel):
    """A part of a file from outside: no key too many, no infinity, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def shows_as_written(text: str) -> str:
    """Return `text` if it holds nothing that hides, reorders or breaks other text.

    Raises:
        ValueError: it holds a control character, or one that turns the direction of writing.
    """
    for character in text:
        is_odd = unicodedata.category(character) in ("Cc", "Cs", "Co", "Zl", "Zp")
        if character in _BIDI or (is_odd and character != "\n"):
            raise ValueError(f"it holds the character U+{ord(character):04X}, which does not show")
    return text


def is_a_name(text: str) -> str:
    """Return `text` if it reads as a name: one line, no markup.

    Raises:
        ValueError: it does not.
    """
    if "<" in text or ">" in text or "\n" in text or text != text.strip():
        raise ValueError("a name is one line without < and >, and without spaces at its ends")
    return shows_as_written(text)


Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(is_a_name)]
Words = Annotated[str, StringConstraints(max_length=2000), AfterValidator(shows_as_written)]
Url = Annotated[str, StringConstraints(max_length=300, pattern=r"^https://[^\s<>\"'`\\]+$")]
Moment = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z))?$")
]
"""A day, or a moment in UTC, ISO 8601."""


def parse_json(raw: bytes, place: str) -> Any:
    """Return JSON from outside.

    Raises:
        SubmissionError: it is no JSON, is nested too deeply, or holds NaN, infinity, a number
            beyond 64 bits, or a key twice; `place` names the file.
    """
    try:
        value = json.loads(raw, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SubmissionError(f"{place}: not JSON as it should be: {reason[:200]}") from error
    check_json(value, place)
    return value


def check_json(value: Any, place: str) -> None:
    """Refuse JSON that some reader would stumble over.

    Raises:
        SubmissionError: it is nested too deeply or holds a number out of range.
    """
    if depth_of(value) > MOST_DEPTH:
        raise SubmissionError(f"{place}: nested more than {MOST_DEPTH} deep")
    level = [value]
    while level:
        item = level.pop()
        if isinstance(item, dict):
            level += item.values()
        elif isinstance(item, list):
            level += item
        elif isinstance(item, float) and not abs(item) < float("inf"):
            raise SubmissionError(f"{place}: a number is not finite")
        elif isinstance(item, int) and not -_LARGEST_INTEGER <= item < _LARGEST_INTEGER:
            raise SubmissionError(f"{place}: a number is beyond 64 bits")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
