"""Builds a suite: lets the oracle play every world under every seed, and cuts its games up."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from pokebench.agent import AgentSpec
from pokebench.emulator import EMULATOR_NAME, emulator_version
from pokebench.episode import Episode, frames_of_minutes
from pokebench.errors import ConfigError, TrajectoryError
from pokebench.milestone import GameSpec, open_game
from pokebench.runner import RunConfig, resume, run
from pokebench.suite.content import SUITE_NAME, packed, recording_path, suite_toml
from pokebench.suite.form import (
    GOAL,
    Pins,
    Plan,
    Recording,
    Reference,
    Segment,
    Start,
    Suite,
    Task,
    World,
)
from pokebench.suite.pool import asked_to_stop, map_jobs
from pokebench.tallgrass.build import engine_sha256
from pokebench.tallgrass.generator import GENERATOR_VERSION
from pokebench.trajectory import ResetEvent, read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason, actions_of

_ORACLE_MINUTES: Final = 240.0
"""Game time after which the oracle is taken to be stuck."""
MOST_UNLIKE: Final = 2.0
"""How many times longer or shorter than the median the oracle may take from a start that is played:
beyond that the start is no start of that length."""
_UNFINISHED: Final = (EndReason.INTERRUPTED,)


@dataclass(frozen=True, slots=True)
class Game:
    """One game of the oracle that is wanted.

    Attributes:
        world: where.
        seed: under which start perturbation.
        folder: the run folder.
        parent: the process that wants it.
    """

    world: World
    seed: int
    folder: Path
    parent: int


@dataclass(frozen=True, slots=True)
class Played:
    """One game of the oracle.

    Attributes:
        world: id of the world.
        seed: the start perturbation.
        letters: its inputs.
        first_frame: the frame of power-on's end, where the inputs begin.
        latched: steps and frame at which each milestone latched.
        reason: how it ended.
    """

    world: str
    seed: int
    letters: str
    first_frame: int
    latched: dict[str, tuple[int, int]]
    reason: EndReason | None


OnGame = Callable[[Played], None]


def build_suite(
    plan: Plan,
    folder: Path,
    work: Path,
    processes: int,
    on_game: OnGame = lambda _: None,
    secret: str = "",
) -> Suite:
    """Build the suite of `plan` into `folder`.

    The oracle's games are kept in `work`, so a build that was cut off goes on where it was. Equal
    plans give equal suites.

    Args:
        plan: what is wanted.
        folder: takes `suite.toml` and the recordings.
        work: takes the games.
        processes: how many games are played at once.
        on_game: called after each.
        secret: for a held-back edition.

    Raises:
        ConfigError: the oracle does not come through, or a segment does not hold in every game.
    """
    drawn = plan.drawn(secret)
    games = [
        Game(world, seed, work / f"{world.id}_{world.seed}_{seed}", os.getpid())
        for world in drawn.worlds
        for seed in drawn.seeds
    ]
    played: dict[tuple[str, int], Played] = {}
    for game in map_jobs(play_game, games, processes):
        _check_finished(game)
        played[game.world, game.seed] = game
        on_game(game)
    pieces = [
        _Piece(world, task, tuple(_cut(task, played[world.id, seed]) for seed in drawn.seeds))
        for world in drawn.worlds
        for task in drawn.tasks
        if task.preset == world.preset
    ]
    hashes = _start_hashes(drawn, pieces, played, processes)
    titles = {w.id: open_game(GameSpec.parse(w.game)).titles for w in drawn.worlds}
    segments = [
        _segment(drawn, piece, hashes, titles[piece.world.id][piece.task.goal]) for piece in pieces
    ]
    suite = _suite(drawn, segments, played, secret)
    _write(suite, folder, played)
    return suite


def play_game(game: Game) -> Played:
    """Let the oracle play a game, or go on with one that was cut off; a whole one is only read."""
    agent = AgentSpec.parse("oracle")
    budget = BudgetPart(frames=frames_of_minutes(_ORACLE_MINUTES))
    with asked_to_stop(game.parent) as stop_requested:
        cartridge = open_game(GameSpec.parse(game.world.game))
        config = RunConfig(cartridge, agent, game.seed, budget, game.folder)
        try:
            trajectory = read_trajectory(game.folder)
        except TrajectoryError:
            shutil.rmtree(game.folder, ignore_errors=True)
            run(config, stop_requested=stop_requested)
        else:
            if trajectory.outcome is None or trajectory.outcome.reason in _UNFINISHED:
                resume(config, trajectory, stop_requested=stop_requested)
    trajectory = read_trajectory(game.folder)
    return Played(
        world=game.world.id,
        seed=game.seed,
        letters="".join(turn.a for turn in trajectory.turns),
        first_frame=next(e.event.f for e in trajectory.lines if isinstance(e.event, ResetEvent)),
        latched={m.id: (m.clocks.steps, m.clocks.frames) for m in trajectory.milestones},
        reason=trajectory.outcome.reason if trajectory.outcome else None,
    )


def _check_finished(game: Played) -> None:
    if game.reason is not EndReason.FINISHED:
        raise ConfigError(
            f"world {game.world}, seed {game.seed}: the oracle ended with {game.reason}; plan "
            "another world"
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    """A task in one game: from which step and frame to which step, and how many frames."""

    start_steps: int
    start_frame: int
    goal_steps: int
    frames: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A task in a world, cut from the game of every seed, in the plan's order."""

    world: World
    task: Task
    cuts: tuple[_Cut, ...]


