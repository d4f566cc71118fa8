"""`pokebench suite run`: play the segments of a suite."""

import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pokebench.agent import AgentSpec
from pokebench.cli.console import cache_folder, json_option, print_json, program, progress_bar, talk
from pokebench.cli.forecast import span
from pokebench.cli.limits import agent_of, agent_options, positive
from pokebench.cli.live import INTERRUPTED, stop_on_signal
from pokebench.errors import ConfigError
from pokebench.runner.forecast import guessed, measured
from pokebench.suite.arms import ARMS, Arm
from pokebench.suite.chain import chain_of
from pokebench.suite.content import DEFAULT_SUITE, FrozenSuite, load_suite
from pokebench.suite.forecast import Bound, SuiteForecast, suite_forecast
from pokebench.suite.form import Segment
from pokebench.suite.play import Done, Session, begin, is_done, play
from pokebench.suite.trial import Trial, books_of, trials_of
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart

suite_argument = click.argument("name", metavar="[SUITE]", default=DEFAULT_SUITE)
_CHOOSING = (
    click.option(
        "--seeds",
        default=None,
        type=click.IntRange(1),
        show_default="all",
        help="How many of the suite's seeds to play.",
    ),
    click.option(
        "--book",
        type=click.Choice(["closed", "open", "both"]),
        default=None,
        show_default="both for models, else closed",
        help="Whether the agent gets the world's manual.",
    ),
    click.option("--segment", "segments", multiple=True, help="Only this one; may be repeated."),
    click.option("--family", "families", multiple=True, help="Only these; may be repeated."),
    click.option(
        "--shortest", default=None, type=positive, help="Only segments of so many oracle minutes."
    ),
    click.option(
        "--longest", default=None, type=positive, help="Only segments up to so many oracle minutes."
    ),
)
_LIMITS = (
    click.option(
        "--factor",
        default=None,
        type=positive,
        show_default="the suite's",
        help="Budget of game time, in multiples of the oracle's time.",
    ),
    click.option("--max-turns", type=click.IntRange(1), help="Turns, for each trial."),
    click.option("--max-calls", type=click.IntRange(1), help="Answers, for each trial."),
    click.option("--max-tokens", type=click.IntRange(1), help="Tokens, for each trial."),
    click.option("--max-usd", type=positive, help="Dollars, for each trial."),
    click.option("--max-hours", type=positive, help="Hours on the wall clock, for each trial."),
    click.option(
        "--total-usd", type=positive, help="Dollars in all, after which no trial is begun."
    ),
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed((*_CHOOSING, *_LIMITS)):
        command = option(command)
    return command


@click.command("run")
@suite_argument
@agent_options
@_options
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the run folders.")
@click.option("--jobs", default=1, type=click.IntRange(1), help="Trials played at once.")
@click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="Recorded run of a model, for the forecast.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be played, and its forecast.")
@click.option(
    "--arm",
    type=click.Choice(ARMS),
    help="Play the segments as a chain, in the order given: in one run, in contexts with a "
    "hand-over, or each from the oracle's state.",
)
@json_option
def run_command(
    name: str,
    agent_name: str,
    tier: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    jobs: int,
    like: Path | None,
    dry_run: bool,
    arm: Arm | None,
    as_json: bool,
    **choices: Any,
) -> None:
    """Play the segments of SUITE with an agent, each as a run of its own.

    The same command goes on where it was stopped or killed. `--agent replay` plays the oracle's
    inputs of another seed, blindly: the control for memorised play.
    """
    frozen = load_suite(name)
    agent = agent_of(agent_name, tier, settings)
    if arm:
        agent = _agent_in(arm, agent)
        out = out or _folder(frozen, agent, arm)
    trials = chosen_trials(frozen, agent, choices, arm)
    session = session_of(frozen, agent, out, choices)
    if agent.card.model is not None:
        assumptions = measured(read_trajectory(like)) if like else guessed(agent.card)
        forecast = suite_forecast(
            frozen, trials, agent, session.limits, session.factor, assumptions
        )
        for line in _forecast_lines(forecast):
            talk.print(line)
    if dry_run:
        _print_plan(trials, as_json=as_json)
        return
    begin(frozen, session)
    ended = play_all(session, trials, jobs, choices["total_usd"])
    report(ended, trials, session, as_json=as_json)


def _agent_in(arm: Arm, agent: AgentSpec) -> AgentSpec:
    """Return an agent as it plays in an arm.

    Raises:
        ConfigError: it has no context that could be cut, or one that is cut already.
    """
    if arm == "handover" and agent.card.model is None:
        raise ConfigError(f"--arm handover: {agent.card.id} is no model, so no context is cut")
    if arm == "handover":
        return agent.with_settings(("context.mode=split",))
    if agent.card.model is not None and agent.card.context.mode == "split":
        raise ConfigError(f"--arm {arm}: with context.mode=split this is the arm handover")
    return agent


def chosen_trials(
    frozen: FrozenSuite, agent: AgentSpec, choices: dict[str, Any], arm: Arm | None = None
) -> tuple[Trial, ...]:
    """Return what the flags choose; an arm plays the chosen segments as a chain.

    Raises:
        ConfigError: they choose nothing, name a segment or family that there is not, or no chain.
    """
    segments = _chosen_segments(frozen, choices)
    if arm:
        chain = chain_of(frozen.suite, tuple(choices["segments"]))
        segments = chain.pieces if arm == "oracle-start" else (chain,)
    book = choices["book"]
    books = books_of(agent) if book in (None, "both") else (book,)
    if book == "open" and agent.card.model is None:
        raise ConfigError("--book open: only models are told the manual")
    seeds = choices["seeds"] or len(frozen.suite.play_seeds)
    return trials_of(frozen, segments, seeds, books)


