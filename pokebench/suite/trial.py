"""One segment under one seed by one agent: what is to be played, and what it came to."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pokebench.agent import AgentSpec
from pokebench.emulator import EMULATOR_NAME, emulator_version
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import Prefix, RunConfig
from pokebench.suite.chain import find_segment
from pokebench.suite.content import FrozenSuite
from pokebench.suite.form import Segment
from pokebench.tallgrass.build import engine_sha256
from pokebench.trajectory.manifest import BudgetPart, TaskPart

Book = Literal["closed", "open"]


@dataclass(frozen=True, slots=True, order=True)
class Trial:
    """What is to be played.

    Attributes:
        segment: id of the segment.
        seed: the start perturbation, one of the suite's play seeds.
        book: whether the agent gets the world's manual.
    """

    segment: str
    seed: int
    book: Book

    @property
    def name(self) -> str:
        """The name of its run folder."""
        return f"{self.segment}_{self.seed}_{self.book}"


def books_of(agent: AgentSpec) -> tuple[Book, ...]:
    """Return the books that make a difference to an agent: only models are told the manual."""
    return ("closed", "open") if agent.card.model is not None else ("closed",)


def trials_of(
    frozen: FrozenSuite, segments: tuple[Segment, ...], seeds: int, books: tuple[Book, ...]
) -> tuple[Trial, ...]:
    """Return all trials, one seed of every segment first, short segments before long ones.

    Args:
        frozen: the suite.
        segments: which of its segments.
        seeds: how many of its play seeds.
        books: which books.

    Raises:
        ConfigError: the suite has fewer seeds.
    """
    known = frozen.suite.play_seeds
    if not 1 <= seeds <= len(known):
        raise ConfigError(f"--seeds {seeds}: the suite {frozen.suite.name} has {len(known)}")
    return tuple(
        Trial(segment.id, seed, book)
        for seed in known[:seeds]
        for segment in segments
        for book in books
    )


def check_pins(frozen: FrozenSuite, cartridge: Cartridge) -> None:
    """Refuse to play or judge a suite with software that it is not exact for.

    Raises:
        ConfigError: emulator, table or engine are others.
    """
    pins = frozen.suite.pins
    here = {
        "emulator": (pins.emulator, f"{EMULATOR_NAME} {emulator_version()}"),
        "game table": (pins.table_sha256, cartridge.table_sha256),
        "engine": (pins.engine_sha256, engine_sha256()),
    }
    for what, (wanted, found) in here.items():
        if wanted != found:
            raise ConfigError(
                f"suite {frozen.suite.name} is exact for the {what} {wanted}, and this is {found}"
            )


def cartridge_of(frozen: FrozenSuite, segment: Segment) -> Cartridge:
    """Return what a segment is played on.

    Raises:
        ConfigError: the suite is not exact for this software.
    """
    cartridge = open_game(GameSpec.parse(frozen.suite.world(segment.world).game))
    check_pins(frozen, cartridge)
    return cartridge


def segment_of(frozen: FrozenSuite, trial: Trial) -> Segment:
    """Return the segment of a trial, or the chain.

    Raises:
        ConfigError: the suite has none of that name.
    """
    segment = find_segment(frozen.suite, trial.segment)
    if segment is None:
        raise ConfigError(f"suite {frozen.suite.name} has no segment {trial.segment!r}")
    return segment


def prefix_of(frozen: FrozenSuite, segment: Segment, seed: int) -> Prefix | None:
    """Return the inputs that lead to a segment's start; None where it starts at power-on."""
    steps = segment.start(seed).steps
    if not steps:
        return None
    letters = frozen.letters(segment.world, seed)[:steps]
    return Prefix(letters, f"suite {frozen.suite.name}, {segment.world}, seed {seed}")


def task_of(frozen: FrozenSuite, segment: Segment) -> TaskPart:
    """Return what a run's manifest says of its task."""
    return TaskPart(
        suite=frozen.suite.name,
        suite_sha256=frozen.sha256,
        segment=segment.id,
        goal=segment.goal,
        words=segment.words,
    )


def config_of(
    frozen: FrozenSuite,
    trial: Trial,
    agent: AgentSpec,
    folder: Path,
    limits: BudgetPart,
    factor: float,
    cache: Path | None,
) -> RunConfig:
    """Return the run of a trial.

    Args:
        frozen: the suite.
        trial: what is to be played.
        agent: who plays; agent replay gets the inputs of the oracle under the next seed.
        folder: the run folder to make.
        limits: limits besides game time, each for one trial.
        factor: the budget of game time in multiples of the reference time.
        cache: for checkpoints.

    Raises:
        ConfigError: the suite is not exact for this software.
    """
    segment = segment_of(frozen, trial)
    frames = frozen.suite.budget_frames(segment, trial.seed, factor)
    if trial.book != agent.card.harness.book:
        agent = agent.with_settings((f"harness.book={trial.book}",))
    if agent.card.adapter == "replay":
        agent = replace(agent, inputs=foreign_inputs(frozen, segment, trial.seed))
    return RunConfig(
        cartridge=cartridge_of(frozen, segment),
        agent=agent,
        seed=trial.seed,
        budget=limits.model_copy(update={"frames": frames}),
        folder=folder,
        cache=cache,
        prefix=prefix_of(frozen, segment, trial.seed),
        task=task_of(frozen, segment),
    )


def foreign_inputs(frozen: FrozenSuite, segment: Segment, seed: int) -> str:
    """Return how the oracle solved a segment under the next of the suite's play seeds.

    Played blindly under `seed`, they show how far memory alone would get.
    """
    seeds = frozen.suite.play_seeds
    other = seeds[(seeds.index(seed) + 1) % len(seeds)]
    start = segment.start(other)
    return frozen.letters(segment.world, other)[start.steps : start.goal_steps]


def digest_of(letters: str) -> str:
    """Return the hash by which a run's inputs are known."""
    return hashlib.sha256(letters.encode()).hexdigest()
