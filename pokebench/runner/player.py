"""The agent of a run with all it is lent: RAM if it is privileged, a line if it asks a model."""

from collections.abc import Callable
from typing import Self

from pokebench.agent import Agent, Loan, build_agent
from pokebench.env import SEES, Sees
from pokebench.errors import ConfigError
from pokebench.models.build import build_model
from pokebench.models.prices import load_pricing
from pokebench.runner.budget import Budgets
from pokebench.runner.config import RunConfig
from pokebench.runner.journal import Journal
from pokebench.runner.line import RecordedLine
from pokebench.types import JsonObject, RamPort


class _Port:
    """The RAM port of a console that is switched on after the agent was built.

    An agent that cannot be built must leave no run folder behind.
    """

    def __init__(self) -> None:
        self._ram: RamPort | None = None

    def connect(self, ram: RamPort) -> None:
        """Read from `ram` from now on."""
        self._ram = ram

    def read(self, address: int, size: int) -> bytes:
        """Return `size` bytes from `address`."""
        if self._ram is None:
            raise ConfigError("an agent reads RAM before its first turn; read it in act()")
        return self._ram.read(address, size)


class _Notebook:
    """Takes an agent's notes; connected once there is a record."""

    def __init__(self) -> None:
        self._record: Callable[[str, JsonObject], None] = lambda what, data: None

    def connect(self, record: Callable[[str, JsonObject], None]) -> None:
        """Hand notes to `record` from now on."""
        self._record = record

    def record(self, kind: str, data: JsonObject) -> None:
        """Record an event."""
        self._record(kind, data)


class Player:
    """Builds the agent before there is a run folder, and connects it once there is a run.

    Attributes:
        sees: what the agent is shown.
    """

    def __init__(self, config: RunConfig, stop_requested: Callable[[], bool]) -> None:
        """Build the agent of `config`.

        Raises:
            ConfigError: it cannot be built: a key, an extra or an option is missing.
        """
        self._port = _Port()
        self._notebook = _Notebook()
        self._line = self._build_line(config, stop_requested)
        loan = Loan(self._port, config.cartridge.rom.data, self._line, self._notebook)
        self._agent = build_agent(config.agent, config.seed, loan)
        self.sees = _sees(config)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None:
            self._line.close()

    @property
    def api_host(self) -> str | None:
        """The host that a model is asked at."""
        return self._line.host if self._line is not None else None

    def connect(
        self,
        ram: RamPort,
        journal: Journal,
        record: Callable[[str, JsonObject], None],
        budgets: Budgets,
        frames: Callable[[], int],
    ) -> Agent:
        """Return the agent, with everything it was lent working."""
        self._port.connect(ram)
        self._notebook.connect(record)
        if self._line is not None:
            self._line.connect(journal, budgets, frames)
        return self._agent

    def _build_line(
        self, config: RunConfig, stop_requested: Callable[[], bool]
    ) -> RecordedLine | None:
        card = config.agent.card
        if card.model is None:
            return None
        settings = card.model.settings()
        pricing = load_pricing(card.prices.table, card.model.model)
        if config.budget.usd is not None and pricing.upper_bound(1, 1) is None:
            raise ConfigError(
                f"--max-usd: the prices of {card.model.model} are unknown; name a table in the "
                "card's [prices], or limit --max-tokens"
            )
        return RecordedLine(
            build_model(card.model.provider, settings),
            pricing,
            settings.max_output_tokens,
            config.retry,
            stop_requested,
        )


def _sees(config: RunConfig) -> Sees:
    """Return what the agent's card, and by it its tier, allows it to see."""
    card = config.agent.card
    if card.model is None:
        return SEES[card.observation]
    return Sees(screen=True, text=card.harness.tier == "text", is_careful=True)
