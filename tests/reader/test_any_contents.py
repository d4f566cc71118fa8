"""Whatever stands in RAM and ROM, a reader answers, in few and printable characters."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.reader import Scene, text_reader
from pokebench.text_space import CHARACTERS, MAX_LENGTH
from tests.reader.image import RamImage

GAMES = ("red", "yellow", "gold", "crystal")
WORLD_BYTES = {
    "red": {0xD057: 0, 0xD732: 1, 0xCFC4: 0, 0xD35D: 0},
    "yellow": {0xD056: 0, 0xD731: 1, 0xCFC3: 0, 0xD35C: 0},
    "gold": {0xD116: 0, 0xD159: 2, 0xCEAF: 0, 0xD15F: 0},
    "crystal": {0xD22D: 0, 0xD432: 2, 0xCF78: 0, 0xD438: 0},
}
"""What makes random RAM look like walking about, so that its cells are drawn."""


def noise(seed: int, size: int) -> bytes:
    return hashlib.shake_128(str(seed).encode()).digest(size)


def ram_of(seed: int, known: dict[int, int]) -> RamImage:
    ram = RamImage({}, 1)
    ram.bytes[:] = noise(seed, 0x10000)
    for address, value in known.items():
        ram.bytes[address] = value
    return ram


def answers(game: str, rom: bytes, ram: RamImage) -> tuple[object, ...]:
    reader = text_reader(game, rom)
    return reader.read(ram), reader.situation(ram), reader.view(ram)


def check(game: str, rom_seed: int, ram_seed: int, known: dict[int, int]) -> None:
    rom = noise(rom_seed, 0x100000 if rom_seed % 2 else rom_seed)
    ram = ram_of(ram_seed, known)
    before = bytes(ram.bytes)
    reader = text_reader(game, rom)
    text = reader.read(ram)

    assert len(text) <= MAX_LENGTH
    assert set(text) <= set(CHARACTERS)
    assert (text, reader.situation(ram), reader.view(ram)) == answers(game, rom, ram)
    assert bytes(ram.bytes) == before
    if known:
        assert reader.situation(ram).scene in (Scene.WORLD, Scene.TRANSITION)
        view = reader.view(ram)
        assert view is None or {len(row) for row in (*view.rows, *view.walkable)} == {10}


SEEDS = st.integers(0, 1 << 16)


@pytest.mark.parametrize("game", GAMES)
@settings(max_examples=6, deadline=None)
@given(rom_seed=SEEDS, ram_seed=SEEDS, is_walking=st.booleans())
def test_no_contents_stop_a_reader(
    game: str, rom_seed: int, ram_seed: int, is_walking: bool
) -> None:
    check(game, rom_seed, ram_seed, WORLD_BYTES[game] if is_walking else {})


@pytest.mark.slow
@pytest.mark.parametrize("game", GAMES)
@settings(max_examples=100, deadline=None)
@given(rom_seed=SEEDS, ram_seed=SEEDS, is_walking=st.booleans())
def test_no_contents_stop_a_reader_in_many_tries(
    game: str, rom_seed: int, ram_seed: int, is_walking: bool
) -> None:
    check(game, rom_seed, ram_seed, WORLD_BYTES[game] if is_walking else {})


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("value", [0x00, 0x50, 0x79, 0x7F, 0x80, 0xED, 0xEE, 0xFF])
def test_a_ram_of_one_value_everywhere_is_read(game: str, value: int) -> None:
    ram = RamImage({}, 1)
    ram.bytes[:] = bytes([value]) * 0x10000
    text, _, _ = answers(game, bytes([value]) * 0x100000, ram)
    assert isinstance(text, str)
    assert len(text) <= MAX_LENGTH
