"""A verified run as scoring sees it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pokebench.score.coherence import StepLog
from pokebench.trajectory import AgentEvent, ResultEvent
from pokebench.types import Clocks, EndReason, JsonObject
from pokebench.verify import Reached, Verification


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """One run's milestones on every clock.

    Attributes:
        name: the run folder's name.
        agent: id of the agent.
        privileged: the agent read RAM: a reference, never ranked.
        game: what was played, like `tallgrass:short@7`.
        seed: start perturbation.
        reason: why the episode ended; None if the record was cut off.
        invalid_because: why the run does not count, or "".
        budget_frames: the frame budget.
        end: clocks at the end.
        titles: every milestone of the game, by id, in order.
        reached: those that latched, in order of time.
        rules: what two runs of a game must share to be compared: ROM and table.
        tier: what the agent saw and used.
        settings: hash of the agent's card as it was used, and of its prompts.
        log: its presses, if somebody looked on; else None.
        rejected: a model's replies that could not be used.
        cut_off: a model's replies that the card's ceiling cut off.
    """

    name: str
    agent: str
    privileged: bool
    game: str
    seed: int
    reason: EndReason | None
    invalid_because: str
    budget_frames: int
    end: Clocks
    titles: dict[str, str]
    reached: tuple[Reached, ...]
    rules: str = ""
    tier: str = ""
    settings: str = ""
    log: StepLog | None = None
    rejected: int = 0
    cut_off: int = 0

    @property
    def fraction(self) -> float:
        """Share of the game's milestones that were reached, 0 to 1."""
        return len(self.reached) / len(self.titles)

    @property
    def badges(self) -> int:
        """Badges among the milestones reached."""
        return sum(milestone.id.startswith("badge") for milestone in self.reached)

    def clocks_of(self, milestone_id: str) -> Clocks | None:
        """Return the clocks at which a milestone latched, or None."""
        return next((m.clocks for m in self.reached if m.id == milestone_id), None)

    def to_json(self) -> JsonObject:
        """Return the run for programs."""
        return {
            "name": self.name,
            "agent": self.agent,
            "privileged": self.privileged,
            "game": self.game,
            "seed": self.seed,
            "reason": self.reason,
            "invalid_because": self.invalid_because,
            "budget_frames": self.budget_frames,
            "end": asdict(self.end),
            "fraction": self.fraction,
            "badges": self.badges,
            "milestones": [
                {"id": name, "title": title, "clocks": asdict(clocks) if clocks else None}
                for name, title in self.titles.items()
                for clocks in (self.clocks_of(name),)
            ],
        }


def score(verification: Verification, log: StepLog | None = None) -> ScoredRun:
    """Return the score of a verified run; what was not verified cannot be scored.

    Args:
        verification: of the run.
        log: what a `StepWatch` that looked on kept; a prefix, which is not the agent's play, is cut
            off.
    """
    if log is not None and verification.handover is not None:
        log = log.after(verification.handover.clocks.presses)
    trajectory, cartridge = verification.trajectory, verification.cartridge
    manifest = trajectory.manifest
    replies: Counter[str] = Counter()
    for line in trajectory.lines:
        if isinstance(line.event, AgentEvent):
            replies[line.event.what] += 1
        elif isinstance(line.event, ResultEvent):
            replies["cut_off"] += line.event.was_cut_off
    return ScoredRun(
        name=trajectory.folder.name,
        agent=manifest.agent.id,
        privileged=manifest.agent.privileged,
        game=manifest.game.spec,
        seed=manifest.seed,
        reason=verification.reason,
        invalid_because=verification.invalid_because,
        budget_frames=manifest.budget.frames,
        end=verification.clocks,
        titles={m.id: cartridge.titles[m.id] for m in cartridge.milestones},
        reached=verification.milestones,
        tier=manifest.tier,
        settings=hashlib.sha256(manifest.agent.model_dump_json().encode()).hexdigest(),
        rules=f"{cartridge.rom.sha1} {cartridge.table_sha256}",
        log=log,
        rejected=replies["rejected"],
        cut_off=replies["cut_off"],
    )


def grouped(runs: Sequence[ScoredRun]) -> list[list[ScoredRun]]:
    """Return runs that may be taken together, in order of first appearance.

    They share agent, settings, tier, game and rules; not the budget, of which the smallest counts.
    """
    groups: dict[tuple[str, ...], list[ScoredRun]] = {}
    for run in runs:
        key = run.agent, run.settings, run.tier, run.game, run.rules
        groups.setdefault(key, []).append(run)
    return list(groups.values())
