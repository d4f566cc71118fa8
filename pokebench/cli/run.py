"""`pokebench run`: play a game with an agent and record it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType

import click

from pokebench.agent import AgentSpec
from pokebench.cli.console import (
    game_clock,
    json_option,
    print_json,
    program,
    progress_bar,
    rom_option,
    talk,
)
from pokebench.episode import frames_of_minutes
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import Progress, RunConfig, RunResult, run
from pokebench.trajectory import read_trajectory
from pokebench.types import FRAMES_PER_SECOND, EndReason

_INTERRUPTED = 130


@click.command("run")
@click.option("--game", default="tallgrass:short@1", help="What to play: GAME[:PRESET[@SEED]].")
@click.option("--agent", "agent_name", required=True, help="Who plays: an id, or FILE.py:CLASS.")
@click.option("--seed", default=1, type=click.IntRange(0), help="Start perturbation.")
@click.option(
    "--budget-minutes",
    default=60.0,
    type=click.FloatRange(min=0, min_open=True),
    help="Minutes of game time after which the episode ends.",
)
@click.option(
    "--out", default="runs", type=click.Path(path_type=Path), help="Folder for the run folder."
)
@click.option(
    "--replay", "replayed", type=click.Path(path_type=Path), help="Run that agent replay plays."
)
@rom_option
@json_option
def command(
    game: str,
    agent_name: str,
    seed: int,
    budget_minutes: float,
    out: Path,
    replayed: Path | None,
    rom: Path | None,
    as_json: bool,
) -> None:
    """Play a game with an agent and record the run.

    The run folder is named after game, agent and seed. Ctrl-C ends the run after the current turn.
    """
    spec = GameSpec.parse(game)
    agent = with_inputs(AgentSpec.parse(agent_name), replayed)
    cartridge = open_game(spec, rom)
    folder = new_folder(out, spec, agent, seed)
    config = RunConfig(cartridge, agent, seed, frames_of_minutes(budget_minutes), folder)
    result = run_with_progress(config)
    if as_json:
        print_json(result_json(result, cartridge))
    else:
        click.echo(summary(result, cartridge))
        talk.print(f"Next: {program()} verify {folder}  |  {program()} score {folder}")
    if result.reason is EndReason.INTERRUPTED:
        raise click.exceptions.Exit(_INTERRUPTED)


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


def new_folder(out: Path, spec: GameSpec, agent: AgentSpec, seed: int) -> Path:
    """Return a name for the run folder that is not taken."""
    world = f"-{spec.preset}-{spec.seed}" if spec.preset else ""
    base = f"{spec.game}{world}_{agent.card.id}_seed{seed}"
    candidates = (base if number == 1 else f"{base}_{number}" for number in range(1, 1_000_000))
    return next(out / name for name in candidates if not (out / name).exists())


def run_with_progress(config: RunConfig) -> RunResult:
    """Play under a progress bar: game clock, milestones, speed; Ctrl-C asks the run to stop."""
    total = len(config.cartridge.milestones)
    with stop_on_interrupt() as stop_requested, progress_bar() as bar:
        name = f"{config.agent.card.id} plays {config.cartridge.spec}"
        task = bar.add_task(name, total=total, note="")

        def show(progress: Progress) -> None:
            clocks = progress.clocks
            speed = clocks.frames / FRAMES_PER_SECOND / max(clocks.wall_s, 0.001)
            latest = progress.milestones[-1] if progress.milestones else ""
            note = f"{game_clock(clocks.frames)}  {len(progress.milestones)}/{total}"
            bar.update(
                task, completed=len(progress.milestones), note=f"{note}  {speed:.0f}x  {latest}"
            )

        return run(config, show, stop_requested)


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a request to stop; a second one interrupts at once."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def summary(result: RunResult, cartridge: Cartridge) -> str:
    """Return a run's end in one line."""
    reached = f"{len(result.milestones)} of {len(cartridge.milestones)} milestones"
    time = game_clock(result.clocks.frames)
    return f"{result.folder}: {result.reason} after {time} of game time, {reached}"


def result_json(result: RunResult, cartridge: Cartridge) -> dict[str, object]:
    """Return a run's end for programs."""
    return {
        "run": str(result.folder),
        "reason": result.reason,
        "clocks": asdict(result.clocks),
        "milestones": result.milestones,
        "of": len(cartridge.milestones),
    }
