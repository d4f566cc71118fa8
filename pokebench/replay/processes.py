"""Does tasks on several processes, and tells how far they are."""

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")
Task = Callable[[Callable[[int], None]], T]
"""Something to do that can be sent to a process; it calls back with how far it is."""


class ProcessDiedError(Exception):
    """A process ended without an answer; the machine may be short of memory."""


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    """What came of a task."""

    value: T | None
    error: Exception | None


class _Worker:
    """A process that does one task after another."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.index = -1
        self._process: SpawnProcess = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, index: int, task: Task[T]) -> None:
        self.index = index
        self.connection.send(task)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()


def _work(connection: Connection) -> None:
    """Do what comes in until nothing does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started us ends us
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        try:
            answer = _Answer(task(connection.send), None)
        except Exception as error:  # noqa: BLE001 - it is raised again where the task came from
            answer = _Answer(None, error)
        connection.send(answer)


def usual_jobs() -> int:
    """Return how many processes to use: one a core, but one in all where none can be started."""
    return 1 if multiprocessing.current_process().daemon else os.cpu_count() or 1


def do_all(
    tasks: Sequence[Task[T]], jobs: int, on_progress: Callable[[int, int], None]
) -> Iterator[T]:
    """Do `tasks` on `jobs` processes, and yield what comes of them in their order.

    Args:
        tasks: what to do.
        jobs: processes, started anew, so that nothing of this one is in them.
        on_progress: called with the index of a task and how far it says it is.

    Raises:
        ProcessDiedError: a process ended without an answer.
        Exception: what a task raised, in its turn.
    """
    waiting = iter(enumerate(tasks))
    answers: dict[int, _Answer[T]] = {}
    workers = [_Worker() for _ in range(min(jobs, len(tasks)))]
    try:
        busy = {w.connection: w for w in workers if _give_next(w, waiting)}
        for index in range(len(tasks)):
            while index not in answers:
                for connection in wait(list(busy)):
                    assert isinstance(connection, Connection)
                    worker = busy[connection]
                    _hear(worker, answers, on_progress)
                    if worker.index in answers and not _give_next(worker, waiting):
                        del busy[connection]
            answer = answers.pop(index)
            if answer.error is not None:
                raise answer.error
            yield answer.value  # type: ignore[misc]
    finally:
        for worker in workers:
            worker.end()


def _give_next(worker: _Worker, waiting: "Iterator[tuple[int, Task[T]]]") -> bool:
    """Give a worker the next task; return whether there was one."""
    for index, task in waiting:
        worker.give(index, task)
        return True
    return False


def _hear(
    worker: _Worker, answers: dict[int, _Answer[T]], on_progress: Callable[[int, int], None]
) -> None:
    """Take in what a worker says."""
    try:
        said = worker.connection.recv()
    except (EOFError, ConnectionError) as error:
        raise ProcessDiedError(f"process of task {worker.index} ended without an answer") from error
    if isinstance(said, _Answer):
        answers[worker.index] = said
    else:
        on_progress(worker.index, said)
