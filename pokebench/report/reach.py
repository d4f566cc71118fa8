"""How often and how soon each milestone was reached, by group, as rows of a table."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pokebench.report.curves import Group
from pokebench.score import GAME
from pokebench.score.clock import minutes_of
from pokebench.score.reach import TimeToMilestone, time_to_milestone
from pokebench.score.times import milestone_times


@dataclass(frozen=True, slots=True)
class ReachCell:
    """One milestone in one group.

    Attributes:
        colour: number of the group's colour.
        successes: runs that reached it.
        n: runs that tried.
        share: successes / n.
        low: lower end of Wilson's interval.
        high: upper end.
        median: median game minutes by Kaplan and Meier, or None if fewer than half got there.
    """

    colour: int
    successes: int
    n: int
    share: float
    low: float
    high: float
    median: float | None


@dataclass(frozen=True, slots=True)
class ReachRow:
    """One milestone.

    Attributes:
        id: the milestone.
        title: for people.
        oracle: the oracle's game minutes, or None.
        cells: one for each group, None where infrastructure ended every run before.
    """

    id: str
    title: str
    oracle: float | None
    cells: tuple[ReachCell | None, ...]


def reach_rows(groups: Sequence[Group], oracle: Mapping[str, float]) -> tuple[ReachRow, ...]:
    """Return a row for each milestone of the game, in the game's order.

    Args:
        groups: runs of one game and budget.
        oracle: the oracle's game minutes by milestone.
    """
    if not groups:
        return ()
    titles = groups[0].runs[0].titles
    budget = max(minutes_of(run.budget_frames) for group in groups for run in group.runs)
    times = [milestone_times(group.runs, GAME) for group in groups]
    rows = []
    for index, (name, title) in enumerate(titles.items()):
        found = [time_to_milestone(one, index, budget, oracle.get(name)) for one in times]
        cells = [_cell(group, one) for group, one in zip(groups, found, strict=True)]
        rows.append(ReachRow(name, title, oracle.get(name), tuple(cells)))
    return tuple(rows)


def _cell(group: Group, found: TimeToMilestone) -> ReachCell | None:
    if found.reached is None:
        return None
    share = found.reached
    return ReachCell(
        colour=group.colour,
        successes=share.successes,
        n=share.n,
        share=share.share,
        low=share.wilson.low,
        high=share.wilson.high,
        median=found.median if math.isfinite(found.median) else None,
    )
