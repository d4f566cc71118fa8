"""Re-simulates runs in a process of its own, so that the page stays quick and frames soon show.

The process has the lowest priority: a run in progress on the same machine must not wait for it.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pokebench.errors import PokebenchError
from pokebench.types import JsonObject

if TYPE_CHECKING:
    from pokebench.replay import Replay

_NICE: Final = 19
_POLL_S: Final = 0.5
State = Literal["pending", "running", "holds", "desync", "unavailable"]


@dataclass(frozen=True, slots=True)
class Simulation:
    """How far a run was re-simulated, and whether it came true.

    Attributes:
        state: `pending`, `running`, `holds`, `desync` or `unavailable`.
        frame: up to where it holds.
        detail: what does not come true, or why it cannot be tried.
    """

    state: State = "pending"
    frame: int = 0
    detail: str = ""

    def to_json(self) -> JsonObject:
        """Return it for the page."""
        return {"state": self.state, "frame": self.frame, "detail": self.detail}


OnSimulation = Callable[[int, Simulation], None]


class Indexing:
    """The process that follows some runs, one after another, for as long as they grow."""

    def __init__(
        self,
        folders: list[Path],
        rom: Path | None,
        cache: Path,
        on_simulation: OnSimulation,
        table: Path | None = None,
    ) -> None:
        """Be ready to follow.

        Args:
            folders: the runs.
            rom: the person's ROM, for games that are not generated.
            cache: the person's own cache folder.
            on_simulation: told of each news, with the run's number, in a thread of its own.
            table: the person's table, for games that pokebench has none of.
        """
        self._asked = (folders, rom, cache, table)
        self._on_simulation = on_simulation
        self._process: SpawnProcess | None = None

    def start(self) -> None:
        """Start to follow, if that was not done before."""
        if self._process is not None:
            return
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        self._process = context.Process(target=_follow_all, args=(there, *self._asked), daemon=True)
        self._process.start()
        there.close()
        threading.Thread(
            target=_listen, args=(here, self._on_simulation), daemon=True, name="indexing"
        ).start()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(5)


def _listen(pipe: Connection, on_simulation: OnSimulation) -> None:
    try:
        while True:
            place, simulation = pipe.recv()
            on_simulation(place, simulation)
    except (EOFError, OSError):
        pipe.close()


def _follow_all(
    pipe: Connection, folders: list[Path], rom: Path | None, cache: Path, table: Path | None
) -> None:
    """Run in the process: index every run, and again whenever one has grown."""
    os.nice(_NICE)
    followed = [
        _Followed(place, folder, rom, cache, table, pipe) for place, folder in enumerate(folders)
    ]
    parent = multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        for run in followed:
            run.go_on()
        time.sleep(_POLL_S)


class _Followed:
    """One run that is followed."""

    def __init__(
        self,
        place: int,
        folder: Path,
        rom: Path | None,
        cache: Path,
        table: Path | None,
        pipe: Connection,
    ) -> None:
        self._place = place
        self._folder = folder
        self._rom = rom
        self._cache = cache
        self._table = table
        self._pipe = pipe
        self._replay: Replay | None = None
        self._size = -1
        self._is_over = False

    def go_on(self) -> None:
        """Re-simulate what was recorded since."""
        size = size_of(self._folder)
        if self._is_over or size == self._size:
            return
        self._size = size
        try:
            replay = self._brought_up_to_date()
            index = replay.index(lambda frame: self._tell("running", frame), jobs=1)
        except PokebenchError as error:
            self._is_over = True
            self._tell("unavailable", 0, str(error))
            return
        self._is_over = bool(index.desync)
        state: State = "desync" if index.desync else "holds" if index.is_whole else "running"
        self._tell(state, index.frames, index.desync)

    def _brought_up_to_date(self) -> "Replay":
        from pokebench.replay import Replay  # only this process needs the emulator

        if self._replay is None:
            self._replay = Replay.open(
                self._folder, self._rom,
                table_path=self._table, cache=self._cache, up_to_damage=True,
            )  # fmt: skip
        else:
            self._replay.refresh()
        return self._replay

    def _tell(self, state: State, frame: int, detail: str = "") -> None:
        told = Simulation(state, frame, by_name(detail, self._folder))
        self._pipe.send((self._place, told))


def by_name(words: str, folder: Path) -> str:
    """Return words in which a run goes by its name, and not by where it lies on this machine."""
    return words.replace(f"{folder}{os.sep}", f"{folder.resolve().name}/")


def size_of(folder: Path) -> int:
    """Return the size of a run's record in bytes; 0 if it cannot be told."""
    try:
        return (folder / "events.jsonl").stat().st_size
    except OSError:
        return 0
