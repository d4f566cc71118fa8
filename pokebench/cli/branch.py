"""`pokebench branch`: go on from any step of a recorded run with another agent."""

from dataclasses import replace
from pathlib import Path

import click

from pokebench.cli.console import (
    asked_table,
    cache_folder,
    json_option,
    rom_option,
    table_option,
    talk,
)
from pokebench.cli.limits import agent_of, agent_options, budget_of, limit_options
from pokebench.cli.live import play_live
from pokebench.cli.run import new_folder, report
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.origin import own_cartridge
from pokebench.replay.tape import Tape
from pokebench.runner import RunConfig, resume
from pokebench.runner.branch import absolute, begin_branch
from pokebench.trajectory import Trajectory, read_trajectory


@click.command("branch")
@click.argument("parent_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--at",
    "moment",
    required=True,
    metavar="MOMENT",
    help="Where to branch off: a frame, turn:N for the end of turn N, or a milestone's id.",
)
@agent_options
@limit_options
@click.option(
    "--out", default="runs", type=click.Path(path_type=Path), help="Folder for the run folder."
)
@rom_option
@table_option
@json_option
def command(
    parent_folder: Path,
    moment: str,
    agent_name: str,
    tier: str | None,
    settings: tuple[str, ...],
    out: Path,
    rom: Path | None,
    as_json: bool,
    **limits: float | None,
) -> None:
    """Go on from any step of a recorded run with another agent.

    The branch is a run of its own. It holds the inputs from power-on, so it is verified without
    RUN, and names RUN as its parent. Minutes and turns count from where it branches off. A branch
    shows what an agent would do; it does not count on leaderboards.
    """
    parent = read_trajectory(parent_folder)
    cartridge = own_cartridge(parent.manifest, rom, asked_table())
    frame = frame_of(moment, parent, cartridge)
    agent = agent_of(agent_name, tier, settings)
    folder = new_folder(out, cartridge.spec, agent, parent.manifest.seed, f"_from{frame}")
    asked = RunConfig(
        cartridge, agent, parent.manifest.seed, budget_of(limits), folder, cache=cache_folder()
    )
    branch = begin_branch(absolute(asked, parent, frame), parent, frame)
    manifest = branch.manifest
    config = replace(asked, budget=manifest.budget, uncounted_because=manifest.uncounted_because)
    talk.print(f"{folder} branches off {parent_folder} at frame {frame}")
    result = play_live(config, lambda c, shows, stops: resume(c, branch, shows, stops))
    report(result, config, as_json=as_json)


def frame_of(moment: str, parent: Trajectory, cartridge: Cartridge) -> int:
    """Return the frame between two steps that a person means.

    Raises:
        ConfigError: the run has no such moment.
    """
    tape = Tape.of(parent, cartridge)
    if moment.isdecimal():
        if not tape.start <= int(moment) <= tape.last_frame:
            raise ConfigError(
                f"--at {moment}: the run leads from frame {tape.start} to {tape.last_frame}"
            )
        steps = (int(moment) - tape.start) // tape.step_frames
        return tape.start + steps * tape.step_frames
    if moment.startswith("turn:") and moment[5:].isdecimal():
        ends = [*tape.turn_frames[1:], tape.last_frame]
        number = int(moment[5:])
        if not 1 <= number <= len(tape.turn_lines):
            raise ConfigError(f"--at {moment}: the run has turns 1 to {len(tape.turn_lines)}")
        return ends[number - 1]
    reached = {event.id: event.f for event in parent.milestones}
    if moment not in reached:
        known = ", ".join(reached) or "none"
        raise ConfigError(f"--at {moment}: a frame, turn:N, or a milestone of this run: {known}")
    return reached[moment]
