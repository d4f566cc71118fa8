"""What the runner lends to an agent that asks a model: a line to the model, and a journal."""

from typing import Literal, Protocol

from pokebench.models.protocol import Reply, Request
from pokebench.types import EndReason, JsonObject

Purpose = Literal["turn", "summary"]


class RunStopped(Exception):  # noqa: N818 - it is an outcome, not an error
    """The run must end now: a budget is used up, or the provider will not answer.

    Attributes:
        reason: why; the runner records it as the outcome.
        detail: more words.
    """

    def __init__(self, reason: EndReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class ModelLine(Protocol):
    """Asks a model on the record.

    Nothing is asked that is not written down first, and an answer that was recorded is never asked
    for again.
    """

    def ask(self, request: Request, purpose: Purpose) -> Reply:
        """Return the model's reply, live or, when a run is resumed, from the record.

        Retries and waiting are the line's business.

        Raises:
            RunStopped: a budget is used up or the provider will not answer; let it pass.
        """
        ...


class Journal(Protocol):
    """Takes notes of what an agent does besides pressing buttons; part of the trajectory."""

    def record(self, kind: str, data: JsonObject) -> None:
        """Record an event: `kind` is one of notes, epoch, cache_miss, rejected, answer."""
        ...

    def recall(self, kind: str) -> JsonObject | None:
        """Return the next event of the record, which must be of this kind; None once it ended."""
        ...
