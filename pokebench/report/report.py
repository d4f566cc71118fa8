"""The report of a set of runs: what is on the page, as plain values for its template."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pokebench.report.axis import Axis
from pokebench.report.chart import Row, dot_chart
from pokebench.report.curves import CurveChart, Group, curve_charts, safe
from pokebench.report.page import Pages, today
from pokebench.report.published import Published, fitting, load_published, marks_of
from pokebench.report.reach import ReachRow, reach_rows
from pokebench.report.suites import SuiteView, suite_view
from pokebench.score import CLOCKS, GAME, ScoredRun
from pokebench.score.auc import TimeScale, areas, group_area
from pokebench.score.clock import minutes_of
from pokebench.score.coherence import Coherence
from pokebench.score.cost import pareto_front
from pokebench.score.curve import count_weights, progress_at
from pokebench.score.interval import Estimate, Floats, Interval, mean_estimate
from pokebench.score.times import milestone_times
from pokebench.trajectory import Manifest
from pokebench.types import game_clock

_RATES: Final = {
    "revisit_ratio": "Moments seen before",
    "loop_fraction": "Presses inside a loop",
    "no_effect_rate": "Presses without effect",
    "stagnant_fraction": "Presses far from progress",
}
"""Measures of coherence that are shares: lower is better."""


@dataclass(frozen=True, slots=True)
class ReportRun:
    """A verified run.

    Attributes:
        scored: its score.
        manifest: what it says of itself.
        head: the record's digest.
        coherence: measured while it was re-simulated; None if that is not known for its game.
    """

    scored: ScoredRun
    manifest: Manifest
    head: str
    coherence: Coherence | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One group of runs in the summary of a section.

    Attributes:
        group: the runs.
        conditions: tier and book.
        log_auc: area in log time, as a share of the oracle's where there is one.
        progress: share of milestones at the budget.
        milestones: mean number reached.
        usd: mean dollars at most.
        tokens: mean tokens.
        is_cheapest: no other group is as good for less.
    """

    group: Group
    conditions: str
    log_auc: Estimate
    progress: Estimate
    milestones: float
    usd: float
    tokens: float
    is_cheapest: bool


@dataclass(frozen=True, slots=True)
class Dots:
    """A chart of dots with its words and the file of its numbers."""

    title: str
    svg: str
    file: str


@dataclass(frozen=True, slots=True)
class Section:
    """All runs of one game under one budget."""

    id: str
    game: str
    minutes: float
    of: int
    is_normalised: bool
    groups: tuple[Group, ...]
    standings: tuple[Standing, ...]
    charts: tuple[CurveChart, ...]
    areas: Dots
    reach: tuple[ReachRow, ...]
    coherence: tuple[Dots, ...]
    cost: Dots | None
    published: tuple[Published, ...]
    runs: tuple[ReportRun, ...]


def write_report(runs: Sequence[ReportRun], out: Path, suite: Mapping[str, Any] | None) -> Path:
    """Write the report's page and the numbers of its figures into `out`; return the page.

    Args:
        runs: verified runs.
        out: folder; files of the same names are replaced.
        suite: what `pokebench suite score --json` printed, or None.

    Raises:
        ConfigError: the folder cannot be written, or the suite's data have another form.
    """
    pages = Pages(out, "pokebench.report")
    pages.styles()
    files: dict[str, str] = {}
    by_game: dict[tuple[str, int], list[ReportRun]] = defaultdict(list)
    for run in runs:
        by_game[run.scored.game, run.scored.budget_frames].append(run)
    sections = [
        _section(f"g{number}", found, files) for number, found in enumerate(by_game.values(), 1)
    ]
    groups = sections[0].groups if sections else ()
    view = suite_view(suite, files, groups) if suite is not None else None
    files["runs.json"] = json.dumps([_run_json(run) for run in runs], indent=1)
    for name, text in files.items():
        pages.file(f"data/{name}", text)
    return pages.page(
        "index.html", "report.html.j2", sections=sections, suite=view, day=today(),
        title=_title(sections, view), count=len(runs), clock=game_clock,
    )  # fmt: skip


