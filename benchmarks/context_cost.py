"""What a context that only grows costs beside a sliding window, in dollars, over the real SDKs.

The same player plays the same game through each layout against the provider on loopback, which
keeps prompt caches by the providers' published rules. *Epochs* is what pokebench does; *window*
sends the last turns only, as most harnesses do, and so moves the prefix at every turn.

    make bench-context
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from pokebench.agent.card import AgentCard
from pokebench.agent.model_agent import ModelAgent
from pokebench.agent.ports import Purpose
from pokebench.env import Observer, Sees
from pokebench.episode import Episode
from pokebench.hands import Hands
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.models.build import build_model
from pokebench.models.prices import load_pricing
from pokebench.models.protocol import (
    AssistantMessage,
    Message,
    Model,
    Reply,
    Request,
    ToolResult,
    Usage,
    UserMessage,
)
from pokebench.reader import reader_of
from pokebench.testing import FakeProvider, MirrorPlayer
from pokebench.types import JsonObject

GAME: Final = "tallgrass:short@1"
WINDOW_TURNS: Final = 20
NO_BUDGET: Final = 10**12
ARMS: Final = (
    ("anthropic", "claude-opus-5-5", ""),
    ("openai", "gpt-6.1-sol", "/v1"),
)
PRICES: Final = "2026-11"


class Window(ModelAgent):
    """Sends the opening and the last turns, whatever was said before."""

    def _request(self) -> Request:
        whole = super()._request()
        starts = [
            number
            for number, message in enumerate(whole.messages)
            if isinstance(message, AssistantMessage)
        ]
        if len(starts) <= WINDOW_TURNS:
            return whole
        kept = whole.messages[starts[-WINDOW_TURNS] :]
        return Request(whole.system, whole.tools, (_opening(whole.messages), *kept))


def _opening(messages: tuple[Message, ...]) -> Message:
    first = messages[0]
    return first if isinstance(first, UserMessage | ToolResult) else UserMessage(())


class CountingLine:
    """Asks, and adds up what it costs."""

    def __init__(self, model: Model) -> None:
        self.calls = 0
        self.usage = Usage()
        self._model = model

    def ask(self, request: Request, purpose: Purpose) -> Reply:
        """Return the reply."""
        reply = self._model.query(request)
        self.calls += 1
        names = ("tokens_in", "tokens_cache_read", "tokens_cache_write", "tokens_out")
        total = {name: getattr(self.usage, name) + getattr(reply.usage, name) for name in names}
        self.usage = Usage(**total)
        return reply


class NoJournal:
    """Keeps nothing."""

    def record(self, kind: str, data: JsonObject) -> None:
        """Pass over it."""

    def recall(self, kind: str) -> JsonObject | None:
        """Know nothing."""
        return None


@dataclass(frozen=True)
class Cost:
    """One layout at one provider."""

    provider: str
    prices_of: str
    layout: str
    turns: int
    calls: int
    usage: Usage
    usd: float

    @property
    def cache_share(self) -> float:
        """Share of input tokens that were read from the cache."""
        usage = self.usage
        return usage.tokens_cache_read / (
            usage.tokens_in + usage.tokens_cache_read + usage.tokens_cache_write
        )


def play(cartridge: Cartridge, card: AgentCard, agent_class: type[ModelAgent], turns: int) -> Cost:
    """Play some turns through one layout."""
    assert card.model is not None
    model = build_model(card.model.provider, card.model.settings())
    line = CountingLine(model)
    agent = agent_class(card, line, NoJournal(), None)
    episode = Episode(cartridge, 1, NO_BUDGET)
    reader = reader_of(cartridge.table, cartridge.rom.data)
    observer = Observer(reader, Sees(screen=True, text=True, is_careful=True))
    hands = Hands(episode, reader, draws=True)
    trace = hands.settle(lambda _: None)
    for _ in range(turns):
        turn = agent.act(observer.observe(episode, trace))
        trace = hands.perform(turn, lambda _: None)
    episode.close()
    model.close()
    prices_of = next(name for provider, name, _ in ARMS if provider == card.model.provider)
    usd = load_pricing(PRICES, prices_of).cost(line.usage)
    assert usd is not None
    layout = "window" if agent_class is Window else "epochs"
    return Cost(card.model.provider, prices_of, layout, turns, line.calls, line.usage, usd)


def measured(turns: int) -> Iterator[Cost]:
    """Yield each layout at each provider."""
    cartridge = open_game(GameSpec.parse(GAME))
    os.environ["BENCH_KEY"] = "sk-bench-key-of-no-use"
    for provider, _, suffix in ARMS:
        for agent_class in (ModelAgent, Window):
            with FakeProvider(MirrorPlayer()) as fake:
                model = {
                    "provider": provider,
                    "model": f"scripted:{GAME}:seed1",
                    "base_url": fake.url + suffix,
                    "api_key_env": "BENCH_KEY",
                }
                data = {"id": "bench", "title": "Bench", "adapter": "model", "model": model}
                card = AgentCard.model_validate(data)
                yield play(cartridge, card, agent_class, turns)


@click.command()
@click.option("--turns", default=600, show_default=True, help="Turns for each layout.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="File for the figures.")
def main(turns: int, path: Path | None) -> None:
    """Print dollars and cache share of both layouts at both providers."""
    print(f"{turns} turns of {GAME}; window of {WINDOW_TURNS} turns; prices of {PRICES}")
    print(f"{'provider':<12}{'prices of':<18}{'layout':<9}{'input tok':>11}{'cached':>8}{'usd':>8}")
    costs = []
    for cost in measured(turns):
        costs.append(cost)
        usage = cost.usage
        tokens = usage.tokens_in + usage.tokens_cache_read + usage.tokens_cache_write
        print(
            f"{cost.provider:<12}{cost.prices_of:<18}{cost.layout:<9}{tokens:>11,}"
            f"{cost.cache_share:>8.1%}{cost.usd:>8.2f}"
        )
    for first, second in zip(costs[::2], costs[1::2], strict=True):
        print(f"{first.provider}: the window costs {second.usd / first.usd:.2f} times as much")
    if path:
        data = [{**cost.__dict__, "usage": str(cost.usage)} for cost in costs]
        path.write_text(json.dumps(data, indent=1))


if __name__ == "__main__":
    main()
