"""`pokebench score`: verify runs, print what they amount to on any clock, draw the curve."""

from collections.abc import Sequence
from pathlib import Path

import click

from pokebench.cli.console import (
    json_option,
    print_json,
    rom_option,
    runs_argument,
    table_option,
    talk,
    verify_with_progress,
)
from pokebench.cli.score_tables import print_group, print_run
from pokebench.errors import ConfigError
from pokebench.score import CLOCKS, GAME, Clock, ScoredRun, grouped, score
from pokebench.score.coherence import coherence
from pokebench.score.pace import pace_of
from pokebench.score.plain import plain
from pokebench.score.plot import plot_curves
from pokebench.score.reference import Reference, reference_of
from pokebench.score.summary import GroupSummary, MilestoneWeights, summarise
from pokebench.score.watch import StepWatch

_BUDGET_HELP = "End of the curve in minutes of game time; default: the runs' smallest budget."


@click.command("score")
@runs_argument
@click.option(
    "--clock", default="game", type=click.Choice(list(CLOCKS)), help="Clock to measure and draw on."
)
@click.option(
    "--reference",
    "references",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An oracle's run of the same game to measure against; may be given several times.",
)
@click.option(
    "--weights",
    default="count",
    type=click.Choice([weights.value for weights in MilestoneWeights]),
    help="What a milestone counts: the same each, or its share of the oracle's route.",
)
@click.option("--budget-minutes", type=click.FloatRange(min=0, min_open=True), help=_BUDGET_HELP)
@click.option(
    "--out", default="score", type=click.Path(path_type=Path), help="Folder for curve.png and .svg."
)
@rom_option
@table_option
@json_option
def command(
    runs: tuple[Path, ...],
    clock: str,
    references: tuple[Path, ...],
    weights: str,
    budget_minutes: float | None,
    out: Path,
    rom: Path | None,
    as_json: bool,
) -> None:
    """Verify runs, print what they amount to, and draw milestones over time.

    Only what re-simulation yields is scored. Runs of one agent at one game are taken together.
    Areas are measured against the oracle: its runs among RUN, or those of --reference.
    docs/metrics.md says what each number means.
    """
    scored = [_scored(folder, rom) for folder in runs]
    known = scored + [_scored(folder, rom) for folder in references]
    on, weighting = CLOCKS[clock], MilestoneWeights(weights)
    groups = []
    for group in grouped(scored):
        reference = reference_of(known, group[0], on)
        summary = _summary(group, reference, on, weighting, budget_minutes)
        groups.append((group, reference, summary))
    if as_json:
        shown = [_group_json(*group, on) for group in groups]
        print_json({"runs": [_run_json(run) for run in scored], "groups": shown})
    else:
        for group, reference, summary in groups:
            if len(group) == 1:
                print_run(group[0])
            if summary is not None:
                print_group(summary, group, reference)
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


def _scored(folder: Path, rom: Path | None) -> ScoredRun:
    watch = StepWatch()
    verification = verify_with_progress(folder, rom, watchers=(watch,))
    return score(verification, watch.log())


def _summary(
    group: Sequence[ScoredRun],
    reference: Reference | None,
    clock: Clock,
    weighting: MilestoneWeights,
    budget_minutes: float | None,
) -> GroupSummary | None:
    """Return a group's summary; None if no run of it counts.

    Raises:
        ConfigError: there is no oracle to weigh milestones by, or the budget is more than runs had.
    """
    if weighting is MilestoneWeights.ORACLE and reference is None:
        raise ConfigError(
            f"--weights oracle: no run of the oracle at {group[0].game} tells times on the clock "
            f"{clock.id}; add --reference RUN"
        )
    budget = None
    if budget_minutes is not None:
        if clock.fields != GAME.fields:
            raise ConfigError(f"--budget-minutes is game time, and --clock is {clock.id}")
        least = min(run.budget_frames for run in group) * GAME.scale
        if budget_minutes > least:
            raise ConfigError(f"--budget-minutes {budget_minutes:g}: a run had only {least:g}")
        budget = budget_minutes / GAME.scale * clock.scale
    return summarise(group, clock, reference, weighting, budget)


def _group_json(
    group: Sequence[ScoredRun],
    reference: Reference | None,
    summary: GroupSummary | None,
    clock: Clock,
) -> dict[str, object]:
    paces = {run.name: pace_of(run, reference, clock) for run in group} if reference else {}
    return {"summary": plain(summary), "paces": plain(paces)}


def _run_json(run: ScoredRun) -> dict[str, object]:
    found = plain(coherence(run.log)) if run.log else None
    return run.to_json() | {"coherence": found}
