"""Begins a run with the turns of another one, so that another agent can go on from there.

The branch is a run folder of its own. It holds the parent's inputs from power-on, marked as
inherited, and so is verified without the parent. It is put in its place when it is whole; played
is then as when a run is resumed: what is inherited is done again and compared, and the new agent
goes on where that ends. A branch does not count on leaderboards.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace

from pokebench.errors import ConfigError
from pokebench.replay.tape import Tape
from pokebench.runner.config import RunConfig
from pokebench.runner.manifest import make_manifest
from pokebench.runner.player import Player
from pokebench.runner.start import session
from pokebench.trajectory import (
    CheckpointEvent,
    DoneEvent,
    Event,
    InheritedEvent,
    MilestoneEvent,
    ResetEvent,
    Trajectory,
    TrajectoryWriter,
    TurnEvent,
    read_trajectory,
)
from pokebench.trajectory.manifest import ParentPart
from pokebench.types import Clocks


def begin_branch(config: RunConfig, parent: Trajectory, frame: int) -> Trajectory:
    """Write the run folder of a branch of `parent` that begins at `frame`; `resume` plays it.

    Args:
        config: what the branch is asked to be, with budgets that count from power-on.
        parent: the record to go on from.
        frame: where; a frame between two steps that the parent's inputs lead to.

    Raises:
        ConfigError: the folder cannot be written, the agent cannot be built, or the run cannot be
            gone on with from there.
        TrajectoryError: the record cannot be written further.
    """
    _check(config, parent, frame)
    inherited = list(_inherited(parent, frame, config.cartridge.table.timing.step_frames))
    turns = sum(isinstance(event, InheritedEvent) for event in inherited)
    part = ParentPart(run_id=parent.manifest.run_id, head=parent.head, frame=frame, turns=turns)
    beside = config.folder.with_name(f".{config.folder.name}.branching")
    shutil.rmtree(beside, ignore_errors=True)
    if config.folder.exists():
        raise ConfigError(f"run folder {config.folder} exists already; choose another --out")
    with Player(config, lambda: False) as player:
        manifest = make_manifest(config, player.api_host, player.prompts_sha256, part)
    with TrajectoryWriter.create(beside, manifest) as writer:
        for event in (session("start"), *inherited):
            writer.append(event)
    beside.rename(config.folder)
    return read_trajectory(config.folder)


def absolute(config: RunConfig, parent: Trajectory, frame: int) -> RunConfig:
    """Return `config` with budgets from power-on, where they were given from `frame` on."""
    budget = config.budget
    turns = sum(turn.f < frame for turn in parent.turns)
    changes = {
        "frames": budget.frames + frame,
        "turns": budget.turns + turns if budget.turns is not None else None,
    }
    return replace(config, budget=budget.model_copy(update=changes))


def _check(config: RunConfig, parent: Trajectory, frame: int) -> None:
    tape = Tape.of(parent, config.cartridge)
    if not tape.start <= frame <= tape.last_frame:
        raise ConfigError(
            f"frame {frame} is not on the way of {parent.folder}, which leads from frame "
            f"{tape.start} to {tape.last_frame}"
        )
    if (frame - tape.start) % tape.step_frames:
        raise ConfigError(f"frame {frame} is inside a step; branch between two steps")
    if config.seed != parent.manifest.seed:
        raise ConfigError("a branch has the seed of its parent")
    end = config.cartridge.table.end.milestone
    if any(event.id == end and event.f <= frame for event in parent.milestones):
        raise ConfigError(f"{parent.folder} is finished at frame {frame}; branch earlier")


def _inherited(parent: Trajectory, frame: int, step_frames: int) -> Iterator[Event]:
    """Yield the parent's record up to `frame`, as far as it is about the game and not the agent."""
    for line in parent.lines:
        event = line.event
        if isinstance(event, TurnEvent) and event.f < frame:
            steps = (frame - event.f) // step_frames
            yield InheritedEvent(f=event.f, a=event.a[:steps], w=0.0)
        elif isinstance(event, MilestoneEvent) and event.f <= frame:
            yield MilestoneEvent(f=event.f, id=event.id, clocks=_game_clocks(event.clocks))
        elif isinstance(event, ResetEvent | DoneEvent | CheckpointEvent) and event.f <= frame:
            yield event


def _game_clocks(clocks: Clocks) -> Clocks:
    """Return the clocks that the game moves; asking the parent's agent cost this run nothing."""
    return Clocks(
        frames=clocks.frames, presses=clocks.presses, steps=clocks.steps, turns=clocks.turns
    )