def _title(sections: Sequence[Section], suite: SuiteView | None) -> str:
    names = dict.fromkeys(group.name for section in sections for group in section.groups)
    if suite is not None and not names:
        names = dict.fromkeys(agent.name for agent in suite.agents)
    shown = list(names)[:3]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _section(name: str, runs: Sequence[ReportRun], files: dict[str, str]) -> Section:
    groups, members = _groups(runs)
    first = runs[0].scored
    budget = minutes_of(first.budget_frames)
    oracle = _oracle_times(runs)
    published = fitting(load_published(), first.game)
    charts = curve_charts(groups, marks_of(published, list(first.titles)))
    for chart in charts:
        files[f"{name}-curve-{chart.id}.csv"] = chart.csv
    names = list(first.titles)
    reached = {} if oracle is None else dict(zip(names, oracle.tolist(), strict=True))
    standings = _standings(groups, members, budget, oracle)
    reach = reach_rows(groups, {k: v for k, v in reached.items() if np.isfinite(v)})
    files[f"{name}-reached.csv"] = _reach_csv(groups, reach)
    return Section(
        id=name,
        game=first.game,
        minutes=budget,
        of=len(names),
        is_normalised=oracle is not None,
        groups=groups,
        standings=standings,
        charts=tuple(charts),
        areas=_area_dots(name, standings, budget, oracle, files),
        reach=reach,
        coherence=_coherence(name, groups, members, files),
        cost=_cost(name, groups, files),
        published=published,
        runs=tuple(runs),
    )


def _groups(
    runs: Sequence[ReportRun],
) -> tuple[tuple[Group, ...], tuple[tuple[ReportRun, ...], ...]]:
    """Return runs by agent and card, those that reached most first, and the runs of each."""
    by_agent: dict[str, list[ReportRun]] = defaultdict(list)
    for run in runs:
        by_agent[json.dumps(run.manifest.agent.card, sort_keys=True)].append(run)
    ordered = sorted(
        by_agent.values(),
        key=lambda found: -float(np.mean([run.scored.fraction for run in found])),
    )
    groups = []
    for number, found in enumerate(ordered):
        agent = found[0].manifest.agent
        is_control = bool(agent.privileged or agent.card.get("control"))
        title = str(agent.card.get("title") or agent.id)
        scored = tuple(run.scored for run in found)
        groups.append(Group(title, number, scored, is_control))
    return tuple(groups), tuple(tuple(found) for found in ordered)


def _oracle_times(runs: Sequence[ReportRun]) -> Floats | None:
    oracle = [run.scored for run in runs if run.manifest.agent.card.get("adapter") == "oracle"]
    if not oracle:
        return None
    times: Floats = np.median(milestone_times(oracle, GAME).times, axis=0)
    return times if np.isfinite(times).any() else None


def _standings(
    groups: Sequence[Group],
    members: Sequence[Sequence[ReportRun]],
    budget: float,
    oracle: Floats | None,
) -> tuple[Standing, ...]:
    usd = [float(np.mean([CLOCKS["usd"].value(r.end) for r in g.runs])) for g in groups]
    shares = [float(np.mean([run.fraction for run in group.runs])) for group in groups]
    cheapest = pareto_front(usd, shares)
    found = []
    for index, group in enumerate(groups):
        times = milestone_times(group.runs, GAME)
        weights = count_weights(len(times.milestones))
        manifest = members[index][0].manifest
        found.append(
            Standing(
                group=group,
                conditions=_conditions(manifest),
                log_auc=_log_area(group, budget, oracle),
                progress=progress_at(times, weights, budget),
                milestones=float(np.mean([len(run.reached) for run in group.runs])),
                usd=usd[index],
                tokens=float(np.mean([CLOCKS["tokens"].value(r.end) for r in group.runs])),
                is_cheapest=cheapest[index],
            )
        )
    return tuple(found)


def _conditions(manifest: Manifest) -> str:
    harness = manifest.agent.card.get("harness")
    is_open = isinstance(harness, dict) and harness.get("book") == "open"
    book = ", open book" if is_open and manifest.tier != "none" else ""
    return f"tier {manifest.tier}{book}"


def _whole(budget: float, oracle: Floats | None) -> float:
    """Return the oracle's area, by which areas are divided; 1 without an oracle."""
    if oracle is None or budget <= 1:
        return 1.0
    return float(areas(oracle, count_weights(oracle.size), budget, TimeScale.LOG)) or 1.0


