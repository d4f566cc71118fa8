"""RAM from a file: what it holds, and what reads as 0."""

from pathlib import Path

import pytest

from pokebench.errors import ConfigError
from pokebench.milestone import RamImage, examine, load_table
from pokebench.reader import Scene, reader_of
from tests.milestone.ram import GAMES
from tests.milestone.test_flags import LAYOUTS, honest


@pytest.mark.parametrize(("size", "start"), [(0x2000, 0xC000), (0x8000, 0xC000), (0x10000, 0)])
def test_an_image_is_told_by_its_size(size: int, start: int) -> None:
    image = RamImage.of(bytes(i & 0xFF or 1 for i in range(size)))

    assert image.start == start
    assert image.read(0xC001, 2) == b"\x01\x02"
    assert image.read(0xDFFF, 1) == b"\xff"


def test_what_an_image_does_not_hold_reads_as_0() -> None:
    image = RamImage.of(b"\x07" * 0x2000)

    assert image.read(0xBFFE, 4) == b"\0\0\7\7"
    assert image.read(0xDFFE, 4) == b"\7\7\0\0"
    assert image.read(0x8000, 3) == image.read(0xFF80, 3) == b"\0\0\0"


def test_another_size_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "cut.ram"
    path.write_bytes(bytes(100))

    with pytest.raises(ConfigError, match=r"cut\.ram: a RAM image of 100 bytes: give 8192"):
        RamImage.load(path)
    with pytest.raises(ConfigError, match="cannot read RAM image"):
        RamImage.load(tmp_path / "none.ram")


@pytest.mark.parametrize("game", LAYOUTS)
def test_work_ram_alone_is_enough_for_tables_flags_and_readers(game: str) -> None:
    whole = honest(game)
    image = RamImage.of(bytes(whole.data[0xC000:0xE000]))
    table = load_table(game)
    for rom in (b"", bytes(0x8000), b"\xff" * 0x100000):
        reader = reader_of(table, rom)
        text, situation = reader.read(image), reader.situation(image)

        assert situation.scene is Scene.WORLD
        assert situation.is_ready
        assert situation.position == (5, 6)
        assert "level 5, 19/20 HP" in text
        assert "Badges: 0 of" in text
    assert examine(table, image.read) == examine(table, whole.read)
    assert not examine(table, image.read).flags


@pytest.mark.parametrize("game", GAMES)
def test_no_address_lies_outside_work_ram(game: str) -> None:
    for name, symbol in load_table(game).symbols.items():
        start, size = symbol.span
        assert 0xC000 <= start <= start + size <= 0xE000, name
