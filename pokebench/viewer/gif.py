"""One palette for all pictures of a GIF, so that only what changes is stored."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from pokebench.types import Frame

_MOST_COLOURS: Final = 256
_Keys = npt.NDArray[np.uint32]


class GifPalette:
    """The colours that cover most; any other becomes the nearest of them."""

    def __init__(self, samples: Iterable[Frame]) -> None:
        """Take the 256 colours that cover most of `samples`, each `(height, width, 3) uint8`."""
        keys, counts = np.unique(np.concatenate([_keys(s) for s in samples]), return_counts=True)
        chosen = keys[np.argsort(counts)[::-1][:_MOST_COLOURS]]
        self._colours = _rgb(chosen)
        self._known = np.zeros(1 << 24, np.uint16)  # number + 1 of each colour; 0 is not yet met
        self._known[chosen] = np.arange(1, len(chosen) + 1, dtype=np.uint16)

    def image(self, picture: Frame) -> Image.Image:
        """Return `picture` as an image of this palette."""
        keys = _keys(picture)
        numbers = self._known.take(keys)
        if not numbers.all():
            self._meet(np.unique(keys[numbers == 0]))
            numbers = self._known.take(keys)
        height, width = picture.shape[:2]
        image = Image.frombytes("P", (width, height), (numbers - 1).astype(np.uint8).tobytes())
        image.putpalette(self._colours.astype(np.uint8).tobytes())
        return image

    def _meet(self, keys: _Keys) -> None:
        distances = ((_rgb(keys)[:, None] - self._colours[None]) ** 2).sum(2)
        self._known[keys] = distances.argmin(1).astype(np.uint16) + 1


def _keys(picture: Frame) -> _Keys:
    """Return each pixel as one number."""
    red, green, blue = (picture[:, :, channel].astype(np.uint32).ravel() for channel in range(3))
    red <<= np.uint32(16)
    green <<= np.uint32(8)
    return np.bitwise_or(np.bitwise_or(red, green), blue)


def _rgb(keys: _Keys) -> npt.NDArray[np.int64]:
    return np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=1).astype(np.int64)
