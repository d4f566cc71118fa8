"""The flags that say what ends a run, and which agent plays: shared by `run` and `forecast`."""

import math
from collections.abc import Callable
from typing import Any

import click

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.trajectory.manifest import BudgetPart


class _Positive(click.FloatRange):
    """A finite number above 0."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what is no number, and what is without end."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number


positive = _Positive(min=0, min_open=True)
_LIMITS = (
    click.option("--budget-minutes", default=60.0, type=positive, help="Minutes of game time."),
    click.option("--max-turns", type=click.IntRange(1), help="Turns of the agent."),
    click.option("--max-calls", type=click.IntRange(1), help="Answers of the model."),
    click.option("--max-tokens", type=click.IntRange(1), help="Tokens of all classes."),
    click.option("--max-usd", type=positive, help="Dollars, doubtful ones included."),
    click.option("--max-hours", type=positive, help="Hours on the wall clock."),
    click.option(
        "--max-stagnation", type=click.IntRange(1), help="Turns since the last milestone."
    ),
)
_AGENT = (
    click.option(
        "--agent",
        "agent_name",
        required=True,
        help="Who plays: an id, CARD.toml, or FILE.py:CLASS.",
    ),
    click.option(
        "--tier",
        type=click.Choice(["pixels", "text", "assisted", "open"]),
        default=None,
        show_default="the card's",
        help="What the agent sees and uses.",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="TABLE.KEY=VALUE",
        help="Change a key of the card, such as harness.book=open; may be repeated.",
    ),
)


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags of `budget_of`."""
    for option in reversed(_LIMITS):
        command = option(command)
    return command


def agent_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags of `agent_of`."""
    for option in reversed(_AGENT):
        command = option(command)
    return command


def budget_of(limits: dict[str, Any]) -> BudgetPart:
    """Return what the flags of `limit_options` say."""
    hours = limits["max_hours"]
    return BudgetPart(
        frames=frames_of_minutes(limits["budget_minutes"]),
        turns=limits["max_turns"],
        calls=limits["max_calls"],
        tokens=limits["max_tokens"],
        usd=limits["max_usd"],
        wall_s=hours * 3600 if hours else None,
        stagnation_turns=limits["max_stagnation"],
    )


def agent_of(name: str, tier: str | None, settings: tuple[str, ...]) -> AgentSpec:
    """Return who the flags of `agent_options` name.

    Raises:
        ConfigError: there is no such agent, or a setting is none that a card has.
    """
    changes = (*settings, *((f"harness.tier={tier}",) if tier else ()))
    return AgentSpec.parse(name).with_settings(changes)
