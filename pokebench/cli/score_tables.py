"""Scores as tables on the terminal."""

import math
from collections.abc import Callable, Sequence

from rich.table import Table

from pokebench.cli.console import results
from pokebench.score import CLOCKS, GAME, Clock, ScoredRun, clocks_in_use
from pokebench.score.censoring import censoring_of
from pokebench.score.coherence import Coherence, coherence, recovery
from pokebench.score.interval import Estimate, Interval
from pokebench.score.pace import pace_of
from pokebench.score.reference import Reference
from pokebench.score.summary import Area, GroupSummary
from pokebench.types import game_clock


def print_run(run: ScoredRun) -> None:
    """Print a run's milestones in order of time, on every clock that moved."""
    clocks = [clock for clock in clocks_in_use([run]) if clock.id != GAME.id]
    mark = " (reads RAM: a reference, never ranked)" if run.privileged else ""
    table = _table(f"{run.agent}{mark} on {run.game}, seed {run.seed}: {_end_of(run)}")
    table.add_column("milestone", no_wrap=True, overflow="ellipsis")
    for heading in ("game time", *(clock.heading for clock in clocks)):
        table.add_column(heading, justify="right", no_wrap=True)
    for milestone in run.reached:
        at = milestone.clocks
        numbers = (_number(clock.value(at)) for clock in clocks)
        table.add_row(run.titles[milestone.id], game_clock(at.frames), *numbers)
    table.add_section()
    share = f"{len(run.reached)} of {len(run.titles)} ({run.fraction:.0%}) by"
    table.add_row(share, game_clock(run.end.frames), *(_number(c.value(run.end)) for c in clocks))
    results.print(table)
    if run.invalid_because:
        results.print(f"Not valid: {run.invalid_because}")
    missed = [title for name, title in run.titles.items() if run.clocks_of(name) is None]
    if missed:
        results.print(f"Not reached: {'; '.join(missed)}", soft_wrap=False)
    results.print()


def print_group(
    summary: GroupSummary, runs: Sequence[ScoredRun], reference: Reference | None
) -> None:
    """Print what runs of one agent amount to, and each run's coherence and pace."""
    clock = CLOCKS[summary.clock]
    count = len(summary.runs)
    mark = " (reads RAM: a reference, never ranked)" if runs[0].privileged else ""
    tier = "" if runs[0].tier in ("", "none") else f", tier {runs[0].tier}"
    title = f"{summary.agent}{mark}{tier} on {summary.game}: {count} run{'s' if count > 1 else ''}"
    results.print(f"{title}, up to {_number(summary.budget)} {clock.label}", style="bold")
    if count > 1:
        results.print(_milestones(summary, runs[0]))
    table = Table()
    for heading in ("measure", "value", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    for point in summary.progress:
        _add(table, f"milestones by {_number(point.time)} {clock.label}", point.progress, "%")
    _add(table, f"milestones by the end, {_number(summary.budget)}", summary.final, "%")
    for name, area in (("linear", summary.linear), ("log", summary.log)):
        _add_area(table, name, area)
    results.print(table)
    _print_remarks(summary)
    _print_coherence(runs)
    if reference is not None:
        _print_pace(runs, reference, clock)
    results.print()


def _add_area(table: Table, name: str, area: Area) -> None:
    _add(table, f"area, {name} time", area.area)
    if area.normalised is None:
        table.add_row(f"area / oracle's, {name} time", "n/a", "")
    else:
        star = " (beats the oracle)" if area.beats_oracle else ""
        _add(table, f"area / oracle's, {name} time{star}", area.normalised)


def _milestones(summary: GroupSummary, like: ScoredRun) -> Table:
    table = Table()
    for heading in (
        "milestone",
        "reached",
        "median",
        "95 % interval",
        "mean up to the end",
        "speed",
    ):
        table.add_column(heading, justify="left" if heading == "milestone" else "right")
    for found in summary.milestones:
        reached, error = found.reached, found.mean.standard_error
        table.add_row(
            like.titles[found.milestone],
            f"{reached.successes}/{reached.n}" if reached else "-",
            _time(found.median),
            _times(found.median_interval) if math.isfinite(found.median) else "",
            _time(found.mean.value) + (f" ± {_time(error)}" if error > 0 else ""),
            "-" if found.speed_ratio is None else f"{found.speed_ratio:.2f}",
        )
    return table


def _print_remarks(summary: GroupSummary) -> None:
    if summary.reference_runs:
        results.print(f"Measured against {summary.reference_runs} run(s) of the oracle.")
    elif summary.clock == GAME.id:
        results.print("No oracle to measure against: add --reference RUN, a run of --agent oracle.")
    if summary.infrastructure_share:
        share = f"{summary.infrastructure_share:.0%} of the runs"
        results.print(f"{share} were ended by infrastructure: what would have come is unknown.")
    if summary.invalid:
        results.print(f"Left out, not valid: {', '.join(summary.invalid)}")
    if len(summary.runs) == 1:
        results.print("One run has no interval: n=1.")


def _print_coherence(runs: Sequence[ScoredRun]) -> None:
    logs = [(run, coherence(run.log)) for run in runs if run.log is not None]
    if not logs:
        return
    results.print("Coherence, in presses")
    table = Table()
    asked = any(run.end.calls for run in runs)
    headings = ["seed", "end", "class", "presses", "revisits", "loops", "no effect", "stagnant"]
    headings += ["longest gap", "last gap", *(["rejected", "cut off"] if asked else [])]
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("end", "class") else "right")
    for run, found in logs:
        cells = _coherence_cells(run, found)
        table.add_row(*(cells if asked else cells[:-2]))
    results.print(table)
    curve = recovery([run.log for run in runs if run.log is not None])
    if curve is not None:
        ended, median = sum(curve.events), _time(curve.median)
        results.print(
            f"{curve.n} time(s) it stood still for 100 presses; {ended} of them ended, after a "
            f"median of {median} more"
            if ended
            else f"{curve.n} time(s) it stood still for 100 presses, and never moved on"
        )


