"""`pokebench examine`: say what RAM shows that comes from elsewhere."""

from pathlib import Path
from typing import Any, Final

import click

from pokebench.cli.console import json_option, print_json, rom_option
from pokebench.milestone import GameSpec, GameTable, RamImage, Reading, examine, open_game
from pokebench.milestone.tables import load_hashed_table
from pokebench.reader import Situation, reader_of

_NUMBER_BYTES: Final = 4


@click.command("examine")
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--game", required=True, help="Whose RAM it is: a game's id, or PATH/TABLE.toml.")
@rom_option
@json_option
def command(image: Path, game: str, rom: Path | None, as_json: bool) -> None:
    """Say what a RAM image shows: milestones, flags, and what is on screen in words.

    IMAGE is a file of 8 KiB of work RAM (0xC000 to 0xDFFF), 32 KiB (its eight banks), or the
    64 KiB of the whole address space. It is only read. Without --rom, species, moves, items and
    places are numbers.
    """
    spec = GameSpec.asked(game)
    table = load_hashed_table(spec.game, spec.folder)[0]
    needs_rom = rom is not None or table.game.generated
    ram = RamImage.load(image)
    reader = reader_of(table, open_game(spec, rom).rom.data if needs_rom else b"")
    reading, situation, text = examine(table, ram.read), reader.situation(ram), reader.read(ram)
    if as_json:
        screen = {"numbers": _numbers(table, ram), "text": text}
        print_json(_found(reading) | _moment(situation) | screen)
        return
    ready = "takes a button" if situation.is_ready else "takes no button now"
    click.echo(f"{table.game.title}: {situation.scene.value}, {ready}\n{text}\n")
    click.echo(_listed("Milestones", [milestone.id for milestone in reading.milestones]))
    click.echo(_listed("Flags", [flag.title for flag in reading.flags]))
    pairs = [f"{one} without {other}" for one, other in reading.out_of_order]
    click.echo(_listed("Out of order", pairs))


def _listed(what: str, entries: list[str]) -> str:
    return f"{what}: {'; '.join(entries) or 'none'}"


def _found(reading: Reading) -> dict[str, Any]:
    flags = [{"id": f.id, "title": f.title, "severity": f.severity} for f in reading.flags]
    return {
        "milestones": [milestone.id for milestone in reading.milestones],
        "flags": flags,
        "out_of_order": reading.out_of_order,
    }


def _moment(situation: Situation) -> dict[str, Any]:
    return {
        "scene": situation.scene.value,
        "is_ready": situation.is_ready,
        "place": situation.place,
        "position": situation.position,
    }


def _numbers(table: GameTable, ram: RamImage) -> dict[str, int | list[int] | None]:
    """Return what the table's symbols hold; None for bytes that are no number."""
    found: dict[str, int | list[int] | None] = {}
    for name, symbol in table.symbols.items():
        if symbol.records is not None:
            found[name] = symbol.numbers(ram.read, table.symbols)
        elif symbol.size <= _NUMBER_BYTES:
            is_number = not symbol.is_malformed(ram.read)
            found[name] = symbol.number(ram.read) if is_number else None
    return found
