import pytest

from pokebench.trajectory import (
    FailedEvent,
    IntentEvent,
    Ledger,
    ResultEvent,
    TurnEvent,
    UnknownEvent,
)
from pokebench.types import Clocks


def answer(usd: float | None) -> ResultEvent:
    return ResultEvent(
        f=1, call=0, attempt=0, reply={}, tokens_in=10, tokens_cache_read=80,
        tokens_cache_write=10, tokens_out=5, usd=usd, seconds=1.0, w=1.0,
    )  # fmt: skip


def failure(billed: str) -> FailedEvent:
    return FailedEvent.model_validate(
        {
            "f": 1, "call": 0, "attempt": 0, "fault": "timeout", "billed": billed,
            "reserve_usd": 0.5, "wait_s": 2.0, "w": 1.0,
        }
    )  # fmt: skip


def test_totals_are_a_fold_over_the_events() -> None:
    ledger = Ledger()
    for event in (
        answer(0.25),
        failure("unknown"),
        failure("no"),
        IntentEvent(f=1, call=0, attempt=2, purpose="turn", request="0" * 64, waited_s=4.0),
        UnknownEvent(f=1, call=1, attempt=0, reserve_usd=0.125),
        TurnEvent(f=1, a="U", w=1.0),
        answer(0.25),
    ):
        ledger.add(event)

    assert ledger.calls == 2
    assert ledger.tokens == 210
    assert ledger.cache_share == pytest.approx(0.8)
    assert (ledger.usd_known, ledger.usd_uncertain) == (0.5, 0.625)
    assert ledger.waited_s == 4.0
    assert not ledger.has_unknown_prices
    assert ledger.on(Clocks(frames=7)) == Clocks(
        frames=7, calls=2, tokens_in=20, tokens_cache_read=160, tokens_cache_write=20,
        tokens_out=10, usd_known=0.5, usd_uncertain=0.625,
    )  # fmt: skip


def test_an_unknown_price_is_said_and_not_guessed() -> None:
    ledger = Ledger()
    ledger.add(answer(None))

    assert ledger.usd_known == 0.0
    assert ledger.has_unknown_prices
