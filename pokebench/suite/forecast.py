"""What playing a suite with a model will cost, between two bounds, before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from pokebench.agent import AgentSpec
from pokebench.runner.forecast import Assumptions, Forecast, forecast
from pokebench.suite.content import FrozenSuite
from pokebench.suite.form import Segment
from pokebench.suite.trial import Trial, cartridge_of, segment_of
from pokebench.trajectory.manifest import BudgetPart


@dataclass(frozen=True, slots=True)
class Bound:
    """What all trials come to.

    Attributes:
        game_minutes: game time that the agent plays.
        calls: answers of the model.
        tokens_out: output tokens.
        usd: dollars, or None if prices are unknown.
        hours: hours on the wall clock, one trial after another.
    """

    game_minutes: float
    calls: int
    tokens_out: int
    usd: float | None
    hours: float


@dataclass(frozen=True, slots=True)
class SuiteForecast:
    """Two bounds; a run lies between them, or below the lower if the agent gives up early.

    Attributes:
        trials: how many.
        least: every trial takes as long as the oracle.
        most: every trial uses its budget up.
        assumptions: what was assumed.
    """

    trials: int
    least: Bound
    most: Bound
    assumptions: Assumptions


def suite_forecast(
    frozen: FrozenSuite,
    trials: Sequence[Trial],
    agent: AgentSpec,
    limits: BudgetPart,
    factor: float,
    assumptions: Assumptions,
) -> SuiteForecast:
    """Reckon what `trials` will cost with a model.

    Raises:
        ConfigError: the agent asks no model, or the suite is not exact for this software.
    """
    known: dict[tuple[str, str, float], Forecast] = {}

    def one(trial: Trial, multiple: float) -> Forecast:
        segment = segment_of(frozen, trial)
        key = (segment.id, trial.book, multiple)
        if key not in known:
            known[key] = _of_segment(frozen, segment, trial, agent, limits, multiple, assumptions)
        return known[key]

    return SuiteForecast(
        trials=len(trials),
        least=_sum([one(trial, 1.0) for trial in trials]),
        most=_sum([one(trial, factor) for trial in trials]),
        assumptions=assumptions,
    )


def _of_segment(
    frozen: FrozenSuite,
    segment: Segment,
    trial: Trial,
    agent: AgentSpec,
    limits: BudgetPart,
    multiple: float,
    assumptions: Assumptions,
) -> Forecast:
    frames = max(1, round(multiple * segment.reference.median_frames))
    budget = limits.model_copy(update={"frames": frames})
    card = agent.with_settings((f"harness.book={trial.book}",)).card
    return forecast(card, cartridge_of(frozen, segment), budget, assumptions)


def _sum(parts: Sequence[Forecast]) -> Bound:
    prices = [part.usd for part in parts]
    known = [price for price in prices if price is not None]
    return Bound(
        game_minutes=sum(part.game_minutes for part in parts),
        calls=sum(part.calls for part in parts),
        tokens_out=sum(part.usage.tokens_out for part in parts),
        usd=sum(known) if len(known) == len(prices) else None,
        hours=sum(part.hours for part in parts),
    )
