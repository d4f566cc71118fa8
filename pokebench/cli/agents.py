"""`pokebench agents`: list the agents."""

import click
from rich.table import Table

from pokebench.agent import AgentCard, agent_ids, load_card
from pokebench.cli.console import json_option, print_json, results


@click.command("agents")
@json_option
def command(as_json: bool) -> None:
    """List the agents; your own is given as FILE.py:CLASS."""
    cards = [load_card(agent_id) for agent_id in agent_ids()]
    if as_json:
        print_json([card.model_dump(mode="json") for card in cards])
        return
    listing = Table("agent", "title", "tier", "note")
    for card in cards:
        listing.add_row(card.id, card.title, card.tier, _note(card))
    results.print(listing)


def _note(card: AgentCard) -> str:
    if card.privileged:
        return "reads RAM: a reference, never ranked"
    return "a baseline, not ranked" if card.control else ""
