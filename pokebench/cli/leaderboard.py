"""`pokebench leaderboard`: add verified runs, show boards, print the file's schema."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.console import (
    json_option,
    print_json,
    results,
    rom_option,
    runs_argument,
    talk,
    verify_with_progress,
)
from pokebench.errors import TrajectoryError
from pokebench.leaderboard import (
    BoardRow,
    Entry,
    Leaderboard,
    add_runs,
    boards,
    entry_of,
    load,
    save,
)

_file_option = click.option(
    "--file",
    "path",
    default="leaderboard.json",
    type=click.Path(path_type=Path),
    help="The leaderboard.",
)


@click.group("leaderboard")
def command() -> None:
    """Add verified runs to a leaderboard; show it."""


@command.command("add")
@runs_argument
@_file_option
@rom_option
def add(runs: tuple[Path, ...], path: Path, rom: Path | None) -> None:
    """Verify runs and add them to the leaderboard: all of them, or none."""
    board = load(path)
    entries = []
    for folder in runs:
        verification = verify_with_progress(folder, rom)
        if verification.reason is None or verification.trajectory.torn:
            raise TrajectoryError(f"{folder}: the run has no outcome, so it makes no entry")
        entries.append(entry_of(verification))
    save(add_runs(board, entries), path)
    talk.print(f"added {len(entries)} verified run(s) to {path}")


@command.command("show")
@_file_option
@json_option
def show(path: Path, as_json: bool) -> None:
    """Show all boards, best first; references stand without a rank."""
    board = load(path)
    if as_json:
        tables = boards(board)
        print_json({name: [_row_json(row) for row in rows] for name, rows in tables.items()})
    elif board.entries:
        print_boards(board)
    else:
        click.echo("The leaderboard is empty: pokebench leaderboard add RUN")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the leaderboard file."""
    print_json(Leaderboard.model_json_schema())


def print_boards(board: Leaderboard) -> None:
    """Print all boards."""
    for name, rows in boards(board).items():
        _print_board(name, rows)


def _print_board(name: str, rows: list[BoardRow]) -> None:
    table = Table(title=name, title_justify="left", title_style="bold")
    table.add_column("rank", justify="right")
    table.add_column("agent")
    for heading in ("milestones", "badges", "game minutes", "runs"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            "-" if row.rank is None else str(row.rank),
            row.entry.agent.id + _mark(row.entry),
            f"{row.milestones:.1f} / {row.of}",
            f"{row.badges:.1f}",
            f"{row.game_minutes:.1f}",
            str(len(row.entry.valid_runs) or len(row.entry.runs)),
        )
    results.print(table)


def _mark(entry: Entry) -> str:
    """Return what a reader must know beside an entry's name."""
    if entry.agent.privileged:
        return " (reads RAM)"
    if not entry.is_ranked and entry.valid_runs and entry.tier != "none":
        return f" ({entry.conditions})"
    invalid = len(entry.runs) - len(entry.valid_runs)
    return f" ({invalid} not valid)" if invalid else ""


def _row_json(row: BoardRow) -> dict[str, object]:
    values = asdict(row)
    values["entry"] = row.entry.id
    return values | {"agent": row.entry.agent.id, "runs": len(row.entry.runs)}
