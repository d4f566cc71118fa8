"""What the commands that check submissions share: progress bars, and what a check proves."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import TaskID

from pokebench.cli.console import progress_bar
from pokebench.leaderboard.board import RANKED_RUNS
from pokebench.leaderboard.check import Progress, check
from pokebench.leaderboard.copies import likeness
from pokebench.leaderboard.entry import Entry
from pokebench.leaderboard.levels import WARNING, Level
from pokebench.leaderboard.sandbox import Limits
from pokebench.types import game_clock

jobs_option = click.option(
    "--jobs",
    default=lambda: os.cpu_count() or 1,
    show_default="one a processor",
    type=click.IntRange(1, 256),
    help="Runs to re-simulate at once.",
)


def check_with_progress(
    path: Path,
    rom: Path | None,
    jobs: int,
    limits: Limits | None = None,
    known: tuple[Entry, ...] = (),
    level: Level = Level.REPLAYED,
) -> Entry:
    """Check a submission under progress bars, one for each run under way."""
    with watched_runs() as tell:
        return check(path, rom, limits, jobs, tell, known, level)


@contextmanager
def watched_runs() -> Iterator[Callable[[Progress], None]]:
    """Show a progress bar for each run under way; yield what to tell them."""
    tasks: dict[str, TaskID] = {}
    lock = threading.Lock()
    with progress_bar() as progress:

        def tell(at: Progress) -> None:
            with lock:
                if at.run_id not in tasks:
                    words = f"re-simulating {at.run_id[:8]}"
                    tasks[at.run_id] = progress.add_task(words, total=at.of, note="")
            progress.update(tasks[at.run_id], completed=at.frames, note=game_clock(at.frames))

        yield tell


def explain_entry(entry: Entry) -> None:
    """Print what a checked submission holds, what that proves, and what it does not."""
    agent = f"{entry.agent.title} ({entry.agent.id})"
    click.echo(f"  {agent} on {entry.game.spec}, by {entry.submitter.name}, {_where(entry)}")
    for run in entry.runs:
        reached = f"{len(run.milestones)} of {len(entry.game.milestones)} milestones"
        note = f"; does not count: {run.invalid_because}" if run.invalid_because else ""
        time = game_clock(run.end.frames)
        click.echo(f"  seed {run.seed}: {reached} in {time} of game time, {run.reason}{note}")
        if run.like:
            click.echo(f"    Mark: {likeness(run)}")
    if entry.proof.level is Level.LOGGED:
        click.echo(f"Level “{Level.LOGGED}”: {Level.LOGGED.evidence}. {Level.LOGGED.proves}")
    else:
        click.echo(f"Proven, level “{Level.REPLAYED}”: {_plural(entry)} {_WHAT_HOLDS}")
        click.echo(f"Not proven: {_WHAT_NOT} {WARNING}")
    if entry.unranked_because:
        why = _WHY.get(entry.unranked_because, entry.unranked_because)
        click.echo(f"It will be shown and not ranked: {why}.")
    elif len(entry.valid_runs) < RANKED_RUNS:
        click.echo(f"It will be shown without a rank: ranks need {RANKED_RUNS} runs that count.")


_WHAT_HOLDS = (
    "re-simulated from power-on on a console of our own; every milestone, frame, press and token "
    "count was found again."
)
_WHAT_NOT = (
    "who chose the buttons, what it cost in seconds, and that no other runs were begun; those "
    "rest on your word until somebody reviews or repeats the runs."
)
_WHY = {"reference": "it is a reference (a control, reads RAM, looks at nothing, or a person)"}


def _where(entry: Entry) -> str:
    minutes = game_clock(entry.budget.frames)
    return f"{', '.join(entry.conditions)}, budget {minutes}"


def _plural(entry: Entry) -> str:
    return "one run was" if len(entry.runs) == 1 else f"all {len(entry.runs)} runs were"
