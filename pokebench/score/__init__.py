"""What verified runs amount to: milestone tables and milestone-over-time curves."""

from pokebench.score.curve import CLOCKS, Clock, fraction_at, step_curve
from pokebench.score.run import ScoredRun, score

__all__ = ["CLOCKS", "Clock", "ScoredRun", "fraction_at", "score", "step_curve"]
