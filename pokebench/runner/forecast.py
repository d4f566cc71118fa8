"""What a run will cost, reckoned before it begins: calls, tokens, dollars, hours.

It follows the harness's own rules (contexts that grow and turn over, prefixes that are read from
the cache) with stated assumptions about what nobody can know: how much a model says, how far a turn
gets in the game, how long an answer takes. A recorded run of the same agent replaces the guesses.
"""

import math
from dataclasses import asdict, dataclass, replace
from typing import Final

from pokebench.agent.card import AgentCard
from pokebench.agent.prompt import handover_question, system_prompt
from pokebench.agent.tools import tool_specs
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.models.prices import Pricing, load_pricing
from pokebench.models.protocol import Usage
from pokebench.trajectory import IntentEvent, ResultEvent, Trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason, JsonObject

_CHARACTERS_PER_TOKEN: Final = 4
_SCREEN: Final = (160, 144)
_MOST_TURNS: Final = 20_000
"""Turns that are reckoned one by one; the rest of a longer run is like them."""
_HOUR_S: Final = 3600
_FEWEST_STEPS: Final = 0.1
_FILLED: Final = 0.5
"""How full notes and hand-overs are taken to be, of what they may have."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What cannot be known beforehand.

    Attributes:
        steps_per_turn: steps that a turn takes, waits included; 20 frames each.
        calls_per_turn: questions for a turn, with notes, maps and unusable replies.
        new_tokens: tokens that each question adds, picture and tool call included.
        out_tokens: tokens of an answer, reasoning included.
        call_s: seconds that an answer takes.
        source: where the numbers come from.
    """

    steps_per_turn: float
    calls_per_turn: float
    new_tokens: float
    out_tokens: float
    call_s: float
    source: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run comes to.

    Attributes:
        ending: which limit ends it.
        game_minutes: game time then.
        turns: turns taken.
        calls: answers of the model.
        epochs: contexts begun.
        usage: tokens in all.
        usd: dollars, or None if prices are unknown.
        hours: hours on the wall clock.
        assumptions: what was assumed.
    """

    ending: EndReason
    game_minutes: float
    turns: int
    calls: int
    epochs: int
    usage: Usage
    usd: float | None
    hours: float
    assumptions: Assumptions

    @property
    def cache_share(self) -> float:
        """Share of input tokens that are read from a cache, 0 to 1."""
        usage = self.usage
        total = usage.tokens_in + usage.tokens_cache_read + usage.tokens_cache_write
        return usage.tokens_cache_read / total if total else 0.0

    def to_json(self) -> JsonObject:
        """Return it for programs."""
        return asdict(self) | {"cache_share": self.cache_share}


def guessed(card: AgentCard) -> Assumptions:
    """Return assumptions for a card that was never run: eight steps a turn, 400 tokens a reply."""
    return Assumptions(
        steps_per_turn=8.0,
        calls_per_turn=1.05,
        new_tokens=60.0 + 250.0 * card.harness.allows.text + image_tokens(card),
        out_tokens=400.0,
        call_s=8.0,
        source="rules of thumb; --like RUN takes them from a recorded run",
    )


def measured(trajectory: Trajectory) -> Assumptions:
    """Return what a recorded run of a model shows.

    Raises:
        ConfigError: it holds no answers of a model.
    """
    events = [line.event for line in trajectory.lines]
    results = [event for event in events if isinstance(event, ResultEvent)]
    turns = trajectory.turns
    if not results or not turns:
        raise ConfigError(f"{trajectory.folder}: no model answered in this run")
    purposes = {e.call: e.purpose for e in events if isinstance(e, IntentEvent)}
    grown, last = [], 0
    for result in results:
        size = result.tokens_in + result.tokens_cache_read + result.tokens_cache_write
        if purposes.get(result.call) == "turn" and size > last > 0:
            grown.append(size - last)
        last = size + result.tokens_out
    steps = sum(len(turn.a) for turn in turns)
    return Assumptions(
        steps_per_turn=max(steps / len(turns), _FEWEST_STEPS),
        calls_per_turn=len(results) / len(turns),
        new_tokens=sum(grown) / max(len(grown), 1),
        out_tokens=sum(result.tokens_out for result in results) / len(results),
        call_s=sum(result.seconds for result in results) / len(results),
        source=f"{len(results)} answers in {trajectory.folder}",
    )


def image_tokens(card: AgentCard) -> float:
    """Return the tokens of a screen as the provider counts them; 0 without pictures.

    Source: the providers' documentation of vision: patches of 28 pixels (Anthropic), or of 32 and a
    fifth more (OpenAI); servers of others are taken to count like OpenAI.
    """
    if not card.harness.allows.screen or card.model is None:
        return 0.0
    width, height = (size * card.harness.image_scale for size in _SCREEN)
    if card.model.provider == "anthropic":
        return math.ceil(width / 28) * math.ceil(height / 28)
    return math.ceil(1.2 * math.ceil(width / 32) * math.ceil(height / 32))


def forecast(
    card: AgentCard, cartridge: Cartridge, budget: BudgetPart, assumptions: Assumptions
) -> Forecast:
    """Reckon what a run comes to.

    Args:
        card: the agent, who asks a model.
        cartridge: the game.
        budget: what ends the run.
        assumptions: what cannot be known.

    Raises:
        ConfigError: the card asks no model, or names a prompt or price table that there is not.
    """
    if card.model is None:
        raise ConfigError(f"agent {card.id} asks no model, so it costs nothing")
    pricing = load_pricing(card.prices.table, card.model.model)
    return _Reckoning(card, cartridge, budget, assumptions, pricing).run()


class _Reckoning:
    """A run without a game: only its tokens."""

    def __init__(
        self,
        card: AgentCard,
        cartridge: Cartridge,
        budget: BudgetPart,
        assumptions: Assumptions,
        pricing: Pricing,
    ) -> None:
        self._context = card.context
        self._has_images = card.harness.allows.screen
        self._budget = budget
        self._assumptions = assumptions
        self._pricing = pricing
        self._turn_frames = assumptions.steps_per_turn * cartridge.table.timing.step_frames
        manual = cartridge.manual() if card.harness.book == "open" else None
        harness = card.harness
        names = card.context.tools_of(harness.allows)
        tools = repr(tool_specs(names, harness.max_buttons, harness.notes_characters))
        words = system_prompt(card, manual) + tools
        self._head = len(words) / _CHARACTERS_PER_TOKEN
        self._handover = card.context.handover_characters / _CHARACTERS_PER_TOKEN * _FILLED
        notes = harness.notes_characters / _CHARACTERS_PER_TOKEN * _FILLED
        self._opening = self._head + self._handover + notes
        self._question = len(handover_question(card)) / _CHARACTERS_PER_TOKEN
        self._max_output_tokens = card.model.max_output_tokens if card.model else 0
        self._size = self._head
        self._read = self._written = self._out = 0.0
        self._calls = self._turns = self._epochs = 0

    def run(self) -> Forecast:
        """Reckon turn by turn until a limit ends it."""
        assumed = self._assumptions
        size, cached, in_epoch, owed = self._head, 0.0, 0, 0.0
        ending = self._ending()  # at once, if the first answer could cost more than there is
        while ending is None and self._turns < _MOST_TURNS:
            if self._is_over(size, in_epoch):
                self._ask(size + self._question, size, self._handover)
                self._epochs += 1
                size, cached, in_epoch = self._opening, self._head, 0
            owed += assumed.calls_per_turn
            while owed >= 1:
                size += assumed.new_tokens
                self._ask(size, cached, assumed.out_tokens)
                cached = size
                size += assumed.out_tokens
                owed -= 1
            self._turns += 1
            self._size = size
            in_epoch += 1
            ending = self._ending()
        if ending is None:
            ending = self._go_on_alike()
        return Forecast(
            ending=ending,
            game_minutes=self._turns * self._turn_frames / 60 / (4194304 / 70224),
            turns=self._turns,
            calls=self._calls,
            epochs=self._epochs,
            usage=self._usage(),
            usd=self._pricing.cost(self._usage()),
            hours=self._calls * assumed.call_s / _HOUR_S,
            assumptions=replace(assumed),
        )

    def _ask(self, size: float, cached: float, out: float) -> None:
        self._calls += 1
        self._read += cached
        self._written += size - cached
        self._out += out

    def _is_over(self, size: float, turns: int) -> bool:
        context = self._context
        is_done = context.mode == "split" and turns >= context.segment_turns
        is_full = self._has_images and turns >= context.epoch_images
        return size > context.epoch_tokens or is_full or is_done

    def _usage(self) -> Usage:
        return Usage(0, round(self._read), round(self._written), round(self._out))

    def _go_on_alike(self) -> EndReason:
        """Multiply everything until the first limit is reached."""
        factor, ending = min(
            (limit / value, reason) for reason, limit, value in self._limits() if value > 0
        )
        self._read, self._written, self._out = (
            amount * factor for amount in (self._read, self._written, self._out)
        )
        self._calls, self._turns, self._epochs = (
            round(count * factor) for count in (self._calls, self._turns, self._epochs)
        )
        return ending

    def _ending(self) -> EndReason | None:
        return next((reason for reason, limit, value in self._limits() if value >= limit), None)

    def _reserve(self) -> float:
        """Return the dollars that are held back for the next answer, which may be long."""
        most = self._pricing.upper_bound(round(self._size), self._max_output_tokens)
        return most or 0.0

    def _limits(self) -> list[tuple[EndReason, float, float]]:
        """Return each limit that there is, and how far it is used up."""
        budget, usage = self._budget, self._usage()
        tokens = usage.tokens_cache_read + usage.tokens_cache_write + usage.tokens_out
        limits = (
            (EndReason.BUDGET_FRAMES, budget.frames, self._turns * self._turn_frames),
            (EndReason.BUDGET_TURNS, budget.turns, self._turns),
            (EndReason.BUDGET_CALLS, budget.calls, self._calls),
            (EndReason.BUDGET_TOKENS, budget.tokens, tokens),
            (
                EndReason.BUDGET_USD,
                budget.usd,
                (self._pricing.cost(usage) or 0.0) + self._reserve(),
            ),
            (EndReason.BUDGET_WALL, budget.wall_s, self._calls * self._assumptions.call_s),
        )
        return [(reason, limit, value) for reason, limit, value in limits if limit is not None]
