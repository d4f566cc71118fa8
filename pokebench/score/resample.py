"""The hierarchical bootstrap over tasks: families, tasks in them, runs of them; agents jointly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pokebench.score.interval import Floats
from pokebench.score.task import TaskResult

RESAMPLES: Final = 2000
_SEED: Final = 20_250_102


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """Resampled results of one agent.

    Attributes:
        counts: `(resamples, tasks)`, how often each task was drawn.
        rates: `(resamples, tasks)`, resampled share of successes; 0 where it was not drawn.
    """

    counts: Floats
    rates: Floats


def resample_jointly(
    results: Mapping[str, Sequence[TaskResult]], resamples: int = RESAMPLES, seed: int = _SEED
) -> dict[str, Resamples]:
    """Draw families, then tasks in each drawn family, then runs of each drawn task.

    Families and tasks are drawn once for all agents, over all tasks that any of them has, so that
    differences between agents are paired; runs are drawn for each agent. A task that is drawn k
    times gives k * n runs.

    Args:
        results: the tasks of each agent, in any order.
        resamples: how many.
        seed: fixed, so that equal data give equal intervals.

    Raises:
        ValueError: agents disagree on a task's family.
    """
    family_of: dict[str, str] = {}
    for tasks in results.values():
        for task in tasks:
            if family_of.setdefault(task.task_id, task.family) != task.family:
                raise ValueError(f"task {task.task_id} is in two families")
    generator = np.random.default_rng(seed)
    counts = _task_counts(family_of, resamples, generator)
    return {
        agent: _resampled(tasks, counts, resamples, generator) for agent, tasks in results.items()
    }


def _task_counts(
    family_of: Mapping[str, str], resamples: int, generator: np.random.Generator
) -> dict[str, npt.NDArray[np.int64]]:
    """Return how often each task is drawn, `(resamples,)`."""
    members: dict[str, list[str]] = {}
    for task_id in sorted(family_of):
        members.setdefault(family_of[task_id], []).append(task_id)
    families = len(members)
    drawn = generator.multinomial(families, [1 / families] * families, size=resamples)
    counts: dict[str, npt.NDArray[np.int64]] = {}
    for column, tasks in enumerate(members.values()):
        size = len(tasks)
        picks = generator.multinomial(drawn[:, column] * size, [1 / size] * size)
        counts |= {task: picks[:, place] for place, task in enumerate(tasks)}
    return counts


def _resampled(
    tasks: Sequence[TaskResult],
    counts: Mapping[str, npt.NDArray[np.int64]],
    resamples: int,
    generator: np.random.Generator,
) -> Resamples:
    drawn = np.stack([counts[task.task_id] for task in tasks], axis=1)
    runs = drawn * np.array([task.runs for task in tasks])
    successes = generator.binomial(runs, np.array([task.rate for task in tasks]))
    return Resamples(drawn.astype(np.float64), successes / np.maximum(runs, 1))
