"""What ends a run at the latest; each limit is exact across resumes, since totals are folds."""

from dataclasses import dataclass

from pokebench.agent.ports import RunStopped
from pokebench.runner.journal import Journal
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason


@dataclass(frozen=True, slots=True)
class Budgets:
    """The limits of a run."""

    limits: BudgetPart

    def check_before_turn(self, journal: Journal, turns: int, since_milestone: int) -> None:
        """End the run if a limit is reached.

        Args:
            journal: the run's record.
            turns: turns taken.
            since_milestone: turns taken since the last milestone.

        Raises:
            RunStopped: a limit is reached.
        """
        self._stop_at(self.limits.turns, turns, EndReason.BUDGET_TURNS)
        self._stop_at(self.limits.stagnation_turns, since_milestone, EndReason.STAGNATION)
        self.check_wall(journal)

    def check_before_call(self, journal: Journal, reserve_usd: float | None) -> None:
        """End the run if another answer could go beyond a limit.

        Raises:
            RunStopped: it could.
        """
        ledger = journal.ledger
        self._stop_at(self.limits.calls, ledger.calls, EndReason.BUDGET_CALLS)
        self._stop_at(self.limits.tokens, ledger.tokens, EndReason.BUDGET_TOKENS)
        if self.limits.usd is not None:
            spent = ledger.usd_known + ledger.usd_uncertain + (reserve_usd or 0.0)
            if spent > self.limits.usd:
                raise RunStopped(EndReason.BUDGET_USD, f"the next answer could reach ${spent:.2f}")
        self.check_wall(journal)

    def check_wall(self, journal: Journal) -> None:
        """End the run if its time is up; never while it follows its record.

        Raises:
            RunStopped: it is.
        """
        if not journal.is_replaying and self.limits.wall_s is not None:
            self._stop_at(self.limits.wall_s, journal.elapsed(), EndReason.BUDGET_WALL)

    def seconds_left(self, journal: Journal) -> float | None:
        """Return how long the run may go on, or None without a limit or while it is followed."""
        if journal.is_replaying or self.limits.wall_s is None:
            return None
        return self.limits.wall_s - journal.elapsed()

    def _stop_at(self, limit: float | None, value: float, reason: EndReason) -> None:
        if limit is not None and value >= limit:
            raise RunStopped(reason, f"{value:g} of {limit:g}")
