"""`pokebench verify`: re-simulate runs and compare all they claim."""

import os
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from pokebench.cli.console import (
    asked_table,
    cache_folder,
    json_option,
    print_json,
    progress_bar,
    rom_option,
    runs_argument,
    table_option,
)
from pokebench.errors import PokebenchError, TrajectoryError
from pokebench.replay.processes import do_all
from pokebench.types import game_clock
from pokebench.verify import Verification, verify


@click.command("verify")
@runs_argument
@rom_option
@table_option
@click.option("--jobs", type=click.IntRange(1), show_default="one a core", help="Processes to use.")
@json_option
def command(runs: tuple[Path, ...], rom: Path | None, jobs: int | None, as_json: bool) -> None:
    """Re-simulate runs from power-on, with no agent, and compare all that they claim.

    Several runs are re-simulated at once. A single one is re-simulated in stretches at once if it
    was recorded on this machine, which kept states of it; the verdict is that of one pass.

    Exit code 0: every run holds. 1: a run is damaged, cut off, or claims what did not happen; the
    message names the place.
    """
    reports = _reports(runs, rom, jobs or os.cpu_count() or 1)
    if as_json:
        print_json([report for report, _ in reports])
    for report, error in reports:
        if error is not None:
            click.echo(f"FAILED {report['run']}: {report['error']}", err=True)
        elif not as_json:
            click.echo(f"verified {report['run']}: {report['summary']}")
    codes = [error.exit_code for _, error in reports if error is not None]
    if codes:
        raise click.exceptions.Exit(max(codes))


_Report = tuple[dict[str, object], PokebenchError | None]


def _reports(runs: tuple[Path, ...], rom: Path | None, jobs: int) -> list[_Report]:
    """Verify runs under one progress bar, several at once."""
    with progress_bar() as progress:
        tasks = [
            progress.add_task(f"re-simulating {folder.name}", total=None, note="")
            for folder in runs
        ]

        def tell(index: int, frames: int) -> None:
            progress.update(tasks[index], note=game_clock(frames))

        cache, table = cache_folder(), asked_table()
        if len(runs) == 1 or jobs == 1:
            return [
                _report(folder, rom, table, jobs, cache, partial(tell, index))
                for index, folder in enumerate(runs)
            ]
        alone = [partial(_report, folder, rom, table, 1, None) for folder in runs]
        return list(do_all(alone, jobs, tell))


def _report(
    folder: Path,
    rom: Path | None,
    table: Path | None,
    jobs: int,
    cache: Path | None,
    on_progress: Callable[[int], None],
) -> _Report:
    try:
        verification = verify(
            folder, rom, table_path=table, on_progress=on_progress, jobs=jobs, cache=cache
        )
        fault = _incomplete(verification)
        if fault:
            raise TrajectoryError(fault)
    except PokebenchError as error:
        return {"run": str(folder), "verified": False, "error": str(error)}, error
    return {
        "run": str(folder),
        "verified": True,
        "frames": verification.clocks.frames,
        "milestones": [m.id for m in verification.milestones],
        "of": len(verification.cartridge.milestones),
        "flags": [asdict(flag) for flag in verification.flags],
        "reason": verification.reason,
        "invalid_because": verification.invalid_because,
        "head": verification.trajectory.head,
        "state": verification.state,
        "summary": _summary(verification),
    }, None


def _incomplete(verification: Verification) -> str | None:
    """Return what is missing at the end of a record that holds as far as it goes."""
    if verification.reason is not None and verification.trajectory.torn is None:
        return None
    place = verification.trajectory.torn or "events.jsonl has no outcome"
    holds = game_clock(verification.clocks.frames)
    return f"{place}; the run was cut off. What is whole holds, up to {holds} of game time"


def _summary(verification: Verification) -> str:
    reached = f"{len(verification.milestones)} of {len(verification.cartridge.milestones)}"
    time = game_clock(verification.clocks.frames)
    holds = f"{reached} milestones in {time} of game time, every hash and milestone recomputed"
    if verification.flags:
        marks = ", ".join(f"{f.title} ({game_clock(f.frame)})" for f in verification.flags)
        holds = f"{holds}; marked: {marks}"
    why = verification.invalid_because
    return f"{holds}; not valid: {why}" if why else holds
