"""Newton's method for many small convex problems at once: a fit and all its resamples."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pokebench.score.interval import Floats

Rows = npt.NDArray[np.intp]
_ITERATIONS: Final = 200
_HALVINGS: Final = 50
_ENOUGH: Final = 1e-4
"""Share of the promised decrease that a step must give (Armijo's rule)."""


@dataclass(frozen=True, slots=True, eq=False)
class Derivatives:
    """A function of p parameters at r points.

    Attributes:
        value: `(r,)`; infinite outside the domain.
        gradient: `(r, p)`.
        hessian: `(r, p, p)`, positive semi-definite.
    """

    value: Floats
    gradient: Floats
    hessian: Floats


Objective = Callable[[Floats, Rows], Derivatives]
"""Takes parameters `(r, p)` and the numbers `(r,)` of the problems that they belong to."""


def minimise(objective: Objective, start: Floats, tolerance: float = 1e-11) -> Floats:
    """Return the minima, `(problems, p)`; NaN where a problem has none that is found.

    Steps are halved until they decrease the function: without that, Newton's method silently ends
    elsewhere on some horizon data. A step that promises less than `tolerance`, relative to the
    value, is the last; since each step squares the error, it ends at the machine's precision.

    Args:
        objective: convex in each problem.
        start: `(problems, p)`, inside the domain.
        tolerance: Newton's decrement, relative to the value, from which one step is enough.
    """
    found = start.astype(np.float64)
    rows = np.arange(found.shape[0])
    for _ in range(_ITERATIONS):
        now = objective(found[rows], rows)
        steps = _newton_steps(now)
        promise = (now.gradient * steps).sum(axis=1)
        is_last = promise <= tolerance * (1 + np.abs(now.value))
        found[rows[is_last]] -= steps[is_last]
        rows, steps, promise = rows[~is_last], steps[~is_last], promise[~is_last]
        if not rows.size:
            return found
        factors = _line_search(objective, found[rows], rows, steps, promise, now.value[~is_last])
        found[rows] -= factors[:, None] * steps
    found[rows] = np.nan
    return found


def _newton_steps(now: Derivatives) -> Floats:
    """Solve for the steps, with a trace of the diagonal added so that flat problems have one."""
    size = now.gradient.shape[1]
    traces = np.trace(now.hessian, axis1=1, axis2=2)
    nudge = (1e-14 * traces + 1e-300)[:, None, None] * np.eye(size)
    steps: Floats = np.linalg.solve(now.hessian + nudge, now.gradient[..., None])[..., 0]
    return steps


def _line_search(
    objective: Objective,
    points: Floats,
    rows: Rows,
    steps: Floats,
    promise: Floats,
    values: Floats,
) -> Floats:
    """Return the factor of each step."""
    factors = np.ones(rows.size)
    waiting = np.arange(rows.size)
    for _ in range(_HALVINGS):
        tried = points[waiting] - factors[waiting, None] * steps[waiting]
        reached = objective(tried, rows[waiting]).value
        wanted = values[waiting] - _ENOUGH * factors[waiting] * promise[waiting]
        waiting = waiting[~(reached <= wanted)]
        if not waiting.size:
            return factors
        factors[waiting] /= 2
    return factors
