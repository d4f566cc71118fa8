"""What can go wrong with a request, and plans of it in files."""

import hashlib
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pokebench.content import read_toml

FaultKind = Literal[
    "status", "drop", "drop_after_billing", "stall", "drip", "truncate_stream", "garbage",
    "not_json", "refused", "truncated", "filtered", "bad_arguments", "unknown_tool", "no_tool",
    "wrong_arguments", "error_event", "reset", "comments", "hang_after_billing",
]  # fmt: skip
REPLY_STOPS: Final = ("refused", "truncated", "filtered")
"""Faults that end a reply otherwise."""
SPOILED: Final = (
    *REPLY_STOPS, "bad_arguments", "wrong_arguments", "unknown_tool", "no_tool",
)  # fmt: skip
"""Faults of the model: what it answers is of no use."""
On = Literal["question", "poll"]


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """Something that goes wrong with one request.

    Kinds without an answer: `status` (an error), `drop` (hung up), `garbage` (200 with HTML);
    `drop_after_billing` and `hang_after_billing` (nothing is sent for a while) charge first.
    Kinds of the stream: `stall` (a pause), `drip` (a pause before each event), `comments` (only
    comments for a while), `truncate_stream` (ends early, but properly), `reset` (the connection
    breaks), `not_json`, `error_event` (an error inside the stream).
    Kinds of the model: `refused`, `truncated`, `filtered`, `bad_arguments`, `wrong_arguments`,
    `unknown_tool`, `no_tool`.

    Attributes:
        kind: what.
        status: the status of an error, for the kind `status`.
        word: the error's type or code, if not the usual one of the status.
        headers: headers of an error, such as retry-after.
        seconds: how long a stall, a hang, comments, or each pause of a drip are.
        after: events of the stream before it strikes, counted from the end if negative; None is
            the usual place of the kind.
    """

    kind: FaultKind
    status: int = 500
    word: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.5
    after: int | None = None

    def place(self, events: int) -> int:
        """Return before which of `events` it strikes."""
        usual = events // 2 if self.kind == "truncate_stream" else 1
        after = usual if self.after is None else self.after
        return min(max(after + events if after < 0 else after, 0), events)


class FaultRule(BaseModel):
    """When a fault strikes: at one request, at every n-th, or by chance.

    Attributes:
        at: number of the request, from 1.
        every: it strikes each request whose number this divides.
        probability: chance for each request, drawn from `seed` and the request's number.
        seed: for `probability`.
        on: what is counted and struck: questions, or polls of background responses.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: int | None = Field(default=None, ge=1)
    every: int | None = Field(default=None, ge=1)
    probability: float | None = Field(default=None, ge=0, le=1)
    seed: int = 0
    on: On = "question"
    kind: FaultKind
    status: int = Field(default=500, ge=400, le=599)
    word: str = ""
    headers: dict[str, str] = {}
    seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.5
    after: int | None = None

    @model_validator(mode="after")
    def _strikes_somehow(self) -> Self:
        given = [self.at, self.every, self.probability]
        if sum(value is not None for value in given) != 1:
            raise ValueError("give one of at, every and probability")
        return self

    def strikes(self, number: int) -> bool:
        """Return whether it strikes request `number`, counted from 1."""
        if self.at is not None:
            return number == self.at
        if self.every is not None:
            return number % self.every == 0
        digest = hashlib.sha256(f"{self.seed} {number}".encode()).digest()
        return int.from_bytes(digest[:8], "big") < (self.probability or 0.0) * 2**64

    def fault(self) -> PlannedFault:
        """Return what it does."""
        headers = tuple(self.headers.items())
        return PlannedFault(self.kind, self.status, self.word, headers, self.seconds, self.after)


class FaultPlan(BaseModel):
    """Rules; the first that strikes a request counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: tuple[FaultRule, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the plan in a TOML file, a table `[[fault]]` for each rule.

        Raises:
            ConfigError: it cannot be read, or a key is wrong.
        """
        return read_toml(path, cls, "fault plan")


class FaultLine:
    """Deals out faults: those that were lined up first, then those of the plan.

    Attributes:
        lined_up: for the next requests, in order; None is a request without a fault.
    """

    def __init__(self, plan: FaultPlan, on: On) -> None:
        """Deal out the faults of `plan` for one kind of request."""
        self.lined_up: deque[PlannedFault | None] = deque()
        self._rules = [rule for rule in plan.fault if rule.on == on]
        self._number = 0
        self._lock = threading.Lock()

    def next(self) -> PlannedFault | None:
        """Return the fault of the next request."""
        with self._lock:
            self._number += 1
            if self.lined_up:
                return self.lined_up.popleft()
            striking = (rule for rule in self._rules if rule.strikes(self._number))
            rule = next(striking, None)
            return rule.fault() if rule else None
