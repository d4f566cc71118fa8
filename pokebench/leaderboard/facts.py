"""The facts of one run as re-simulation found them: all that a board is made of."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from pokebench.leaderboard.plain import Moment, Name, Strict, is_a_name
from pokebench.trajectory.manifest import BudgetPart, Sha1, Sha256
from pokebench.types import Clocks, EndReason, JsonObject

RunId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
AgentId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
TierName = Literal["none", "pixels", "text", "assisted", "open"]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,49}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.:_\[\]-]{1,255}$")]
Label = Annotated[str, StringConstraints(max_length=64), AfterValidator(is_a_name)]


InputsDigest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")]


class MilestoneFacts(Strict):
    """A milestone as re-simulation found it.

    Attributes:
        id: which.
        clocks: when.
        inputs: beginning of the SHA-256 of the ROM and all inputs until then, 16 hex digits; "" on
            boards that were made before it was kept.
    """

    id: Label
    clocks: Clocks
    inputs: InputsDigest = ""


class MilestoneTitle(Strict):
    """A milestone that the game has."""

    id: Label
    title: Label


class GameFacts(Strict):
    """Which game, by which rules, on which machine; all of the verifier's own.

    Attributes:
        spec: what was played, such as `tallgrass:short@7`.
        title: the game's title.
        rom_sha1: the ROM.
        rom_bytes: its size.
        table_sha256: hash of the table with symbols, timing and milestones.
        engine_sha256: hash of the engine, of a generated game.
        milestones: those there are, in order.
        emulator: name and version.
        settings: every setting that can change the machine's state.
        step_frames: frames of a step.
        hold_frames: frames for which a step holds its button.
    """

    spec: Label
    title: Label
    rom_sha1: Sha1
    rom_bytes: Annotated[int, Field(gt=0, le=1 << 26)]
    table_sha256: Sha256
    engine_sha256: Sha256 | None
    milestones: tuple[MilestoneTitle, ...] = Field(min_length=1, max_length=256)
    emulator: Label
    settings: dict[Label, bool]
    step_frames: Annotated[int, Field(gt=0, le=1000)]
    hold_frames: Annotated[int, Field(gt=0, le=1000)]


class AgentFacts(Strict):
    """Who played, with the whole card.

    Attributes:
        id: the card's id.
        title: the card's title.
        privileged: the agent reads RAM.
        card: the card.
        code_sha256: hash of the file of an agent given by path.
        api_host: the host that a model was asked at.
        prompts_sha256: hash of the prompts that a model was given.
    """

    id: AgentId
    title: Name
    privileged: bool
    card: JsonObject
    code_sha256: Sha256 | None = None
    api_host: Host | None = None
    prompts_sha256: Sha256 | None = None


class SharedFacts(Strict):
    """What all runs of an entry have in common."""

    agent: AgentFacts
    game: GameFacts
    tier: TierName
    budget: BudgetPart


class RunFacts(Strict):
    """One run.

    Attributes:
        run_id: as in its manifest.
        head: the chain's last digest: names exactly this record.
        state: SHA-256 of the whole machine at the end.
        play: SHA-256 of the ROM and all inputs: two records with the same one are the same play.
        seed: start perturbation.
        created: when the run began, by its recorder's clock.
        version: version of pokebench that recorded it.
        commit: its commit, where it is known.
        sessions: processes that wrote it: one, and one more for each time it was resumed.
        reason: why the episode ended.
        invalid_because: why the run does not count, or "".
        end: clocks at the end. Game clocks are re-simulated, tokens added up again, dollars
            reckoned by the card's price table; seconds are the recorder's word.
        milestones: those reached, in order of time.
    """

    run_id: RunId
    head: Sha256
    state: Sha256
    play: Sha256
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    created: Moment
    version: Version
    commit: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{7,64}$")] | None = None
    sessions: Annotated[int, Field(ge=1, le=1_000_000)]
    reason: EndReason
    invalid_because: Annotated[str, StringConstraints(max_length=200)] = ""
    end: Clocks
    milestones: tuple[MilestoneFacts, ...] = Field(max_length=256)


class Judged(Strict):
    """What the judge of one run says."""

    shared: SharedFacts
    run: RunFacts
