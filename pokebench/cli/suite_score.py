"""`pokebench suite score` and `check`: prove trials, add them up, and hold a suite to its rule."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pokebench.agent import AgentSpec
from pokebench.cli.console import cache_folder, json_option, print_json, progress_bar
from pokebench.cli.limits import positive
from pokebench.cli.suite_report import SuiteReport, print_report, report_json
from pokebench.cli.suite_run import chosen_trials, play_all, suite_argument
from pokebench.errors import ConfigError, TrajectoryError
from pokebench.suite.arms import chain_results
from pokebench.suite.content import FrozenSuite, load_suite
from pokebench.suite.controls import (
    CONTROLS,
    BlindReplay,
    blind_replay,
    controls_of,
    load_controls,
    outcomes_of,
    save_controls,
)
from pokebench.suite.judge import Judging, Outcome, Verdict, judge_folder
from pokebench.suite.play import ABOUT_NAME, Session, begin
from pokebench.suite.pool import map_jobs
from pokebench.suite.recall import suite_recall
from pokebench.suite.result import AgentResult, agent_results
from pokebench.trajectory.manifest import BudgetPart

jobs_option = click.option(
    "--jobs", default=os.cpu_count() or 1, type=click.IntRange(1), help="Processes."
)


@click.command("score")
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="OUT..."
)
@click.option("--suite", "name", help="Folder of the suite, if it is one of your own.")
@jobs_option
@json_option
def score_command(folders: tuple[Path, ...], name: str | None, jobs: int, as_json: bool) -> None:
    """Re-simulate the trials in OUT, which `suite run` made, and add them up.

    Exit code 1: a trial does not hold; the message names the place.
    """
    frozen = _suite_of(folders, name)
    verdicts = {folder: _judge_all(frozen, _runs_in(folder), jobs) for folder in folders}
    own = [agent_results(frozen.suite, _outcomes(verdicts[folder])) for folder in folders]
    outcomes = [outcome for group in verdicts.values() for outcome in _outcomes(group)]
    faults = [verdict for group in verdicts.values() for verdict in group if verdict.fault]
    recalls = {
        results[0].agent: effect
        for results in own
        for effect in [suite_recall(frozen.suite, results)]
        if effect is not None
    }
    shown = [result for results in own for result in results]
    report = SuiteReport(
        frozen,
        (*shown, *_control_results(frozen, shown)),
        _blind(frozen, outcomes),
        recalls,
        chain_results(frozen.suite, outcomes),
    )
    if as_json:
        print_json(report_json(report, outcomes, faults))
    else:
        print_report(report)
    for verdict in faults:
        click.echo(f"FAILED {verdict.folder}: {verdict.fault}", err=True)
    if faults:
        raise click.exceptions.Exit(1)


@click.command("check")
@suite_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    show_default="in the cache",
    help="Folder for the controls' runs.",
)
@click.option(
    "--control",
    "controls",
    multiple=True,
    type=click.Choice(CONTROLS),
    default=("replay",),
    help="Which controls to play; may be repeated.",
)
@click.option("--seeds", default=None, type=click.IntRange(1), show_default="all", help="Of them.")
@click.option(
    "--shortest", default=None, type=positive, help="Only segments of so many oracle minutes."
)
@click.option(
    "--longest", default=None, type=positive, help="Only segments up to so many oracle minutes."
)
@click.option("--save", is_flag=True, help="Add what was played to controls.json beside the suite.")
@jobs_option
@json_option
def check_command(
    name: str,
    out: Path | None,
    controls: tuple[str, ...],
    seeds: int | None,
    shortest: float | None,
    longest: float | None,
    save: bool,
    jobs: int,
    as_json: bool,
) -> None:
    """Play controls on SUITE, and reject it if memory alone solves its long segments.

    Exit code 1: blind replay of the oracle's inputs under another seed completes more than 5 % of
    the trials on segments over five oracle minutes.
    """
    frozen = load_suite(name)
    out = out or cache_folder() / "suites" / f"{frozen.suite.name}-{frozen.sha256[:12]}"
    outcomes: list[Outcome] = []
    for control in controls:
        choices = {
            "seeds": seeds, "shortest": shortest, "longest": longest, "book": None,
            "segments": (), "families": (),
        }  # fmt: skip
        outcomes += _play_control(frozen, control, out / control, choices, jobs)
    blind = blind_replay(frozen.suite, outcomes)
    shown = [
        result
        for control in controls
        for result in agent_results(frozen.suite, [o for o in outcomes if o.agent == control])
    ]
    report = SuiteReport(frozen, tuple(shown), blind)
    if save:
        _save(frozen, outcomes)
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)
    if blind is not None and not blind.is_withstood:
        raise click.exceptions.Exit(1)


def _play_control(
    frozen: FrozenSuite,
    control: str,
    out: Path,
    choices: dict[str, Any],
    jobs: int,
) -> list[Outcome]:
    """Play one control and return what its runs, re-simulated, came to.

    Raises:
        TrajectoryError: one of them does not hold.
    """
    agent = AgentSpec.parse(control)
    trials = chosen_trials(frozen, agent, choices)
    limits = BudgetPart(frames=1)
    session = Session(frozen.folder, agent, out, limits, frozen.suite.factor, cache_folder())
    begin(frozen, session)
    play_all(session, trials, jobs)
    verdicts = _judge_all(frozen, [out / trial.name for trial in trials], jobs)
    for verdict in verdicts:
        if verdict.outcome is None:
            raise TrajectoryError(f"{verdict.folder}: {verdict.fault}")
    return _outcomes(verdicts)


def _save(frozen: FrozenSuite, outcomes: Sequence[Outcome]) -> None:
    """Write controls beside the suite; trials that were saved before and not played now stay."""
    known = load_controls(frozen)
    saved = {
        (outcome.agent, outcome.segment, outcome.seed): outcome
        for agent in CONTROLS
        if known is not None
        for outcome in outcomes_of(known, agent, _tier_of(agent))
    }
    played = {(o.agent, o.segment, o.seed): o for o in outcomes}
    save_controls(controls_of(frozen, [*(saved | played).values()]), frozen.folder)


def _suite_of(folders: Sequence[Path], name: str | None) -> FrozenSuite:
    """Return the suite that the runs are of, by what `suite run` wrote down.

    Raises:
        ConfigError: a folder is none of `suite run`, or they are of several suites.
    """
    names = set()
    for folder in folders:
        path = folder / ABOUT_NAME
        try:
            about = json.loads(path.read_bytes()[: 1 << 20])
            names.add((str(about["suite"]), str(about["suite_sha256"])))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{folder}: no {ABOUT_NAME} of `suite run` in it") from error
    if len(names) != 1:
        raise ConfigError("these are runs of several suites; score them one by one")
    suite, sha256 = names.pop()
    frozen = load_suite(name or suite)
    if frozen.sha256 != sha256:
        raise ConfigError(
            f"played for {suite} with hash {sha256[:16]}; {frozen.folder} has {frozen.sha256[:16]}"
        )
    return frozen


def _runs_in(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("*/manifest.json"))


def _judge_all(frozen: FrozenSuite, folders: Sequence[Path], jobs: int) -> list[Verdict]:
    """Judge runs in parallel, in the order of their names."""
    wanted = [Judging(frozen.folder, folder) for folder in folders]
    with progress_bar() as bar:
        task = bar.add_task("re-simulating", total=len(wanted), note="")
        found = []
        for verdict in map_jobs(judge_folder, wanted, min(jobs, max(len(wanted), 1))):
            found.append(verdict)
            bar.update(task, advance=1, note=verdict.folder.name)
    return sorted(found, key=lambda verdict: verdict.folder)


def _outcomes(verdicts: Sequence[Verdict]) -> list[Outcome]:
    return [verdict.outcome for verdict in verdicts if verdict.outcome is not None]


def _control_results(frozen: FrozenSuite, own: Sequence[AgentResult]) -> list[AgentResult]:
    """Return the controls that come with the suite, but for those that were just played."""
    controls = load_controls(frozen)
    played = {result.agent for result in own}
    if controls is None:
        return []
    return [
        result
        for agent in CONTROLS
        if agent not in played
        for result in agent_results(frozen.suite, outcomes_of(controls, agent, _tier_of(agent)))
    ]


def _blind(frozen: FrozenSuite, outcomes: Sequence[Outcome]) -> BlindReplay | None:
    found = blind_replay(frozen.suite, outcomes)
    controls = load_controls(frozen)
    if found is None and controls is not None:
        found = blind_replay(frozen.suite, outcomes_of(controls, "replay", "none"))
    return found


def _tier_of(agent: str) -> str:
    return AgentSpec.parse(agent).card.tier
