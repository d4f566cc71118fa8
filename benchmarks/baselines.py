"""Plays the baselines on the canonical worlds, hands them in and enters them.

Oracle (the ceiling), random buttons (the floor), the wall-follower, and the open-loop control: the
oracle's inputs of one seed, played again under others. Who runs this on the same version of
pokebench gets the same presses, states and milestones; only ids, dates and seconds differ.

    python -m benchmarks.baselines --submissions submissions --file leaderboard.json
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.leaderboard.check import check
from pokebench.leaderboard.pack import pack, write
from pokebench.leaderboard.store import add_entry, load, save
from pokebench.leaderboard.submission import Declaration, Submitter
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import RunConfig, run
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart

SUBMITTER: Final = Submitter(name="pokebench")
REPLAYED_SEED: Final = 100
"""The oracle's run that the control plays again; no entry has this seed."""


@dataclass(frozen=True)
class World:
    """A canonical world, with the budget and the number of runs that all baselines get."""

    game: str
    minutes: int
    runs: int


WORLDS: Final = (
    World("tallgrass:micro@1", 10, 5),
    World("tallgrass:mini@1", 20, 3),
    World("tallgrass:short@1", 40, 3),
)
AGENTS: Final = ("oracle", "random", "wall-follower", "replay")


def main() -> int:
    """Play, hand in, enter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=Path, default=Path("submissions"))
    parser.add_argument("--file", type=Path, default=Path("leaderboard.json"))
    parser.add_argument("--only", default="", help="only worlds whose name begins so")
    parser.add_argument("--jobs", type=int, default=2, help="runs to check at once")
    arguments = parser.parse_args()
    for world in WORLDS:
        if world.game.startswith(arguments.only):
            for path in _submissions(world, arguments.submissions):
                entry = check(path, jobs=arguments.jobs)
                save(add_entry(load(arguments.file), entry), arguments.file)
                print(f"{path}: {[len(found.milestones) for found in entry.runs]} milestones")
    return 0


def _submissions(world: World, out: Path) -> Iterator[Path]:
    """Yield a submission of each baseline on a world."""
    cartridge = open_game(GameSpec.parse(world.game))
    for name in AGENTS:
        path = out / f"{world.game.replace(':', '-').replace('@', '-')}-{name}"
        if path.exists():
            continue
        with tempfile.TemporaryDirectory(prefix="baselines-") as folder:
            agent = _agent(cartridge, world, name, Path(folder))
            runs = [
                _play(cartridge, world, agent, seed, Path(folder))
                for seed in range(1, world.runs + 1)
            ]
            declaration = Declaration(
                runs_declared=world.runs, runs_started=world.runs, trained_on_game="no"
            )
            write(pack(runs, SUBMITTER, declaration, {}), path)
        yield path


def _agent(cartridge: Cartridge, world: World, name: str, folder: Path) -> AgentSpec:
    agent = AgentSpec.parse(name)
    if agent.card.adapter != "replay":
        return agent
    played = _play(cartridge, world, AgentSpec.parse("oracle"), REPLAYED_SEED, folder)
    return with_recorded_inputs(agent, played)


def with_recorded_inputs(agent: AgentSpec, played: Path) -> AgentSpec:
    """Return the replaying agent with the inputs of a run."""
    letters = "".join(turn.a for turn in read_trajectory(played).turns)
    return replace(agent, inputs=letters)


def _play(cartridge: Cartridge, world: World, agent: AgentSpec, seed: int, folder: Path) -> Path:
    path = folder / f"{agent.card.id}-{seed}"
    run(
        RunConfig(cartridge, agent, seed, BudgetPart(frames=frames_of_minutes(world.minutes)), path)
    )
    return path


if __name__ == "__main__":
    sys.exit(main())
