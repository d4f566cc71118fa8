"""Screens as small PNG files."""

import io

import numpy as np
import pytest
from PIL import Image

from pokebench.models.picture import png_of, screen_of


@pytest.mark.parametrize("colours", [1, 2, 4, 16, 200])
@pytest.mark.parametrize("scale", [1, 3])
def test_no_pixel_is_changed(colours: int, scale: int) -> None:
    generator = np.random.default_rng(colours)
    palette = generator.integers(0, 256, (colours, 3), np.uint8)
    screen = palette[generator.integers(0, colours, (144, 160))]
    png = png_of(screen, scale)
    image = Image.open(io.BytesIO(png))

    assert image.size == (160 * scale, 144 * scale)
    assert (np.array(image.convert("RGB"))[::scale, ::scale] == screen).all()
    if scale == 1:
        assert (screen_of(png) == screen).all()
