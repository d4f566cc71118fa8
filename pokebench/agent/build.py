"""From a card to an agent that plays."""

import hashlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from pokebench.agent.baseline import RandomAgent, ReplayAgent
from pokebench.agent.card import AgentCard, load_card, python_card, read_card
from pokebench.agent.human import HumanAgent
from pokebench.agent.model_agent import ModelAgent
from pokebench.agent.oracle import Oracle
from pokebench.agent.ports import Journal, ModelLine
from pokebench.agent.prompt import handover_question, system_prompt
from pokebench.agent.protocol import Agent
from pokebench.agent.recorded import Limit, RecordedAgent
from pokebench.agent.toolbox import Toolbox, Tools
from pokebench.agent.tools import tool_specs
from pokebench.agent.wall_follower import WallFollower
from pokebench.content import explain, read_bytes
from pokebench.errors import ConfigError
from pokebench.types import JsonObject, RamPort


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """Who is asked to play.

    Attributes:
        card: the agent's card.
        source: file and class of a person's own agent.
        inputs: recorded actions, for the adapter `replay`.
    """

    card: AgentCard
    source: tuple[Path, str] | None = None
    inputs: str | None = None

    @classmethod
    def parse(cls, text: str) -> "AgentSpec":
        """Read an agent's id, the path of a card `CARD.toml`, or `FILE.py:CLASS`.

        Raises:
            ConfigError: there is no such agent or file.
        """
        if text.endswith(".toml"):
            return cls(read_card(Path(text)))
        path, separator, class_name = text.rpartition(":")
        if not separator:
            return cls(load_card(text))
        if not Path(path).is_file():
            raise ConfigError(f"agent {text!r}: no file {path}")
        return cls(python_card(Path(path), class_name), (Path(path), class_name))

    @classmethod
    def recorded(cls, card: JsonObject) -> "AgentSpec":
        """Return the agent whose card a manifest carries.

        Raises:
            ConfigError: the card is not of this version's form.
        """
        try:
            return cls(AgentCard.model_validate(card))
        except ValidationError as error:
            raise ConfigError(f"manifest.json agent.card: {explain(error)}") from error

    def with_source_of(self, other: "AgentSpec") -> "AgentSpec":
        """Return this agent, card and all, with the file that another names.

        Raises:
            ConfigError: this is not anybody's own code, or the other is not.
        """
        if self.card.adapter != "python" or other.source is None:
            raise ConfigError(
                f"agent {self.card.id} goes on by its own card; only FILE.py:CLASS is given again"
            )
        return replace(self, source=other.source)

    def with_settings(self, settings: tuple[str, ...]) -> "AgentSpec":
        """Return the agent with changes to its card, such as `harness.tier=pixels`.

        Raises:
            ConfigError: a setting is none that a card has.
        """
        return replace(self, card=self.card.with_settings(settings)) if settings else self

    def prompts_sha256(self, manual: str | None, task: str | None = None) -> str | None:
        """Return the hash of all that a model is told; None for an agent without a model."""
        if self.card.model is None:
            return None
        harness = self.card.harness
        names = self.card.context.tools_of(harness.allows)
        tools = [
            asdict(t) for t in tool_specs(names, harness.max_buttons, harness.notes_characters)
        ]
        told = [system_prompt(self.card, manual, task), handover_question(self.card), tools]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def code_sha256(self) -> str | None:
        """Hash of the file of a person's own agent, or of the inputs that are played again."""
        if self.inputs is not None:
            return hashlib.sha256(self.inputs.encode()).hexdigest()
        if self.source is None:
            return None
        return hashlib.sha256(read_bytes(self.source[0], "agent")).hexdigest()


@dataclass(frozen=True, slots=True)
class Loan:
    """What a run lends to an agent; each takes only what its card allows.

    Attributes:
        ram: the console's memory, for privileged agents only.
        rom: the cartridge, for privileged agents only.
        line: asks the model of a card that names one.
        journal: takes notes of what the agent does.
        manual: the world's manual, if there is one, for agents with an open book.
        limit: ends the run from inside an agent that does not come back.
        task: what the agent is asked for, in words, if not the whole game.
    """

    ram: RamPort
    rom: bytes
    line: ModelLine | None
    journal: Journal
    manual: str | None = None
    limit: Limit = nullcontext
    task: str | None = None


