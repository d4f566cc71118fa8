"""Axes: where a value lies, and which values are written beside it."""

import math
from dataclasses import dataclass
from typing import Final

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a chart.

    Attributes:
        label: what it shows, with its unit.
        low: value at its beginning.
        high: value at its end.
        is_log: distances are ratios.
        is_share: values are shares, written as per cent.
    """

    label: str
    low: float
    high: float
    is_log: bool = False
    is_share: bool = False

    def place(self, value: float) -> float:
        """Return where a value lies, 0 to 1; what lies outside is put on the edge."""
        inside = min(max(value, self.low), self.high)
        if self.is_log:
            return math.log(inside / self.low) / math.log(self.high / self.low)
        return (inside - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Return at most about `most` round values with their words."""
        values = self._log_ticks(most) if self.is_log else self._linear_ticks(most)
        return [(value, self.words(value)) for value in values]

    def words(self, value: float) -> str:
        """Return a value as it is written beside the axis."""
        if self.is_share:
            return f"{value:.0%}"
        for unit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if abs(value) >= unit * 10 or (abs(value) >= unit and unit > 1e3):
                return f"{value / unit:g}{letter}"
        return f"{value:g}"

    def _linear_ticks(self, most: int) -> list[float]:
        span = (self.high - self.low) / most
        size = 10 ** math.floor(math.log10(span))
        step = next(s * size for s in _STEPS if s * size >= span * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(number * step, 10) for number in range(first, last + 1)]

    def _log_ticks(self, most: int) -> list[float]:
        decades = math.log10(self.high / self.low)
        factors = (1, 2, 5) if decades * 3 <= most + 1 else (1, 3) if decades * 2 <= most else (1,)
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        skip = max(1, math.ceil((last - first) / most))
        values = [f * 10.0**e for e in range(first, last + 1, skip) for f in factors]
        return [value for value in values if self.low * 0.999 <= value <= self.high * 1.001]


def time_axis(label: str, high: float, low: float | None = None) -> Axis:
    """Return an axis from 0, or from `low` in logarithms, to the largest value."""
    if low is None:
        return Axis(label, 0.0, high or 1.0)
    return Axis(label, low, max(high, low * 10), is_log=True)