def _segment(
    plan: Plan, piece: _Piece, hashes: dict[tuple[str, int, int], str], title: str
) -> Segment:
    lengths = np.array([cut.frames for cut in piece.cuts])
    q1, median, q3 = (int(q) for q in np.quantile(lengths, (0.25, 0.5, 0.75), method="nearest"))
    _check_alike(plan, piece, median)
    starts = tuple(
        Start(
            seed=seed,
            steps=cut.start_steps,
            frame=cut.start_frame,
            ram=hashes[piece.world.id, seed, cut.start_steps],
            goal_steps=cut.goal_steps,
        )
        for seed, cut in zip(plan.seeds[: plan.play_seeds], piece.cuts, strict=False)
    )
    shared = {name: getattr(piece.task, name) for name in _SHARED}
    return Segment(
        **shared,
        words=piece.task.words.replace(GOAL, title),
        id=f"{piece.world.id}-{piece.task.id}",
        world=piece.world.id,
        reference=Reference(
            median_frames=median, q1_frames=q1, q3_frames=q3, seeds=len(plan.seeds)
        ),
        starts=starts,
    )


_SHARED: Final = ("after", "goal", "family", "skill", "skills")


def _check_alike(plan: Plan, piece: _Piece, median_frames: int) -> None:
    """Refuse a seed that is played and from whose start the task is another one.

    Raises:
        ConfigError: the oracle needs less than half or more than twice the median there.
    """
    for seed, cut in zip(plan.seeds[: plan.play_seeds], piece.cuts, strict=False):
        ratio = cut.frames / median_frames
        if not 1 / MOST_UNLIKE <= ratio <= MOST_UNLIKE:
            raise ConfigError(
                f"segment {piece.world.id}-{piece.task.id}: under seed {seed} the oracle takes "
                f"{ratio:.2f} times the median; play other seeds, or plan another task"
            )


def _start_hashes(
    plan: Plan,
    pieces: Sequence[_Piece],
    played: dict[tuple[str, int], Played],
    processes: int,
) -> dict[tuple[str, int, int], str]:
    """Return the hash of RAM at each start, by world, seed and steps, from inputs alone."""
    jobs = []
    for world in plan.worlds:
        own = [piece for piece in pieces if piece.world is world]
        for index, seed in enumerate(plan.seeds[: plan.play_seeds]):
            steps = sorted({piece.cuts[index].start_steps for piece in own})
            jobs.append(_Starts(world, seed, played[world.id, seed].letters, tuple(steps)))
    return {key: ram for found in map_jobs(hash_starts, jobs, processes) for key, ram in found}


