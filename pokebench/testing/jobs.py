"""Responses that are kept: those made in the background, and those that are to be stored."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]
_MOST_KEPT: Final = 2_000
_STORED_S: Final = 30 * 86_400.0
_UNSTORED_S: Final = 600.0
"""How long a background response is kept that nobody asked to store."""


@dataclass(slots=True)
class Job:
    """One response.

    Attributes:
        make_events: returns all its server-sent events; the last one ends it.
        whole: the finished response.
        running: the response before it is finished.
        begins: seconds on the provider's clock.
        ends: when it is forgotten.
        is_background: whether it takes its time.
        polls: how often it was asked for.
        is_cancelled: whether it was cancelled before it was finished.
        is_done: whether it is finished.
    """

    make_events: Callable[[], list[str]]
    whole: Json
    running: Json
    begins: float
    ends: float
    is_background: bool
    polls: int = 0
    is_cancelled: bool = False
    is_done: bool = False


class Jobs:
    """All responses that are kept; they live on when their client does not."""

    def __init__(self, clock: Callable[[], float], polls: int, seconds: float) -> None:
        """Finish background responses at poll number `polls`, and after `seconds` by `clock`."""
        self._clock = clock
        self._polls = polls
        self._seconds = seconds
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def add(
        self, whole: Json, running: Json, make_events: Callable[[], list[str]], body: Json
    ) -> Job:
        """Keep a response, as its request says."""
        now = self._clock()
        is_background = bool(body.get("background"))
        is_stored = body.get("store") is True or not is_background
        ends = now + (_STORED_S if is_stored else _UNSTORED_S)
        job = Job(make_events, whole, running, now, ends, is_background, is_done=not is_background)
        with self._lock:
            self._jobs[whole["id"]] = job
            if len(self._jobs) > _MOST_KEPT:
                self._jobs.popitem(last=False)
        return job

    def find(self, response_id: str) -> Job | None:
        """Return a response that is kept, or None."""
        job = self._jobs.get(response_id)
        return job if job is not None and self._clock() < job.ends else None

    def poll(self, job: Job) -> Json:
        """Return what a poll is told."""
        with self._lock:
            job.polls += 1
            if job.polls >= self._polls:
                self._finish_in_time(job)
            return self._shown(job)

    def finish_streamed(self, job: Job) -> bool:
        """Finish a response whose stream is read, if it is time; return whether it is over."""
        with self._lock:
            self._finish_in_time(job)
            return job.is_done or job.is_cancelled

    def cancel(self, job: Job) -> Json:
        """Cancel a response, unless it is finished."""
        with self._lock:
            job.is_cancelled = not job.is_done
            return self._shown(job)

    def forget(self, response_id: str) -> None:
        """Forget a response."""
        with self._lock:
            self._jobs.pop(response_id, None)

    def _finish_in_time(self, job: Job) -> None:
        is_time = self._clock() - job.begins >= self._seconds
        job.is_done = job.is_done or (is_time and not job.is_cancelled)

    def _shown(self, job: Job) -> Json:
        if job.is_cancelled:
            return job.running | {"status": "cancelled"}
        return job.whole if job.is_done else job.running
