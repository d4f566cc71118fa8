"""`pokebench world`: show a generated world."""

from pathlib import Path

import click

from pokebench.cli.console import json_option, print_json, talk
from pokebench.errors import ConfigError
from pokebench.milestone import GameSpec, open_game
from pokebench.tallgrass.build import BuiltWorld
from pokebench.tallgrass.generator import GENERATOR_VERSION


@click.command("world")
@click.argument("game", default="tallgrass:short@1")
@click.option(
    "--out", default="world.png", type=click.Path(path_type=Path), help="Map to write (.png)."
)
@click.option(
    "--manual",
    type=click.Path(path_type=Path),
    help="Write the world's manual too (.txt): rules, tables and places, which give facts away.",
)
@click.option(
    "--cartridge", type=click.Path(path_type=Path), help="Write the world's ROM too (.gb)."
)
@json_option
def command(
    game: str, out: Path, manual: Path | None, cartridge: Path | None, as_json: bool
) -> None:
    """Draw a generated world as a map, and tell what it is.

    GAME is like tallgrass:short@7. The map and the JSON give the game away: they are for people,
    and no agent is shown them. The manual is what an agent reads that plays with an open book.
    """
    opened = open_game(GameSpec.parse(game))
    built = opened.world
    if built is None:
        raise ConfigError(f"{game} is not a generated world")
    from pokebench.tallgrass.picture import world_picture

    try:
        world_picture(built).save(out)
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot write map {out}: {error}") from error
    if manual is not None:
        _write("manual", manual, (opened.manual() or "").encode("ascii"))
    if cartridge is not None:
        _write("cartridge", cartridge, opened.rom.data)
    if as_json:
        print_json(_as_json(game, built))
    else:
        click.echo(_summary(game, built))
    talk.print(f"wrote {out}")
    for path in (manual, cartridge):
        if path is not None:
            talk.print(f"wrote {path}")


def _write(what: str, path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"cannot write {what} {path}: {error.strerror}") from error


def _summary(game: str, built: BuiltWorld) -> str:
    world = built.world
    return (
        f"{game}: {world.title}, {len(world.maps)} maps, {world.badge_count} badges, "
        f"{len(world.species)} species, {len(world.milestones)} milestones; proved completable in "
        f"{len(built.solution.spheres)} spheres. ROM SHA-1 {built.sha1}"
    )


def _as_json(game: str, built: BuiltWorld) -> dict[str, object]:
    world = built.world
    return {
        "game": game,
        "title": world.title,
        "preset": world.preset,
        "seed": world.seed,
        "attempt": built.attempt,
        "generator_version": GENERATOR_VERSION,
        "rom_sha1": built.sha1,
        "badges": world.badge_count,
        "spheres": len(built.solution.spheres),
        "milestones": [{"id": m.id, "title": m.title} for m in world.milestones],
        "types": world.type_names,
        "species": [species.name for species in world.species],
        "maps": [
            {"name": m.name, "kind": m.kind, "width": m.width, "height": m.height}
            for m in world.maps
        ],
    }
