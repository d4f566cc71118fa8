"""How much of an agent's result on a suite is recall of the famous worlds."""

import math
from collections.abc import Iterable, Sequence

from pokebench.score.interval import Estimate
from pokebench.score.recall import recall_effect
from pokebench.score.task import TaskResult
from pokebench.suite.form import Suite
from pokebench.suite.result import AgentResult


def suite_recall(suite: Suite, results: Iterable[AgentResult]) -> Estimate | None:
    """Return the recall effect of one agent, in logits; None unless all four cells were played.

    A cell is the mean share over those tasks that were tried in all four: a task is what segments
    of two worlds have in common. Its logit has half a success and half a failure added, and its
    standard error takes tasks for the independent runs: trials of one task resemble each other.

    Args:
        suite: the suite.
        results: of one agent, one for each book.
    """
    cells: dict[tuple[str, str], dict[str, float]] = {
        (cell.status, result.book): _by_task(suite, cell.results)
        for result in results
        for cell in result.cells
    }
    wanted = [(status, book) for book in ("closed", "open") for status in ("famous", "novel")]
    if any(cell not in cells for cell in wanted):
        return None
    shared = set.intersection(*(set(cells[cell]) for cell in wanted))
    if not shared:
        return None
    famous_closed, novel_closed, famous_open, novel_open = (
        _logit([cells[cell][task] for task in sorted(shared)]) for cell in wanted
    )
    return recall_effect(famous_closed, novel_closed, famous_open, novel_open)


def _by_task(suite: Suite, results: Sequence[TaskResult]) -> dict[str, float]:
    """Return the mean share of each task over the worlds of a cell."""
    rates: dict[str, list[float]] = {}
    for result in results:
        segment = suite.segment(result.task_id)
        assert segment is not None
        world = suite.world(segment.world)
        task = f"{world.preset} {segment.id.removeprefix(world.id + '-')}"
        rates.setdefault(task, []).append(result.rate)
    return {task: sum(found) / len(found) for task, found in rates.items()}


def _logit(rates: Sequence[float]) -> Estimate:
    n = len(rates)
    done = sum(rates) + 0.5
    failed = n - sum(rates) + 0.5
    return Estimate(math.log(done / failed), None, n, math.sqrt(1 / done + 1 / failed))