def _scale(budget: float) -> TimeScale:
    return TimeScale.LOG if budget > 1 else TimeScale.LINEAR


def _log_area(group: Group, budget: float, oracle: Floats | None) -> Estimate:
    times = milestone_times(group.runs, GAME)
    weights = count_weights(len(times.milestones))
    area = group_area(times, weights, budget, _scale(budget))
    whole, ends = _whole(budget, oracle), area.interval
    scaled = ends and Interval(ends.low / whole, ends.high / whole, ends.method, ends.level)
    return Estimate(area.value / whole, scaled, area.n, area.standard_error / whole, area.flag)


def _area_dots(
    name: str,
    standings: Sequence[Standing],
    budget: float,
    oracle: Floats | None,
    files: dict[str, str],
) -> Dots:
    rows = []
    for standing in standings:
        times = milestone_times(standing.group.runs, GAME).times
        weights = count_weights(times.shape[1])
        dots = areas(times, weights, budget, _scale(budget)) / _whole(budget, oracle)
        rows.append(_row(standing.group, [float(dot) for dot in dots], standing.log_auc))
    share = ", share of the oracle's" if oracle is not None else ""
    title = f"Area under the milestone curve in log time{share}"
    return _dots(title, f"{name}-area.csv", rows, files)


def _row(group: Group, dots: Sequence[float], estimate: Estimate) -> Row:
    ends = estimate.interval
    return Row(
        group.name, group.colour, tuple(dots), estimate.value,
        ends.low if ends else None, ends.high if ends else None,
    )  # fmt: skip


def _dots(
    title: str, file: str, rows: Sequence[Row], files: dict[str, str], most: float | None = None
) -> Dots:
    highest = max([1e-9, *(dot for row in rows for dot in row.dots), *(row.value for row in rows)])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["group", "kind", "value", "low", "high"])
    for row in rows:
        low, high = ("", "") if row.low is None else (row.low, row.high)
        writer.writerow([safe(row.name), "mean", row.value, low, high])
        for dot in row.dots:
            writer.writerow([safe(row.name), "run", dot, "", ""])
    files[file] = text.getvalue()
    axis = Axis(title, 0.0, most or highest * 1.05, is_share=most is not None)
    return Dots(title, dot_chart(title, axis, rows), f"data/{file}")


def _coherence(
    name: str,
    groups: Sequence[Group],
    members: Sequence[Sequence[ReportRun]],
    files: dict[str, str],
) -> tuple[Dots, ...]:
    found = []
    for field, title in _RATES.items():
        rows = []
        for group, runs in zip(groups, members, strict=True):
            values = [getattr(run.coherence, field) for run in runs if run.coherence]
            dots = [float(value) for value in values if value is not None]
            if dots:
                rows.append(_row(group, dots, mean_estimate(dots)))
        if rows:
            found.append(_dots(title, f"{name}-{field}.csv", rows, files, most=1.0))
    return tuple(found)


def _cost(name: str, groups: Sequence[Group], files: dict[str, str]) -> Dots | None:
    paid = [group for group in groups if any(CLOCKS["usd"].value(run.end) for run in group.runs)]
    if not paid:
        return None
    rows = []
    for group in paid:
        dots = [CLOCKS["usd"].value(run.end) for run in group.runs]
        rows.append(_row(group, dots, mean_estimate(dots)))
    return _dots("Dollars a run, at most", f"{name}-cost.csv", rows, files)


def _reach_csv(groups: Sequence[Group], rows: Sequence[ReachRow]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["milestone", "group", "reached", "of", "low", "high", "median_minutes", "oracle_minutes"]
    )
    for row in rows:
        for group, cell in zip(groups, row.cells, strict=True):
            if cell is not None:
                median = "" if cell.median is None else cell.median
                oracle = "" if row.oracle is None else row.oracle
                writer.writerow(
                    [row.id, safe(group.name), cell.successes, cell.n, cell.low, cell.high,
                     median, oracle]
                )  # fmt: skip
    return text.getvalue()


def _run_json(run: ReportRun) -> dict[str, Any]:
    found = run.scored.to_json() | {"head": run.head, "tier": run.manifest.tier}
    return found | {"coherence": asdict(run.coherence) if run.coherence else None}
