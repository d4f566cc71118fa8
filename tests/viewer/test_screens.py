import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.types import Frame
from pokebench.viewer.screens import MAX_FRAMES, ScreensError, decode, encode


def blank(*colour: int) -> Frame:
    return np.full((144, 160, 3), colour, np.uint8)


def test_every_frame_of_real_play_comes_back(real_play: list[Frame]) -> None:
    chunk = encode(real_play)

    assert len(chunk) < sum(frame.nbytes for frame in real_play) / 1000
    for found, frame in zip(decode(chunk), real_play, strict=True):
        np.testing.assert_array_equal(found, frame)


def test_a_view_that_is_overwritten_is_read_in_time() -> None:
    view = blank(0, 0, 0)

    def frames() -> Iterator[Frame]:
        for value in range(5):
            view[:] = value
            yield view

    assert [int(frame[0, 0, 0]) for frame in decode(encode(frames()))] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("colours", [1, 2, 3, 4, 16, 17, 256, 257, 23_040])
def test_any_number_of_colours_comes_back(colours: int) -> None:
    numbers = np.arange(23_040) % colours
    frame = np.stack([numbers & 255, numbers >> 8, numbers * 0], 1).astype(np.uint8)
    frame = frame.reshape(144, 160, 3)

    found = list(decode(encode([frame, frame[::-1]])))

    np.testing.assert_array_equal(found[0], frame)
    np.testing.assert_array_equal(found[1], frame[::-1])


@given(right=st.integers(-20, 20), down=st.integers(-20, 20), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_scrolling_comes_back(right: int, down: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    first = dice.integers(0, 4, (144, 160, 1), np.uint8).repeat(3, 2) * 80
    second = np.roll(first, (down, right), (0, 1))
    second[40:50, 30:50] = 0

    found = list(decode(encode([first, second, second, first])))

    for frame, wanted in zip(found, (first, second, second, first), strict=True):
        np.testing.assert_array_equal(frame, wanted)


@pytest.mark.parametrize("move", [(3, 0), (-8, 0), (0, 1), (0, -16)])
def test_scrolling_costs_only_what_enters(move: tuple[int, int]) -> None:
    first = np.random.default_rng(1).integers(0, 256, (144, 160, 3), np.uint8)
    still, moved = encode([first]), encode([first, np.roll(first, move, (1, 0))])

    assert len(moved) < len(still) + 100


def test_what_repeats_costs_nothing() -> None:
    assert len(encode([blank(1, 2, 3)] * 5000)) < 100


def test_no_frames_are_refused() -> None:
    with pytest.raises(ScreensError, match="1 to 65536 frames, not 0"):
        encode([])


def test_too_many_frames_are_refused() -> None:
    with pytest.raises(ScreensError, match="not 65537"):
        encode([blank(0, 0, 0)] * (MAX_FRAMES + 1))


def test_more_colours_than_can_be_numbered_are_refused() -> None:
    numbers = np.arange(3 * 23_040)
    frames = np.stack([numbers & 255, numbers >> 8 & 255, numbers >> 16], 1).astype(np.uint8)

    with pytest.raises(ScreensError, match="colours"):
        encode(frames.reshape(3, 144, 160, 3))


def test_a_damaged_chunk_is_an_error(real_play: list[Frame]) -> None:
    chunk = encode(real_play[:300])
    dice = np.random.default_rng(7)
    damaged = [chunk[:length] for length in range(0, len(chunk), len(chunk) // 30)]
    for _ in range(60):
        copy = bytearray(chunk)
        within = 24 if dice.random() < 0.3 else len(chunk)
        copy[dice.integers(within)] ^= 1 << int(dice.integers(8))
        damaged.append(bytes(copy))
    damaged.append(chunk + b"\0")

    for data in damaged:
        with pytest.raises(ScreensError):
            list(decode(data))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ((1, 1, 1, 0, 1), bytes(3 + 49 + 3)),  # a change that no bit announces
        ((1, 1, 1, 0, 1), bytes(3 + 4) + b"\1" + bytes(44 + 3)),  # a tile that there is not
        ((1, 1, 3, 1, 0), bytes(9) + b"\3" * 16 + bytes(49)),  # a colour that there is not
        ((2, 1, 1, 0, 0), bytes(3 + 49)),  # a frame that is not shown
        ((70_000, 1, 1, 0, 0), bytes(52)),
        ((1, 1, 1, 1 << 31, 0), bytes(52)),  # a bomb
    ],
)
def test_a_chunk_that_contradicts_itself_is_an_error(head: tuple[int, ...], body: bytes) -> None:
    chunk = struct.pack("<4s5I", b"PBS1", *head) + zlib.compress(body)

    with pytest.raises(ScreensError):
        list(decode(chunk))


def test_a_chunk_of_one_colour_needs_no_tile() -> None:
    assert len(list(decode(encode([blank(9, 9, 9)])))) == 1
