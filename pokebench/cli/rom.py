"""`pokebench rom`: say what a ROM is, and remember where one's own lie."""

import os
from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.console import json_option, print_json, program, results, talk
from pokebench.errors import RomError
from pokebench.milestone import Identity, identify
from pokebench.rom import Library, Reference, rom_in


def library() -> Library:
    """Return the places where this person's ROMs are looked for."""
    return Library.of(os.environ, Path.cwd())


@click.group("rom")
def command() -> None:
    """Say what a ROM is, and remember where your own ones lie.

    Nothing is copied: only the path is kept. ROMs are looked for in this order: --rom PATH, files
    and folders in POKEBENCH_ROMS, the folder roms/ where you are, then those remembered.
    """


@command.command("add")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@json_option
def add(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say what each file is; remember where it lies if a game can be played with it.

    Exit code 2 if any of them is not accepted.
    """
    found = [(path, _identity(path)) for path in paths]
    for path, identity in found:
        if identity.game is not None:
            reference = Reference(str(path.expanduser().absolute()), identity.sha1, identity.game)
            library().remember(reference)
    if as_json:
        print_json([_as_json(path, identity) for path, identity in found])
    else:
        for path, identity in found:
            _tell(path, identity)
    if any(identity.game is None for _, identity in found):
        raise click.exceptions.Exit(RomError.exit_code)


@command.command("list")
@json_option
def show(as_json: bool) -> None:
    """List the ROMs that are found, and what each is."""
    found = [(rom, _identity(rom.path)) for rom in library().all()]
    missing = [r for r in library().references() if not Path(r.path).is_file()]
    if as_json:
        print_json([_as_json(r.path, identity) | {"place": r.place} for r, identity in found])
        return
    listing = Table("game", "ROM", "found in", "file")
    for rom, identity in found:
        listing.add_row(identity.game or "-", identity.sentence, rom.place, str(rom.path))
    for reference in missing:
        listing.add_row(reference.game, "the file is gone", "remembered", reference.path)
    if found or missing:
        results.print(listing)
    else:
        talk.print(f"No ROM found. {program()} rom add PATH remembers one; see roms_README.md")


@command.command("forget")
@click.argument("name", metavar="GAME|PATH")
def forget(name: str) -> None:
    """Forget where a ROM lies; the file itself is not touched."""
    gone = library().forget(name)
    for reference in gone:
        click.echo(f"forgot {reference.path} ({reference.game})")
    if not gone:
        raise RomError(f"nothing is remembered under {name!r}; see `pokebench rom list`")


def _identity(path: Path) -> Identity:
    return identify(rom_in(path))


def _as_json(path: Path, identity: Identity) -> dict[str, object]:
    return {
        "path": str(path),
        "sha1": identity.sha1,
        "game": identity.game,
        "is": identity.sentence,
    }


def _tell(path: Path, identity: Identity) -> None:
    if identity.game is None:
        click.echo(f"✘ {path}: {identity.sentence} (SHA-1 {identity.sha1})", err=True)
        return
    click.echo(f"✔ {path}: {identity.sentence}")
    talk.print(
        f"Remembered where it lies. Check it: {program()} doctor --game {identity.game}  |  "
        f"play: {program()} run --game {identity.game} --agent random"
    )
