"""`pokebench score`: verify runs, print their milestones on every clock, draw the curve."""

from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.console import (
    game_clock,
    json_option,
    print_json,
    results,
    rom_option,
    runs_argument,
    table_option,
    talk,
    verify_with_progress,
)
from pokebench.errors import ConfigError
from pokebench.score import CLOCKS, Clock, ScoredRun, clocks_in_use, score
from pokebench.score.plot import plot_curves


@click.command("score")
@runs_argument
@click.option(
    "--clock", default="game", type=click.Choice(list(CLOCKS)), help="Clock to draw over."
)
@click.option(
    "--out", default="score", type=click.Path(path_type=Path), help="Folder for curve.png and .svg."
)
@rom_option
@table_option
@json_option
def command(runs: tuple[Path, ...], clock: str, out: Path, rom: Path | None, as_json: bool) -> None:
    """Verify runs, print their milestones on every clock, and draw milestones over time.

    Only what re-simulation yields is scored.
    """
    scored = [score(verify_with_progress(folder, rom)) for folder in runs]
    if as_json:
        print_json([run.to_json() for run in scored])
    else:
        for run in scored:
            print_table(run)
    for path in draw(scored, CLOCKS[clock], out):
        talk.print(f"wrote {path}")


def draw(scored: list[ScoredRun], clock: Clock, out: Path) -> list[Path]:
    """Write the curve as PNG and SVG into `out`; return the files.

    Raises:
        ConfigError: the folder cannot be written.
    """
    paths = [out / "curve.png", out / "curve.svg"]
    try:
        out.mkdir(parents=True, exist_ok=True)
        plot_curves(scored, clock, paths)
    except OSError as error:
        raise ConfigError(f"cannot write curve into {out}: {error.strerror}") from error
    return paths


def print_table(run: ScoredRun) -> None:
    """Print a run's milestones in order of time, on every clock that moved."""
    clocks = [clock for clock in clocks_in_use([run]) if clock.id != "game"]
    mark = " (reads RAM: a reference, never ranked)" if run.privileged else ""
    end = run.reason or "cut off"
    title = f"{run.agent}{mark} on {run.game}, seed {run.seed}: {end}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("milestone", no_wrap=True, overflow="ellipsis")
    for heading in ("game time", *(clock.heading for clock in clocks)):
        table.add_column(heading, justify="right", no_wrap=True)
    for milestone in run.reached:
        at = milestone.clocks
        numbers = (_number(clock.value(at)) for clock in clocks)
        table.add_row(run.titles[milestone.id], game_clock(at.frames), *numbers)
    table.add_section()
    share = f"{len(run.reached)} of {len(run.titles)} ({run.fraction:.0%}) by"
    table.add_row(share, game_clock(run.end.frames), *(_number(c.value(run.end)) for c in clocks))
    results.print(table)
    if run.invalid_because:
        results.print(f"Not valid: {run.invalid_because}")
    missed = [title for name, title in run.titles.items() if run.clocks_of(name) is None]
    if missed:
        results.print(f"Not reached: {', '.join(missed)}\n", soft_wrap=False)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
