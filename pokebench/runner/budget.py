"""What ends a run at the latest; each limit is exact across resumes."""

from pokebench.runner.journal import Journal
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason


def reached_limit(
    limits: BudgetPart, journal: Journal, turns: int, since_milestone: int
) -> EndReason | None:
    """Return the limit that is reached before another turn, or None.

    Args:
        limits: the run's; frames are the episode's business.
        journal: the run's record; while it is followed, time does not count.
        turns: turns taken.
        since_milestone: turns taken since the last milestone.
    """
    if limits.turns is not None and turns >= limits.turns:
        return EndReason.BUDGET_TURNS
    if limits.stagnation_turns is not None and since_milestone >= limits.stagnation_turns:
        return EndReason.STAGNATION
    is_live = not journal.is_replaying
    if is_live and limits.wall_s is not None and journal.elapsed() >= limits.wall_s:
        return EndReason.BUDGET_WALL
    return None
