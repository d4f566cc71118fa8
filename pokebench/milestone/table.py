"""The form of `milestones/<game>.toml`: identity, symbols, timing, start, milestones."""

import hashlib
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pokebench.emulator import EmulatorSettings
from pokebench.milestone.predicate import Predicate, Symbol

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Skill = Literal["interface", "navigation", "dialogue", "memory", "battle", "resources", "planning"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Identity(_Strict):
    """Which game it is.

    Attributes:
        id: the file's name without ending.
        title: for people.
        reader: which text reader understands its screens.
        generated: True if the ROM comes from the world generator and not from a file.
    """

    id: Identifier
    title: str
    reader: Identifier
    generated: bool = False


class Dump(_Strict):
    """One accepted ROM."""

    sha1: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
    region: str
    revision: str = ""


class Machine(_Strict):
    """Emulator settings that change the machine's state."""

    sound_emulated: bool = False
    cgb: bool = False
    clock_locked: bool = False

    def settings(self) -> EmulatorSettings:
        """Return them as the emulator takes them."""
        return EmulatorSettings(self.sound_emulated, self.cgb, self.clock_locked)


class Timing(_Strict):
    """How long one step is: `hold_frames` of button, then released to `step_frames` in all."""

    step_frames: int = Field(ge=2, le=600)
    hold_frames: int = Field(ge=1, le=599)

    @model_validator(mode="after")
    def _releases(self) -> Self:
        if self.hold_frames >= self.step_frames:
            raise ValueError("hold_frames must be smaller than step_frames")
        return self


class Start(_Strict):
    """What happens between power-on and the agent's first turn.

    Attributes:
        boot_frames: frames until the game takes its first button.
        max_idle_frames: a run's seed adds 0 to this many frames of waiting: the perturbation that
        makes
            the game's random numbers differ from run to run.
    """

    boot_frames: int = Field(ge=0, le=36_000)
    max_idle_frames: int = Field(ge=0, le=3_600)

    def idle_frames(self, seed: int) -> int:
        """Return the waiting that `seed` stands for: the same on every machine."""
        digest = hashlib.sha256(f"pokebench start {seed}".encode()).digest()
        return int.from_bytes(digest[:8], "little") % (self.max_idle_frames + 1)


class Milestone(_Strict):
    """An event worth a mark on the curve.

    Attributes:
        id: stable name.
        title: for people; a generated world may give a better one.
        when: the condition over RAM.
        after: milestones that must come first in any honest run.
        skill: what it mainly tests.
    """

    id: Identifier
    title: str
    when: Predicate
    after: tuple[Identifier, ...] = ()
    skill: Skill


class End(_Strict):
    """When the game is over."""

    milestone: Identifier


class GameTable(_Strict):
    """One parsed table."""

    schema_version: Literal[1] = Field(alias="schema")
    game: Identity
    rom: tuple[Dump, ...] = ()
    emulator: Machine = Machine()
    timing: Timing
    start: Start
    symbols: dict[Identifier, Symbol]
    milestones: tuple[Milestone, ...] = Field(min_length=1)
    end: End

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        faults = [*self._symbol_faults(), *self._milestone_faults()]
        if faults:
            raise ValueError("; ".join(faults[:3]))
        return self

    def _symbol_faults(self) -> list[str]:
        faults = [
            f"symbols.{name}: {fault}"
            for name, symbol in self.symbols.items()
            if (fault := symbol.fault())
        ]
        for milestone in self.milestones:
            for name, needed in milestone.when.names():
                symbol = self.symbols.get(name)
                if symbol is None:
                    faults.append(f"milestone {milestone.id}: unknown symbol {name!r}")
                elif needed > symbol.size:
                    faults.append(f"milestone {milestone.id}: bit lies outside {name!r}")
        return faults

    def _milestone_faults(self) -> list[str]:
        faults: list[str] = []
        seen: set[str] = set()
        for milestone in self.milestones:
            if milestone.id in seen:
                faults.append(f"milestone {milestone.id}: listed twice")
            faults += [
                f"milestone {milestone.id}: after {earlier!r}, which is not listed before it"
                for earlier in milestone.after
                if earlier not in seen
            ]
            seen.add(milestone.id)
        if self.end.milestone not in seen:
            faults.append(f"end.milestone: no milestone {self.end.milestone!r}")
        return faults
