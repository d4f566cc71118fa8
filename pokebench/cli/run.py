"""`pokebench run` and `pokebench resume`: play on the record."""

from dataclasses import asdict, replace
from pathlib import Path

import click

from pokebench.agent import AgentSpec
from pokebench.agent.words import bounded
from pokebench.cli.console import (
    asked_table,
    cache_folder,
    json_option,
    print_json,
    program,
    rom_option,
    table_option,
    talk,
)
from pokebench.cli.forecast import forecast_lines
from pokebench.cli.limits import agent_of, agent_options, budget_of, limit_options
from pokebench.cli.live import INTERRUPTED, own_files, play_live, resume_command_of
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.origin import own_cartridge
from pokebench.runner import Prefix, RunConfig, RunResult, resume, run
from pokebench.runner.forecast import forecast, guessed
from pokebench.trajectory import Trajectory, read_trajectory
from pokebench.types import EndReason, game_clock

_replay_option = click.option(
    "--replay", "replayed", type=click.Path(path_type=Path), help="Run that agent replay plays."
)


@click.command("run")
@click.option(
    "--game",
    default="tallgrass:short@1",
    help="What to play: GAME[:PRESET[@SEED]], or a table's PATH.toml.",
)
@agent_options
@click.option("--seed", default=1, type=click.IntRange(0, 2**62), help="Start perturbation.")
@limit_options
@click.option(
    "--out", default="runs", type=click.Path(path_type=Path), help="Folder for the run folder."
)
@_replay_option
@rom_option
@json_option
def command(
    game: str,
    agent_name: str,
    tier: str | None,
    settings: tuple[str, ...],
    seed: int,
    out: Path,
    replayed: Path | None,
    rom: Path | None,
    as_json: bool,
    **limits: float | None,
) -> None:
    """Play a game with an agent and record the run.

    The episode ends at the latest when one of the limits is reached. The run folder is named after
    game, agent and seed. Ctrl-C ends the run after the current turn; `resume` goes on with it.
    """
    spec = GameSpec.asked(game)
    agent = with_inputs(agent_of(agent_name, tier, settings), replayed)
    _check_script(agent, spec, seed)
    cartridge = open_game(spec, rom)
    folder = new_folder(out, spec, agent, seed)
    config = RunConfig(cartridge, agent, seed, budget_of(limits), folder, cache=cache_folder())
    if agent.card.model is not None:
        for line in forecast_lines(
            forecast(agent.card, cartridge, config.budget, guessed(agent.card))
        ):
            talk.print(line)
    report(play_live(config, run), config, as_json=as_json)


@click.command("resume")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--agent", "agent_name", help="FILE.py:CLASS, if your own agent plays.")
@_replay_option
@rom_option
@table_option
@json_option
def resume_command(
    folder: Path,
    agent_name: str | None,
    replayed: Path | None,
    rom: Path | None,
    as_json: bool,
) -> None:
    """Go on with a run that was cut off or interrupted.

    From the newest checkpoint, or from power-on, everything is done again and compared with the
    record; then play goes on. No answer that was recorded is asked for again.
    """
    trajectory = read_trajectory(folder)
    manifest = trajectory.manifest
    cartridge = own_cartridge(manifest, rom, asked_table())
    agent = AgentSpec.recorded(manifest.agent.card)
    if agent_name:
        agent = agent.with_source_of(AgentSpec.parse(agent_name))
    agent = with_inputs(agent, replayed)
    _check_same_code(agent, trajectory)
    config = RunConfig(
        cartridge,
        agent,
        manifest.seed,
        manifest.budget,
        folder,
        cache=cache_folder(),
        prefix=Prefix.recorded(trajectory),
        task=manifest.task,
        uncounted_because=manifest.uncounted_because,
    )
    result = play_live(config, lambda c, shows, stops: resume(c, trajectory, shows, stops))
    report(result, config, as_json=as_json)


def _check_same_code(agent: AgentSpec, trajectory: Trajectory) -> None:
    """Refuse to go on with other code, or other inputs, than the run began with.

    Raises:
        ConfigError: it is another, or none is given.
    """
    if agent.code_sha256 == trajectory.manifest.agent.code_sha256:
        return
    if agent.card.adapter == "replay":
        why = "give the run whose inputs it began with: --replay RUN"
    elif agent.source is None:
        why = "give the agent that began the run: --agent FILE.py:CLASS"
    else:
        why = f"{agent.source[0]} was changed since; a run is played by one and the same code"
    raise ConfigError(f"{trajectory.folder}: {why}")


def _check_script(agent: AgentSpec, spec: GameSpec, seed: int) -> None:
    """Refuse to let the fake provider's player play another game than the one that it knows.

    Raises:
        ConfigError: it would.
    """
    model = agent.card.model.model if agent.card.model else ""
    plays = f"scripted:{spec}:seed{seed}"
    if model.startswith("scripted:") and model != plays:
        raise ConfigError(
            f"agent {agent.card.id}: its model {model} plays another game or seed; play that one, "
            f"or give --set model.model={plays}"
        )


def with_inputs(agent: AgentSpec, replayed: Path | None) -> AgentSpec:
    """Return the agent with the recorded inputs it is to play again.

    Raises:
        ConfigError: inputs are given to an agent that takes none.
    """
    if replayed is None:
        return agent
    if agent.card.adapter != "replay":
        raise ConfigError("--replay goes with --agent replay only")
    letters = "".join(turn.a for turn in read_trajectory(replayed).turns)
    return replace(agent, inputs=letters)


def new_folder(out: Path, spec: GameSpec, agent: AgentSpec, seed: int, what: str = "") -> Path:
    """Return a name for the run folder that is not taken; `what` sets it apart."""
    world = f"-{spec.preset}-{spec.seed}" if spec.preset else ""
    base = f"{spec.game}{world}_{agent.card.id}_seed{seed}{what}"
    candidates = (base if number == 1 else f"{base}_{number}" for number in range(1, 1_000_000))
    return next(out / name for name in candidates if not (out / name).exists())


def report(result: RunResult, config: RunConfig, *, as_json: bool) -> None:
    """Print how a run ended, and what to do next."""
    if as_json:
        print_json(result_json(result, config.cartridge))
    else:
        click.echo(summary(result, config.cartridge))
        if result.invalid_because:
            talk.print(f"[bold]Not valid:[/] {result.invalid_because}")
        folder = result.folder
        if result.reason.is_resumable:
            talk.print(f"To go on: {resume_command_of(config)}")
        else:
            own = own_files(config.cartridge.spec)
            talk.print(
                f"Next: {program()} verify {folder}{own}  |  {program()} score {folder}{own}"
            )
    if result.reason is EndReason.INTERRUPTED:
        raise click.exceptions.Exit(INTERRUPTED)
    if result.reason.is_resumable:
        raise click.exceptions.Exit(1)


def summary(result: RunResult, cartridge: Cartridge) -> str:
    """Return a run's end in one line."""
    reached = f"{len(result.milestones)} of {len(cartridge.milestones)} milestones"
    time = game_clock(result.clocks.frames)
    detail = bounded(result.detail, 300)
    why = f"{result.reason} ({detail})" if detail else str(result.reason)
    return f"{result.folder}: {why} after {time} of game time, {reached}"


def result_json(result: RunResult, cartridge: Cartridge) -> dict[str, object]:
    """Return a run's end for programs."""
    return {
        "run": str(result.folder),
        "reason": result.reason,
        "detail": result.detail,
        "invalid_because": result.invalid_because,
        "clocks": asdict(result.clocks),
        "milestones": result.milestones,
        "of": len(cartridge.milestones),
    }
