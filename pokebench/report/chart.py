"""Charts as SVG: step curves with bands, and rows of dots with intervals.

Colours and fonts are classes, so that a page gives them in light and in dark. Each chart is drawn
twice, wide and narrow, and the page shows the one that fits: words keep their size on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pokebench.report.axis import Axis
from pokebench.report.svg import Element, add, path, picture, written

Points = list[tuple[float, float]]
COLOURS: Final = 8
"""Colours there are; further series begin again."""


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing's size and margins in its own units, which are CSS pixels at full width."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    ticks: int


WIDE: Final = Size("wide", 760, 380, 52, 18, 14, 46, 8)
NARROW: Final = Size("narrow", 340, 300, 40, 20, 12, 44, 4)
_DOTS_APART: Final = 3.0
"""By what the dots of series are moved aside, so that none hides another of the same value."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a step chart, with the single runs behind it.

    Attributes:
        name: for people.
        colour: number of its colour.
        line: the mean: each step's beginning.
        low: lower edge of the band, at the same times; may be empty.
        high: upper edge.
        runs: the single runs.
        is_reference: drawn dashed.
    """

    name: str
    colour: int
    line: Points
    low: Points = field(default_factory=list)
    high: Points = field(default_factory=list)
    runs: tuple[Points, ...] = ()
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A published point of somebody else: a diamond with words and a dashed line down."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dot chart.

    Attributes:
        name: for people.
        colour: number of its colour.
        dots: single values.
        value: the estimate.
        low: lower end of its interval, or None.
        high: upper end.
    """

    name: str
    colour: int
    dots: tuple[float, ...]
    value: float
    low: float | None = None
    high: float | None = None


def step_chart(
    title: str, x: Axis, y: Axis, series: Sequence[Series], marks: Sequence[Mark] = ()
) -> str:
    """Return a chart of step curves, wide and narrow."""
    return "".join(_step_chart(size, title, x, y, series, marks) for size in (WIDE, NARROW))


def scatter_chart(
    title: str, x: Axis, y: Axis, series: Sequence[Series], points: Sequence[Points]
) -> str:
    """Return smooth lines with points of the same colours, wide and narrow."""
    return "".join(_scatter_chart(size, title, x, y, series, points) for size in (WIDE, NARROW))


def dot_chart(title: str, x: Axis, rows: Sequence[Row]) -> str:
    """Return rows of dots, each with its estimate and interval, wide and narrow."""
    return "".join(_dot_chart(size, title, x, rows) for size in (WIDE, NARROW))


def colour_class(colour: int) -> str:
    """Return the class that gives a series its colour."""
    return f"s{colour % COLOURS}"


def _step_chart(
    size: Size, title: str, x: Axis, y: Axis, series: Sequence[Series], marks: Sequence[Mark]
) -> str:
    chart = picture(size.width, size.height, title, size.name)
    frame = _Frame(size, x, y)
    frame.draw(chart)
    for one in series:
        group = add(chart, "g", cls=f"{colour_class(one.colour)}{_dashed(one)}")
        if one.low:
            edge = frame.steps(one.high) + list(reversed(frame.steps(one.low)))
            add(group, "path", d=path(edge, closed=True), cls="band")
        for run in one.runs:
            add(group, "path", d=path(frame.steps(run)), cls="run")
        if one.line:
            add(group, "path", d=path(frame.steps(one.line)), cls="mean")
    for mark in marks:
        _draw_mark(chart, frame, mark)
    return written(chart)


def _scatter_chart(
    size: Size, title: str, x: Axis, y: Axis, series: Sequence[Series], points: Sequence[Points]
) -> str:
    chart = picture(size.width, size.height, title, size.name)
    frame = _Frame(size, x, y)
    frame.draw(chart)
    for number, (one, dots) in enumerate(zip(series, points, strict=True)):
        group = add(chart, "g", cls=f"{colour_class(one.colour)}{_dashed(one)}")
        aside = _DOTS_APART * (number - (len(series) - 1) / 2)
        for across, up in dots:
            left = frame.at_x(across) + aside
            add(group, "circle", cx=left, cy=frame.at_y(up), r=3.5, cls="dot")
        if one.line:
            curve = [(frame.at_x(across), frame.at_y(up)) for across, up in one.line]
            add(group, "path", d=path(curve), cls="mean")
    return written(chart)


