"""What commands share: talk on stderr, results on stdout, progress bars, JSON."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from pokebench.types import game_clock

if TYPE_CHECKING:
    from rich.progress import Progress

    from pokebench.replay import Watcher
    from pokebench.verify import Verification

_PIPE_COLUMNS = 180
talk = Console(stderr=True, highlight=False, soft_wrap=True)
"""Where progress and remarks go, so that stdout holds results alone."""
results = Console(highlight=False, markup=False)
"""Where tables go; into a pipe they are as wide as they need to be."""
_TABLE = "pokebench.table"
"""Where a command keeps the path of a table that it was given."""
if not results.is_terminal:
    results.width = _PIPE_COLUMNS


def print_json(data: Any) -> None:
    """Print `data` for programs."""
    click.echo(json.dumps(data, indent=1))


def program() -> str:
    """Return how the command was called, so that what is suggested can be copied."""
    called = Path(sys.argv[0])
    if called.name != "pokebench":
        return "pokebench"
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return "pokebench"


def cache_folder() -> Path:
    """Return the person's own folder for what can be made again; `POKEBENCH_CACHE` may name it."""
    named = os.environ.get("POKEBENCH_CACHE")
    if named:
        return Path(named)
    usual = os.environ.get("XDG_CACHE_HOME")
    return (Path(usual) if usual else Path.home() / ".cache") / "pokebench"


@contextmanager
def progress_bar(width: int = 24) -> "Iterator[Progress]":
    """Show a progress bar on stderr, where that is a terminal; `width` columns for the bar."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=width),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    silent = not talk.is_terminal
    with Progress(*columns, console=talk, transient=True, disable=silent) as progress:
        yield progress


def verify_with_progress(
    folder: Path,
    rom: Path | None,
    screens_at: frozenset[int] = frozenset(),
    watchers: "Sequence[Watcher]" = (),
) -> "Verification":
    """Verify a run under a progress bar; `watchers` look on."""
    from pokebench.verify import verify

    with progress_bar() as progress:
        task = progress.add_task(f"re-simulating {folder.name}", total=None, note="")
        return verify(
            folder,
            rom,
            table_path=asked_table(),
            on_progress=lambda frames: progress.update(task, note=game_clock(frames)),
            screens_at=screens_at,
            watchers=watchers,
        )


rom_option = click.option(
    "--rom",
    type=click.Path(path_type=Path),
    help="Your own ROM, for games that are not generated.",
)


def asked_table() -> Path | None:
    """Return the table of the person's own that this command was given, if any."""
    found: Path | None = click.get_current_context().meta.get(_TABLE)
    return found


def _keep_table(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    context.meta[_TABLE] = path


table_option = click.option(
    "--game",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=_keep_table,
    help="The game's table, if that is your own: PATH.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
runs_argument = click.argument(
    "runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN..."
)