@dataclass(frozen=True, slots=True)
class _Starts:
    world: World
    seed: int
    letters: str
    steps: tuple[int, ...]


def hash_starts(job: _Starts) -> list[tuple[tuple[str, int, int], str]]:
    """Return the hash of RAM after each of some numbers of steps, by world, seed and steps."""
    cartridge = open_game(GameSpec.parse(job.world.game))
    episode = Episode(cartridge, job.seed, frames_of_minutes(_ORACLE_MINUTES))
    found = []
    for steps in job.steps:
        for action in actions_of(job.letters[episode.steps : steps]):
            episode.step(action)
        found.append(((job.world.id, job.seed, steps), episode.emulator.ram_hash()))
    episode.close()
    return found


def _cut(task: Task, game: Played) -> _Cut:
    """Return a task as it is in a game.

    Raises:
        ConfigError: the goal happens before the start, or one of them never.
    """
    unknown = sorted({*task.after, task.goal} - game.latched.keys())
    if unknown:
        raise ConfigError(f"segment {game.world}-{task.id}: no milestone {', '.join(unknown)}")
    steps, frame = max((game.latched[name] for name in task.after), default=(0, game.first_frame))
    goal_steps, goal_frame = game.latched[task.goal]
    if goal_frame <= frame:
        raise ConfigError(
            f"segment {game.world}-{task.id}: under seed {game.seed} {task.goal} happens before "
            f"{', '.join(task.after)}; plan another"
        )
    return _Cut(steps, frame, goal_steps, goal_frame - frame)


def _suite(
    plan: Plan,
    segments: Sequence[Segment],
    played: dict[tuple[str, int], Played],
    secret: str,
) -> Suite:
    play_seeds = plan.seeds[: plan.play_seeds]
    recordings = []
    for world in plan.worlds:
        for seed in play_seeds:
            own = [s.start(seed).goal_steps for s in segments if s.world == world.id]
            letters = played[world.id, seed].letters[: max(own, default=0)]
            if letters:
                digest = hashlib.sha256(letters.encode()).hexdigest()
                recordings.append(
                    Recording(world=world.id, seed=seed, steps=len(letters), sha256=digest)
                )
    cartridge = open_game(GameSpec.parse(plan.worlds[0].game))
    head = {name: getattr(plan, name) for name in _HEAD}
    return Suite(
        **head,
        edition=hashlib.sha256(secret.encode()).hexdigest() if secret else "public",
        pins=Pins(
            emulator=f"{EMULATOR_NAME} {emulator_version()}",
            table_sha256=cartridge.table_sha256,
            engine_sha256=engine_sha256(),
            generator_version=GENERATOR_VERSION,
        ),
        seeds=plan.seeds,
        play_seeds=play_seeds,
        worlds=plan.worlds,
        recordings=tuple(recordings),
        segments=tuple(sorted(segments, key=lambda segment: segment.reference.median_frames)),
    )


_HEAD: Final = (
    "schema_version", "id", "version", "title", "factor", "human_factor", "human_factor_is",
)  # fmt: skip


def _write(suite: Suite, folder: Path, played: dict[tuple[str, int], Played]) -> None:
    """Write recordings first and the suite last, so that a suite's file is never without them."""
    (folder / "recordings").mkdir(parents=True, exist_ok=True)
    for recording in suite.recordings:
        letters = played[recording.world, recording.seed].letters[: recording.steps]
        recording_path(folder, recording.world, recording.seed).write_bytes(packed(letters))
    beside = folder / f"{SUITE_NAME}.new"
    beside.write_text(suite_toml(suite))
    beside.replace(folder / SUITE_NAME)
