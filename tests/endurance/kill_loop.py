"""Kills a run again and again, at any moment, and holds what comes out against one left alone.

    python -m tests.endurance.kill_loop --kills 200 --adapter anthropic --faults

One process loads everything, then forks a child for each session, so that a session begins in
milliseconds and kills fall into play more than into imports. The moments are drawn by a seed.
"""

import argparse
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pokebench.milestone import GameSpec, open_game
from pokebench.runner import resume, run
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.writer import EVENTS_NAME
from tests.endurance.asked import ADAPTERS, GAME, Asked
from tests.endurance.audit import Audit, audit
from tests.endurance.moments import Moments
from tests.endurance.service import Service

_POLL_S: Final = 0.001
_HANGS_S: Final = 120.0
_SESSION_BYTES: Final = 160
"""More than the line by which a session begins, less than that and anything live."""


@dataclass(frozen=True, slots=True)
class Endured:
    """What a kill loop came to.

    Attributes:
        adapter: who was killed.
        has_faults: whether the provider failed as well.
        kills: how often.
        found: where the kills fell, by what the killed session had recorded last.
        torn: lines that were cut off in the middle.
        seconds: how long it took.
        audit: how the record stands beside the bills.
    """

    adapter: str
    has_faults: bool
    kills: int
    found: dict[str, int]
    torn: int
    seconds: float
    audit: Audit


class Session:
    """A child that starts the run in a folder, or goes on with it."""

    def __init__(self, asked: Asked, folder: Path, url: str) -> None:
        """Fork it; there is no thread yet, so that is safe."""
        assert threading.active_count() == 1
        self._events = folder / EVENTS_NAME
        self._before = _size(self._events)
        self._began = time.monotonic()
        self._pid = os.fork()
        if self._pid == 0:
            _play_and_exit(lambda: _go_on(asked, folder, url))

    def kill(self, where: str, delay_s: float) -> bool:
        """Kill it `delay_s` after its start or its first live event; return False if it ended.

        What shall die before it is live is killed at its first live event at the latest.
        """
        if where == "live":
            self._wait(self._is_live)
            self._began = time.monotonic()
        if self._wait(lambda: self._is_due(delay_s) or (where != "live" and self._is_live())):
            return False
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        return True

    def _is_due(self, delay_s: float) -> bool:
        return time.monotonic() - self._began >= delay_s

    def _is_live(self) -> bool:
        return _size(self._events) > self._before + _SESSION_BYTES

    def end(self) -> None:
        """Let it play until it ends by itself."""
        self._wait(lambda: False)

    def _wait(self, until: Callable[[], bool]) -> bool:
        """Wait until something is so; return True if the child ended before.

        Raises:
            RuntimeError: the child failed, or hangs.
        """
        if self._pid == 0:
            return True
        latest = time.monotonic() + _HANGS_S
        while not until():
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._pid = 0
                if status:
                    raise RuntimeError(f"a session failed, status {status}")
                return True
            if time.monotonic() > latest:
                raise RuntimeError("a session hangs")
            time.sleep(_POLL_S)
        return False


def endure(asked: Asked, kills: int, seed: int, *, has_faults: bool, workplace: Path) -> Endured:
    """Play a run under `kills`, play one without, and compare.

    Args:
        asked: the run.
        kills: how often to kill it.
        seed: draws the moments.
        has_faults: whether the provider fails now and then as well.
        workplace: an empty folder.
    """
    alone, folder = workplace / "alone", workplace / "killed"
    began = time.monotonic()
    moments, found, torn = Moments(seed, asked.turns, kills), Counter[str](), 0
    with Service() as other, Service() as service:
        run(asked.config(alone, other.url))
        gc.freeze()
        for kill in range(kills):
            if has_faults:
                service.plan(moments.faults())
            recorded = _recorded(folder)
            session, where = Session(asked, folder, service.url), moments.draw()
            if not session.kill(where, moments.delay_s(where, kill)):
                break
            after = _recorded(folder)
            found[after.phase_since(recorded)] += 1
            torn += after.is_torn
            moments.note(where, after.turns)
        _finish(asked, folder, service.url)
        seconds = time.monotonic() - began
        audited = audit(folder, service.bills(), alone)
    counts = dict(sorted(found.items()))
    return Endured(
        asked.adapter, has_faults, sum(found.values()), counts, torn, round(seconds, 1), audited
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What a record holds at one moment."""

    lines: int = 0
    turns: int = 0
    last: str = ""
    is_torn: bool = False

    def phase_since(self, before: "_Recorded") -> str:
        """Return how far a killed session came, `before` being the record when it began."""
        if self.lines == before.lines:
            return "start-up"
        return "replay" if self.last == "session" else f"after {self.last}"


def _recorded(folder: Path) -> _Recorded:
    if not (folder / EVENTS_NAME).exists():
        return _Recorded()
    record = read_trajectory(folder)
    last = record.lines[-1].event.t if record.lines else ""
    return _Recorded(len(record.lines), len(record.turns), last, record.torn is not None)


def _finish(asked: Asked, folder: Path, url: str) -> None:
    """Let the run come to its end; a provider that fails may take it several sessions."""
    for _ in range(20):
        outcome = read_trajectory(folder).outcome if (folder / EVENTS_NAME).exists() else None
        if outcome is not None and not outcome.reason.is_resumable:
            return
        Session(asked, folder, url).end()
    raise RuntimeError("the run does not come to its end")


def _go_on(asked: Asked, folder: Path, url: str) -> None:
    """Start the run or go on with it; one that was killed before its first line starts anew."""
    config = asked.config(folder, url)
    if (folder / EVENTS_NAME).exists():
        resume(config, read_trajectory(folder))
        return
    shutil.rmtree(folder, ignore_errors=True)
    run(config)


def _play_and_exit(play: Callable[[], None]) -> None:
    """Play in a child, which must never return into its parent's code."""
    try:
        play()
    except BaseException:  # noqa: BLE001 - shown, and known to the parent by the status
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def main() -> None:
    """Run one kill loop and print what it came to, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how often (default 200)")
    parser.add_argument("--adapter", choices=ADAPTERS, default="anthropic")
    parser.add_argument("--turns", type=int, default=100, help="length of the run (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments (default 1)")
    parser.add_argument("--faults", action="store_true", help="let the provider fail as well")
    chosen = parser.parse_args()
    asked = Asked(open_game(GameSpec.parse(GAME)), chosen.adapter, chosen.turns)
    with tempfile.TemporaryDirectory() as workplace:
        endured = endure(
            asked, chosen.kills, chosen.seed, has_faults=chosen.faults, workplace=Path(workplace)
        )
    extra = {"extra_bills": endured.audit.extra_bills}
    sys.stdout.write(json.dumps(asdict(endured) | extra, indent=1) + "\n")
    sys.exit(1 if endured.audit.problems else 0)


if __name__ == "__main__":
    main()
