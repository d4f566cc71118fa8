"""Controls: how far random buttons, a wall-follower, blind replay and the oracle get."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pokebench.content import explain, read_bytes
from pokebench.errors import ConfigError
from pokebench.score.proportion import Proportion, proportion, wilson_share
from pokebench.suite.content import FrozenSuite
from pokebench.suite.form import Suite
from pokebench.suite.judge import Outcome
from pokebench.trajectory.manifest import Sha256
from pokebench.types import Clocks, EndReason

CONTROLS: Final = ("random", "wall-follower", "replay", "oracle")
CONTROLS_NAME: Final = "controls.json"
LONG_MINUTES: Final = 5.0
"""Segments longer than this, by the oracle, must withstand blind replay."""
MOST_BLIND_SHARE: Final = 0.05
"""Share of trials on long segments that blind replay may complete."""
_MOST_BYTES: Final = 8 << 20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ControlTrial(_Strict):
    """One trial of a control; anybody can play it again and gets the same inputs.

    Attributes:
        agent: which control.
        segment: id of the segment.
        seed: the start perturbation.
        factor: budget in multiples of the reference time.
        succeeded: the goal was reached.
        reason: why the episode ended.
        frames: from the start to the goal or the end.
        presses: likewise.
        inputs_sha256: hash of the agent's inputs.
    """

    agent: str
    segment: str
    seed: int
    factor: float
    succeeded: bool
    reason: EndReason
    frames: Annotated[int, Field(ge=0)]
    presses: Annotated[int, Field(ge=0)]
    inputs_sha256: Sha256


class Controls(_Strict):
    """All trials of all controls on one suite."""

    form: Literal["pokebench-suite-controls/1"] = "pokebench-suite-controls/1"
    suite_sha256: Sha256
    trials: tuple[ControlTrial, ...]


@dataclass(frozen=True, slots=True)
class BlindReplay:
    """How far the oracle's inputs get when they are played blindly under another seed.

    Attributes:
        long: trials on segments over five minutes.
        all: all trials.
        segments: how many long segments were tried.
        segments_in_suite: how many long ones there are.
        completed: names of the long segments that were completed, with their seeds.
    """

    long: Proportion
    all: Proportion
    segments: int
    segments_in_suite: int
    completed: tuple[str, ...]

    @property
    def upper(self) -> float:
        """Upper bound of the long share by Wilson; trials of one segment count as one."""
        return wilson_share(self.long.share, self.segments).high

    @property
    def is_withstood(self) -> bool:
        """Whether the suite may be used: memory alone does not solve its long segments."""
        return self.long.share <= MOST_BLIND_SHARE


def controls_of(frozen: FrozenSuite, outcomes: Sequence[Outcome]) -> Controls:
    """Return the outcomes of controls in the form of the file."""
    trials = [
        ControlTrial(
            agent=outcome.agent,
            segment=outcome.segment,
            seed=outcome.seed,
            factor=round(outcome.factor, 3),
            succeeded=outcome.succeeded,
            reason=outcome.reason or EndReason.ERROR,
            frames=outcome.spent.frames,
            presses=outcome.spent.presses,
            inputs_sha256=outcome.inputs_sha256,
        )
        for outcome in sorted(outcomes, key=lambda o: (o.agent, o.segment, o.seed))
    ]
    return Controls(suite_sha256=frozen.sha256, trials=tuple(trials))


def load_controls(frozen: FrozenSuite) -> Controls | None:
    """Return the controls that come with a suite; None if there are none for just this one.

    Raises:
        ConfigError: the file is malformed.
    """
    path = frozen.folder / CONTROLS_NAME
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return None
    try:
        controls = Controls.model_validate_json(read_bytes(path, "controls"))
    except ValidationError as error:
        raise ConfigError(f"controls {path}: {explain(error)}") from error
    return controls if controls.suite_sha256 == frozen.sha256 else None


def save_controls(controls: Controls, folder: Path) -> None:
    """Write the controls beside the suite."""
    beside = folder / f"{CONTROLS_NAME}.new"
    lines = [trial.model_dump_json() for trial in controls.trials]
    head = f'{{"form": "{controls.form}", "suite_sha256": "{controls.suite_sha256}", "trials": [\n'
    beside.write_text(head + ",\n".join(lines) + "\n]}\n")
    beside.replace(folder / CONTROLS_NAME)


def outcomes_of(controls: Controls, agent: str, tier: str) -> list[Outcome]:
    """Return a control's trials as outcomes."""
    return [
        Outcome(
            segment=trial.segment,
            seed=trial.seed,
            book="closed",
            agent=trial.agent,
            privileged=trial.agent == "oracle",
            control=True,
            tier=tier,
            factor=trial.factor,
            succeeded=trial.succeeded,
            reason=trial.reason,
            invalid_because="",
            spent=Clocks(frames=trial.frames, presses=trial.presses),
            inputs_sha256=trial.inputs_sha256,
            head="",
        )
        for trial in controls.trials
        if trial.agent == agent
    ]


def blind_replay(suite: Suite, outcomes: Sequence[Outcome]) -> BlindReplay | None:
    """Return how far blind replay gets; None without such trials on long segments."""
    blind = [outcome for outcome in outcomes if outcome.agent == "replay"]
    lengths = {segment.id: segment.reference.minutes for segment in suite.segments}
    long = [outcome for outcome in blind if lengths[outcome.segment] > LONG_MINUTES]
    if not long:
        return None
    return BlindReplay(
        long=proportion(sum(o.succeeded for o in long), len(long)),
        all=proportion(sum(o.succeeded for o in blind), len(blind)),
        segments=len({outcome.segment for outcome in long}),
        segments_in_suite=sum(minutes > LONG_MINUTES for minutes in lengths.values()),
        completed=tuple(f"{o.segment} ({o.seed})" for o in long if o.succeeded),
    )
