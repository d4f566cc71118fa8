"""A moment of a run as a person writes it."""

import re
from bisect import bisect_left
from typing import Final

from pokebench.errors import ConfigError
from pokebench.trajectory import Trajectory
from pokebench.types import FRAMES_PER_SECOND

FORMS: Final = "start, end, 1:23:45 or 2:30 (game time), 5000 (frame), turn:12, or a milestone's id"
"""How a moment may be written."""
_CLOCK: Final = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{2})(?:\.(\d{1,3}))?")


def frame_of(text: str, trajectory: Trajectory, last_frame: int) -> int:
    """Return the frame of a moment, 0 to `last_frame`.

    Args:
        text: the moment in one of `FORMS`.
        trajectory: the run.
        last_frame: its last frame.

    Raises:
        ConfigError: the moment has no such form, or is not in the run.
    """
    if text in ("start", "end"):
        return 0 if text == "start" else last_frame
    if text.isdecimal() and text.isascii():
        return _within(text, int(text), last_frame)
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds, fraction = clock.groups()
        whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        exact = whole + float(f"0.{fraction or 0}")
        return _within(text, round(exact * FRAMES_PER_SECOND), last_frame)
    kind, _, number = text.partition(":")
    if kind == "turn" and number.isdecimal() and number.isascii():
        return _frame_of_turn(text, int(number), trajectory)
    for event in trajectory.milestones:
        if event.id == text:
            return event.f
    raise ConfigError(f"moment {text!r}: {_what_is_wrong(text, trajectory)}")


def turn_at(starts: list[int], frame: int) -> int:
    """Return the turn, from 1, that led to `frame`; 0 before the first.

    Args:
        starts: the frame before each turn, ascending.
        frame: the moment.
    """
    return bisect_left(starts, frame)


def _within(text: str, frame: int, last_frame: int) -> int:
    if frame > last_frame:
        raise ConfigError(f"moment {text!r}: the run ends at frame {last_frame}")
    return frame


def _frame_of_turn(text: str, turn: int, trajectory: Trajectory) -> int:
    turns = trajectory.turns
    if not 1 <= turn <= len(turns):
        raise ConfigError(f"moment {text!r}: the run has turns 1 to {len(turns)}")
    return turns[turn - 1].f


def _what_is_wrong(text: str, trajectory: Trajectory) -> str:
    if text in trajectory.manifest.game.milestones:
        return "the run did not reach this milestone"
    reached = ", ".join(event.id for event in trajectory.milestones) or "none"
    return f"write {FORMS}; milestones reached: {reached}"
