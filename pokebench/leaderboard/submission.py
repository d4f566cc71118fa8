"""The form of a submission: runs, packed, and what only the submitter knows.

```
SUBMISSION/
  submission.json                    this form: no score, no milestone, nothing derived
  runs/<run id>/manifest.json        as recorded
  runs/<run id>/events.jsonl.zst     as recorded, one zstd frame
```
"""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from pokebench.leaderboard.facts import RunId
from pokebench.leaderboard.plain import Name, Strict, Url, Words
from pokebench.trajectory.manifest import Sha256

SUBMISSION_NAME: Final = "submission.json"
MANIFEST_NAME: Final = "manifest.json"
EVENTS_NAME: Final = "events.jsonl"
PACKED_NAME: Final = "events.jsonl.zst"
RUNS_NAME: Final = "runs"
MEMBER: Final = re.compile(
    r"submission\.json|runs/[0-9a-f]{32}/(?:manifest\.json|events\.jsonl\.zst)"
)
"""The names that a submission may hold; there is no other."""
MOST_RUNS: Final = 100
MOST_SUBMISSION_BYTES: Final = 256 << 10
MOST_MANIFEST_BYTES: Final = 256 << 10
MOST_PACKED_BYTES: Final = 32 << 20
"""Of one run."""
MOST_EVENTS_BYTES: Final = 128 << 20
"""Of one run, unpacked: a week of play with a model's words."""
MOST_TOTAL_BYTES: Final = 64 << 20
"""Of a whole submission, as it is handed in."""
MOST_RATIO: Final = 200
"""How many times larger than packed a record may be."""
WINDOW_BYTES: Final = 8 << 20


class Submitter(Strict):
    """Who hands in.

    Attributes:
        name: a person's or a group's name, shown on the board.
        url: where to find them.
    """

    name: Name
    url: Url | None = None


class Declaration(Strict):
    """What no record can show, on the submitter's word.

    Attributes:
        runs_declared: how many runs were planned before the first began.
        runs_started: how many were begun, failed ones included; all of them count.
        declared_at: where the plan was published beforehand.
        human_help: every touch of a person during a run, or "".
        trained_on_game: whether the model was trained on this game.
        weights_public: whether anyone can have the model.
        snapshot: date or name of the model's version, if its id does not say.
        quantisation: precision of the weights, where it is known.
        conflicts: who paid, and whether the model's maker took part, or "".
        notes: anything else.
    """

    runs_declared: Annotated[int, Field(ge=1, le=10_000)]
    runs_started: Annotated[int, Field(ge=1, le=10_000)]
    declared_at: Url | None = None
    human_help: Words = ""
    trained_on_game: Literal["yes", "no", "unknown"] = "unknown"
    weights_public: bool | None = None
    snapshot: Name | None = None
    quantisation: Name | None = None
    conflicts: Words = ""
    notes: Words = ""


class PackedRun(Strict):
    """One run of a submission and the digests of its files.

    Attributes:
        run_id: as in its manifest.
        manifest_sha256: of `manifest.json`.
        events_sha256: of the unpacked `events.jsonl`.
        events_bytes: its length.
        packed_sha256: of `events.jsonl.zst`.
    """

    run_id: RunId
    manifest_sha256: Sha256
    events_sha256: Sha256
    events_bytes: Annotated[int, Field(gt=0, le=MOST_EVENTS_BYTES)]
    packed_sha256: Sha256


class Submission(Strict):
    """The file `submission.json`."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    submitter: Submitter
    declaration: Declaration
    runs: tuple[PackedRun, ...] = Field(min_length=1, max_length=MOST_RUNS)

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        ids = [run.run_id for run in self.runs]
        if len(set(ids)) != len(ids):
            raise ValueError("a run id stands twice")
        if len(ids) > self.declaration.runs_started:
            raise ValueError(
                f"{len(ids)} runs are handed in, but runs_started is "
                f"{self.declaration.runs_started}"
            )
        return self


def member(run_id: str, name: str) -> str:
    """Return the name of a run's file inside a submission."""
    return f"{RUNS_NAME}/{run_id}/{name}"
