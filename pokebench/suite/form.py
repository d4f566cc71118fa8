"""The forms of a suite: what a person plans, and what is built of it and frozen."""

import hashlib
from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pokebench.milestone.table import Skill
from pokebench.trajectory.events import MAX_ACTIONS, RamHash
from pokebench.trajectory.manifest import Sha256
from pokebench.types import FRAMES_PER_SECOND

NOVEL: Final = "novel"
GOAL: Final = "{goal}"
"""Stands in a task's words for the goal, told in the names of the world."""
Status = Literal["famous", "novel"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
MilestoneName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Seed = Annotated[int, Field(ge=0, lt=1 << 62)]
_SEEDS: Final = 10**9
_MINUTE_FRAMES: Final = 60 * FRAMES_PER_SECOND


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True
    )


class World(_Strict):
    """A world that segments lie in.

    Attributes:
        id: short name, like `short-novel`.
        preset: size of the world.
        status: famous, with a seed that everybody knows; or novel, with a seed that nobody chose.
        seed: of the world; a novel world has none in a plan, since it is drawn.
    """

    id: Name
    preset: str
    status: Status
    seed: Seed | None = None

    @property
    def game(self) -> str:
        """What is played, like `tallgrass:short@7`."""
        return f"tallgrass:{self.preset}@{self.seed}"


class Task(_Strict):
    """A segment as it is planned, alike for every world of its preset.

    Attributes:
        id: its name within a world.
        preset: which worlds it lies in.
        after: milestones; the segment begins when the last of them has latched, none for power-on.
        goal: the milestone that ends it.
        family: segments of one region or mechanic; they are not independent of each other.
        skill: what it asks for above all.
        skills: what it asks for besides.
        words: the task, as agents are told it; `{goal}` in it becomes the goal in the names of the
            world.
    """

    id: Name
    preset: str
    after: tuple[MilestoneName, ...] = ()
    goal: MilestoneName
    family: Name
    skill: Skill
    skills: tuple[Skill, ...] = ()
    words: Annotated[str, StringConstraints(min_length=4, max_length=500)]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.goal in self.after:
            raise ValueError(f"segment {self.id}: its goal has happened when it begins")
        return self


