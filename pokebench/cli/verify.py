"""`pokebench verify`: re-simulate runs and compare all they claim."""

from dataclasses import asdict
from pathlib import Path

import click

from pokebench.cli.console import (
    game_clock,
    json_option,
    print_json,
    rom_option,
    runs_argument,
    table_option,
    verify_with_progress,
)
from pokebench.errors import PokebenchError, TrajectoryError
from pokebench.verify import Verification


@click.command("verify")
@runs_argument
@rom_option
@table_option
@json_option
def command(runs: tuple[Path, ...], rom: Path | None, as_json: bool) -> None:
    """Re-simulate runs from power-on, with no agent, and compare all that they claim.

    Exit code 0: every run holds. 1: a run is damaged, cut off, or claims what did not happen; the
    message names the place.
    """
    reports = [_report(folder, rom) for folder in runs]
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


def _report(folder: Path, rom: Path | None) -> tuple[dict[str, object], PokebenchError | None]:
    try:
        verification = verify_with_progress(folder, rom)
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
