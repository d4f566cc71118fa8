"""Tells pages what happens while they are open, as server-sent events numbered by lines."""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pokebench.types import JsonObject
from pokebench.viewer.indexing import Simulation, size_of

if TYPE_CHECKING:
    from pokebench.viewer.shown import ShownRun

POLL_S: Final = 0.2
_NICE: Final = 10
_ALIVE_S: Final = 10.0
"""Silence after which a page is told that the server is still there."""


class Broadcast:
    """Follows the runs, and wakes the pages that wait for news.

    Attributes:
        runs: the runs.
    """

    def __init__(self, runs: "list[ShownRun]") -> None:
        """Follow `runs`; nothing is read before `watch`."""
        self.runs = runs
        self._news = [0] * len(runs)
        self._sizes = [-1] * len(runs)
        self._gives_way = False
        self._changed = asyncio.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def watch(self, on_growth: Callable[[], None]) -> None:
        """Look for growth for ever; a run that grows is in progress, and must not be slowed."""
        self._loop = asyncio.get_running_loop()
        while True:
            for place, run in enumerate(self.runs):
                size = size_of(run.folder)
                if size != self._sizes[place]:
                    self._sizes[place] = size
                    if await asyncio.to_thread(run.follow):
                        self._give_way()
                        on_growth()
                        await self.tell(place)
                    await asyncio.to_thread(run.keep)
            await asyncio.sleep(POLL_S)

    def simulated(self, place: int, simulation: Simulation) -> None:
        """Take news of a re-simulation, from another thread."""
        self.runs[place].simulation = simulation
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(self.tell(place), self._loop)

    async def events(self, place: int, line: int) -> AsyncIterator[str]:
        """Yield what happens to a run after a line of its record, as server-sent events."""
        run = self.runs[place]
        told: Simulation | None = None
        ends_told = ("", "")
        yield "retry: 700\n\n"
        while True:
            news = self._news[place]
            if told != run.simulation:
                told = run.simulation
                yield _event("simulation", told.to_json())
            growth = await asyncio.to_thread(run.growth, line)
            ends = (growth["status"]["fault"], growth["status"]["torn"])
            if growth["line"] != line or ends != ends_told:
                ends_told = ends
                yield _event("growth", growth, growth["line"])
                line = growth["line"]
            if not await self._wait(place, news):
                yield ": still here\n\n"

    def _give_way(self) -> None:
        """Lower this process's priority, once and for all."""
        if self._gives_way:
            return
        self._gives_way = True
        os.nice(_NICE)
        if sys.platform == "linux":  # there it is of one thread, and of those that it starts
            for thread in threading.enumerate():
                with suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, thread.native_id or 0, _NICE)

    async def _wait(self, place: int, news: int) -> bool:
        """Wait for news that are newer than `news`; return whether there were any."""
        deadline = time.monotonic() + _ALIVE_S
        async with self._changed:
            while self._news[place] == news:
                left = deadline - time.monotonic()
                try:
                    await asyncio.wait_for(self._changed.wait(), max(left, 0.01))
                except TimeoutError:
                    return False
        return True

    async def tell(self, place: int) -> None:
        """Wake the pages that show a run: there is news."""
        async with self._changed:
            self._news[place] += 1
            self._changed.notify_all()


def _event(kind: str, data: JsonObject, number: int | None = None) -> str:
    identity = "" if number is None else f"id: {number}\n"
    return f"event: {kind}\n{identity}data: {json.dumps(data, separators=(',', ':'))}\n\n"
