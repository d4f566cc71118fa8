"""One line of `pokebench doctor`: what was looked at, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class State(StrEnum):
    """How a check came out."""

    GOOD = "good"
    BAD = "bad"
    NOTE = "note"

    @property
    def mark(self) -> str:
        """Return the sign that stands before the line."""
        return {State.GOOD: "✔", State.BAD: "✘", State.NOTE: "·"}[self]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: how it came out; a note is neither good nor bad.
        detail: what was found.
        todo: what to do, of what is bad or missing.
    """

    name: str
    state: State
    detail: str
    todo: str = ""


Checks = Iterator[Check]


def judged(name: str, is_good: bool, detail: str, todo: str = "") -> Check:
    """Return a check that is good or bad; `todo` is told only if it is bad."""
    return Check(name, State.GOOD if is_good else State.BAD, detail, "" if is_good else todo)
