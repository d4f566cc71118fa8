"""Milestone curves of groups of runs, over any clock, as a chart and as numbers."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pokebench.report.axis import Axis, time_axis
from pokebench.report.chart import Mark, Series, step_chart
from pokebench.score import GAME, Clock, ScoredRun, clocks_in_use, step_curve
from pokebench.score.clock import minutes_of
from pokebench.score.curve import CurveBand, count_weights, mean_curve
from pokebench.score.times import milestone_times

_SHOWN: Final = ("game", "presses", "turns", "calls", "tokens", "tokens_out", "usd", "wall")
"""Clocks worth a picture: frames are game minutes, steps nearly presses."""
_WIDE_RATIO: Final = 30.0
"""From this ratio of last to first milestone on, a clock is drawn in logarithms."""


_SHORT_MINUTES: Final = 3.0
"""Up to this budget log time, which begins at one minute, shows nothing."""


_BAND_RUNS: Final = 3
"""The band of two runs covers the whole chart and tells nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that are drawn as one line.

    Attributes:
        name: for people.
        colour: number of its colour.
        runs: of one game.
        is_reference: the line is dashed: it competes with nobody.
        standing: what such runs are called.
    """

    name: str
    colour: int
    runs: tuple[ScoredRun, ...]
    is_reference: bool = False
    standing: str = "reference"


@dataclass(frozen=True, slots=True)
class CurveChart:
    """One chart.

    Attributes:
        id: name for addresses, such as `game-log`.
        label: what is on the axis below.
        svg: the picture.
        csv: its numbers.
    """

    id: str
    label: str
    svg: str
    csv: str


def curve_charts(
    groups: Sequence[Group], marks: Mapping[str, Sequence[Mark]] | None = None
) -> list[CurveChart]:
    """Return a chart for each clock that moved; game time in minutes and in their logarithm.

    Args:
        groups: with at least one run; all runs have the same milestones and budget.
        marks: published points by id of the clock that they fit.
    """
    runs = [run for group in groups for run in group.runs]
    shown = [clock for clock in clocks_in_use(runs) if clock.id in _SHOWN]
    charts = []
    for clock in shown:
        points = (marks or {}).get(clock.id, ())
        until = _until(runs, clock, points)
        first = _first(runs, clock)
        is_wide = bool(first) and until / first > _WIDE_RATIO
        kinds = [is_wide]
        if clock is GAME:
            kinds = [True, False] if until > _SHORT_MINUTES else [False]
        charts += [_chart(groups, clock, until, first if log else None, points) for log in kinds]
    return charts


def _chart(
    groups: Sequence[Group],
    clock: Clock,
    until: float,
    first: float | None,
    marks: Sequence[Mark],
) -> CurveChart:
    bands = [_band(group, clock, until) for group in groups]
    series = [_series(group, band, clock) for group, band in zip(groups, bands, strict=True)]
    x = time_axis(clock.label, until, first)
    y = Axis("milestones reached", 0.0, 1.0, is_share=True)
    names = ", ".join(group.name for group in groups)
    title = f"Share of milestones reached over {clock.label}: {names}"
    return CurveChart(
        id=f"{clock.id}-log" if x.is_log else clock.id,
        label=f"{clock.label}, log" if x.is_log and clock is GAME else clock.label,
        svg=step_chart(title, x, y, series, marks),
        csv=_csv(groups, bands, clock),
    )


def _until(runs: Sequence[ScoredRun], clock: Clock, marks: Sequence[Mark]) -> float:
    if clock is GAME:
        return max(minutes_of(run.budget_frames) for run in runs)
    ends = [clock.value(run.end) for run in runs] + [mark.x for mark in marks]
    return max(ends)


def _first(runs: Sequence[ScoredRun], clock: Clock) -> float:
    """Return where a logarithmic axis begins: one minute, or the first milestone, rounded down."""
    if clock is GAME:
        return 1.0
    times = [clock.value(m.clocks) for run in runs for m in run.reached]
    positive = [time for time in times if time > 0]
    return 10.0 ** len(str(int(min(positive)))) / 10 if positive and min(positive) >= 1 else 0.0


def _band(group: Group, clock: Clock, until: float) -> CurveBand:
    times = milestone_times(group.runs, clock)
    return mean_curve(times, count_weights(len(times.milestones)), until)


def _series(group: Group, band: CurveBand, clock: Clock) -> Series:
    has_band = len(group.runs) >= _BAND_RUNS
    last = max(clock.value(run.end) for run in group.runs)
    kept = [index for index, time in enumerate(band.times) if time <= last or clock is GAME]

    def line(values: Iterable[float]) -> list[tuple[float, float]]:
        everything = list(zip(band.times, values, strict=True))
        return [everything[index] for index in kept]

    runs = [list(zip(*step_curve(run, clock), strict=True)) for run in group.runs]
    return Series(
        name=group.name,
        colour=group.colour,
        line=line(band.mean),
        low=line(band.low) if has_band else [],
        high=line(band.high) if has_band else [],
        runs=tuple(runs) if len(runs) > 1 else (),
        is_reference=group.is_reference,
    )


def _csv(groups: Sequence[Group], bands: Sequence[CurveBand], clock: Clock) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["group", "run", clock.label, "share", "low", "high"])
    for group, band in zip(groups, bands, strict=True):
        for row in zip(band.times, band.mean, band.low, band.high, strict=True):
            writer.writerow([safe(group.name), "mean", *(f"{value:.6g}" for value in row)])
        for run in group.runs:
            for time, share in zip(*step_curve(run, clock), strict=True):
                writer.writerow([safe(group.name), safe(run.name), f"{time:.6g}", f"{share:.6g}"])
    return text.getvalue()


def safe(text: str) -> str:
    """Return text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
