"""What a run is asked to be, and what it came to."""

from dataclasses import dataclass
from pathlib import Path

from pokebench.agent import AgentSpec
from pokebench.milestone import Cartridge
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Clocks, EndReason


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that a run is asked to be.

    Attributes:
        cartridge: what is played.
        agent: who plays.
        seed: start perturbation, and seed of agents that draw.
        budget: what ends the episode at the latest.
        folder: the run folder to make.
    """

    cartridge: Cartridge
    agent: AgentSpec
    seed: int
    budget: BudgetPart
    folder: Path


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, for a live line.

    Attributes:
        clocks: as of now.
        milestones: latched so far, in order.
        said: what the agent said last.
        did: letters of the newest turn's steps.
        is_replaying: the run is being resumed and still follows its record.
    """

    clocks: Clocks
    milestones: tuple[str, ...]
    said: str
    did: str
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
    """

    folder: Path
    reason: EndReason
    detail: str
    clocks: Clocks
    milestones: tuple[str, ...]