def _chosen_segments(frozen: FrozenSuite, choices: dict[str, Any]) -> tuple[Segment, ...]:
    suite = frozen.suite
    for what, known in (
        ("segment", {segment.id for segment in suite.segments}),
        ("family", {segment.family for segment in suite.segments}),
    ):
        plural = "families" if what == "family" else "segments"
        unknown = sorted(set(choices[plural]) - known)
        if unknown:
            raise ConfigError(f"--{what} {unknown[0]}: {suite.name} has {', '.join(sorted(known))}")
    low, high = choices["shortest"] or 0.0, choices["longest"] or math.inf
    chosen = tuple(
        segment
        for segment in suite.segments
        if segment.id in (choices["segments"] or (segment.id,))
        and segment.family in (choices["families"] or (segment.family,))
        and low <= segment.reference.minutes <= high
    )
    if not chosen:
        raise ConfigError(f"no segment of {suite.name} is as these flags ask")
    return chosen


def session_of(
    frozen: FrozenSuite, agent: AgentSpec, out: Path | None, choices: dict[str, Any]
) -> Session:
    """Return what all trials have in common, by the flags."""
    hours = choices["max_hours"]
    limits = BudgetPart(
        frames=1,
        turns=choices["max_turns"],
        calls=choices["max_calls"],
        tokens=choices["max_tokens"],
        usd=choices["max_usd"],
        wall_s=hours * 3600 if hours else None,
    )
    return Session(
        suite=frozen.folder,
        agent=agent,
        out=out or _folder(frozen, agent),
        limits=limits,
        factor=choices["factor"] or frozen.suite.factor,
        cache=cache_folder(),
    )


def _folder(frozen: FrozenSuite, agent: AgentSpec, arm: str = "") -> Path:
    name = f"{frozen.suite.name}_{agent.card.id}"
    return Path("runs") / (f"{name}_{arm}" if arm else name)


def play_all(
    session: Session, trials: tuple[Trial, ...], jobs: int, total_usd: float | None = None
) -> list[Done]:
    """Play trials under a progress bar and return those that ended here.

    Raises:
        Exit: Ctrl-C was pressed.
    """
    left = tuple(trial for trial in trials if not is_done(session.out, trial))
    ended: list[Done] = []
    spent = 0.0
    with stop_on_signal() as asked, progress_bar() as bar:
        task = bar.add_task(
            session.agent.card.id, total=len(trials), completed=len(trials) - len(left), note=""
        )

        def should_stop() -> bool:
            return asked() or (total_usd is not None and spent >= total_usd)

        for done in play(session, left, jobs, should_stop):
            ended.append(done)
            spent += done.usd
            bar.update(task, advance=1, note=_note(done, ended))
            if done.fault and done.reason is None:
                talk.print(f"{done.trial.name}: {done.fault}", markup=False)
        if asked():
            talk.print("Stopped; the same command goes on.")
            raise click.exceptions.Exit(INTERRUPTED)
    return ended


def _note(done: Done, ended: list[Done]) -> str:
    reached = sum(other.has_goal for other in ended)
    dollars = sum(other.usd for other in ended)
    money = f", ${dollars:.2f}" if dollars else ""
    mark = "reached" if done.has_goal else str(done.reason or "failed")
    return f"{reached}/{len(ended)} reached{money}; {done.trial.name}: {mark}"


def report(
    ended: list[Done], trials: tuple[Trial, ...], session: Session, *, as_json: bool
) -> None:
    """Print what was played, and what to do next.

    Raises:
        Exit: trials are left, since something went wrong or the money is spent.
    """
    left = [trial for trial in trials if not is_done(session.out, trial)]
    if as_json:
        print_json(
            {
                "out": str(session.out),
                "trials": len(trials),
                "left": [trial.name for trial in left],
                "ended": [asdict(done) for done in ended],
            }
        )
    else:
        click.echo(
            f"{session.out}: {len(trials) - len(left)} of {len(trials)} trials are done, "
            f"{len(ended)} of them now, {sum(done.has_goal for done in ended)} reached their goal"
        )
        if left:
            talk.print("The rest is played by the same command.")
        else:
            talk.print(f"Next: {program()} suite score {session.out}")
    if left:
        raise click.exceptions.Exit(1)


def _print_plan(trials: tuple[Trial, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(trial) for trial in trials])
    else:
        click.echo("\n".join(trial.name for trial in trials))
        talk.print(f"{len(trials)} trials (segment_seed_book) would be played; nothing was.")


def _forecast_lines(forecast: SuiteForecast) -> list[str]:
    return [
        f"Forecast for {forecast.trials} trials, one after another:",
        f"  if each takes as long as the oracle:  {_bound(forecast.least)}",
        f"  if each uses its whole budget:        {_bound(forecast.most)}",
        f"  Assumes {forecast.assumptions.source}.",
    ]


def _bound(bound: Bound) -> str:
    price = "dollars unknown" if bound.usd is None else f"${bound.usd:,.2f}"
    return (
        f"{price}, {span(bound.hours)}, {bound.calls:,} calls, "
        f"{bound.tokens_out / 1e6:.1f} M output tokens, {bound.game_minutes:.0f} game minutes"
    )
