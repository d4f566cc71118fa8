"""All screens of a run, encoded by several processes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pokebench.replay import Replay
from pokebench.viewer.screens import encode

REEL_FRAMES: Final = 3600
"""Frames of the game on one reel: a minute."""
_LEVEL: Final = 9
_ALONE: Final = 4
"""Reels that one process makes before a second would have begun."""
_replay: Replay | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What is the person's own, and never comes from a run.

    Attributes:
        rom: the ROM, for games that are not generated.
        cache: the cache folder.
        table: the table, for games that pokebench has none of.
    """

    rom: Path | None
    cache: Path
    table: Path | None = None

    def replay(self, folder: Path) -> Replay:
        """Open what is whole of a run.

        Raises:
            TrajectoryError: the run cannot be read.
            ConfigError: the game, ROM or emulator is not here.
        """
        return Replay.open(
            folder, self.rom, table_path=self.table, cache=self.cache, up_to_damage=True
        )


def reels(
    folder: Path, own: Own, frames: int, every: int, jobs: int | None = None
) -> Iterator[bytes]:
    """Yield the reels of a run in order.

    Args:
        folder: the run folder.
        own: ROM and cache, in which the run is indexed.
        frames: the screens of `range(0, frames, every)` are shown.
        every: frames from one screen to the next.
        jobs: processes; None takes one a core, and only this one for a short run.
    """
    spans = [(start, min(start + REEL_FRAMES, frames)) for start in range(0, frames, REEL_FRAMES)]
    workers = jobs or min(os.cpu_count() or 1, -(-len(spans) // _ALONE))
    if workers == 1:
        with own.replay(folder) as replay:
            for span in spans:
                yield _reel_of(replay, span, every)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _begin, (folder, own))
    try:
        yield from pool.map(_reel, spans, [every] * len(spans))
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(folder: Path, own: Own) -> None:
    """Begin a process: it ends with its parent, however that ends."""
    global _replay
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _replay = own.replay(folder)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _reel(span: tuple[int, int], every: int) -> bytes:
    assert _replay is not None
    return _reel_of(_replay, span, every)


def _reel_of(replay: Replay, span: tuple[int, int], every: int) -> bytes:
    return encode(replay.screens(*span, every), _LEVEL)
