"""The form of `leaderboard.json`: facts of verified runs, from which ranks are derived."""

import hashlib
import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pokebench.trajectory.manifest import AgentPart, EmulatorPart, GamePart, Sha256
from pokebench.types import Clocks, EndReason
from pokebench.verify import Verification

SCHEMA_VERSION = 1
RunId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
EntryId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class EntryMilestone(_Strict):
    """A milestone as re-simulation found it."""

    id: Annotated[str, StringConstraints(max_length=64)]
    clocks: Clocks


class EntryRun(_Strict):
    """One verified run.

    Attributes:
        run_id: as in its manifest.
        head: the chain's last digest: names exactly this record.
        state: SHA-256 of the whole machine at the end.
        seed: start perturbation.
        reason: why the episode ended.
        invalid_because: why the run does not count, or "".
        end: clocks at the end.
        milestones: those reached, in order of time.
    """

    run_id: RunId
    head: Sha256
    state: Sha256
    seed: Annotated[int, Field(ge=0)]
    reason: EndReason
    invalid_because: Annotated[str, StringConstraints(max_length=200)] = ""
    end: Clocks
    milestones: tuple[EntryMilestone, ...]


class Entry(_Strict):
    """Verified runs of one agent on one board.

    Attributes:
        id: hash of everything that the runs have in common.
        level: what is proven: `replayed` means that re-simulating the inputs gives this result.
        agent: who played, with the whole card.
        game: which game and rules.
        emulator: which emulator and settings.
        tier: what the agent saw and used.
        budget_frames: the frame budget.
        runs: by run id.
    """

    id: EntryId
    level: Literal["replayed"]
    agent: AgentPart
    game: GamePart
    emulator: EmulatorPart
    tier: str
    budget_frames: Annotated[int, Field(gt=0)]
    runs: tuple[EntryRun, ...] = Field(min_length=1)

    @property
    def conditions(self) -> str:
        """What the agent played under: entries compete under equal ones only."""
        harness, context = (
            self.agent.card.get("harness") or {},
            self.agent.card.get("context") or {},
        )
        is_model = self.agent.card.get("adapter") == "model"
        book = ", open book" if harness.get("book") == "open" and self.tier != "none" else ""
        split = ", split" if is_model and context.get("mode") == "split" else ""
        return f"tier {self.tier}{book}{split}"

    @property
    def is_ranked(self) -> bool:
        """Whether the entry competes: it has valid runs, and is no reference.

        Privileged agents and controls are references.
        """
        is_reference = self.agent.privileged or self.agent.card.get("control", False)
        return not is_reference and bool(self.valid_runs)

    @property
    def valid_runs(self) -> tuple[EntryRun, ...]:
        """The runs that count."""
        return tuple(run for run in self.runs if not run.invalid_because)


class Leaderboard(_Strict):
    """The whole file."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    entries: tuple[Entry, ...] = ()


def entry_of(verification: Verification) -> Entry:
    """Return an entry that holds one verified run.

    Raises:
        ValueError: the run's record was cut off before its end.
    """
    if verification.reason is None:
        raise ValueError("a run without an outcome makes no entry")
    trajectory = verification.trajectory
    manifest = trajectory.manifest
    milestones = (EntryMilestone(id=m.id, clocks=m.clocks) for m in verification.milestones)
    run = EntryRun(
        run_id=manifest.run_id,
        head=trajectory.head,
        state=verification.state,
        seed=manifest.seed,
        reason=verification.reason,
        invalid_because=verification.invalid_because,
        end=verification.clocks,
        milestones=tuple(milestones),
    )
    shared = {
        "agent": manifest.agent.model_dump(mode="json"),
        "game": manifest.game.model_dump(mode="json"),
        "emulator": manifest.emulator.model_dump(mode="json"),
        "tier": manifest.tier,
        "budget_frames": manifest.budget.frames,
    }
    digest = hashlib.sha256(json.dumps(shared, sort_keys=True).encode()).hexdigest()
    return Entry(
        id=digest[:16],
        level="replayed",
        agent=manifest.agent,
        game=manifest.game,
        emulator=manifest.emulator,
        tier=manifest.tier,
        budget_frames=manifest.budget.frames,
        runs=(run,),
    )
