"""The form of `leaderboard.json`: facts of verified runs, from which all else is derived."""

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from pokebench.leaderboard.costs import pricing_of
from pokebench.leaderboard.facts import Judged, RunFacts, RunId, SharedFacts, Version
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.plain import Moment, Name, Strict, Words
from pokebench.leaderboard.submission import Declaration, PackedRun, Submitter
from pokebench.models.protocol import Usage
from pokebench.trajectory.manifest import Sha256

SCHEMA_VERSION = 2
EntryId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
FOLDER_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$"
FolderName = Annotated[str, StringConstraints(pattern=FOLDER_NAME)]


class Likeness(Strict):
    """How a run begins as another one did that was entered before it.

    Attributes:
        entry_id: the other's entry.
        run_id: the other run.
        milestones: how many of the run's came that way, from the first on.
        steps: the run's steps until the last of these.
        frames: likewise its frames.
        is_exact: all inputs until then are the other's; else only the frames of milestones are.
    """

    entry_id: EntryId
    run_id: RunId
    milestones: Annotated[int, Field(ge=1, le=256)]
    steps: Annotated[int, Field(ge=0, lt=1 << 63)]
    frames: Annotated[int, Field(ge=0, lt=1 << 63)]
    is_exact: bool


class EntryRun(RunFacts):
    """A run with the digests of the files that prove it.

    Attributes:
        submission: name of the submission's folder under `submissions/`.
        files: digests of its files there.
        like: the run that it begins as, if it does so further than chance may lead.
    """

    submission: FolderName
    files: PackedRun
    like: Likeness | None = None


class Handed(Strict):
    """A submission that runs came with.

    Attributes:
        name: name of its folder.
        sha256: of its `submission.json`.
        declaration: what the submitter declared.
    """

    name: FolderName
    sha256: Sha256
    declaration: Declaration


class Proof(Strict):
    """How much is proven, and by whom.

    Attributes:
        level: the level.
        by: who looked: `pokebench`, where a program re-simulated; a person for what goes beyond.
        version: version of pokebench that re-simulated.
        on: when.
        evidence: where a reviewer's findings are, or "".
    """

    level: Level
    by: Name
    version: Version
    on: Moment
    evidence: Words = ""


class Entry(SharedFacts):
    """Runs of one agent, handed in by one submitter, on one board.

    Attributes:
        id: hash of everything that the runs have in common, of the submitter's name, and of the
            level `logged`, if it is that: such runs stand apart from those that were played again.
        submitter: who handed in.
        submissions: what the runs came with.
        proof: how much is proven.
        runs: by seed and run id.
    """

    id: EntryId
    submitter: Submitter
    submissions: tuple[Handed, ...] = Field(min_length=1)
    proof: Proof
    runs: tuple[EntryRun, ...] = Field(min_length=1)

    @property
    def book(self) -> Literal["open", "closed"]:
        """Whether the agent had the game's manual."""
        part = self._part("harness")
        return "open" if part.get("book") == "open" and self.tier != "none" else "closed"

    @property
    def is_split(self) -> bool:
        """Whether play was cut into segments that know nothing but a hand-over."""
        return self.adapter == "model" and self._part("context").get("mode") == "split"

    @property
    def adapter(self) -> str:
        """Which code played."""
        return str(self.agent.card.get("adapter", ""))

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the agent played under: entries compete under equal ones only."""
        tags = [f"tier {self.tier}"]
        tags += ["open book"] if self.book == "open" else []
        tags += ["split"] if self.is_split else []
        return tuple(tags)

    @property
    def prices_are_unknown(self) -> bool:
        """Whether no price table here has the model, so that dollars say nothing."""
        return pricing_of(self.agent.card).cost(Usage()) is None

    @property
    def is_reference(self) -> bool:
        """Whether the entry is shown on every board of its game and competes on none.

        Agents that read RAM, controls, agents that look at nothing, and people are.
        """
        is_control = bool(self.agent.privileged or self.agent.card.get("control", False))
        return is_control or self.tier == "none" or self.adapter == "human"

    @property
    def valid_runs(self) -> tuple[EntryRun, ...]:
        """The runs that count."""
        return tuple(run for run in self.runs if not run.invalid_because)

    @property
    def versions(self) -> tuple[tuple[str, str | None], ...]:
        """The versions and commits of pokebench that recorded the runs, each once."""
        return tuple(dict.fromkeys((run.version, run.commit) for run in self.runs))

    @property
    def runs_declared(self) -> int:
        """Runs planned before the first, over all submissions."""
        return sum(handed.declaration.runs_declared for handed in self.submissions)

    @property
    def runs_started(self) -> int:
        """Runs begun, over all submissions."""
        return sum(handed.declaration.runs_started for handed in self.submissions)

    @property
    def unranked_because(self) -> str:
        """Why the entry does not compete, in words, or ""."""
        if not self.proof.level.is_ranked:
            return f"only {self.proof.level}: not played again"
        if self.is_reference:
            return "reference"
        if any(handed.declaration.human_help for handed in self.submissions):
            return "a person helped"
        if not self.valid_runs:
            return "no valid run"
        if self.proof.level is Level.REPLAYED and any(run.like for run in self.valid_runs):
            return "begins as another run did"
        if len(self.runs) < self.runs_started:
            return f"{len(self.runs)} of {self.runs_started} runs begun are handed in"
        if self.runs_started < self.runs_declared:
            return f"{self.runs_started} of {self.runs_declared} runs declared were begun"
        return ""

    def _part(self, name: str) -> dict[str, Any]:
        part = self.agent.card.get(name)
        return part if isinstance(part, dict) else {}


class Leaderboard(Strict):
    """The whole file."""

    schema_version: Literal[2] = Field(default=2, alias="schema")
    entries: tuple[Entry, ...] = ()


def entry_of(
    found: Sequence[tuple[Judged, PackedRun]], submitter: Submitter, handed: Handed, proof: Proof
) -> Entry:
    """Return the entry that runs with equal `shared` facts make.

    Args:
        found: each run's facts, with the digests of its files.
        submitter: who handed in.
        handed: the submission.
        proof: how much is proven.
    """
    shared = found[0][0].shared
    runs = [
        EntryRun(**dict(judged.run), submission=handed.name, files=files) for judged, files in found
    ]
    return Entry(
        **dict(shared),
        id=entry_id(shared, submitter, proof.level),
        submitter=submitter,
        submissions=(handed,),
        proof=proof,
        runs=tuple(sorted(runs, key=lambda run: (run.seed, run.run_id))),
    )


def entry_id(shared: SharedFacts, submitter: Submitter, level: Level) -> str:
    """Return the id of the entry that a submitter's runs with `shared` facts belong to."""
    facts = [shared.model_dump(mode="json"), submitter.name]
    text = json.dumps(facts + [level] * (level is Level.LOGGED), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
