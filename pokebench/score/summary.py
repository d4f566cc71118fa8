"""All that is said of runs of one agent at one game, on one clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from pokebench.score.auc import FIRST_MINUTE, TimeScale, group_area, normalised_area
from pokebench.score.censoring import infrastructure_share
from pokebench.score.clock import GAME, Clock
from pokebench.score.curve import (
    CurveBand,
    count_weights,
    mean_curve,
    oracle_weights,
    progress_at,
)
from pokebench.score.interval import Estimate, Floats
from pokebench.score.reach import TimeToMilestone, time_to_milestone
from pokebench.score.reference import Reference
from pokebench.score.run import ScoredRun
from pokebench.score.times import MilestoneTimes, milestone_times

SET_MINUTES: Final = (10.0, 30.0, 120.0, 300.0, 1200.0)
"""Game minutes at which progress is reported."""
_SHARES_OF_BUDGET: Final = (1 / 8, 1 / 4, 1 / 2)
_LOG_SPAN: Final = 1000.0
"""On clocks other than game time, log time begins at this part of the budget."""


@unique
class MilestoneWeights(StrEnum):
    """What a milestone counts."""

    COUNT = "count"
    ORACLE = "oracle"


@dataclass(frozen=True, slots=True)
class ProgressAt:
    """P@t: mean share of milestones reached by a time."""

    time: float
    progress: Estimate


@dataclass(frozen=True, slots=True)
class Area:
    """An area under the curve, and its ratio to the oracle's, where there is one.

    Attributes:
        area: 0 to 1.
        normalised: area / oracle's area; not cut at 1; None without a reference.
        beats_oracle: the ratio exceeds 1: improve the oracle.
    """

    area: Estimate
    normalised: Estimate | None
    beats_oracle: bool


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """What runs of one agent at one game amount to; times are in the clock's unit.

    Attributes:
        agent: id of the agent.
        game: what was played.
        clock: id of the clock.
        budget: B, where the curve ends.
        weights: what milestones count.
        runs: names of the runs that count.
        invalid: names of those that do not.
        infrastructure_share: share of runs, of those that count, that infrastructure ended.
        curve: mean curve with its band.
        progress: P@t at set times below B.
        final: F(B).
        linear: area in linear time.
        log: area in log time.
        milestones: time to each, in the game's order.
        reference_runs: oracle's runs that it is measured against; 0 without a reference.
    """

    agent: str
    game: str
    clock: str
    budget: float
    weights: MilestoneWeights
    runs: tuple[str, ...]
    invalid: tuple[str, ...]
    infrastructure_share: float
    curve: CurveBand
    progress: tuple[ProgressAt, ...]
    final: Estimate
    linear: Area
    log: Area
    milestones: tuple[TimeToMilestone, ...]
    reference_runs: int


def summarise(
    runs: Sequence[ScoredRun],
    clock: Clock = GAME,
    reference: Reference | None = None,
    weighting: MilestoneWeights = MilestoneWeights.COUNT,
    budget: float | None = None,
) -> GroupSummary | None:
    """Return the summary of runs of one agent at one game; None if no run counts.

    Args:
        runs: of one agent at one game.
        clock: what to measure on.
        reference: the oracle's times on that clock.
        weighting: what milestones count; by the oracle needs a reference.
        budget: B in the clock's unit; None: the smallest budget of the runs in game time, and on
            other clocks the most that any of them spent.

    Raises:
        ValueError: weights by the oracle without a reference, or a budget that is not positive.
    """
    valid = [run for run in runs if not run.invalid_because]
    if not valid:
        return None
    group = milestone_times(valid, clock)
    end = _budget(valid, clock) if budget is None else budget
    weights = _weights(group, reference, weighting)
    times = SET_MINUTES if clock.id == GAME.id else tuple(end * s for s in _SHARES_OF_BUDGET)
    first = min(FIRST_MINUTE, end / 2) if clock.id == GAME.id else end / _LOG_SPAN
    return GroupSummary(
        agent=valid[0].agent,
        game=valid[0].game,
        clock=clock.id,
        budget=end,
        weights=weighting,
        runs=tuple(run.name for run in valid),
        invalid=tuple(run.name for run in runs if run.invalid_because),
        infrastructure_share=infrastructure_share(valid),
        curve=mean_curve(group, weights, end),
        progress=tuple(
            ProgressAt(t, progress_at(group, weights, t)) for t in times if t < 0.999 * end
        ),
        final=progress_at(group, weights, end),
        linear=_area(group, reference, weights, end, TimeScale.LINEAR, first),
        log=_area(group, reference, weights, end, TimeScale.LOG, first),
        milestones=tuple(
            time_to_milestone(group, m, end, float(reference.times[m]) if reference else None)
            for m in range(len(group.milestones))
        ),
        reference_runs=reference.runs if reference else 0,
    )


def _budget(runs: Sequence[ScoredRun], clock: Clock) -> float:
    if clock.fields == GAME.fields:
        return min(run.budget_frames for run in runs) * clock.scale
    return max(clock.value(run.end) for run in runs)


def _weights(
    group: MilestoneTimes, reference: Reference | None, weighting: MilestoneWeights
) -> Floats:
    if weighting is MilestoneWeights.COUNT:
        return count_weights(len(group.milestones))
    if reference is None:
        raise ValueError("weights by the oracle need a reference")
    return oracle_weights(reference.times)


def _area(
    group: MilestoneTimes,
    reference: Reference | None,
    weights: Floats,
    budget: float,
    scale: TimeScale,
    first: float,
) -> Area:
    if reference is None or not (reference.times < budget).any():
        return Area(group_area(group, weights, budget, scale, first), None, False)
    found = normalised_area(group, reference.times, weights, budget, scale, first)
    return Area(found.area, found.ratio, found.beats_oracle)
