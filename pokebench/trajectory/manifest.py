"""What a run is, fixed before its first frame: `manifest.json`."""

from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints

from pokebench.trajectory.events import MAX_ACTIONS
from pokebench.types import JsonObject

FORMAT: Final = "pokebench-run/1"
Sha1 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    # Readers pass over keys that a newer minor version added.
    model_config = ConfigDict(extra="ignore", frozen=True)


class WorldPart(_Part):
    """Where a generated ROM comes from."""

    preset: str
    seed: int
    attempt: int
    generator_version: int
    engine_sha256: Sha256


class GamePart(_Part):
    """Which game, and by which rules it is scored."""

    spec: str
    id: str
    title: str
    rom_sha1: Sha1
    rom_bytes: int
    table_sha256: Sha256
    milestones: tuple[str, ...]
    world: WorldPart | None = None


class EmulatorPart(_Part):
    """The emulator and every setting that can change the machine's state."""

    name: str
    version: str
    sound_emulated: bool
    cgb: bool
    clock_locked: bool
    boot: Literal["power-on"] = "power-on"
    boot_rom: Literal["pyboy"] = "pyboy"


class TimingPart(_Part):
    """How actions become frames."""

    step_frames: int
    hold_frames: int
    boot_frames: int
    max_idle_frames: int


class AgentPart(_Part):
    """Who plays: the agent's card, whole.

    Attributes:
        id: the card's id.
        privileged: the agent reads RAM; such runs are never ranked.
        card: the card as JSON.
        code_sha256: hash of the file of an agent given by path, or of the inputs that are replayed.
        api_host: the host that a model is asked at.
        prompts_sha256: hash of the prompts that a model is given.
    """

    id: str
    privileged: bool
    card: JsonObject
    code_sha256: Sha256 | None = None
    api_host: str | None = None
    prompts_sha256: Sha256 | None = None


class BudgetPart(_Part):
    """What ends the episode at the latest; None is no limit.

    Attributes:
        frames: video frames since power-on.
        turns: turns of the agent.
        calls: answers of models.
        tokens: tokens of all classes.
        usd: dollars, uncertain ones included.
        wall_s: seconds, from the start, without the time between sessions.
        stagnation_turns: turns since the last milestone.
    """

    frames: Annotated[int, Field(gt=0, lt=1 << 48)]
    turns: Annotated[int, Field(gt=0)] | None = None
    calls: Annotated[int, Field(gt=0)] | None = None
    tokens: Annotated[int, Field(gt=0)] | None = None
    usd: Annotated[float, Field(gt=0)] | None = None
    wall_s: Annotated[float, Field(gt=0)] | None = None
    stagnation_turns: Annotated[int, Field(gt=0)] | None = None


class PrefixPart(_Part):
    """Inputs that are not the agent's: they lead from power-on to where it takes over.

    They are pressed from the record as the run's first turn, so that the whole run is re-simulated
    from power-on like any other.

    Attributes:
        source: where they were recorded, in words.
        steps: how many.
        inputs_sha256: hash of their letters.
    """

    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    steps: Annotated[int, Field(gt=0, le=MAX_ACTIONS)]
    inputs_sha256: Sha256


class TaskPart(_Part):
    """What the agent was asked for, if not the whole game.

    Attributes:
        suite: id and version of the suite.
        suite_sha256: hash of its file, which is its identity.
        segment: id of the segment.
        goal: the milestone that ends the episode.
        words: what the agent was told.
    """

    suite: Annotated[str, StringConstraints(max_length=100)]
    suite_sha256: Sha256
    segment: Annotated[str, StringConstraints(max_length=100)]
    goal: Annotated[str, StringConstraints(max_length=64)]
    words: Annotated[str, StringConstraints(max_length=1000)]


class RecordingPart(_Part):
    """How often hashes are recorded, in frames."""

    ram_hash_frames: Annotated[int, Field(gt=0)]
    state_hash_frames: Annotated[int, Field(gt=0)]


class CodePart(_Part):
    """The software that recorded the run; information only."""

    version: str
    commit: str | None
    dirty: bool | None
    python: str
    platform: str
    packages: dict[str, str]


class ParentPart(_Part):
    """The run that a branch goes on from.

    Attributes:
        run_id: the parent's.
        head: the chain's digest after the parent's last line, as it was read.
        frame: frames since power-on at which the branch begins.
        turns: turns until then, which the branch inherits.
    """

    run_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    head: Sha256
    frame: Annotated[int, Field(ge=0, lt=1 << 48)]
    turns: Annotated[int, Field(ge=0)]


class Manifest(_Part):
    """The first thing written; its bytes seed the hash chain.

    Attributes:
        format: version of the run format.
        run_id: random, unique.
        created: UTC time, ISO 8601.
        seed: start perturbation and seed of agents that need one.
        tier: what the agent saw and used; `none` for agents that look at nothing.
        prefix: inputs before the agent's first turn, if it did not begin at power-on.
        task: what it was asked for, if not the whole game.
        parent: the run that this one goes on from; None for a run from power-on.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    format: Literal["pokebench-run/1"] = FORMAT
    run_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    created: str
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    tier: str = Field(validation_alias=AliasChoices("tier", "observation"))
    game: GamePart
    emulator: EmulatorPart
    timing: TimingPart
    agent: AgentPart
    budget: BudgetPart
    recording: RecordingPart
    code: CodePart
    prefix: PrefixPart | None = None
    task: TaskPart | None = None
    parent: ParentPart | None = None

    @property
    def goal(self) -> str | None:
        """The milestone that ends the episode, if not the game's own."""
        return self.task.goal if self.task else None

    @property
    def uncounted_because(self) -> str:
        """Why the run does not count whatever it reaches, or "": a branch inherits its start."""
        if self.parent is None:
            return ""
        return f"it goes on from frame {self.parent.frame} of run {self.parent.run_id}"

    def to_bytes(self) -> bytes:
        """Return the bytes of `manifest.json`."""
        return self.model_dump_json(indent=1).encode() + b"\n"
