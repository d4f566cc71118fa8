"""What tokens cost, by dated tables in `agents/prices/`; what no table states is unknown."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pokebench.content import content_dir, read_toml
from pokebench.errors import ConfigError
from pokebench.models.protocol import Usage

UNKNOWN = "unknown"
FREE = "free"
_MILLION = 1_000_000
Dollars = Annotated[float, Field(ge=0, lt=1e6)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelPrices(_Strict):
    """Dollars for a million tokens of each class; writing to a cache at its shortest lifetime."""

    input: Dollars
    output: Dollars
    cache_read: Dollars
    cache_write: Dollars


class PriceTable(_Strict):
    """One file of prices."""

    schema_version: Literal[1] = Field(alias="schema")
    date: str
    source: str
    models: dict[str, ModelPrices]


class Pricing:
    """Prices of one model, or the statement that they are unknown."""

    def __init__(self, prices: ModelPrices | None) -> None:
        """Reckon with `prices`; None is unknown."""
        self._prices = prices

    @property
    def prices(self) -> ModelPrices | None:
        """The prices; None if they are unknown."""
        return self._prices

    def cost(self, usage: Usage) -> float | None:
        """Return dollars for the tokens of one call, or None."""
        if self._prices is None:
            return None
        prices = self._prices
        total = usage.tokens_in * prices.input + usage.tokens_out * prices.output
        total += usage.tokens_cache_read * prices.cache_read
        total += usage.tokens_cache_write * prices.cache_write
        return total / _MILLION

    def upper_bound(self, tokens_in: int, tokens_out: int) -> float | None:
        """Return the most that a call can cost: nothing read from a cache, all written to it."""
        if self._prices is None:
            return None
        dearest = max(self._prices.input, self._prices.cache_write)
        return (tokens_in * dearest + tokens_out * self._prices.output) / _MILLION


def load_pricing(table: str, model: str) -> Pricing:
    """Return the prices of `model` in a table, or unknown ones.

    Raises:
        ConfigError: there is no such table, or it is malformed.
    """
    if table == UNKNOWN:
        return Pricing(None)
    if table == FREE:
        return Pricing(ModelPrices(input=0.0, output=0.0, cache_read=0.0, cache_write=0.0))
    folder = content_dir("agents") / "prices"
    path = folder / f"{table}.toml"
    if Path(table).name != table or not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml")))
        raise ConfigError(f"prices.table {table!r}: there are {known}, {UNKNOWN} and {FREE}")
    return Pricing(read_toml(path, PriceTable, "price table").models.get(model))
