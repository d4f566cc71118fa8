"""Dollars of a run: reckoned from its tokens by a dated price table, never taken from a record."""

from dataclasses import replace

from pokebench.errors import ConfigError
from pokebench.models.prices import UNKNOWN, Pricing, load_pricing
from pokebench.models.protocol import Usage
from pokebench.types import Clocks, JsonObject


def price_table_of(card: JsonObject) -> str:
    """Return the name of the price table that a card names."""
    prices = card.get("prices")
    name = prices.get("table") if isinstance(prices, dict) else None
    return name if isinstance(name, str) else UNKNOWN


def model_of(card: JsonObject) -> str:
    """Return the id of a card's model, or ""."""
    model = card.get("model")
    name = model.get("model") if isinstance(model, dict) else None
    return name if isinstance(name, str) else ""


def pricing_of(card: JsonObject) -> Pricing:
    """Return the prices of a card's model; unknown, if pokebench has no such table."""
    try:
        return load_pricing(price_table_of(card), model_of(card))
    except ConfigError:
        return Pricing(None)


def with_dollars(clocks: Clocks, pricing: Pricing) -> Clocks:
    """Return `clocks` with the list price of its tokens; 0 where that is unknown."""
    return replace(clocks, usd_known=dollars_of(clocks, pricing) or 0.0)


def dollars_of(clocks: Clocks, pricing: Pricing) -> float | None:
    """Return the list price of the tokens on `clocks`, or None if it is unknown."""
    return pricing.cost(
        Usage(
            tokens_in=clocks.tokens_in,
            tokens_cache_read=clocks.tokens_cache_read,
            tokens_cache_write=clocks.tokens_cache_write,
            tokens_out=clocks.tokens_out,
        )
    )
