"""The agent of a run with all it is lent: RAM if it is privileged, a line if it asks a model."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Self

from pokebench.agent import Agent, Loan, build_agent
from pokebench.env import Sees
from pokebench.errors import ConfigError, DesyncError
from pokebench.models.build import build_model
from pokebench.models.prices import load_pricing
from pokebench.runner.alarm import alarm
from pokebench.runner.budget import Budgets
from pokebench.runner.config import RunConfig
from pokebench.runner.journal import Journal
from pokebench.runner.line import RecordedLine
from pokebench.trajectory import AgentEvent, Inflight
from pokebench.types import JsonObject, RamPort

_PAID = frozenset({"answer"})
"""What an agent records that cannot be had again: it is on the disk before it is acted on."""


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
        self._journal: Journal | None = None
        self._frames: Callable[[], int] = lambda: 0

    def connect(self, journal: Journal, frames: Callable[[], int]) -> None:
        """Hand notes to `journal` from now on, stamped with `frames`."""
        self._journal = journal
        self._frames = frames

    def record(self, kind: str, data: JsonObject) -> None:
        """Record an event."""
        assert self._journal is not None
        event = AgentEvent(f=self._frames(), what=kind, data=data)
        self._journal.commit(event, durable=kind in _PAID)

    def recall(self, kind: str) -> JsonObject | None:
        """Return the data of the next recorded event, which must be of `kind`; None if live."""
        assert self._journal is not None
        if not self._journal.is_replaying:
            return None
        event = self._journal.take(AgentEvent)
        if event.what != kind:
            raise DesyncError(f"events.jsonl, frame {event.f}: {event.what} where {kind} belongs")
        return event.data


class _Limit:
    """Ends a run from inside an agent that does not come back; connected once there is a run."""

    def __init__(self) -> None:
        self._seconds_left: Callable[[], float | None] = lambda: None

    def connect(self, seconds_left: Callable[[], float | None]) -> None:
        """Leave the agent what `seconds_left` says."""
        self._seconds_left = seconds_left

    def __call__(self) -> AbstractContextManager[None]:
        """Return what is put around the agent's own code."""
        return alarm(self._seconds_left())


class Player:
    """Builds the agent before there is a run folder, and connects it once there is a run.

    Attributes:
        sees: what the agent is shown.
        prompts_sha256: hash of all that a model is told; None for an agent without a model.
    """

    def __init__(self, config: RunConfig, stop_requested: Callable[[], bool]) -> None:
        """Build the agent of `config`.

        Raises:
            ConfigError: it cannot be built: a key, an extra or an option is missing.
        """
        self._port = _Port()
        self._notebook = _Notebook()
        self._line = self._build_line(config, stop_requested)
        manual, task = _manual(config), config.task.words if config.task else None
        self._limit = _Limit()
        loan = Loan(
            self._port,
            config.cartridge.rom.data,
            self._line,
            self._notebook,
            manual,
            self._limit,
            task,
        )
        self.prompts_sha256 = config.agent.prompts_sha256(manual, task)
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
        inflight: Inflight,
        budgets: Budgets,
        frames: Callable[[], int],
    ) -> Agent:
        """Return the agent, with everything it was lent working."""
        self._port.connect(ram)
        self._notebook.connect(journal, frames)
        self._limit.connect(lambda: budgets.seconds_left(journal))
        if self._line is not None:
            self._line.connect(journal, inflight, budgets, frames)
        return self._agent

    def state(self) -> JsonObject:
        """Return what a checkpoint needs besides the agent's memory."""
        return self._line.state() if self._line is not None else {}

    def restore(self, state: JsonObject) -> None:
        """Go on from a checkpoint."""
        if self._line is not None:
            self._line.restore(state)

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
    """Return what the agent's tier allows it to see, but for pictures that it would not look at."""
    card = config.agent.card
    if card.tier == "none":
        return Sees()
    tier = card.harness.allows
    is_free = card.adapter == "python" and card.tier == "open"
    screen = tier.screen and card.uses_pictures
    return Sees(screen=screen, text=tier.text, view=tier.view, is_careful=not is_free)


def _manual(config: RunConfig) -> str | None:
    """Return the world's manual, if the agent's book is open and there is one."""
    return config.cartridge.manual() if config.agent.card.harness.book == "open" else None
