"""What the runs of these tests are asked to be: the smallest world, a model with prices."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pokebench.agent import AgentSpec
from pokebench.agent.card import AgentCard
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge
from pokebench.runner import RetryPolicy, RunConfig
from pokebench.trajectory.manifest import BudgetPart

GAME: Final = "tallgrass:micro@1"
SEED: Final = 1
MODEL: Final = "claude-haiku-5-5"
"""A priced model, whoever answers for it: so dollars can be checked to the last digit."""
PRICES: Final = "2026-11"
ADAPTERS: Final = {
    "anthropic": "",
    "openai": "/v1",
    "openai_background": "/v1",
    "openai_compatible": "/v1",
}
"""Every adapter, with what follows the provider's address; one of them fetches its answers."""
CHECKPOINT_S: Final = 0.2
"""Often enough that most sessions begin at a checkpoint and follow some of the record."""
KEY_ENV: Final = "POKEBENCH_ENDURANCE_KEY"
QUICK: Final = RetryPolicy(base_s=0.01, cap_s=0.02, longest_retry_after_s=1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A run to be asked for, in any folder and of any provider.

    Attributes:
        cartridge: the smallest world.
        adapter: which adapter speaks.
        turns: turns after which the run ends.
        epoch_tokens: context at which a new epoch begins; small, so that a short run has several.
    """

    cartridge: Cartridge
    adapter: str
    turns: int
    epoch_tokens: int = 6000

    def config(self, folder: Path, url: str) -> RunConfig:
        """Return the run in `folder` that asks the provider at `url`."""
        os.environ[KEY_ENV] = "sk-planted"
        is_background = self.adapter == "openai_background"
        model = {
            "provider": "openai" if is_background else self.adapter,
            "background": is_background,
            "base_url": url + ADAPTERS[self.adapter],
            "model": MODEL,
            "api_key_env": KEY_ENV,
        }
        card = {
            "id": "endurance",
            "title": "Endurance",
            "adapter": "model",
            "model": model,
            "context": {"epoch_tokens": self.epoch_tokens},
            "prices": {"table": PRICES},
        }
        budget = BudgetPart(frames=frames_of_minutes(60), turns=self.turns)
        agent = AgentSpec(AgentCard.model_validate(card))
        cache = folder.parent / f"cache of {folder.name}"
        return RunConfig(self.cartridge, agent, SEED, budget, folder, QUICK, cache, CHECKPOINT_S)