def _print_pace(runs: Sequence[ScoredRun], reference: Reference, clock: Clock) -> None:
    paces = [(run, pace_of(run, reference, clock)) for run in runs]
    paces = [(run, pace) for run, pace in paces if pace.slowdown is not None]
    if not paces:
        return
    results.print("Pace against the oracle")
    table = Table()
    for heading in (
        "seed",
        "slowdown trend",
        "95 % interval",
        "decay",
        "95 % interval",
        "oracle's",
    ):
        table.add_column(heading, justify="right")
    for run, pace in paces:
        slowdown, decay, oracle = pace.slowdown, pace.decay, pace.oracle_decay
        table.add_row(
            str(run.seed),
            *((f"{slowdown.slope:+.2f}", _times(slowdown.interval)) if slowdown else ("", "")),
            *((f"{decay.beta:.2f}", _times(decay.interval)) if decay else ("", "")),
            f"{oracle.beta:.2f}" if oracle else "",
        )
    results.print(table)


def _coherence_cells(run: ScoredRun, found: Coherence) -> list[str]:
    rates = (
        found.revisit_ratio, found.loop_fraction, found.no_effect_rate, found.stagnant_fraction
    )  # fmt: skip
    calls = run.end.calls
    return [
        str(run.seed),
        _end_of(run),
        str(censoring_of(run)),
        f"{found.presses:,}",
        *("-" if rate is None else f"{rate:.0%}" for rate in rates),
        f"{found.longest_gap_presses:,}",
        f"{found.final_gap_presses:,}",
        f"{run.rejected / calls:.1%}" if calls else "-",
        f"{run.cut_off / calls:.1%}" if calls else "-",
    ]


def _add(table: Table, name: str, estimate: Estimate, unit: str = "") -> None:
    def shown(value: float) -> str:
        return f"{value:.0%}" if unit else f"{value:.3f}"

    table.add_row(name, shown(estimate.value), _ends(estimate, shown))


def _ends(estimate: Estimate, shown: Callable[[float], str]) -> str:
    interval = estimate.interval
    if interval is None:
        return estimate.flag
    if interval.low == interval.high:
        return "all runs equal"
    flag = f" ({estimate.flag})" if estimate.flag else ""
    return f"{shown(interval.low)} to {shown(interval.high)}{flag}"


def _time(value: float) -> str:
    if math.isnan(value):
        return "?"
    return _number(value) if math.isfinite(value) else "> end"


def _times(interval: Interval | None) -> str:
    return f"{_time(interval.low)} to {_time(interval.high)}" if interval else ""


def _end_of(run: ScoredRun) -> str:
    return str(run.reason or "cut off")


def _number(value: float) -> str:
    if abs(value - round(value)) < 0.002:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if value >= 100 else f"{value:,.2f}"


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold")
