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
from pokebench.cli.score_cost import Priced, priced, print_costs
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
from pokebench.types import JsonObject

_NO_HORIZON = (
    "Time horizons (h50, h80) and C(L) need tasks of a set length, many of them: pokebench suite "
    "run, then suite score."
)
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
    "--prices",
    metavar="TABLE",
    show_default="the card's",
    help="Dated price table (agents/prices/TABLE.toml) to price the tokens by.",
)
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
    prices: str | None,
    out: Path,
    rom: Path | None,
    as_json: bool,
) -> None:
    """Verify runs, print what they amount to, and draw milestones over time.

    Only what re-simulation yields is scored. Runs of one agent at one game are taken together.
    Areas are measured against the oracle: its runs among RUN, or those of --reference.
    docs/metrics.md says what each number means.
    """
    found = [_scored(folder, rom) for folder in runs]
    scored = [run for run, _ in found]
    costs = {id(run): priced(run, card, prices) for run, card in found}
    known = scored + [_reference(folder, rom, scored) for folder in references]
    on, weighting = CLOCKS[clock], MilestoneWeights(weights)
    groups = []
    for group in grouped(scored):
        reference = reference_of(known, group[0], on)
        summary = _summary(group, reference, on, weighting, budget_minutes)
        groups.append((group, reference, summary))
    if as_json:
        shown = [_group_json(*group, on) for group in groups]
        print_json({"runs": [_run_json(run, costs[id(run)]) for run in scored], "groups": shown})
    else:
        for group, reference, summary in groups:
            if len(group) == 1:
                print_run(group[0])
            if summary is not None:
                print_group(summary, group, reference)
            print_costs(group, [costs[id(run)] for run in group])
        talk.print(_NO_HORIZON)
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


def _scored(folder: Path, rom: Path | None) -> tuple[ScoredRun, JsonObject]:
    """Return a run's score and the card of its agent."""
    watch = StepWatch()
    verification = verify_with_progress(folder, rom, watchers=(watch,))
    return score(verification, watch.log()), verification.trajectory.manifest.agent.card


def _reference(folder: Path, rom: Path | None, scored: Sequence[ScoredRun]) -> ScoredRun:
    """Return the scored run of an oracle at a game that is scored.

    Raises:
        ConfigError: nothing can be measured against it.
    """
    run, _ = _scored(folder, rom)
    games = dict.fromkeys(other.game for other in scored)
    if run.privileged and run.game in games:
        return run
    what = f"of {run.game}" if run.privileged else f"by {run.agent}, which is no oracle"
    raise ConfigError(
        f"--reference {folder}: that run is {what}; play one: "
        f"pokebench run --agent oracle --game {next(iter(games))}"
    )


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


def _run_json(run: ScoredRun, cost: Priced | None) -> dict[str, object]:
    found = plain(coherence(run.log)) if run.log else None
    return run.to_json() | {"coherence": found, "cost": cost.to_json() if cost else None}
