"""Dollars on the terminal: tokens by a dated price table, whatever they cost when spent."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from pokebench.cli.console import results
from pokebench.errors import ConfigError
from pokebench.leaderboard.costs import model_of, price_table_of
from pokebench.models.prices import UNKNOWN, load_pricing
from pokebench.score import CLOCKS, ScoredRun
from pokebench.score.cost import Cost, Prices, cost_of
from pokebench.types import JsonObject


@dataclass(frozen=True, slots=True)
class Priced:
    """What a run's tokens cost.

    Attributes:
        model: the model's id.
        table: name of the price table.
        cost: by class of token; None if the table has no price of the model.
        recorded_usd: what was reckoned at most while it ran, by the table of that time.
    """

    model: str
    table: str
    cost: Cost | None
    recorded_usd: float

    def to_json(self) -> JsonObject:
        """Return it for programs."""
        found = asdict(self)
        return found | {"usd": self.cost.usd if self.cost else None}


def priced(run: ScoredRun, card: JsonObject, table: str | None) -> Priced | None:
    """Return what a run's tokens cost by `table`, or by the card's own; None without a model.

    Raises:
        ConfigError: there is no table of that name.
    """
    if card.get("adapter") != "model":
        return None
    model, name = model_of(card), table or price_table_of(card)
    try:
        prices = load_pricing(name, model).prices
    except ConfigError:
        if table:
            raise
        prices = None
    found = cost_of(run.end, Prices(**prices.model_dump())) if prices else None
    return Priced(model, name, found, CLOCKS["usd"].value(run.end))


def print_costs(runs: Sequence[ScoredRun], costs: Sequence[Priced | None]) -> None:
    """Print what runs of one agent cost; nothing if no model was asked."""
    known = [(run, cost) for run, cost in zip(runs, costs, strict=True) if cost]
    if not known:
        return
    first = known[0][1]
    if first.cost is None:
        where = f"price table {first.table}" if first.table != UNKNOWN else "card"
        results.print(
            f"Cost unknown: the {where} has no price of {first.model}. Tokens are kept: "
            "--prices TABLE prices them."
        )
        return
    results.print(f"Dollars by list price, table {first.table}, model {first.model}")
    table = Table()
    for heading in (
        "seed", "input", "cache read", "cache write", "output", "all", "without a cache",
        "when it ran",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for run, cost in known:
        if cost.cost is not None:
            table.add_row(str(run.seed), *_cells(cost.cost), _dollars(cost.recorded_usd))
    results.print(table)


def _cells(cost: Cost) -> list[str]:
    parts = (
        cost.input_usd, cost.cache_read_usd, cost.cache_write_usd, cost.output_usd, cost.usd,
        cost.uncached_usd,
    )  # fmt: skip
    return [_dollars(part) for part in parts]


def _dollars(value: float) -> str:
    return f"{value:,.2f}" if value >= 10 else f"{value:.4f}"
