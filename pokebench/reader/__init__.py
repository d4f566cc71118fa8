"""RAM to text: what the screen shows, in words, for agents whose tier allows it."""

from collections.abc import Callable
from functools import partial

from pokebench.errors import ConfigError
from pokebench.reader.gen1 import Gen1Reader
from pokebench.reader.gen2 import Gen2Reader
from pokebench.reader.protocol import Scene, Situation, TextReader
from pokebench.reader.tallgrass import TallgrassReader

__all__ = ["Scene", "Situation", "TallgrassReader", "TextReader", "text_reader"]

_READERS: dict[str, Callable[[bytes], TextReader]] = {
    "tallgrass": TallgrassReader,
    "red": partial(Gen1Reader, "red", "red"),
    "blue": partial(Gen1Reader, "red", "blue"),
    "yellow": partial(Gen1Reader, "yellow", "yellow"),
    "gold": partial(Gen2Reader, "gold", "gold"),
    "silver": partial(Gen2Reader, "gold", "silver"),
    "crystal": partial(Gen2Reader, "crystal", "crystal"),
}


def text_reader(name: str, rom: bytes) -> TextReader:
    """Return the reader that a game table names, with the names that `rom` holds.

    Raises:
        ConfigError: no such reader.
    """
    if name not in _READERS:
        raise ConfigError(f"game.reader {name!r} is unknown; there are: {', '.join(_READERS)}")
    return _READERS[name](rom)
