"""Draws milestone curves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from pokebench.score.clock import Clock
from pokebench.score.curve import step_curve
from pokebench.score.run import ScoredRun

_COLOURS: Final = ("#1b6e53", "#c2542d", "#3b5ba5", "#8a4f9e", "#b08a00", "#5c5c5c")
_SIZE_INCHES: Final = (9.0, 5.0)
_DPI: Final = 150


def plot_curves(runs: Sequence[ScoredRun], clock: Clock, paths: Sequence[Path]) -> None:
    """Draw the milestone curves of `runs` over `clock` into each of `paths` (.png or .svg)."""
    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    axes = figure.add_subplot()
    for index, run in enumerate(runs):
        _draw_run(axes, run, clock, _COLOURS[index % len(_COLOURS)])
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


def _draw_run(axes: Axes, run: ScoredRun, clock: Clock, colour: str) -> None:
    times, fractions = step_curve(run, clock)
    style = "--" if run.privileged else "-"
    label = f"{run.agent} (seed {run.seed}): {len(run.reached)}/{len(run.titles)}"
    axes.step(
        times, fractions, where="post", color=colour, linestyle=style, linewidth=1.8, label=label
    )
    for count, milestone in enumerate(run.reached, 1):
        is_badge = milestone.id.startswith("badge")
        if is_badge or milestone.id == "champion":
            position = clock.value(milestone.clocks), count / len(run.titles)
            axes.plot(*position, marker="o" if is_badge else "*", color=colour, markersize=7)


def _title(runs: Sequence[ScoredRun]) -> str:
    games = ", ".join(dict.fromkeys(run.game for run in runs))
    dashed = "; dashed: reads RAM, not ranked" if any(run.privileged for run in runs) else ""
    return f"{games}: milestones over time (dots are badges{dashed})"
