"""Fails the n-th write, sync or rename of a run, for every n, and lets the run go on afterwards.

    gcc -shared -fPIC -o failing_io.so tests/endurance/failing_io.c -ldl
    LD_PRELOAD=./failing_io.so python -m tests.endurance.failing_io --error EIO

As in SQLite's tests, n grows until a run ends without having met its failure.
"""

import argparse
import ctypes
import errno
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pokebench.errors import PokebenchError
from pokebench.milestone import GameSpec, open_game
from pokebench.runner import RunConfig, resume, run
from pokebench.testing import Bill
from pokebench.trajectory import ResultEvent, read_trajectory
from pokebench.trajectory.writer import EVENTS_NAME
from tests.endurance.asked import GAME, Asked
from tests.endurance.audit import audit
from tests.endurance.service import Service

_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended.

    Attributes:
        how: the run's end reason, or the class of the error.
        words: the error's message.
        is_clear: it ended as it should: by a reason, or by one of our errors.
        failed: the operation that failed; empty if none did.
        operations: operations on the run folder.
    """

    how: str
    words: str
    is_clear: bool
    failed: str
    operations: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One run, one failure.

    Attributes:
        nth: which operation failed.
        ending: how the run took it.
        problems: what does not hold, in words.
    """

    nth: int
    ending: Ending
    problems: tuple[str, ...]


class Shim:
    """The library that was preloaded."""

    def __init__(self) -> None:
        """Find it in this process.

        Raises:
            AttributeError: it was not preloaded.
        """
        library = ctypes.CDLL(None)
        library.failed_operation.restype = ctypes.c_char_p
        library.operations_so_far.restype = ctypes.c_long
        library.fail_at.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_char_p]
        self._library = library

    def fail_at(self, nth: int, error: int, folder: Path, *, is_lasting: bool) -> None:
        """Fail the n-th operation in `folder`, and if it is lasting all later ones."""
        self._library.fail_at(nth, error, int(is_lasting), bytes(folder))

    def failed(self) -> str:
        """Return the name of the operation that failed, or ""."""
        return str(self._library.failed_operation().decode())

    def operations(self) -> int:
        """Return how many operations there were."""
        return int(self._library.operations_so_far())


class Sweep:
    """Plays one run again and again, each time with another failure."""

    def __init__(self, asked: Asked, service: Service, workplace: Path) -> None:
        """Play the run undisturbed, for comparison."""
        self._shim = Shim()
        self._asked = asked
        self._service = service
        self._workplace = workplace
        self._alone = workplace / "alone"
        run(asked.config(self._alone, service.url))
        gc.freeze()

    def trial(self, nth: int, error: int, *, is_lasting: bool) -> Trial:
        """Play with the n-th operation failing, then resume without, and audit."""
        folder = self._workplace / f"run{nth}"
        before = len(self._service.bills())

        def play(config: RunConfig) -> str:
            self._shim.fail_at(nth, error, folder, is_lasting=is_lasting)
            return run(config).reason

        ending = self._in_child(folder, play)
        bills = self._service.bills()[before:]
        problems = [] if ending.is_clear else [f"{ending.how}: {ending.words}"]
        try:
            problems += self._lost(folder, bills)
            problems += self._go_on(folder)
            problems += self._audit(folder, before)
        except PokebenchError as fault:
            problems.append(f"{type(fault).__name__}: {fault}")
        shown = (problem.replace(str(folder), "RUN") for problem in problems)
        return Trial(nth, ending, tuple(shown))

    def _lost(self, folder: Path, bills: list[Bill]) -> list[str]:
        """Name answers that are on no record; only the one whose writing failed may be."""
        if not (folder / EVENTS_NAME).exists():
            return [f"{len(bills)} answers without a record"] if bills else []
        lines = read_trajectory(folder).lines
        answers = sum(isinstance(line.event, ResultEvent) for line in lines)
        lost = len(bills) - answers
        return [f"{lost} answers are not on record"] if lost > 1 else []

    def _go_on(self, folder: Path) -> list[str]:
        """Resume the run until its end, or do nothing if it never began or is over."""
        if not (folder / EVENTS_NAME).exists():
            return []
        outcome = read_trajectory(folder).outcome
        if outcome is not None and not outcome.reason.is_resumable:
            return []
        ending = self._in_child(
            folder, lambda config: resume(config, read_trajectory(folder)).reason
        )
        return [] if ending.is_clear else [f"resuming: {ending.how}: {ending.words}"]

    def _audit(self, folder: Path, before: int) -> list[str]:
        if not (folder / EVENTS_NAME).exists():
            return []
        if read_trajectory(folder).outcome is None:
            return ["the run has no end"]
        return list(audit(folder, self._service.bills()[before:], self._alone).problems)

    def _in_child(self, folder: Path, play: Callable[[RunConfig], str]) -> Ending:
        """Play in a child; it leaves without another write to the run."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            ending = self._ending(folder, play)
            os.write(writer, json.dumps(asdict(ending)).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            said = pipe.read()
        os.waitpid(pid, 0)
        return Ending(**json.loads(said))

    def _ending(self, folder: Path, play: Callable[[RunConfig], str]) -> Ending:
        try:
            how, words, is_clear = play(self._asked.config(folder, self._service.url)), "", True
        except PokebenchError as error:
            how, words, is_clear = type(error).__name__, str(error), True
        except Exception as error:  # noqa: BLE001 - which error it is is what is asked
            how, words, is_clear = type(error).__name__, str(error), False
        return Ending(how, words, is_clear, self._shim.failed(), self._shim.operations())


def sweep(error: int, *, is_lasting: bool, turns: int, every: int, workplace: Path) -> list[Trial]:
    """Return a trial for each n, or for one in `every`, up to a run that meets no failure."""
    trials: list[Trial] = []
    asked = Asked(open_game(GameSpec.parse(GAME)), "anthropic", turns)
    with Service() as service:
        played = Sweep(asked, service, workplace)
        for nth in range(1, _MOST, every):
            trial = played.trial(nth, error, is_lasting=is_lasting)
            trials.append(trial)
            if not trial.ending.failed:
                break
    return trials


def main() -> None:
    """Sweep and print the trials as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--error", choices=("EIO", "ENOSPC"), default="EIO")
    parser.add_argument("--lasting", action="store_true", help="all later ones fail as well")
    parser.add_argument("--turns", type=int, default=10, help="length of the run (default 10)")
    parser.add_argument("--every", type=int, default=1, help="try one n in so many (default 1)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as workplace:
        trials = sweep(
            getattr(errno, chosen.error),
            is_lasting=chosen.lasting,
            turns=chosen.turns,
            every=chosen.every,
            workplace=Path(workplace),
        )
    sys.stdout.write(json.dumps([asdict(trial) for trial in trials], indent=1) + "\n")


if __name__ == "__main__":
    main()
