"""The page's decoder draws, in a real browser, what the console showed."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page

from pokebench.types import Frame
from pokebench.viewer.screens import encode

pytestmark = pytest.mark.slow
DECODER = Path(__file__).parents[2] / "pokebench/viewer/static/screens.js"
OPEN = """async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  window.chunk = await PokebenchScreens.open(bytes);
  return chunk.frames;
}"""
HASHES = """async (numbers) => {
  const data = new ImageData(160, 144).data;
  const hash = async (number) => {
    chunk.draw(number, data);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const found = [];
  for (const number of numbers) found.push(await hash(number));
  return found;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    blank = tmp_path_factory.mktemp("page") / "blank.html"
    blank.write_text("<!doctype html><title>blank</title>")
    page = browser.new_page()
    page.goto(blank.as_uri())
    page.add_script_tag(path=DECODER)
    yield page
    page.close()


def opened(page: Page, chunk: bytes) -> int:
    return int(page.evaluate(OPEN, base64.b64encode(chunk).decode()))


def hash_of(frame: Frame) -> str:
    rgba = np.dstack([frame, np.full((144, 160), 255, np.uint8)])
    return hashlib.sha256(rgba.tobytes()).hexdigest()


def test_a_browser_shows_every_frame_of_real_play_in_any_order(
    page: Page, real_play: list[Frame]
) -> None:
    wanted = [hash_of(frame) for frame in real_play]
    numbers = list(range(len(real_play)))
    jumps = [int(n) for n in np.random.default_rng(1).integers(0, len(real_play), 100)]

    assert opened(page, encode(real_play)) == len(real_play)
    assert page.evaluate(HASHES, numbers) == wanted
    assert page.evaluate(HASHES, jumps) == [wanted[n] for n in jumps]


@pytest.mark.parametrize("colours", [1, 2, 16, 256, 23_040])
def test_a_browser_shows_any_number_of_colours(page: Page, colours: int) -> None:
    numbers = np.arange(23_040) % colours
    frame = np.stack([numbers & 255, numbers >> 8, numbers * 0], 1).astype(np.uint8)
    frame = frame.reshape(144, 160, 3)
    frames = [frame, np.roll(frame, (-3, 0), (1, 0)), np.roll(frame, (9, 9), (1, 0)), frame]

    opened(page, encode(frames))

    assert page.evaluate(HASHES, [0, 1, 2, 3]) == [hash_of(frame) for frame in frames]


def test_a_browser_refuses_damaged_chunks(page: Page, real_play: list[Frame]) -> None:
    chunk = encode(real_play[:300])
    dice = np.random.default_rng(3)
    damaged = [chunk[:length] for length in range(0, len(chunk), len(chunk) // 20)]
    for _ in range(100):
        copy = bytearray(chunk)
        within = 24 if dice.random() < 0.5 else len(chunk)
        copy[dice.integers(within)] ^= 1 << int(dice.integers(8))
        damaged.append(bytes(copy))

    for data in damaged:
        with pytest.raises(Error, match=r"RangeError|TypeError"):
            opened(page, data)
