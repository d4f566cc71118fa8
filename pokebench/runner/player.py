"""The agent of a run, built before there is a run folder and connected once there is a console."""

from pokebench.agent import Agent, Privileges, build_agent
from pokebench.env import SEES, Sees
from pokebench.errors import ConfigError
from pokebench.runner.config import RunConfig
from pokebench.types import RamPort


class Player:
    """Builds the agent of a run; one that cannot be built leaves no run folder behind.

    Attributes:
        agent: who plays.
        sees: what it is shown.
    """

    def __init__(self, config: RunConfig) -> None:
        """Build the agent of `config`.

        Raises:
            ConfigError: it cannot be built.
        """
        self._port = _Port()
        privileges = Privileges(self._port, config.cartridge.rom.data)
        self.agent: Agent = build_agent(config.agent, config.seed, privileges)
        self.sees: Sees = SEES[config.agent.card.observation]

    def connect(self, ram: RamPort) -> None:
        """Let a privileged agent read `ram` from now on."""
        self._port.connect(ram)


class _Port:
    """The RAM port of a console that is switched on after the agent was built."""

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
