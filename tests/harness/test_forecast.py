"""What a run will cost, held against what runs did cost."""

from pathlib import Path

import pytest

from pokebench.agent import load_card
from pokebench.agent.card import AgentCard
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.runner import run
from pokebench.runner.forecast import Forecast, forecast, guessed, image_tokens, measured
from pokebench.testing import FakeProvider
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from tests.harness.asking import config

HOUR = BudgetPart(frames=215_019)


def reckoned(card: AgentCard, cartridge: Cartridge, budget: BudgetPart = HOUR) -> Forecast:
    return forecast(card, cartridge, budget, guessed(card))


def test_a_forecast_from_a_run_comes_to_what_the_run_came_to(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    context = {"epoch_tokens": 8_000, "handover_characters": 200}
    asked = config(micro, provider, tmp_path / "run", context=context, limits={"turns": 80})
    result = run(asked)
    like = measured(read_trajectory(asked.folder))
    expected = forecast(asked.agent.card, micro, asked.budget, like)
    clocks, usage = result.clocks, expected.usage
    tokens = clocks.tokens_in + clocks.tokens_cache_read + clocks.tokens_cache_write

    assert expected.ending is EndReason.BUDGET_TURNS
    assert expected.calls == pytest.approx(clocks.calls, rel=0.1)
    assert usage.tokens_cache_read + usage.tokens_cache_write == pytest.approx(tokens, rel=0.25)
    assert usage.tokens_out == pytest.approx(clocks.tokens_out, rel=0.5)
    assert expected.cache_share == pytest.approx(clocks.tokens_cache_read / tokens, abs=0.05)


@pytest.mark.parametrize(
    ("limit", "ending"),
    [
        ({}, EndReason.BUDGET_FRAMES),
        ({"turns": 10}, EndReason.BUDGET_TURNS),
        ({"calls": 10}, EndReason.BUDGET_CALLS),
        ({"tokens": 200_000}, EndReason.BUDGET_TOKENS),
        ({"usd": 0.5}, EndReason.BUDGET_USD),
        ({"wall_s": 600}, EndReason.BUDGET_WALL),
    ],
)
def test_the_limit_that_comes_first_ends_it(
    limit: dict[str, float], ending: EndReason, micro: Cartridge
) -> None:
    whole = reckoned(load_card("claude"), micro)
    budget = BudgetPart.model_validate(HOUR.model_dump() | limit)
    cut = reckoned(load_card("claude"), micro, budget)

    assert cut.ending is ending
    assert cut.calls <= whole.calls
    assert cut.usd is not None
    if "usd" in limit:
        assert 0.2 < cut.usd <= 0.5  # what is held back for the next answer is not spent


def test_longer_contexts_read_more_from_the_cache_and_cost_more_in_the_end(
    micro: Cartridge,
) -> None:
    costs = {}
    for tokens in (10_000, 45_000, 400_000):
        changes = (f"context.epoch_tokens={tokens}", "context.epoch_images=10000")
        card = load_card("claude").with_settings(changes)
        costs[tokens] = reckoned(card, micro)

    shares = [cost.cache_share for cost in costs.values()]
    assert shares == sorted(shares)
    assert (costs[400_000].usd or 0) > 2 * (costs[45_000].usd or 0)


def test_pictures_are_counted_as_providers_do() -> None:
    claude, gpt = load_card("claude"), load_card("gpt")

    assert image_tokens(claude) == 288
    assert image_tokens(gpt) == 252
    assert image_tokens(claude.with_settings(("harness.image_scale=2",))) == 132
    assert image_tokens(claude.with_settings(("harness.screenshot=false",))) == 0


def test_an_open_book_costs_what_it_is_long(micro: Cartridge) -> None:
    closed = reckoned(load_card("claude"), micro)
    opened = reckoned(load_card("claude").with_settings(("harness.book=open",)), micro)

    assert opened.usage.tokens_cache_read > closed.usage.tokens_cache_read + 1_000_000


def test_what_has_no_price_has_no_forecast_in_dollars(micro: Cartridge) -> None:
    card = load_card("claude").with_settings(("prices.table=unknown",))

    assert reckoned(card, micro).usd is None
    with pytest.raises(ConfigError, match="asks no model"):
        reckoned(load_card("random"), micro)


def test_a_run_without_a_model_shows_nothing(random_run: Path) -> None:
    with pytest.raises(ConfigError, match="no model answered"):
        measured(read_trajectory(random_run))
