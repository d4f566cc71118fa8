"""`pokebench suite score` and `check`: prove trials, add them up, and hold a suite to its rule."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from pokebench.agent import AgentSpec
from pokebench.cli.console import cache_folder, json_option, print_json, progress_bar, results
from pokebench.cli.limits import positive
from pokebench.cli.suite_run import chosen_trials, play_all, suite_argument
from pokebench.errors import ConfigError, TrajectoryError
from pokebench.score.completion import Completion
from pokebench.score.horizon import Horizon
from pokebench.score.interval import Interval
from pokebench.score.proportion import Proportion
from pokebench.score.scaling import ComputeExponent
from pokebench.suite.content import FrozenSuite, load_suite
from pokebench.suite.controls import (
    CONTROLS,
    LONG_MINUTES,
    MOST_BLIND_SHARE,
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
from pokebench.suite.result import AgentResult, agent_result, result_json
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
    own = [
        found
        for folder in folders
        for found in [agent_result(frozen.suite, _outcomes(verdicts[folder]))]
        if found is not None
    ]
    shown = [*own, *_control_results(frozen, own)]
    blind = _blind(frozen, [o for group in verdicts.values() for o in _outcomes(group)])
    faults = [verdict for group in verdicts.values() for verdict in group if verdict.fault]
    if as_json:
        print_json(_report_json(frozen, shown, blind, verdicts))
    else:
        _print_report(frozen, shown, blind)
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
@click.option("--save", is_flag=True, help="Write controls.json beside the suite.")
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
    found = [agent_result(frozen.suite, [o for o in outcomes if o.agent == c]) for c in controls]
    shown = [result for result in found if result is not None]
    if save:
        known = load_controls(frozen)
        kept = [
            outcome
            for agent in CONTROLS
            if known is not None and agent not in controls
            for outcome in outcomes_of(known, agent, _tier_of(agent))
        ]
        save_controls(controls_of(frozen, [*kept, *outcomes]), frozen.folder)
    if as_json:
        print_json(_report_json(frozen, shown, blind, {}))
    else:
        _print_report(frozen, shown, blind)
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
    session = Session(frozen.folder, agent, out, limits, frozen.suite.factor)
    begin(frozen, session)
    play_all(session, trials, jobs)
    verdicts = _judge_all(frozen, [out / trial.name for trial in trials], jobs)
    for verdict in verdicts:
        if verdict.outcome is None:
            raise TrajectoryError(f"{verdict.folder}: {verdict.fault}")
    return _outcomes(verdicts)


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
    found = [
        agent_result(frozen.suite, trials)
        for agent in CONTROLS
        if agent not in played
        for trials in [outcomes_of(controls, agent, _tier_of(agent))]
        if trials
    ]
    return [result for result in found if result is not None]


def _blind(frozen: FrozenSuite, outcomes: Sequence[Outcome]) -> BlindReplay | None:
    found = blind_replay(frozen.suite, outcomes)
    controls = load_controls(frozen)
    if found is None and controls is not None:
        found = blind_replay(frozen.suite, outcomes_of(controls, "replay", "none"))
    return found


def _tier_of(agent: str) -> str:
    return AgentSpec.parse(agent).card.tier


def _report_json(
    frozen: FrozenSuite,
    shown: Sequence[AgentResult],
    blind: BlindReplay | None,
    verdicts: dict[Path, list[Verdict]],
) -> dict[str, object]:
    return {
        "suite": frozen.suite.name,
        "suite_sha256": frozen.sha256,
        "agents": [result_json(frozen.suite, result) for result in shown],
        "blind_replay": None
        if blind is None
        else {
            "long_share": blind.long.share,
            "long_trials": blind.long.n,
            "all_share": blind.all.share,
            "most": MOST_BLIND_SHARE,
            "is_withstood": blind.is_withstood,
            "completed": blind.completed,
        },
        "trials": [o.to_json() for group in verdicts.values() for o in _outcomes(group)],
        "faults": [
            {"run": str(v.folder), "fault": v.fault}
            for group in verdicts.values()
            for v in group
            if v.fault
        ],
    }


def _print_report(
    frozen: FrozenSuite, shown: Sequence[AgentResult], blind: BlindReplay | None
) -> None:
    suite = frozen.suite
    results.print(_main_table(frozen, shown))
    results.print(_cell_table(shown))
    for result in shown:
        _print_more(result)
    results.print(
        f"Horizons are in emulated minutes of the oracle. C(L) is for L in human-equivalent "
        f"minutes, those of the oracle times {suite.human_factor:g} ({suite.human_factor_is}); no "
        f"person was measured. Raw: tasks from L/2 to 2L; fitted: the line of the horizon."
    )
    results.print(_blind_words(blind))


def _main_table(frozen: FrozenSuite, shown: Sequence[AgentResult]) -> Table:
    table = Table(title=f"{frozen.suite.name}, SHA-256 {frozen.sha256[:16]}", title_justify="left")
    table.add_column("agent")
    for heading in ("reached", "C(10 min) raw | fitted", "C(30 min)", "C(2 h)", "h50", "h80"):
        table.add_column(heading, justify="right")
    for result in shown:
        reached = sum(task.successes for task in result.results)
        table.add_row(
            _name(result),
            f"{reached:.0f}/{result.trials}",
            *(_completion(c) for c in result.completions),
            _horizon(result.fit.h50),
            _horizon(result.fit.h80),
        )
    return table


def _cell_table(shown: Sequence[AgentResult]) -> Table:
    cells = [(status, book) for status in ("famous", "novel") for book in ("closed", "open")]
    table = Table("agent", title="Share reached by world and book, and by budget")
    table.title_justify = "left"
    for status, book in cells:
        table.add_column(f"{status}, {book} book", justify="right")
    for factor in (3, 10, 30):
        table.add_column(f"within {factor} x oracle", justify="right")
    for result in shown:
        found = {(cell.status, cell.book): _share(cell.share) for cell in result.cells}
        table.add_row(
            result.agent,
            *(found.get(cell, "") for cell in cells),
            *(_share(share) if share else "" for share in result.by_factor.values()),
        )
    return table


def _print_more(result: AgentResult) -> None:
    """Print exponents and skills, where they are known."""
    lines = [
        f"{result.agent}: {what} grow with length to the power {_exponent(found)}"
        for what, found in (("output tokens", result.tokens), ("game minutes", result.game_time))
        if found is not None
    ]
    horizons = [
        f"{skill.skill} {skill.h50_minutes:.2g} min"
        for skill in result.skills.skills
        if skill.h50_minutes is not None
    ]
    if horizons:
        lines.append(f"{result.agent}: h50 by skill, oracle minutes: {', '.join(horizons)}")
    if result.infrastructure or result.invalid:
        lines.append(
            f"{result.agent}: not counted: {result.infrastructure} ended by infrastructure, "
            f"{result.invalid} not valid"
        )
    for line in lines:
        results.print(line)


def _blind_words(blind: BlindReplay | None) -> str:
    if blind is None:
        return "Blind replay was not tried on segments over five minutes: `pokebench suite check`."
    verdict = "withstood" if blind.is_withstood else "NOT withstood: this suite is rejected"
    return (
        f"Blind replay of the oracle's inputs under another seed: {blind.long.successes} of "
        f"{blind.long.n} trials on segments over {LONG_MINUTES:g} oracle minutes, "
        f"{blind.long.share:.1%} (at most {MOST_BLIND_SHARE:.0%}): {verdict}. On all segments "
        f"{blind.all.successes} of {blind.all.n}."
    )


def _name(result: AgentResult) -> str:
    mark = " (reads RAM)" if result.privileged else " (control)" if result.control else ""
    tier = "" if result.tier == "none" else f", {result.tier}"
    return f"{result.agent}{tier}{mark}"


def _share(share: Proportion) -> str:
    low, high = share.wilson.low, share.wilson.high
    return f"{share.share:.0%} ({low:.0%}-{high:.0%}, n={share.n})"


def _completion(found: Completion) -> str:
    raw = "-" if found.raw is None else f"{found.raw:.0%}{_range(found.raw_interval)}"
    fitted = "-" if found.fitted is None else f"{found.fitted:.0%}{_range(found.fitted_interval)}"
    return f"{raw} n={found.runs} | {fitted}" + ("*" if found.is_extrapolated else "")


def _range(interval: Interval | None) -> str:
    return "" if interval is None else f" ({interval.low:.0%}-{interval.high:.0%})"


def _horizon(horizon: Horizon) -> str:
    interval = horizon.interval
    if horizon.minutes is None or interval is None:
        return horizon.text
    return f"{horizon.text} ({interval.low:.2g}-{interval.high:.2g})"


def _exponent(found: ComputeExponent) -> str:
    interval = found.interval
    around = "" if interval is None else f" ({interval.low:.2f}-{interval.high:.2f})"
    return f"{found.exponent:.2f}{around}, {found.censored} of {found.runs} runs censored"
