"""Many jobs in several processes, that end when they are asked to or when nobody waits any more."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from types import FrameType
from typing import TypeVar

from pokebench.errors import PokebenchError

J = TypeVar("J")
R = TypeVar("R")
_POLL_S = 0.5
_GRACE_S = 10.0


def map_jobs(
    work: Callable[[J], R],
    jobs: Sequence[J],
    processes: int,
    stop_requested: Callable[[], bool] = lambda: False,
) -> Iterator[R]:
    """Yield the results of `work` for `jobs` as they come, in any order.

    Args:
        work: a function of a module, so that other processes find it.
        jobs: what to do; they go to other processes.
        processes: how many; 1 works in this one.
        stop_requested: asked now and then; once it is true, nothing further is begun.

    Raises:
        PokebenchError: a process was killed.
    """
    if processes == 1:
        for job in jobs:
            if stop_requested():
                return
            yield work(job)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin)
    try:
        pending: set[Future[R]] = {pool.submit(work, job) for job in jobs}
        while pending:
            done, pending = wait(pending, _POLL_S, FIRST_COMPLETED)
            if stop_requested():
                pending = {future for future in pending if not future.cancel()}
            for future in done:
                yield future.result()
    except BrokenProcessPool:
        raise PokebenchError(
            "one of the processes was killed; what they did is kept, and the same command goes on"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def asked_to_stop(parent: int) -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether work in another process should stop.

    It should when Ctrl-C is pressed, and when the process `parent` that asked for it is gone.
    In that process itself nothing is changed.
    """
    if os.getpid() == parent:
        yield lambda: False
        return
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked or os.getppid() != parent
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _begin() -> None:
    """Leave interrupts to the work, and end when nobody waits any more, at work or not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        time.sleep(_GRACE_S)  # what is under way sees by itself that it should stop
        os._exit(1)
