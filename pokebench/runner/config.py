"""What a run is asked to be, and what it came to."""

import hashlib
import importlib.metadata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pokebench.agent import AgentSpec
from pokebench.errors import TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.trajectory import Trajectory
from pokebench.trajectory.manifest import BudgetPart, PrefixPart, TaskPart
from pokebench.types import Clocks, EndReason


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to keep asking a provider that does not answer.

    Attributes:
        base_s: the first wait; each further one is twice as long, with jitter.
        cap_s: the longest wait of our own.
        longest_retry_after_s: a provider that asks for more ends the run, to be resumed later.
        doubtful_attempts: attempts at one question that may each have been charged.
        give_up_s: seconds of waiting for one question after which the run ends, to be resumed
        later.
    """

    base_s: float = 1.0
    cap_s: float = 60.0
    longest_retry_after_s: float = 900.0
    doubtful_attempts: int = 8
    give_up_s: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Inputs from power-on to where the agent takes over.

    Attributes:
        letters: one for each step.
        source: where they were recorded, in words.
    """

    letters: str
    source: str

    @classmethod
    def recorded(cls, trajectory: Trajectory) -> "Prefix | None":
        """Return the prefix of a recorded run, for going on with it; None if it has none.

        Raises:
            TrajectoryError: the run was cut off before it was recorded.
        """
        part = trajectory.manifest.prefix
        if part is None:
            return None
        first = next(iter(trajectory.turns), None)
        if first is None:
            raise TrajectoryError(f"{trajectory.folder}: cut off before it began; begin it anew")
        return cls(first.a, part.source)

    def part(self) -> PrefixPart:
        """Return what the manifest says of it."""
        digest = hashlib.sha256(self.letters.encode()).hexdigest()
        return PrefixPart(source=self.source, steps=len(self.letters), inputs_sha256=digest)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that a run is asked to be.

    Attributes:
        cartridge: what is played.
        agent: who plays.
        seed: start perturbation, and seed of agents that draw.
        budget: what ends the episode at the latest.
        folder: the run folder to make.
        retry: how long to keep asking a provider.
        cache: the person's own folder for checkpoints; None keeps none.
        checkpoint_s: seconds between two checkpoints.
        prefix: inputs before the agent's first turn; None: it plays from power-on.
        task: what it is asked for; None: the whole game.
        uncounted_because: why the run does not count whatever it reaches, or "".
    """

    cartridge: Cartridge
    agent: AgentSpec
    seed: int
    budget: BudgetPart
    folder: Path
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    cache: Path | None = None
    checkpoint_s: float = 60.0
    prefix: Prefix | None = None
    task: TaskPart | None = None
    uncounted_because: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, for a live line.

    Attributes:
        clocks: as of now.
        milestones: latched so far, in order.
        said: what the agent said last.
        did: letters of the newest turn's steps.
        cache_share: share of input tokens read from a cache.
        has_unknown_prices: an answer had no price, so dollars say too little.
        is_replaying: the run is being resumed and still follows its record.
    """

    clocks: Clocks
    milestones: tuple[str, ...]
    said: str
    did: str
    cache_share: float
    has_unknown_prices: bool
    is_replaying: bool


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended.

    Attributes:
        folder: the run folder.
        reason: why the episode ended.
        detail: more words.
        clocks: at the end.
        milestones: latched, in order.
        invalid_because: why the run does not count, or "".
    """

    folder: Path
    reason: EndReason
    detail: str
    clocks: Clocks
    milestones: tuple[str, ...]
    invalid_because: str = ""


@cache
def code_version() -> str:
    """Return the version of this package."""
    return importlib.metadata.version("pokebench")