class _Head(_Strict):
    """What plan and suite share.

    Attributes:
        schema_version: version of the form, `schema` in the file.
        id: name of the suite.
        version: raised by any change; numbers of two versions are never on one axis.
        title: for people.
        factor: k, the budget of a segment in multiples of its reference time.
        human_factor: kappa, minutes of a person to one of the oracle, for human-equivalent minutes.
        human_factor_is: where it comes from.
    """

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: Name
    version: Annotated[int, Field(ge=1, lt=10_000)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    factor: Annotated[float, Field(ge=1, le=1000)] = 10.0
    human_factor: Annotated[float, Field(gt=0, le=1000)] = 10.0
    human_factor_is: str = "provisional, times or divided by 2"

    @property
    def name(self) -> str:
        """Id and version, like `tallgrass-1`."""
        return f"{self.id}-{self.version}"


class Plan(_Head):
    """What a suite is built from.

    Attributes:
        seeds: start perturbations of the reference times.
        play_seeds: how many of them are for playing, the first ones; their recordings are kept.
        worlds: where segments lie.
        tasks: the segments, for each world of their preset.
    """

    seeds: Annotated[tuple[Seed, ...], Field(min_length=2)]
    play_seeds: Annotated[int, Field(ge=2)]
    worlds: Annotated[tuple[World, ...], Field(min_length=1)]
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _check_unique("seed", self.seeds)
        _check_unique("world", (world.id for world in self.worlds))
        _check_unique("segment", (f"{task.preset}-{task.id}" for task in self.tasks))
        if self.play_seeds > len(self.seeds):
            raise ValueError(f"play_seeds is {self.play_seeds}, and there are {len(self.seeds)}")
        for world in self.worlds:
            if (world.seed is None) != (world.status == NOVEL):
                raise ValueError(f"world {world.id}: a famous world has a seed, a novel one none")
        missing = {task.preset for task in self.tasks} - {world.preset for world in self.worlds}
        if missing:
            raise ValueError(f"no world has the preset {', '.join(sorted(missing))}")
        return self

    def drawn(self, secret: str = "") -> "Plan":
        """Return the plan with the seeds of its novel worlds, which follow from its name.

        Args:
            secret: for a held-back edition: nobody who does not know it can know its worlds and
                start perturbations, and whoever learns it later can check them.
        """
        worlds = tuple(
            world.model_copy(update={"seed": _draw(self.name, world.id, secret)})
            if world.status == NOVEL
            else world
            for world in self.worlds
        )
        seeds = self.seeds
        if secret:
            seeds = tuple(_draw(self.name, f"seed {seed}", secret) for seed in seeds)
        return self.model_copy(update={"worlds": worlds, "seeds": seeds})


class Pins(_Strict):
    """What a suite is exact for."""

    emulator: str
    table_sha256: Sha256
    engine_sha256: Sha256
    generator_version: int


class Recording(_Strict):
    """The oracle's inputs in one world under one seed, from power-on to the last goal.

    Attributes:
        world: in which world.
        seed: under which start perturbation.
        steps: how many.
        sha256: of the letters.
    """

    world: Name
    seed: Seed
    steps: Annotated[int, Field(gt=0, le=MAX_ACTIONS)]
    sha256: Sha256


class Start(_Strict):
    """Where a segment begins under one seed.

    Attributes:
        seed: the start perturbation.
        steps: of the recording, up to the start; 0 at power-on.
        frame: there.
        ram: hash of RAM there.
        goal_steps: steps of the recording up to the goal.
    """

    seed: Seed
    steps: Annotated[int, Field(ge=0, le=MAX_ACTIONS)]
    frame: Annotated[int, Field(gt=0)]
    ram: RamHash
    goal_steps: Annotated[int, Field(gt=0, le=MAX_ACTIONS)]


class Reference(_Strict):
    """How long the oracle takes, in frames, over the seeds of the suite."""

    median_frames: Annotated[int, Field(gt=0)]
    q1_frames: Annotated[int, Field(gt=0)]
    q3_frames: Annotated[int, Field(gt=0)]
    seeds: Annotated[int, Field(ge=2)]

    @property
    def minutes(self) -> float:
        """The median in emulated minutes of the oracle."""
        return self.median_frames / _MINUTE_FRAMES


class Segment(_Strict):
    """One task of a set length.

    Attributes:
        id: unique in the suite.
        world: where it lies.
        after: milestones that have happened when it begins.
        goal: the milestone that ends it.
        family: segments of one region or mechanic.
        skill: what it asks for above all.
        skills: what it asks for besides.
        words: the task, as agents are told it.
        reference: how long the oracle takes.
        starts: where it begins, for each seed that is played.
    """

    id: Name
    world: Name
    after: tuple[MilestoneName, ...]
    goal: MilestoneName
    family: Name
    skill: Skill
    skills: tuple[Skill, ...]
    words: str
    reference: Reference
    starts: Annotated[tuple[Start, ...], Field(min_length=2)]

    def start(self, seed: int) -> Start:
        """Return where it begins under `seed`, which is one of the suite's."""
        return next(start for start in self.starts if start.seed == seed)


class Suite(_Head):
    """A frozen suite; the hash of its file is its identity.

    Attributes:
        edition: `public`, or for a held-back one the hash of its secret, given out beforehand.
        pins: what it is exact for.
        seeds: start perturbations of the reference times.
        play_seeds: those that are played.
        worlds: where segments lie.
        recordings: the oracle's inputs, by world and play seed.
        segments: the tasks.
    """

    edition: Annotated[str, StringConstraints(pattern=r"^(public|[0-9a-f]{64})$")]
    pins: Pins
    seeds: Annotated[tuple[Seed, ...], Field(min_length=2)]
    play_seeds: Annotated[tuple[Seed, ...], Field(min_length=2)]
    worlds: Annotated[tuple[World, ...], Field(min_length=1)]
    recordings: Annotated[tuple[Recording, ...], Field(min_length=1)]
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _check_unique("segment", (segment.id for segment in self.segments))
        _check_unique("world", (world.id for world in self.worlds))
        lengths = {(r.world, r.seed): r.steps for r in self.recordings}
        worlds = {world.id for world in self.worlds if world.seed is not None}
        for segment in self.segments:
            if segment.world not in worlds:
                raise ValueError(f"segment {segment.id}: no world {segment.world} with a seed")
            if tuple(start.seed for start in segment.starts) != self.play_seeds:
                raise ValueError(f"segment {segment.id}: its starts are not those of play_seeds")
            for start in segment.starts:
                recorded = lengths.get((segment.world, start.seed), 0)
                if not start.steps < start.goal_steps <= recorded:
                    raise ValueError(f"segment {segment.id}: seed {start.seed} is not recorded")
        return self

    def world(self, name: str) -> World:
        """Return the world of that name."""
        return next(world for world in self.worlds if world.id == name)

    def segment(self, name: str) -> Segment | None:
        """Return the segment of that name, if there is one."""
        return next((segment for segment in self.segments if segment.id == name), None)

    def budget_frames(self, segment: Segment, seed: int, factor: float) -> int:
        """Return the frame, from power-on, at which a segment's budget is used up."""
        return segment.start(seed).frame + round(factor * segment.reference.median_frames)


def _draw(suite: str, name: str, secret: str) -> int:
    """Return a number that nobody chose: it follows from the names and the secret."""
    words = f"pokebench suite {suite} {name}" + (f" {secret}" if secret else "")
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little") % _SEEDS


def _check_unique(what: str, names: Iterable[object]) -> None:
    seen: set[object] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"two {what}s are {name}")
        seen.add(name)
