"""What verified runs amount to: milestone curves, times, areas, horizons, coherence, cost.

Each module has one subject and takes plain numbers or `ScoredRun`s; none knows an agent or a model.
"""

from pokebench.score.clock import CLOCKS, GAME, Clock, clocks_in_use
from pokebench.score.curve import fraction_at, step_curve
from pokebench.score.run import ScoredRun, grouped, score

__all__ = [
    "CLOCKS",
    "GAME",
    "Clock",
    "ScoredRun",
    "clocks_in_use",
    "fraction_at",
    "grouped",
    "score",
    "step_curve",
]
