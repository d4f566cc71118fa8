"""`pokebench games`: list the games."""

import click
from rich.table import Table

from pokebench.cli.console import json_option, print_json, results
from pokebench.milestone import GameTable, game_ids, load_table
from pokebench.tallgrass.build import preset_names


@click.command("games")
@json_option
def command(as_json: bool) -> None:
    """List the games, and how each is named on the command line."""
    tables = [load_table(game_id) for game_id in game_ids()]
    if as_json:
        print_json([_as_json(table) for table in tables])
        return
    listing = Table("game", "title", "ROM", "milestones")
    for table in tables:
        source = "made from a seed" if table.game.generated else "your own (--rom)"
        listing.add_row(_usage(table), table.game.title, source, str(len(table.milestones)))
    results.print(listing)


def _usage(table: GameTable) -> str:
    if not table.game.generated:
        return table.game.id
    return f"{table.game.id}:{'|'.join(preset_names())}@SEED"


def _as_json(table: GameTable) -> dict[str, object]:
    return {
        "id": table.game.id,
        "title": table.game.title,
        "generated": table.game.generated,
        "presets": list(preset_names()) if table.game.generated else [],
        "roms": [dump.model_dump() for dump in table.rom],
        "milestones": [{"id": m.id, "title": m.title, "skill": m.skill} for m in table.milestones],
    }
