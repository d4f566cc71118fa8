"""A hard stop for code that does not come back: an agent of somebody's own that never answers."""

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pokebench.agent.ports import RunStopped
from pokebench.types import EndReason


@contextmanager
def alarm(seconds: float | None) -> Iterator[None]:
    """End the run from inside the block after `seconds`; None, or another thread, sets none.

    Raises:
        RunStopped: the time is up.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if seconds is None or not is_main or not math.isfinite(seconds):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise RunStopped(EndReason.BUDGET_WALL, "the agent did not answer in time")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
