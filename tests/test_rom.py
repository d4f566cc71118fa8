from pathlib import Path

import pytest

from pokebench.errors import RomError
from pokebench.milestone import Cartridge
from pokebench.rom import load_rom


def test_a_rom_is_known_by_its_sha1(micro: Cartridge, tmp_path: Path) -> None:
    path = tmp_path / "any name.bin"
    path.write_bytes(micro.rom.data)

    assert load_rom(path).sha1 == micro.rom.sha1


def test_a_missing_rom_is_named(tmp_path: Path) -> None:
    with pytest.raises(RomError, match=r"cannot read ROM .*gone\.gb: No such file"):
        load_rom(tmp_path / "gone.gb")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-1], "truncated: 262143 bytes where its header says 262144"),
        (lambda data: data + b"\0", "too long"),
        (lambda data: data[:100], "only 100 bytes"),
        (lambda data: b"\0" * len(data), "header checksum is wrong"),
        (lambda data: data[:0x148] + b"\x99" + data[0x149:], "header checksum is wrong"),
        (lambda data: data * 40, "larger than any Game Boy cartridge"),
    ],
)
def test_a_damaged_rom_is_explained(
    damage: "object", message: str, micro: Cartridge, tmp_path: Path
) -> None:
    assert callable(damage)
    path = tmp_path / "damaged.gb"
    path.write_bytes(damage(micro.rom.data))

    with pytest.raises(RomError, match=message):
        load_rom(path)
