"""The oracle's times, which areas, speed ratios and weights are measured against."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from pokebench.score.clock import Clock
from pokebench.score.interval import Floats
from pokebench.score.run import ScoredRun


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """When the oracle reaches each milestone of a game.

    Attributes:
        runs: oracle's runs behind it.
        times: `(milestones,)`, median over them on one clock; infinite where under half get there.
    """

    runs: int
    times: Floats


def reference_of(runs: Sequence[ScoredRun], like: ScoredRun, clock: Clock) -> Reference | None:
    """Return the reference that privileged runs of the same game and rules give on a clock.

    None if there are none, or if the clock stands still for them: an oracle spends no tokens.

    Args:
        runs: any runs; those that are not privileged, or of other rules, are passed over.
        like: a run of the game that a reference is wanted for.
        clock: the clock.
    """
    oracle = [
        run
        for run in runs
        if run.privileged and not run.invalid_because and run.game == like.game
        and run.rules == like.rules and tuple(run.titles) == tuple(like.titles)
    ]  # fmt: skip
    if not any(clock.value(run.end) for run in oracle):
        return None
    rows = []
    for run in oracle:
        reached = {milestone.id: clock.value(milestone.clocks) for milestone in run.reached}
        rows.append([reached.get(name, math.inf) for name in run.titles])
    times = np.array([median(column) for column in zip(*rows, strict=True)])
    return Reference(len(oracle), times) if np.isfinite(times).any() else None
