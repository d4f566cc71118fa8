"""Draws milestone curves: single runs as thin lines, and the mean of each agent with its band."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from pokebench.score.clock import Clock
from pokebench.score.curve import count_weights, mean_curve, step_curve
from pokebench.score.run import ScoredRun, grouped
from pokebench.score.times import milestone_times

_COLOURS: Final = ("#1b6e53", "#c2542d", "#3b5ba5", "#8a4f9e", "#b08a00", "#5c5c5c")
_SIZE_INCHES: Final = (9.0, 5.0)
_DPI: Final = 150
_THIN: Final = 0.9
_THICK: Final = 2.0


def plot_curves(runs: Sequence[ScoredRun], clock: Clock, paths: Sequence[Path]) -> None:
    """Draw the milestone curves of `runs` over `clock` into each of `paths` (.png or .svg).

    Runs that may be taken together share a colour; where there are several, their mean is drawn
    thick, with its pointwise 95 % band, as far as any of them is known.
    """
    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    axes = figure.add_subplot()
    for index, group in enumerate(grouped(runs)):
        _draw_group(axes, group, clock, _COLOURS[index % len(_COLOURS)])
    axes.set_xlabel(clock.label)
    axes.set_ylabel("milestones reached")
    axes.set_ylim(0, 1.04)
    axes.set_xlim(left=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(_title(runs), loc="left", fontsize=11)
    axes.legend(frameon=False, loc="best")
    for path in paths:
        figure.savefig(path, dpi=_DPI)


def _draw_group(axes: Axes, group: Sequence[ScoredRun], clock: Clock, colour: str) -> None:
    counting = [run for run in group if not run.invalid_because]
    is_single = len(counting) < 2
    for run in group:
        label = f"{run.agent} (seed {run.seed}): {len(run.reached)}/{len(run.titles)}"
        _draw_run(
            axes, run, clock, colour, _THICK if is_single else _THIN, label if is_single else ""
        )
    if is_single:
        return
    times = milestone_times(counting, clock)
    end = max(clock.value(run.end) for run in counting)
    band = mean_curve(times, count_weights(len(times.milestones)), end)
    label = f"{group[0].agent}: mean of {len(counting)} runs"
    axes.step(band.times, band.mean, where="post", color=colour, linewidth=_THICK, label=label)
    axes.fill_between(
        band.times, band.low, band.high, step="post", color=colour, alpha=0.15, linewidth=0
    )


def _draw_run(
    axes: Axes, run: ScoredRun, clock: Clock, colour: str, width: float, label: str
) -> None:
    times, fractions = step_curve(run, clock)
    style = "--" if run.privileged else "-"
    axes.step(
        times, fractions, where="post", color=colour, linestyle=style, linewidth=width,
        label=label or None,
    )  # fmt: skip
    for count, milestone in enumerate(run.reached, 1):
        is_badge = milestone.id.startswith("badge_")
        if is_badge or milestone.id == "champion":
            position = clock.value(milestone.clocks), count / len(run.titles)
            marker = "o" if is_badge else "*"
            axes.plot(*position, marker=marker, color=colour, markersize=3.5 * width)


def _title(runs: Sequence[ScoredRun]) -> str:
    games = ", ".join(dict.fromkeys(run.game for run in runs))
    dashed = "; dashed: reads RAM, not ranked" if any(run.privileged for run in runs) else ""
    return f"{games}: milestones over time (dots are badges{dashed})"
