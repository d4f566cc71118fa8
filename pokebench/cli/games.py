"""`pokebench games`: list the games."""

import os
from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.console import json_option, print_json, program, results, talk
from pokebench.milestone import GameTable, game_ids, load_table
from pokebench.rom import Library
from pokebench.tallgrass.build import preset_names


@click.command("games")
@json_option
def command(as_json: bool) -> None:
    """List the games, and how each is named on the command line."""
    tables = [load_table(game_id) for game_id in game_ids()]
    sha1s = {rom.sha1 for rom in Library.of(os.environ, Path.cwd()).all()}
    if as_json:
        print_json([_as_json(table, sha1s) for table in tables])
        return
    listing = Table("game", "title", "ROM", "milestones")
    for table in tables:
        listing.add_row(
            _usage(table), table.game.title, _source(table, sha1s), str(len(table.milestones))
        )
    results.print(listing)
    if any(not table.game.generated and not _has_rom(table, sha1s) for table in tables):
        talk.print(
            f"Games without a ROM: {program()} rom add PATH remembers where yours lies "
            "(roms_README.md)"
        )


def _has_rom(table: GameTable, sha1s: set[str]) -> bool:
    return any(dump.sha1 in sha1s for dump in table.rom)


def _source(table: GameTable, sha1s: set[str]) -> str:
    if table.game.generated:
        return "made from a seed"
    return "your own, found" if _has_rom(table, sha1s) else "your own, not found"


def _usage(table: GameTable) -> str:
    if not table.game.generated:
        return table.game.id
    return f"{table.game.id}:{'|'.join(preset_names())}@SEED"


def _as_json(table: GameTable, sha1s: set[str]) -> dict[str, object]:
    return {
        "id": table.game.id,
        "title": table.game.title,
        "generated": table.game.generated,
        "presets": list(preset_names()) if table.game.generated else [],
        "has_rom": table.game.generated or _has_rom(table, sha1s),
        "roms": [dump.model_dump() for dump in table.rom],
        "milestones": [{"id": m.id, "title": m.title, "skill": m.skill} for m in table.milestones],
    }
