"""`pokebench report`: one page about runs, for people."""

import json
from pathlib import Path

import click

from pokebench.cli.console import rom_option, runs_argument, talk, verify_with_progress
from pokebench.content import read_bytes
from pokebench.errors import ConfigError
from pokebench.report.report import ReportRun, write_report
from pokebench.score import score
from pokebench.score.coherence import coherence
from pokebench.score.watch import StepWatch


@click.command("report")
@runs_argument
@click.option(
    "--out", default="report", type=click.Path(path_type=Path), help="Folder for the page."
)
@click.option(
    "--suite",
    type=click.Path(path_type=Path),
    help="What `pokebench suite score --json` printed, for horizons and skills.",
)
@rom_option
def command(runs: tuple[Path, ...], out: Path, suite: Path | None, rom: Path | None) -> None:
    """Verify runs and write one page about them: curves, standing, coherence, cost.

    The page needs no script and no network. Beside it, in data/, are the numbers of every figure.
    """
    data = _suite_data(suite) if suite else None
    page = write_report([_report_run(folder, rom) for folder in runs], out, data)
    talk.print(f"wrote {page}")


def _report_run(folder: Path, rom: Path | None) -> ReportRun:
    watch = StepWatch()
    verification = verify_with_progress(folder, rom, watchers=(watch,))
    trajectory, log = verification.trajectory, watch.log()
    measured = coherence(log) if log is not None else None
    return ReportRun(score(verification), trajectory.manifest, trajectory.head, measured)


def _suite_data(path: Path) -> dict[str, object]:
    try:
        data = json.loads(read_bytes(path, "suite data"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"suite data {path}: not JSON") from error
    if not isinstance(data, dict):
        raise ConfigError(f"suite data {path}: not what `pokebench suite score --json` prints")
    return data
