"""`pokebench leaderboard`: check and enter submissions, show boards, check the whole board."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.checking import (
    check_with_progress,
    explain_entry,
    jobs_option,
    watched_runs,
)
from pokebench.cli.console import json_option, print_json, program, results, rom_option, talk
from pokebench.leaderboard.audit import Finding, audit
from pokebench.leaderboard.board import SORT_COLUMN, Board, BoardRow, boards
from pokebench.leaderboard.entry import Leaderboard, Proof
from pokebench.leaderboard.levels import WARNING, Level
from pokebench.leaderboard.sandbox import Limits
from pokebench.leaderboard.site import write_site
from pokebench.leaderboard.store import add_entry, load, save, set_proof, without_logged
from pokebench.score.interval import Estimate

_file_option = click.option(
    "--file",
    "path",
    default="leaderboard.json",
    type=click.Path(path_type=Path),
    help="The leaderboard.",
)
_submission_argument = click.argument("submission", type=click.Path(path_type=Path))
_seconds_option = click.option(
    "--seconds",
    default=3600,
    type=click.IntRange(10, 1_000_000),
    help="Most seconds for one run.",
)


_level_option = click.option(
    "--level",
    default=Level.REPLAYED,
    type=click.Choice([Level.LOGGED, Level.REPLAYED]),
    show_default=True,
    help="replayed: every run is played again. logged: records are read only, for a game whose ROM "
    "you do not have.",
)


@click.group("leaderboard")
def command() -> None:
    """Check and enter submissions; show the boards."""


@command.command("check")
@_submission_argument
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="A leaderboard whose runs it must not repeat.",
)
@_seconds_option
@jobs_option
@rom_option
@_level_option
@json_option
def check(
    submission: Path,
    against: Path | None,
    seconds: int,
    jobs: int,
    rom: Path | None,
    level: str,
    as_json: bool,
) -> None:
    """Check a submission, a folder or zip of anybody, as the board does.

    Nothing of it is trusted or executed: every run is re-simulated in a child process that has
    limits of time, memory and files. Exit code 0: it can be entered. 1: it cannot; the message says
    why.
    """
    board = load(against) if against else Leaderboard()
    limits = Limits(seconds=seconds)
    entry = check_with_progress(submission, rom, jobs, limits, board.entries, Level(level))
    add_entry(board, entry)
    if as_json:
        print_json(entry.model_dump(mode="json"))
        return
    click.echo(f"{submission} holds.")
    explain_entry(entry)


@command.command("add")
@_submission_argument
@_file_option
@_seconds_option
@jobs_option
@rom_option
@_level_option
def add(
    submission: Path, path: Path, seconds: int, jobs: int, rom: Path | None, level: str
) -> None:
    """Check a submission and enter it: all of its runs, or none.

    Runs that are on the board already are refused, under whatever id: buttons are compared. A
    submission that was only logged is entered anew by whoever has the ROM.
    """
    board = load(path)
    if level == Level.REPLAYED:
        board = without_logged(board, submission.resolve().name.removesuffix(".zip"))
    limits = Limits(seconds=seconds)
    entry = check_with_progress(submission, rom, jobs, limits, board.entries, Level(level))
    save(add_entry(board, entry), path)
    explain_entry(entry)
    talk.print(f"added to {path} as entry {entry.id}. Next: {program()} leaderboard rank")


@command.command("rank")
@_file_option
@json_option
def rank(path: Path, as_json: bool) -> None:
    """Show all boards, best first; references stand without a rank."""
    found = boards(load(path))
    if as_json:
        print_json({board.slug: [_row_json(row) for row in board.rows] for board in found})
    elif found:
        print_boards(found)
    else:
        click.echo(
            "The leaderboard is empty: pokebench submit RUN, then leaderboard add SUBMISSION"
        )


@command.command("verify-all")
@_file_option
@click.option(
    "--submissions",
    "folder",
    default="submissions",
    type=click.Path(path_type=Path),
    help="Where the submissions lie.",
)
@click.option("--only", default="", help="Only games whose name begins so.")
@_seconds_option
@jobs_option
@json_option
def verify_all(path: Path, folder: Path, only: str, seconds: int, jobs: int, as_json: bool) -> None:
    """Re-simulate every submission behind the board and compare it with what the board says.

    Exit code 0: everything was found again. Games with a ROM are named and left out.
    """
    board = load(path)
    limits = Limits(seconds=seconds)
    with watched_runs() as tell:
        findings = []
        for finding in audit(board, folder, limits, jobs, only, tell):
            findings.append(finding)
            if not as_json:
                _tell_finding(finding)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    bad = [finding for finding in findings if not finding.holds and not finding.needs_rom]
    runs = sum(finding.runs for finding in findings if finding.holds)
    talk.print(f"{runs} runs of {len(findings)} submissions hold; {len(bad)} do not")
    if bad:
        raise click.exceptions.Exit(1)


def _tell_finding(finding: Finding) -> None:
    if finding.holds:
        click.echo(f"holds {finding.submission}: {finding.runs} runs, entry {finding.entry_id}")
    else:
        word = "skipped" if finding.needs_rom else "FAILED"
        click.echo(f"{word} {finding.submission}: {finding.fault}")


@command.command("attest")
@click.argument("entry")
@click.option(
    "--level",
    required=True,
    type=click.Choice([Level.REPLAYED, Level.ATTRIBUTED, Level.REPRODUCED]),
    help="What is shown.",
)
@click.option("--by", required=True, help="Who looked: a person's name.")
@click.option("--evidence", default="", help="Where the findings are, or what they are.")
@_file_option
def attest(entry: str, level: str, by: str, evidence: str, path: Path) -> None:
    """State what a reviewer found of an entry, beyond what re-simulation shows.

    For those who keep the board: no submission can state this of itself.
    """
    board = load(path)
    version = next((e.proof.version for e in board.entries if e.id == entry), "0")
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    proof = Proof(level=Level(level), by=by, version=version, on=today, evidence=evidence)
    save(set_proof(board, entry, proof), path)
    talk.print(f"entry {entry}: {level}, by {by}. {Level(level).proves}")


@command.command("site")
@_file_option
@click.option(
    "--out", default="site", type=click.Path(path_type=Path), help="Folder for the pages."
)
@click.option(
    "--replays",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with exported replays, each in a folder named by its run id.",
)
def site(path: Path, out: Path, replays: Path | None) -> None:
    """Write the leaderboard as a static site, which works from a folder and from any host."""
    count = write_site(load(path), out, replays)
    talk.print(f"wrote {count} pages; open {out / 'index.html'}")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the leaderboard file."""
    print_json(Leaderboard.model_json_schema())


