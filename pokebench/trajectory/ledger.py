"""What asking models has cost so far: a fold over the events, with no counter on the side."""

from dataclasses import dataclass, replace

from pokebench.trajectory.events import Event, FailedEvent, IntentEvent, ResultEvent, UnknownEvent
from pokebench.types import Clocks

COUNTED = (
    "calls", "tokens_in", "tokens_cache_read", "tokens_cache_write", "tokens_out", "usd_known",
    "usd_uncertain",
)  # fmt: skip
"""The clocks that a ledger keeps."""


@dataclass(slots=True)
class Ledger:
    """Running totals.

    Attributes:
        calls: answers received.
        usd_known: dollars for them by the price table.
        usd_uncertain: upper bound for attempts that may have been charged without an answer.
        has_unknown_prices: an answer had no price, so dollars say too little.
        waited_s: seconds spent waiting for a provider: no work time.
        cut_off: answers that the card's ceiling cut off.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_cache_read: int = 0
    tokens_cache_write: int = 0
    tokens_out: int = 0
    usd_known: float = 0.0
    usd_uncertain: float = 0.0
    has_unknown_prices: bool = False
    waited_s: float = 0.0
    cut_off: int = 0

    @property
    def tokens(self) -> int:
        """Tokens of all classes."""
        read_and_written = self.tokens_cache_read + self.tokens_cache_write
        return self.tokens_in + read_and_written + self.tokens_out

    @property
    def invalid_because(self) -> str:
        """Why the run does not count, or "": our own ceiling must not decide what a model does."""
        if not self.cut_off:
            return ""
        return f"max_output_tokens of the card cut off {self.cut_off} of {self.calls} answers"

    @property
    def cache_share(self) -> float:
        """Share of input tokens that were read from a cache, 0 to 1."""
        total = self.tokens_in + self.tokens_cache_read + self.tokens_cache_write
        return self.tokens_cache_read / total if total else 0.0

    def add(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, ResultEvent):
            self.calls += 1
            self.tokens_in += event.tokens_in
            self.tokens_cache_read += event.tokens_cache_read
            self.tokens_cache_write += event.tokens_cache_write
            self.tokens_out += event.tokens_out
            self.usd_known += event.usd or 0.0
            self.has_unknown_prices |= event.usd is None
            self.cut_off += event.was_cut_off
        elif isinstance(event, FailedEvent):
            self.usd_uncertain += event.reserve_usd if event.billed == "unknown" else 0.0
        elif isinstance(event, UnknownEvent):
            self.usd_uncertain += event.reserve_usd
        elif isinstance(event, IntentEvent):
            self.waited_s += event.waited_s

    def on(self, clocks: Clocks) -> Clocks:
        """Return `clocks` with what the ledger counts."""
        values = {name: getattr(self, name) for name in COUNTED}
        return replace(clocks, **values)
