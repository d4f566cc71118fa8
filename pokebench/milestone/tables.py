"""Finds the tables of games: those that ship, and a person's own."""

import os
from functools import lru_cache
from pathlib import Path

from pokebench.content import content_dir, validated
from pokebench.errors import ConfigError
from pokebench.milestone.assemble import WHAT, Assembly
from pokebench.milestone.table import GameTable


def game_ids() -> tuple[str, ...]:
    """Return the ids of all games that have a table."""
    return tuple(sorted({path.stem for folder in _folders() for path in folder.glob("*.toml")}))


def _folders() -> tuple[Path, ...]:
    """Return where tables are: those that ship, then a person's own (`POKEBENCH_GAMES`)."""
    own = os.environ.get("POKEBENCH_GAMES")
    return (content_dir("milestones"), *([Path(own)] if own else []))


def _table_folder(game_id: str) -> Path:
    """Return the folder that holds a table; one that ships is never replaced.

    Raises:
        ConfigError: no such game.
    """
    for folder in _folders():
        if game_id and (folder / f"{game_id}.toml").is_file():
            return folder
    raise ConfigError(
        f"no game {game_id!r}; there are: {', '.join(game_ids())}. One with a table of your own: "
        f"--game PATH/{game_id or 'GAME'}.toml"
    )


def load_table(game_id: str) -> GameTable:
    """Return the table of a game.

    Raises:
        ConfigError: no such game, or its table is malformed.
    """
    return load_hashed_table(game_id)[0]


def load_hashed_table(game_id: str, folder: Path | None = None) -> tuple[GameTable, str]:
    """Return the table of a game and the hash of its files; `folder` is where it lies, if known.

    Raises:
        ConfigError: no such game, or its table is malformed.
    """
    found = folder or _table_folder(game_id)
    return _read_shipped(game_id) if found == content_dir("milestones") else _read(found, game_id)


@lru_cache(maxsize=32)
def _read_shipped(game_id: str) -> tuple[GameTable, str]:
    return _read(content_dir("milestones"), game_id)


def _read(folder: Path, game_id: str) -> tuple[GameTable, str]:
    assembly = Assembly(folder)
    name = f"{game_id}.toml"
    path = folder / name
    table = validated(assembly.table(name), GameTable, path, WHAT)
    if table.game.id != game_id:
        raise ConfigError(f"{WHAT} {path}: game.id is {table.game.id!r}, not {game_id!r}")
    return table, assembly.sha256
