"""The game's pictures: the drawn ones from art.bin, and portraits of creatures by seed."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from pokebench.tallgrass.portraits.portrait import portrait

__all__ = ["Art", "load_art", "portrait"]

UI_BYTES: Final = 2048
SPRITE_BYTES: Final = 2048
TITLE_BYTES: Final = 2048 + 18 * 20
TILESET_BYTES: Final = 64 + 64 * 4 + 2048


@dataclass(frozen=True, slots=True)
class Art:
    """The drawn pictures, each as the engine wants it; tiles are 16 bytes, two bits a pixel."""

    ui: bytes
    """128 tiles: frames and bars at ids 1 to 31, ASCII at 32 to 126."""
    sprites: bytes
    """128 tiles, four a face (down, up, left): the player, its step, then each `Person`."""
    title: bytes
    """128 tiles with ids from 0x80, then 18 rows of 20 tile ids."""
    tileset: bytes
    """64 attributes, 64 x 4 tile ids from 0x80, 128 tiles."""


def load_art() -> Art:
    """Return the pictures that ship with the package."""
    data = files("pokebench.tallgrass").joinpath("data/art.bin").read_bytes()
    sections = []
    for size in (UI_BYTES, SPRITE_BYTES, TITLE_BYTES, TILESET_BYTES):
        sections.append(data[:size])
        data = data[size:]
    return Art(*sections)
