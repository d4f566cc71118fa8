"""`pokebench export`: a page of runs that opens from a file."""

from collections.abc import Mapping
from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.console import (
    asked_table,
    cache_folder,
    json_option,
    print_json,
    progress_bar,
    results,
    rom_option,
    runs_argument,
    table_option,
    talk,
)

_PARTS = {
    "screens": "screens",
    "words": "what was thought, said and done",
    "record": "the record, line by line",
    "seen": "what the agent was shown",
    "map": "map and way",
    "page": "the page itself",
}


@click.command("export")
@runs_argument
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to make; with --single-file the .html file.",
)
@click.option("--single-file", is_flag=True, help="Put everything into one .html file.")
@click.option(
    "--every",
    default=1,
    type=click.IntRange(1, 60),
    help="Frames from one screen to the next; 1 shows each.",
)
@click.option(
    "--max-size",
    default=100.0,
    type=click.FloatRange(min=0.1),
    help="Megabytes that the export may take up.",
)
@click.option(
    "--commercial",
    is_flag=True,
    help="Export screens of a commercial game; you answer for sharing them.",
)
@rom_option
@table_option
@json_option
def command(
    runs: tuple[Path, ...],
    out: Path,
    single_file: bool,
    every: int,
    max_size: float,
    commercial: bool,
    rom: Path | None,
    as_json: bool,
) -> None:
    """Make a page of one to four runs that opens from a file or any static host.

    It is the page of `pokebench view` and needs no ROM, no server and no internet: screens are
    stored as changes, text in pieces that are loaded when needed.
    """
    from pokebench.viewer.export import Exported, Wish, export
    from pokebench.viewer.reels import Own

    wish = Wish(
        Own(rom, cache_folder(), asked_table()),
        every,
        int(max_size * 1e6),
        is_single=single_file,
        with_commercial=commercial,
    )
    with progress_bar() as progress:
        task = progress.add_task("reading", total=None, note="")

        def show(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        done: Exported = export(runs, out, wish, show)
    page = out if single_file else out / "index.html"
    for remark in (*done.faults, *done.notes):
        talk.print(remark, style="yellow", markup=False)
    if as_json:
        sizes = {"bytes": dict(done.bytes), "total_bytes": done.total, "hours": done.hours}
        print_json({"page": str(page), **sizes})
        return
    results.print(_table(done.bytes, done.total, done.hours))
    talk.print(f"{done.total / 1e6:,.1f} of {max_size:g} MB. Open {page}, or copy it to any host.")


def _table(sizes: Mapping[str, int], total: int, hours: float) -> Table:
    table = Table("part", box=None, header_style="bold")
    table.add_column("MB", justify="right")
    table.add_column("MB per emulated hour", justify="right")
    for part, title in _PARTS.items():
        if size := sizes.get(part, 0):
            per_hour = "" if part == "page" else f"{size / 1e6 / hours:,.2f}"
            table.add_row(title, f"{size / 1e6:,.2f}", per_hour)
    table.add_row("all", f"{total / 1e6:,.2f}", "")
    return table
