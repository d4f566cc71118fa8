import zipfile
from pathlib import Path

import pytest

from pokebench.errors import RomError
from pokebench.rom import Rom, rom_in
from pokebench.testing.cartridge import image_rom


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return path


def test_a_rom_is_read_from_a_file_of_any_name(tmp_path: Path) -> None:
    path = tmp_path / "any name.bin"
    path.write_bytes(image_rom())

    assert Rom.of(rom_in(path)) == Rom.of(image_rom())


def test_the_one_rom_in_a_zip_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "game.zip", readme_txt=b"hello", game_gb=image_rom())

    assert rom_in(path) == image_rom()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"readme_txt": b"hello"}, "the zip holds no ROM"),
        ({"a_gb": b"1", "b_gbc": b"2"}, "the zip holds 2 ROMs"),
    ],
)
def test_a_zip_without_just_one_rom_is_refused(
    files: dict[str, bytes], message: str, tmp_path: Path
) -> None:
    with pytest.raises(RomError, match=message):
        rom_in(zipped(tmp_path / "game.zip", **files))


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "game.zip", game_gb=image_rom())
    path.write_bytes(path.read_bytes()[:-60])

    with pytest.raises(RomError, match="the zip cannot be unpacked"):
        rom_in(path)


def test_a_zip_that_swells_is_read_no_further_than_a_rom_can_go(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", game_gb=bytes(30_000_000))

    assert len(rom_in(path)) == 8 * 1024 * 1024 + 1


def test_a_missing_rom_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(RomError, match=r"cannot read ROM .*gone\.gb: No such file"):
        rom_in(tmp_path / "gone.gb")
    with pytest.raises(RomError, match="Is a directory"):
        rom_in(tmp_path)
