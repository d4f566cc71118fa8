"""Screens as models get them: enlarged without smoothing, as small PNG files, and back."""

import io
from typing import Final

import numpy as np
from PIL import Image

from pokebench.types import Frame

_MOST_COLOURS: Final = 16
_LEVEL: Final = 3
"""Of compression: higher ones take three times as long, for files that are a quarter smaller."""


def png_of(screen: Frame, scale: int) -> bytes:
    """Return a screen, `(144, 160, 3) uint8`, as PNG of `scale` times its size."""
    image = _indexed(screen) or Image.fromarray(screen)
    width, height = image.size
    image = image.resize((width * scale, height * scale), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=_LEVEL)
    return buffer.getvalue()


def screen_of(png: bytes) -> Frame:
    """Return the screen in a PNG that `png_of` made at scale 1."""
    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))


def _indexed(screen: Frame) -> Image.Image | None:
    """Return a screen of few colours with a palette, which packs small; None if it has many."""
    red, green, blue = (screen[:, :, channel].astype(np.uint32) for channel in range(3))
    packed = red << 16 | green << 8 | blue
    indices = np.zeros(packed.shape, np.uint8)
    palette: list[int] = []
    left = np.ones(packed.shape, bool)
    while left.any():
        if len(palette) == 3 * _MOST_COLOURS:
            return None
        colour = int(packed.flat[int(left.argmax())])
        same = packed == colour
        indices[same] = len(palette) // 3
        palette += [colour >> 16, colour >> 8 & 255, colour & 255]
        left &= ~same
    image = Image.fromarray(indices)
    image.putpalette(palette)
    return image
