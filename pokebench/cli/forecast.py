"""`pokebench forecast`: what a run will cost, before it begins."""

from pathlib import Path

import click

from pokebench.cli.console import json_option, print_json, rom_option
from pokebench.cli.limits import agent_of, agent_options, budget_of, limit_options
from pokebench.milestone import GameSpec, open_game
from pokebench.runner.forecast import Forecast, forecast, guessed, measured
from pokebench.trajectory import read_trajectory


@click.command("forecast")
@click.option("--game", default="tallgrass:short@1", help="What to play: GAME[:PRESET[@SEED]].")
@agent_options
@limit_options
@click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="Recorded run of a model that shows how much it says and does.",
)
@rom_option
@json_option
def command(
    game: str,
    agent_name: str,
    tier: str | None,
    settings: tuple[str, ...],
    like: Path | None,
    rom: Path | None,
    as_json: bool,
    **limits: float | None,
) -> None:
    """Reckon calls, tokens, dollars and hours of a run, with what is assumed."""
    agent = agent_of(agent_name, tier, settings)
    assumptions = measured(read_trajectory(like)) if like else guessed(agent.card)
    cartridge = open_game(GameSpec.asked(game), rom)
    result = forecast(agent.card, cartridge, budget_of(limits), assumptions)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(forecast_lines(result)))


def forecast_lines(result: Forecast) -> list[str]:
    """Return a forecast in words."""
    usage, assumed = result.usage, result.assumptions
    tokens_in = usage.tokens_cache_read + usage.tokens_cache_write
    price = "dollars unknown (no prices)" if result.usd is None else f"${result.usd:,.2f}"
    return [
        f"Forecast: {price}, {span(result.hours)}, {result.calls:,} calls for "
        f"{result.game_minutes:.3g} min of game time, ended by {result.ending.replace('_', ' ')}.",
        f"  {_short(tokens_in)} input tokens, {result.cache_share:.0%} of them from the cache; "
        f"{_short(usage.tokens_out)} output tokens; contexts after the first: {result.epochs}.",
        f"  Assumes {assumed.steps_per_turn:.1f} steps and {assumed.calls_per_turn:.2f} calls a "
        f"turn, {assumed.new_tokens:.0f} new and {assumed.out_tokens:.0f} output tokens and "
        f"{assumed.call_s:.1f} s a call ({assumed.source}).",
    ]


def span(hours: float) -> str:
    """Return a time that a person waits."""
    return f"{hours:.1f} hours" if hours >= 1 else f"{max(60 * hours, 1):.0f} min"


def _short(number: int) -> str:
    return f"{number / 1e6:.1f} M" if number >= 1e6 else f"{number / 1e3:.0f} k"
