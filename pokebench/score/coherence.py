"""Whether an agent keeps its thread: returning, looping, standing still, pressing in vain.

All from the log of presses; nothing needs a model's words. Times are in presses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pokebench.score.survival import SurvivalCurve, kaplan_meier

LONGEST_PERIOD: Final = 8
FEWEST_REPEATS: Final = 3
STAGNATION_WINDOW: Final = 100
"""W: presses without progress from which on an agent stands still."""

Flags = npt.NDArray[np.bool_]
States = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class StepLog:
    """Every press of a run, as re-simulation saw it.

    Attributes:
        states: `(presses + 1,)`, number of the moment at the start and after each press; equal for
            moments that a person would call the same.
        accepted: `(presses,)`, whether the game was waiting for a button.
        progressed: `(presses,)`, whether something new came of it: a tile, flag, item, level, party
            member or milestone.
    """

    states: States
    accepted: Flags
    progressed: Flags

    @property
    def presses(self) -> int:
        """Number of presses."""
        return self.accepted.size

    def after(self, presses: int) -> "StepLog":
        """Return the log without its first presses, such as a prefix that somebody else played."""
        return StepLog(self.states[presses:], self.accepted[presses:], self.progressed[presses:])


@dataclass(frozen=True, slots=True)
class Coherence:
    """A run's coherence; None where there were no presses.

    Attributes:
        presses: number of presses.
        revisit_ratio: `1 - distinct moments / presses`.
        loop_fraction: share of presses inside a loop.
        longest_same_state_presses: longest run of presses that ended in one and the same moment.
        no_effect_rate: share of the accepted presses after which the moment was the same.
        stagnant_fraction: share of presses at least W presses after the last progress.
        longest_gap_presses: longest time without progress.
        final_gap_presses: time without progress at the end; it was still going on (censored).
    """

    presses: int
    revisit_ratio: float | None
    loop_fraction: float | None
    longest_same_state_presses: int
    no_effect_rate: float | None
    stagnant_fraction: float | None
    longest_gap_presses: int
    final_gap_presses: int


def coherence(log: StepLog, window: int = STAGNATION_WINDOW) -> Coherence:
    """Return a run's coherence; `window` is W, in presses."""
    after = log.states[1:]
    vain = after == log.states[:-1]
    gaps = presses_since_progress(log.progressed)
    tried = int(log.accepted.sum())
    return Coherence(
        presses=log.presses,
        revisit_ratio=revisit_ratio(after),
        loop_fraction=loop_fraction(after),
        longest_same_state_presses=longest_run(after),
        no_effect_rate=float((vain & log.accepted).sum() / tried) if tried else None,
        stagnant_fraction=float((gaps >= window).mean()) if gaps.size else None,
        longest_gap_presses=int(gaps.max(initial=0)),
        final_gap_presses=int(gaps[-1]) if gaps.size else 0,
    )


def revisit_ratio(states: npt.ArrayLike) -> float | None:
    """Return `1 - distinct / all`; None of an empty log."""
    data = np.asarray(states)
    return float(1 - np.unique(data).size / data.size) if data.size else None


def loop_fraction(
    states: npt.ArrayLike,
    longest_period: int = LONGEST_PERIOD,
    fewest_repeats: int = FEWEST_REPEATS,
) -> float | None:
    """Return the share of moments inside a maximal stretch that repeats itself; None of no moments.

    A stretch repeats if its moments equal those `p` before them, for some period p up to
    `longest_period`, and it is at least `fewest_repeats * p` long. Two repeats are no loop.
    """
    data = np.asarray(states)
    if not data.size:
        return None
    inside = np.zeros(data.size, dtype=np.bool_)
    for period in range(1, min(longest_period, data.size // fewest_repeats) + 1):
        starts, ends = _stretches(data[period:] == data[:-period])
        for start, end in zip(starts, ends, strict=True):
            if end - start + period >= fewest_repeats * period:
                inside[start : end + period] = True
    return float(inside.mean())


def longest_run(states: npt.ArrayLike) -> int:
    """Return the length of the longest stretch of one and the same moment; 0 of no moments."""
    data = np.asarray(states)
    if not data.size:
        return 0
    starts, ends = _stretches(data[1:] == data[:-1])
    return 1 + max((int(n) for n in ends - starts), default=0)


def presses_since_progress(progressed: Flags) -> npt.NDArray[np.int64]:
    """Return `(presses,)`: 0 at progress, else presses since it, or since the start."""
    numbers = np.arange(1, progressed.size + 1)
    last = np.maximum.accumulate(np.where(progressed, numbers, 0))
    return np.asarray(numbers - last, dtype=np.int64)


def recovery(logs: Sequence[StepLog], window: int = STAGNATION_WINDOW) -> SurvivalCurve | None:
    """Return how long stagnant spells go on, over one or more runs; None if there are none.

    The time is from the W-th press without progress to the next progress; a spell that lasts to the
    end of its run is censored there. Spells of one run are not independent: read the band with
    care.
    """
    times: list[int] = []
    recovered: list[bool] = []
    for log in logs:
        ends = np.flatnonzero(log.progressed)
        gaps = np.diff(np.concatenate([[-1], ends, [log.presses - 1]]))
        happened = np.arange(gaps.size) < ends.size
        lasted = np.where(happened, gaps - window, gaps - window + 1)
        spells = lasted > 0
        times += [int(n) for n in np.where(happened, lasted, lasted - 1)[spells]]
        recovered += [bool(flag) for flag in happened[spells]]
    return kaplan_meier(times, recovered) if times else None


def _stretches(flags: Flags) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return starts and ends (one past the last) of the stretches of True."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
