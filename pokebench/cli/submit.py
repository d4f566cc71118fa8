"""`pokebench submit`: hand in runs, checked as the board will check them."""

import os
import re
import sys
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from pokebench.cli.checking import check_with_progress, explain_entry, jobs_option
from pokebench.cli.console import (
    json_option,
    print_json,
    program,
    rom_option,
    runs_argument,
    talk,
)
from pokebench.content import explain
from pokebench.errors import ConfigError, RomNeededError
from pokebench.leaderboard.pack import Packed, pack, write
from pokebench.leaderboard.submission import Declaration, Submitter
from pokebench.trajectory import read_trajectory

T = TypeVar("T")


@click.command("submit")
@runs_argument
@click.option("--name", help="Your name or your group's, as the board shows it; asked for.")
@click.option("--url", help="Where to find you, https://…; shown on the board.")
@click.option("--declared", type=click.IntRange(min=1), help="Runs planned before the first began.")
@click.option("--started", type=click.IntRange(min=1), help="Runs begun, failed ones included.")
@click.option("--declared-at", help="Where that plan was published beforehand, https://…")
@click.option("--human-help", default="", help="Every touch of a person during a run.")
@click.option(
    "--trained-on-game",
    default="unknown",
    type=click.Choice(["yes", "no", "unknown"]),
    help="Whether the model was trained on this game.",
)
@click.option(
    "--weights",
    default="unknown",
    type=click.Choice(["public", "closed", "unknown"]),
    help="Whether anyone can have the model.",
)
@click.option("--snapshot", help="Date or name of the model's version, if its id does not say.")
@click.option("--quantisation", help="Precision of the weights.")
@click.option("--conflicts", default="", help="Who paid; whether the model's maker took part.")
@click.option("--notes", default="", help="Anything else.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to make, or a .zip; by default one in submissions/ named after the runs.",
)
@jobs_option
@rom_option
@json_option
def command(
    runs: tuple[Path, ...],
    out: Path | None,
    jobs: int,
    rom: Path | None,
    as_json: bool,
    **answers: Any,
) -> None:
    """Make a submission of finished runs and check it as the board will.

    It holds the runs' records, packed, and what you declare: no ROM, no key, no score. All runs of
    one submission have the same agent, game and budget.
    """
    asked = _ask(answers, len(runs))
    packed = pack(runs, _submitter(asked), _declaration(asked), os.environ)
    folder = out or _free_name(Path("submissions"), runs[0])
    write(packed, folder)
    try:
        entry = check_with_progress(folder, rom, jobs)
    except RomNeededError as error:
        talk.print(f"Made {folder}; so far it holds. {error}")
        raise
    if as_json:
        print_json({"submission": str(folder), "entry": entry.model_dump(mode="json")})
        return
    click.echo(f"{folder}: {_size(packed)}, checked as the board will check it")
    explain_entry(entry)
    _say_what_next(folder)


def _ask(answers: dict[str, Any], runs: int) -> dict[str, Any]:
    """Return the answers, asking for those that have no default, where somebody can answer."""
    asks = sys.stdin.isatty()
    if answers["name"] is None:
        if not asks:
            raise ConfigError("say who hands in: --name 'Your name'")
        answers["name"] = click.prompt("Your name, as the board shows it", err=True)
    if answers["declared"] is None:
        answers["declared"] = (
            click.prompt("Runs planned before the first", default=runs, type=int, err=True)
            if asks
            else runs
        )
    if answers["started"] is None:
        most = max(runs, answers["declared"])
        answers["started"] = (
            click.prompt("Runs begun, failed ones included", default=most, type=int, err=True)
            if asks
            else most
        )
    return answers


def _submitter(answers: dict[str, Any]) -> Submitter:
    return _made(Submitter, name=answers["name"], url=answers["url"])


def _declaration(answers: dict[str, Any]) -> Declaration:
    return _made(
        Declaration,
        runs_declared=answers["declared"],
        runs_started=answers["started"],
        declared_at=answers["declared_at"],
        human_help=answers["human_help"],
        trained_on_game=answers["trained_on_game"],
        weights_public={"public": True, "closed": False}.get(answers["weights"]),
        snapshot=answers["snapshot"],
        quantisation=answers["quantisation"],
        conflicts=answers["conflicts"],
        notes=answers["notes"],
    )


def _made(form: type[T], **values: Any) -> T:
    try:
        return form(**values)
    except ValidationError as error:
        raise ConfigError(f"what you declare: {explain(error)}") from error


def _free_name(parent: Path, run: Path) -> Path:
    """Return a name for the submission that is not taken."""
    manifest = read_trajectory(run).manifest
    base = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{manifest.game.spec}-{manifest.agent.id}")[:90]
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 1_000_000))
    return next(parent / name for name in candidates if not (parent / name).exists())


def _size(packed: Packed) -> str:
    runs = len(packed.submission.runs)
    return f"{runs} run{'s' if runs > 1 else ''} in {packed.bytes / 1000:,.0f} kB"


def _say_what_next(folder: Path) -> None:
    talk.print(f"Next: {program()} leaderboard add {folder}   enters it in a board of your own")
    talk.print(
        f"      For the public board, open a pull request that adds {folder}; "
        "docs/leaderboard.md tells how it is checked"
    )
