"""What the oracle is up to, and all it remembers between turns."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum, unique
from typing import Final, Self

from pokebench.tallgrass.state import State
from pokebench.types import JsonObject

PATIENCE: Final = 60
"""Plans without any achievement after which risks are taken."""


@unique
class ErrandKind(StrEnum):
    """Why the oracle goes somewhere."""

    VISIT = "visit"
    """To start a script, or only to be there."""
    REST = "rest"
    SHOP = "shop"
    HUNT = "hunt"
    """To meet wild creatures by pacing between two cells of grass."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A place to go to and what to do there."""

    kind: ErrandKind
    cell: int
    facing: int | None = None
    """Where to look to start a script; None: being there is enough."""
    answers: tuple[bool, ...] = ()
    """Answers to the questions of its script."""
    note: str = ""
    """What it is for, in words."""

    @property
    def key(self) -> str:
        """What tells this errand from others, for counting attempts."""
        return f"{self.kind}:{self.cell}:{self.facing}"

    @property
    def ends_on_arrival(self) -> bool:
        """Whether being there is all that it asks for."""
        return self.kind == ErrandKind.VISIT and self.facing is None

    @classmethod
    def from_json(cls, data: JsonObject) -> Self:
        """Return the errand that `asdict` turned into `data`."""
        values = data | {"kind": ErrandKind(data["kind"]), "answers": tuple(data["answers"])}
        return cls(**values)


@dataclass(slots=True)
class Memory:
    """Everything that decides the next turn besides the game's own state."""

    errand: Errand | None = None
    route: list[int] = field(default_factory=list)
    """Cells to walk over, the one stood on first."""
    attempts: dict[str, int] = field(default_factory=dict)
    """How often an errand was carried out, by its key."""
    training_level: int = 0
    """Level that the leader shall reach before going on."""
    losses: int = 0
    """Lost battles already learned from."""
    questions: int = 0
    """Questions answered in the script that runs."""
    plans: int = 0
    """Plans made since anything was achieved."""
    achieved: int = 0
    """Flags, badges, levels and the like so far; a larger number is progress."""
    stalls: int = 0
    """Turns in a row in the overworld without a step."""
    paces: int = 0
    """Turns in a row of pacing in grass without meeting anything."""
    waits: int = 0
    """Turns in a row that only waited."""
    steps: int = 0
    """Cells walked when last looked at."""

    def drop_errand(self) -> None:
        """Forget where to go; the next turn plans anew."""
        self.errand = None
        self.route = []

    @property
    def is_daring(self) -> bool:
        """Whether caution has led nowhere for so long that risks are taken."""
        return self.plans > PATIENCE

    def count_plan(self, state: State) -> None:
        """Note that a plan is made, and whether anything was achieved since the last."""
        levels = sum(creature.level for creature in state.party)
        achieved = levels + state.flags.bit_count() + state.milestones.bit_count()
        self.plans = self.plans + 1 if achieved == self.achieved else 0
        self.achieved = achieved

    def count_attempt(self, key: str) -> None:
        """Note that the errand `key` was carried out, or could not be."""
        self.attempts[key] = self.attempts.get(key, 0) + 1

    def to_json(self) -> JsonObject:
        """Return all of it as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: JsonObject) -> Self:
        """Return the memory that `to_json` turned into `data`."""
        errand = data["errand"]
        values = data | {
            "errand": Errand.from_json(errand) if errand else None,
            "route": list(data["route"]),
            "attempts": dict(data["attempts"]),
        }
        return cls(**values)
