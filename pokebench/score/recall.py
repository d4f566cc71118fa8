"""How much of a result is recall of a famous game: a contrast of contrasts.

Four cells: {famous, novel} game x {closed, open} book. What fame adds with a closed book, less what
it adds when the facts are given anyway, is the effect of recall.
"""

import math

import numpy as np
from scipy import stats

from pokebench.score.interval import LEVEL, Estimate, Interval


def recall_effect(
    famous_closed: Estimate,
    novel_closed: Estimate,
    famous_open: Estimate,
    novel_open: Estimate,
    level: float = LEVEL,
) -> Estimate:
    """Return `(famous_closed - novel_closed) - (famous_open - novel_open)`.

    On areas against each game's own oracle, or on logits of C(L). The cells are independent: the
    variances add up, and the degrees of freedom are Welch and Satterthwaite's. A cell of one run
    leaves no interval.

    Source: difference in differences; Welch (1947) for the degrees of freedom.
    """
    cells = (famous_closed, novel_closed, famous_open, novel_open)
    value = sum(sign * cell.value for sign, cell in zip((1, -1, -1, 1), cells, strict=True))
    n = min(cell.n for cell in cells)
    if n < 2:
        return Estimate(value, None, n, flag="n=1")
    variances = np.array([cell.standard_error**2 for cell in cells])
    error = math.sqrt(float(variances.sum()))
    if error == 0:
        return Estimate(value, Interval(value, value, "welch", level), n, 0.0)
    freedom = float(variances.sum() ** 2 / (variances**2 / [c.n - 1 for c in cells]).sum())
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    return Estimate(value, Interval(value - half, value + half, "welch", level), n, error)