def build_agent(spec: AgentSpec, seed: int, loan: Loan) -> Agent:
    """Return the agent that `spec` describes.

    Args:
        spec: who plays.
        seed: starts the generator of agents that draw.
        loan: what the run lends.

    Raises:
        ConfigError: the card lacks what its adapter needs.
    """
    builders: dict[str, Callable[[], Agent]] = {
        "random": lambda: RandomAgent(seed, spec.card.random),
        "wall_follower": lambda: _wall_follower(spec, seed),
        "oracle": lambda: _oracle(spec, loan),
        "replay": lambda: _replay(spec),
        "human": lambda: _human(spec, loan),
        "python": lambda: _own(spec, loan),
        "model": lambda: _model(spec, loan),
    }
    return builders[spec.card.adapter]()


def _wall_follower(spec: AgentSpec, seed: int) -> Agent:
    harness = spec.card.harness
    return WallFollower(seed, Toolbox(harness.allows, harness.max_buttons), harness)


def _oracle(spec: AgentSpec, loan: Loan) -> Agent:
    if not spec.card.privileged:
        raise ConfigError(f"agent {spec.card.id}: the oracle reads RAM, so set privileged = true")
    return Oracle(loan.ram, loan.rom)


def _replay(spec: AgentSpec) -> Agent:
    if spec.inputs is None:
        raise ConfigError("agent replay needs the run to play again: --replay RUN")
    return ReplayAgent(spec.inputs)


def _model(spec: AgentSpec, loan: Loan) -> Agent:
    if loan.line is None:
        raise ConfigError(f"agent {spec.card.id}: asks a model, and there is no line to one")
    return ModelAgent(spec.card, loan.line, loan.journal, loan.manual, loan.task)


def _human(spec: AgentSpec, loan: Loan) -> Agent:
    harness = spec.card.harness
    toolbox = Toolbox(harness.allows, harness.max_buttons)
    human = HumanAgent(toolbox, harness)
    return RecordedAgent(human, toolbox, harness, loan.journal, loan.limit)


def _own(spec: AgentSpec, loan: Loan) -> Agent:
    """Load a person's own class; it is their code on their machine."""
    if spec.source is None:
        raise ConfigError(f"agent {spec.card.id}: adapter python is for FILE.py:CLASS only")
    path, class_name = spec.source
    module_spec = importlib.util.spec_from_file_location(f"pokebench_own_{path.stem}", path)
    if module_spec is None or module_spec.loader is None:
        raise ConfigError(f"agent {path}: not a Python file")
    module = importlib.util.module_from_spec(module_spec)
    sys.modules[module_spec.name] = module
    try:
        module_spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ConfigError(f"agent {path} cannot be loaded: {_told(error)}") from error
    agent_class = getattr(module, class_name, None)
    if agent_class is None:
        raise ConfigError(f"agent {path}: no class {class_name!r} in it")
    harness = spec.card.harness
    toolbox = Toolbox(harness.allows, harness.max_buttons)
    try:
        agent = (
            agent_class(Tools(toolbox, loan.task)) if _takes_tools(agent_class) else agent_class()
        )
    except (Exception, SystemExit) as error:
        raise ConfigError(f"agent {path}:{class_name} cannot be made: {_told(error)}") from error
    if not isinstance(agent, Agent):
        raise ConfigError(f"agent {path}:{class_name} lacks act, state or restore")
    return RecordedAgent(agent, toolbox, harness, loan.journal, loan.limit)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _takes_tools(agent_class: Callable[..., object]) -> bool:
    """Return whether a person's class wants the toolbox: its `__init__` takes an argument."""
    try:
        parameters = inspect.signature(agent_class).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(parameter.default is parameter.empty for parameter in parameters)
