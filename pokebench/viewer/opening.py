"""Opens runs in a thread of its own, so that the page is there meanwhile and says how far it is."""

import asyncio
import concurrent.futures
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pokebench.trajectory import Tail
from pokebench.types import JsonObject
from pokebench.viewer.indexing import Indexing, OnSimulation, size_of

if TYPE_CHECKING:
    from pokebench.viewer.shown import ShownRun


class Opening:
    """Runs that are being opened, or were."""

    def __init__(
        self, records: list[Tail], rom: Path | None, cache: Path, table: Path | None
    ) -> None:
        """Be ready to open; see `ShownRun` for what is asked.

        Args:
            records: the runs; nothing but their manifests was read.
            rom: the person's ROM, for games that are not generated.
            cache: the person's own cache folder.
            table: the person's table, for games that pokebench has none of.
        """
        self._records = records
        self._rom = rom
        self._cache = cache
        self._table = table

    async def runs(self) -> "list[ShownRun]":
        """Open the runs; to be called once.

        Nobody waits for the thread: who ends the server while a long record is read need not.
        """
        opened: concurrent.futures.Future[list[ShownRun]] = concurrent.futures.Future()

        def run() -> None:
            try:
                opened.set_result(self._open())
            except Exception as error:  # noqa: BLE001 - raised where the runs are awaited
                opened.set_exception(error)

        opened.set_running_or_notify_cancel()
        threading.Thread(target=run, name="opening", daemon=True).start()
        return await asyncio.wrap_future(opened)

    async def prepare(self, runs: "list[ShownRun]") -> None:
        """Load what it takes to show screens, while the page is busy with the story."""
        for run in runs:
            await asyncio.to_thread(run.prepare)

    def indexing(self, on_simulation: OnSimulation) -> Indexing:
        """Return what re-simulates the runs, once it is started."""
        folders = [record.folder for record in self._records]
        return Indexing(folders, self._rom, self._cache, on_simulation, self._table)

    def progress(self) -> JsonObject:
        """Return how much of the records was read, in bytes, and how much there is."""
        sizes = [size_of(record.folder) for record in self._records]
        return {"read": sum(record.read_bytes for record in self._records), "of": sum(sizes)}

    def _open(self) -> "list[ShownRun]":
        from pokebench.viewer.shown import ShownRun  # what it needs takes a while to load

        return [ShownRun(record, self._rom, self._cache, self._table) for record in self._records]
