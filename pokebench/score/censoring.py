"""What the end of a run says about the milestones that it did not reach.

Three classes (`EndReason.censoring`), because "not reached" has three meanings: there was no more
time (administrative), the agent gave up its chance (agent), or somebody else took it
(infrastructure). Only the last hides what would have come.
"""

import math
from collections.abc import Sequence
from typing import Final

from pokebench.score.clock import Clock
from pokebench.score.run import ScoredRun
from pokebench.types import Censoring, EndReason

MOST_INFRASTRUCTURE: Final = 0.10
"""An entry with a greater share of runs that infrastructure ended is not ranked."""


def censoring_of(run: ScoredRun) -> Censoring:
    """Return the class of a run's end; a record that was cut off counts as infrastructure."""
    return Censoring.INFRASTRUCTURE if run.reason is None else run.reason.censoring


def known_until(run: ScoredRun, clock: Clock) -> float:
    """Return up to where the run's curve is known on a clock; infinite if for ever.

    A run that finished, that its agent ended, or that used up a cap beside the game's budget
    (calls, dollars, hours: the player's own choice) stays flat for ever, so that no cap can improve
    a score. One that the game's budget or infrastructure ended is known up to its end on this
    clock. So on the clock of a common budget only infrastructure censors; on others, like dollars,
    a budget does too.
    """
    is_open = run.reason is EndReason.BUDGET_FRAMES
    if not is_open and censoring_of(run) is not Censoring.INFRASTRUCTURE:
        return math.inf
    return max([clock.value(run.end), *(clock.value(m.clocks) for m in run.reached)])


def infrastructure_share(runs: Sequence[ScoredRun]) -> float:
    """Return the share of `runs` that infrastructure ended, 0 to 1; of no runs, 0."""
    ended = sum(censoring_of(run) is Censoring.INFRASTRUCTURE for run in runs)
    return ended / len(runs) if runs else 0.0
