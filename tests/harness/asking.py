"""What tests of model runs share: a card for the provider on loopback, and looks into a record."""

from pathlib import Path
from typing import Any, Protocol

from pokebench.agent import AgentSpec
from pokebench.agent.card import AgentCard
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge
from pokebench.runner import RetryPolicy, RunConfig
from pokebench.testing import ScriptedReply
from pokebench.trajectory import AgentEvent, Event, read_trajectory
from pokebench.trajectory.manifest import BudgetPart

KEY = "sk-planted-key-0123456789"
KEY_VARIABLE = "A_TEST_API_KEY"
SUFFIX = {"anthropic": "", "openai": "/v1", "openai_compatible": "/v1"}
QUICK = RetryPolicy(base_s=0.01, cap_s=0.02, longest_retry_after_s=1.0, doubtful_attempts=3)


class Server(Protocol):
    """Whatever is asked."""

    @property
    def url(self) -> str: ...


def config(
    cartridge: Cartridge,
    provider: Server,
    folder: Path,
    kind: str = "anthropic",
    cache: Path | None = None,
    **card: Any,
) -> RunConfig:
    """A run of a model at the provider; `card` holds tables of the card, and `limits`."""
    budget = BudgetPart(frames=frames_of_minutes(60), **card.pop("limits", {}))
    model = {
        "provider": kind,
        "base_url": provider.url + SUFFIX[kind],
        "model": "scripted:tallgrass:micro@1:seed1",
        "api_key_env": KEY_VARIABLE,
        **card.pop("model", {}),
    }
    data = {"id": "scripted", "title": "Scripted", "adapter": "model", "model": model, **card}
    agent = AgentSpec(AgentCard.model_validate(data))
    return RunConfig(cartridge, agent, 1, budget, folder, QUICK, cache)


def events(folder: Path) -> list[Event]:
    """All events of a record."""
    return [line.event for line in read_trajectory(folder).lines]


def noted(folder: Path, what: str) -> list[dict[str, Any]]:
    """What the agent noted of a kind."""
    return [e.data for e in events(folder) if isinstance(e, AgentEvent) and e.what == what]


def letters(folder: Path) -> str:
    """All steps of a run."""
    return "".join(turn.a for turn in read_trajectory(folder).turns)


def press(*buttons: str, text: str = "on") -> ScriptedReply:
    """A reply that presses buttons."""
    return ScriptedReply(text, "press_buttons", {"buttons": list(buttons)})
