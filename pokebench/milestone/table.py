"""The form of `milestones/<game>.toml`: identity, symbols, timing, start, milestones, flags."""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from pokebench.emulator import EmulatorSettings
from pokebench.milestone.predicate import Predicate
from pokebench.milestone.screen import ScreenForm
from pokebench.milestone.symbol import Strict, Symbol

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Skill = Literal["interface", "navigation", "dialogue", "memory", "battle", "resources", "planning"]
READS_BY_TABLE: Final = "table"
"""The reader of games that have none of their own."""
ButtonName = Literal["up", "down", "left", "right", "a", "b", "select", "start", "wait"]


class Identity(Strict):
    """Which game it is.

    Attributes:
        id: the file's name without ending.
        title: for people.
        reader: which text reader understands its screens; `table` for one that goes by `[screen]`.
        generated: True if the ROM comes from the world generator and not from a file.
    """

    id: Identifier
    title: str
    reader: Identifier
    generated: bool = False


class Dump(Strict):
    """One accepted ROM."""

    sha1: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
    region: str
    revision: str = ""


class Machine(Strict):
    """Emulator settings that change the machine's state."""

    sound_emulated: bool = False
    cgb: bool = False
    clock_locked: bool = False

    def settings(self) -> EmulatorSettings:
        """Return them as the emulator takes them."""
        return EmulatorSettings(self.sound_emulated, self.cgb, self.clock_locked)


class Timing(Strict):
    """How long one step is: `hold_frames` of button, then released to `step_frames` in all."""

    step_frames: int = Field(ge=2, le=600)
    hold_frames: int = Field(ge=1, le=599)

    @model_validator(mode="after")
    def _releases(self) -> Self:
        if self.hold_frames >= self.step_frames:
            raise ValueError("hold_frames must be smaller than step_frames")
        return self


class Press(Strict):
    """One line of the start script: press, again and again, until something is so.

    Attributes:
        to: what it leads to, for people.
        press: the button, or buttons in turn; `wait` presses none.
        until: the condition that ends it, looked at after every frame.
        within_frames: frames after which the start has failed.
    """

    to: str
    press: ButtonName | Annotated[tuple[ButtonName, ...], Field(min_length=1, max_length=8)]
    until: Predicate
    within_frames: int = Field(ge=1, le=36_000)


class Expectation(Strict):
    """Something that RAM holds at the first turn of any game; for people who check their ROM."""

    title: str
    when: Predicate


class Start(Strict):
    """What happens between power-on and the agent's first turn.

    Attributes:
        boot_frames: frames until the game takes its first button.
        max_idle_frames: a run's seed adds 0 to this many frames of waiting: the perturbation that
            makes the game's random numbers differ from run to run.
        script: what is pressed from there on, until the player can walk; nothing for games whose
            title screen is the agent's own.
        reaches: milestones that hold at the first turn.
        expect: what else RAM holds then.
    """

    boot_frames: int = Field(ge=0, le=36_000)
    max_idle_frames: int = Field(ge=0, le=3_600)
    script: tuple[Press, ...] = ()
    reaches: tuple[Identifier, ...] = ()
    expect: tuple[Expectation, ...] = ()

    def idle_frames(self, seed: int) -> int:
        """Return the waiting that `seed` stands for: the same on every machine."""
        digest = hashlib.sha256(f"pokebench start {seed}".encode()).digest()
        return int.from_bytes(digest[:8], "little") % (self.max_idle_frames + 1)


class Reference(Strict):
    """Where times to compare with come from.

    Attributes:
        title: what was timed, for people.
        source: where it is known from.
    """

    title: str
    source: str


class Milestone(Strict):
    """An event worth a mark on the curve.

    Attributes:
        id: stable name.
        title: for people; a generated world may give a better one.
        when: the condition over RAM.
        after: milestones that must come first in any honest run.
        skill: what it mainly tests.
        kind: `monotone` if the game never undoes the condition, so that any later state shows it;
            `latch` if it holds for a while only and must be seen then.
        optional: the game can be finished without it.
        reference: minutes from the start of the game at which others were there, by the name of
            the reference.
    """

    id: Identifier
    title: str
    when: Predicate
    after: tuple[Identifier, ...] = ()
    skill: Skill
    kind: Literal["monotone", "latch"] = "monotone"
    optional: bool = False
    reference: dict[Identifier, Annotated[float, Field(ge=0)]] = Field(default={})

    @property
    def reads(self) -> int:
        """Reads in a row in which the condition must hold."""
        return 2


class Flag(Strict):
    """Something in RAM that honest play does not bring about: edited, corrupt, or a glitch.

    Attributes:
        id: stable name.
        title: what is wrong, for people.
        when: the condition over RAM.
        reads: reads in a row in which it must hold; more than the game takes in passing.
        severity: `invalid` if a run with it does not count, `doubt` if it is only marked.
    """

    id: Identifier
    title: str
    when: Predicate
    reads: int = Field(default=3, ge=2, le=1000)
    severity: Literal["invalid", "doubt"] = "doubt"


class End(Strict):
    """When the game is over."""

    milestone: Identifier


class GameTable(Strict):
    """One parsed table."""

    schema_version: Literal[1] = Field(alias="schema")
    game: Identity
    rom: tuple[Dump, ...] = ()
    emulator: Machine = Machine()
    timing: Timing
    start: Start
    symbols: dict[Identifier, Symbol]
    references: dict[Identifier, Reference] = Field(default={})
    milestones: tuple[Milestone, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()
    end: End
    screen: ScreenForm | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        faults = [*self._symbol_faults(), *self._condition_faults(), *self._milestone_faults()]
        faults += self._screen_faults()
        if faults:
            raise ValueError("; ".join(faults[:3]))
        return self

    def _symbol_faults(self) -> Iterator[str]:
        for name, symbol in self.symbols.items():
            fault = symbol.fault(self.symbols)
            if fault:
                yield f"symbols.{name}: {fault}"

    def _condition_faults(self) -> Iterator[str]:
        conditions = [(f"milestone {m.id}", m.when) for m in self.milestones]
        conditions += [(f"flag {flag.id}", flag.when) for flag in self.flags]
        conditions += [(f"start.script, to {line.to}", line.until) for line in self.start.script]
        conditions += [(f"start.expect, {e.title}", e.when) for e in self.start.expect]
        for place, condition in conditions:
            for fault in condition.faults(self.symbols):
                yield f"{place}: {fault}"

    def _screen_faults(self) -> Iterator[str]:
        if (self.game.reader == READS_BY_TABLE) != (self.screen is not None):
            yield f"[screen] and game.reader = {READS_BY_TABLE!r} go together"
        if self.screen is not None:
            yield from self.screen.faults(self.symbols)

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
            faults += [
                f"milestone {milestone.id}: unknown reference {name!r}"
                for name in milestone.reference
                if name not in self.references
            ]
            seen.add(milestone.id)
        if self.end.milestone not in seen:
            faults.append(f"end.milestone: no milestone {self.end.milestone!r}")
        faults += [
            f"start.reaches: no milestone {name!r}"
            for name in self.start.reaches
            if name not in seen
        ]
        flags = [flag.id for flag in self.flags]
        faults += [
            f"flag {name}: listed twice" for name in {f for f in flags if flags.count(f) > 1}
        ]
        return faults
