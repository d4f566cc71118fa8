"""The leaderboard as a static site: boards, entries, levels, how to hand in.

It works from a folder, from any host and without scripts; one script sorts tables.
"""

import csv
import io
import json
import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from pokebench.errors import ConfigError
from pokebench.leaderboard.board import (
    HEADLINE_RUNS,
    RANKED_RUNS,
    SORT_COLUMN,
    Board,
    boards,
    counted_runs,
    scored_runs,
)
from pokebench.leaderboard.copies import likeness
from pokebench.leaderboard.costs import price_table_of
from pokebench.leaderboard.entry import Entry, Leaderboard
from pokebench.leaderboard.levels import WARNING, Level
from pokebench.report.curves import CurveChart, Group, curve_charts, safe
from pokebench.report.page import Pages, today
from pokebench.report.reach import ReachRow, reach_rows
from pokebench.score.clock import minutes_of

_SCRIPT: Final = "board.js"


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A board with its pictures.

    Attributes:
        board: the board.
        groups: its entries as lines of the charts.
        charts: curves, one for each clock.
        reach: how often each milestone was reached.
        colours: by entry id.
    """

    board: Board
    groups: tuple[Group, ...]
    charts: tuple[CurveChart, ...]
    reach: tuple[ReachRow, ...]
    colours: dict[str, int]


def write_site(leaderboard: Leaderboard, out: Path, replays: Path | None = None) -> int:
    """Write the site into `out`; return how many pages it has.

    Args:
        leaderboard: the board.
        out: folder; what lies there under the same names is replaced.
        replays: a folder with exported replays, each in a folder named by run id; they are copied
            and linked.

    Raises:
        ConfigError: a folder cannot be read or written.
    """
    pages = Pages(out, "pokebench.leaderboard")
    pages.styles()
    script = files("pokebench.leaderboard") / "static" / _SCRIPT
    pages.file(_SCRIPT, script.read_text("utf-8"))
    watchable = _copy_replays(leaderboard, out, replays)
    made = [_board_page(board) for board in boards(leaderboard)]
    shared = {
        "warning": WARNING, "day": today(), "levels": list(Level), "sort_column": SORT_COLUMN,
        "ranked_runs": RANKED_RUNS, "headline_runs": HEADLINE_RUNS,
        "entries": leaderboard.entries,
        "entry_ids": {entry.id for entry in leaderboard.entries},
    }  # fmt: skip
    pages.page("index.html", "index.html.j2", made=made, **shared)
    pages.page("submit.html", "submit.html.j2", **shared)
    for page in made:
        pages.page(f"boards/{page.board.slug}.html", "board.html.j2", page=page, **shared)
        _board_data(pages, page)
    for entry in leaderboard.entries:
        _entry_page(pages, entry, watchable, shared)
    text = json.dumps(leaderboard.model_dump(mode="json", by_alias=True), indent=1)
    pages.file("data/leaderboard.json", text)
    return 2 + len(made) + len(leaderboard.entries)


def _board_page(board: Board) -> BoardPage:
    groups = tuple(
        Group(
            name=row.entry.agent.title,
            colour=number,
            runs=tuple(counted_runs(row.entry)),
            is_reference=row.entry.is_reference or not row.entry.proof.level.is_ranked,
            standing="reference" if row.entry.proof.level.is_ranked else "only logged",
        )
        for number, row in enumerate(board.rows)
    )
    colours = {row.entry.id: number for number, row in enumerate(board.rows)}
    oracle = board.oracle_minutes
    return BoardPage(
        board, groups, tuple(curve_charts(groups)), reach_rows(groups, oracle), colours
    )


def _board_data(pages: Pages, page: BoardPage) -> None:
    for chart in page.charts:
        pages.file(f"data/{page.board.slug}/{chart.id}.csv", chart.csv)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["rank", "entry", "agent", "submitter", "level", "runs", "log_nauc", "log_nauc_low",
         "log_nauc_high", "nauc", "progress", "milestones", "badges", "usd", "tokens", "note"]
    )  # fmt: skip
    for row in page.board.rows:
        ends = row.log_auc.interval
        low, high = (ends.low, ends.high) if ends else ("", "")
        writer.writerow(
            [row.rank or "", row.entry.id, row.entry.agent.id, safe(row.entry.submitter.name),
             row.entry.proof.level, len(row.entry.valid_runs), row.log_auc.value, low, high,
             row.linear_auc.value, row.progress.value, row.milestones, row.badges,
             "" if row.usd is None else row.usd, row.tokens, row.note]
        )  # fmt: skip
    pages.file(f"data/{page.board.slug}/board.csv", text.getvalue())


def _entry_page(
    pages: Pages, entry: Entry, watchable: frozenset[str], shared: dict[str, object]
) -> None:
    runs = scored_runs(entry, entry.runs)
    groups = [Group(f"seed {run.seed}", number, (run,)) for number, run in enumerate(runs)]
    charts = curve_charts(groups)
    for chart in charts:
        pages.file(f"data/{entry.id}/{chart.id}.csv", chart.csv)
    pages.page(
        f"entries/{entry.id}.html",
        "entry.html.j2",
        entry=entry,
        groups=groups,
        charts=charts,
        watchable=watchable,
        likeness=likeness,
        minutes_of=minutes_of,
        price_table=price_table_of(entry.agent.card),
        card=json.dumps(entry.agent.card, indent=1, sort_keys=True),
        **shared,
    )


def _copy_replays(leaderboard: Leaderboard, out: Path, replays: Path | None) -> frozenset[str]:
    """Copy exported replays of runs on the board; return the ids of runs that have one."""
    if replays is None:
        return frozenset()
    ids = [run.run_id for entry in leaderboard.entries for run in entry.runs]
    found = [run_id for run_id in ids if (replays / run_id / "index.html").is_file()]
    try:
        for run_id in found:
            shutil.copytree(replays / run_id, out / "replays" / run_id, dirs_exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot copy replays of {replays}: {error.strerror}") from error
    return frozenset(found)
