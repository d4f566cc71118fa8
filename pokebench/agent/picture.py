"""Screens as models get them: enlarged without smoothing, as small PNG files."""

import io

from PIL import Image

from pokebench.types import Frame


def png_of(screen: Frame, scale: int) -> bytes:
    """Return a screen, `(144, 160, 3) uint8`, as PNG of `scale` times its size."""
    image = Image.fromarray(screen)
    colours = image.getcolors(256)
    if colours is not None:
        image = image.quantize(len(colours), dither=Image.Dither.NONE)
    width, height = image.size
    image = image.resize((width * scale, height * scale), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