def print_boards(found: tuple[Board, ...]) -> None:
    """Print all boards."""
    for board in found:
        _print_board(board)
    results.print(WARNING)


def _print_board(board: Board) -> None:
    title = f"{board.title} ({board.rules})"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("rank", justify="right")
    table.add_column("agent")
    share = "" if board.is_normalised else " (no oracle here: not normalised)"
    headings = (f"{SORT_COLUMN}{share}", "nAUC", "milestones", "badges", "$ a run", "runs", "level")
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_column("note")
    for row in board.rows:
        table.add_row(
            "-" if row.rank is None else str(row.rank),
            row.entry.agent.id,
            shown(row.log_auc),
            shown(row.linear_auc),
            f"{row.milestones:.1f} / {board.of}",
            f"{row.badges:.1f}",
            "unknown" if row.usd is None else f"{row.usd:,.2f}",
            str(len(row.entry.valid_runs)),
            row.entry.proof.level,
            row.note,
        )
    results.print(table)


def shown(estimate: Estimate) -> str:
    """Return a value with its interval."""
    if estimate.interval is None:
        return f"{estimate.value:.3f}"
    ends = estimate.interval
    return f"{estimate.value:.3f} [{ends.low:.3f}, {ends.high:.3f}]"


def _row_json(row: BoardRow) -> dict[str, object]:
    values = asdict(row)
    entry = row.entry
    return values | {
        "entry": entry.id,
        "agent": entry.agent.id,
        "submitter": entry.submitter.name,
        "level": entry.proof.level,
        "runs": len(entry.runs),
    }
