"""Where the time of a run goes, seen from outside and without slowing it."""

import signal
import time
from types import FrameType
from typing import Self

SAMPLE_S = 0.0005
PLACES = (
    ("model query, SDK and provider", "models/", "query"),
    ("picture as PNG", "models/picture.py", "png_of"),
    ("emulator: steps", "pokebench/emulator.py", "step"),
    ("emulator: the screen copied", "pokebench/emulator.py", "screen"),
    ("emulator: power-on", "pokebench/emulator.py", "run"),
    ("events: JSON, write and fsync", "trajectory/writer.py", "append"),
    ("reader: text and situation", "reader/tallgrass.py", "read"),
    ("reader: text and situation", "reader/tallgrass.py", "situation"),
    ("fingerprint of the question", "runner/line.py", "of"),
    ("reply to and from JSON", "runner/line.py", "reply_json"),
    ("reply to and from JSON", "runner/line.py", "reply_of"),
    ("the rest of the line", "runner/line.py", "ask"),
    ("the rest of the agent", "agent/model_agent.py", "act"),
    ("the rest of the loop", "runner/loop.py", "_play"),
    ("start and end", "runner/loop.py", "run"),
)
"""Where time can go: what a row is called, a part of the file's path, a function."""


class Sampler:
    """Looks twice a millisecond at what is being done, as a context manager.

    Unlike a tracing profiler it makes no code look dearer than other code. A look that comes late,
    since a long call into C kept it waiting, counts for all the time since the one before.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._before = 0.0

    def __enter__(self) -> Self:
        signal.signal(signal.SIGALRM, self._look)
        self._before = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, SAMPLE_S, SAMPLE_S)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        now = time.perf_counter()
        place = place_of(frame)
        self.seconds[place] = self.seconds.get(place, 0.0) + now - self._before
        self._before = now


def place_of(frame: FrameType | None) -> str:
    """Return the row that what is being done belongs to, the innermost that there is."""
    while frame is not None:
        code = frame.f_code
        for name, path, function in PLACES:
            if code.co_name == function and path in code.co_filename:
                return name
        frame = frame.f_back
    return "elsewhere"