def _dashed(series: Series) -> str:
    return " is-reference" if series.is_reference else ""


class _Frame:
    """The axes of a chart, and where a point lies in them."""

    def __init__(self, size: Size, x: Axis, y: Axis | None, height: float | None = None) -> None:
        self.size, self.x, self.y = size, x, y
        self.bottom = (height or size.height) - size.bottom
        self.end = size.width - size.right

    def at_x(self, value: float) -> float:
        return self.size.left + self.x.place(value) * (self.end - self.size.left)

    def at_y(self, value: float) -> float:
        assert self.y is not None
        return self.bottom - self.y.place(value) * (self.bottom - self.size.top)

    def steps(self, points: Points) -> Points:
        """Return the corners of a right-continuous step line; it enters as high as it is there."""
        corners: Points = []
        before = sum(value <= self.x.low for value, _ in points)
        for value, share in points[max(before - 1, 0) :]:
            across, up = self.at_x(value), self.at_y(share)
            if corners and corners[-1][1] != up:
                corners.append((across, corners[-1][1]))
            corners.append((across, up))
        return corners

    def draw(self, chart: Element) -> None:
        """Draw grid, ticks and labels."""
        grid = add(chart, "g", cls="axes")
        if self.y is not None:
            for value, words in self.y.ticks(4):
                up = self.at_y(value)
                add(grid, "path", d=path([(self.size.left, up), (self.end, up)]), cls="grid")
                add(grid, "text", words, x=self.size.left - 8, y=up + 4, text_anchor="end")
        for value, words in self.x.ticks(self.size.ticks):
            across = self.at_x(value)
            line = [(across, self.bottom), (across, self.bottom + 5)]
            add(grid, "path", d=path(line), cls="tick")
            add(grid, "text", words, x=across, y=self.bottom + 19, text_anchor="middle")
        base = [(self.size.left, self.bottom), (self.end, self.bottom)]
        add(grid, "path", d=path(base), cls="base")
        label = self.x.label + (", log scale" if self.x.is_log else "")
        middle = (self.size.left + self.end) / 2
        add(grid, "text", label, x=middle, y=self.bottom + 38, text_anchor="middle", cls="label")


def _draw_mark(chart: Element, frame: _Frame, mark: Mark) -> None:
    across, up = frame.at_x(mark.x), frame.at_y(mark.y)
    group = add(chart, "g", cls="published")
    add(group, "path", d=path([(across, up), (across, frame.bottom)]))
    diamond = [(across, up - 6), (across + 6, up), (across, up + 6), (across - 6, up)]
    add(group, "path", d=path(diamond, closed=True), cls="diamond")
    is_right = across > (frame.size.left + frame.end) * 0.6
    anchor, shift = ("end", -10) if is_right else ("start", 10)
    add(group, "text", mark.words, x=across + shift, y=up + 4, text_anchor=anchor)


def _dot_chart(size: Size, title: str, x: Axis, rows: Sequence[Row]) -> str:
    step = 44
    height = len(rows) * step + size.top + size.bottom + 4
    chart = picture(size.width, height, title, size.name)
    frame = _Frame(size, x, None, height)
    for value, _ in x.ticks(size.ticks):
        line = [(frame.at_x(value), size.top), (frame.at_x(value), frame.bottom)]
        add(chart, "path", d=path(line), cls="grid")
    frame.draw(chart)
    for number, row in enumerate(rows):
        middle = size.top + number * step + 28
        group = add(chart, "g", cls=colour_class(row.colour))
        add(chart, "text", row.name, x=size.left, y=middle - 12, cls="row-name")
        if row.low is not None and row.high is not None:
            ends = [(frame.at_x(row.low), middle), (frame.at_x(row.high), middle)]
            add(group, "path", d=path(ends), cls="interval")
        for dot in row.dots:
            add(group, "circle", cx=frame.at_x(dot), cy=middle, r=3.5, cls="dot")
        across = frame.at_x(row.value)
        add(group, "path", d=path([(across, middle - 8), (across, middle + 8)]), cls="estimate")
    return written(chart)
