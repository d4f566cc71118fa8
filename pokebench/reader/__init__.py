"""RAM to text: what the screen shows, in words, for agents whose tier allows it."""

from collections.abc import Callable
from functools import partial

from pokebench.errors import ConfigError
from pokebench.milestone.table import READS_BY_TABLE, GameTable
from pokebench.reader.gen1 import Gen1Reader
from pokebench.reader.gen2 import Gen2Reader
from pokebench.reader.possessions import CountsPossessions, Possessions
from pokebench.reader.protocol import Scene, Situation, TextReader
from pokebench.reader.table import TableReader
from pokebench.reader.tallgrass import TallgrassReader

__all__ = [
    "CountsPossessions",
    "Possessions",
    "Scene",
    "Situation",
    "TableReader",
    "TallgrassReader",
    "TextReader",
    "reader_of",
    "text_reader",
]

_READERS: dict[str, Callable[[bytes], TextReader]] = {
    "tallgrass": TallgrassReader,
    "red": partial(Gen1Reader, "red", "red"),
    "blue": partial(Gen1Reader, "red", "blue"),
    "yellow": partial(Gen1Reader, "yellow", "yellow"),
    "gold": partial(Gen2Reader, "gold", "gold"),
    "silver": partial(Gen2Reader, "gold", "silver"),
    "crystal": partial(Gen2Reader, "crystal", "crystal"),
}


def reader_of(table: GameTable, rom: bytes) -> TextReader:
    """Return the reader of a table's game, with the names that `rom` holds.

    Raises:
        ConfigError: no such reader.
    """
    if table.game.reader == READS_BY_TABLE and table.screen is not None:
        return TableReader(table.screen, table.symbols)
    return text_reader(table.game.reader, rom)


def text_reader(name: str, rom: bytes) -> TextReader:
    """Return the reader that a game table names, with the names that `rom` holds.

    Raises:
        ConfigError: no such reader.
    """
    if name not in _READERS:
        raise ConfigError(
            f"game.reader {name!r} is unknown; there are: {', '.join(_READERS)}, {READS_BY_TABLE}"
        )
    return _READERS[name](rom)
