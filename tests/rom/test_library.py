import os
from pathlib import Path

import pytest

from pokebench.errors import RomError
from pokebench.rom import Library, Reference, Rom
from pokebench.testing.cartridge import image_rom

RED, BLUE = image_rom(title="ONE"), image_rom(title="TWO")


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / name for name in ("named", "roms", "config", "far")}
    for path in made.values():
        path.mkdir()
    return made


def library(places: dict[str, Path], named: str = "") -> Library:
    return Library(places["config"], named, places["roms"])


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    empty = Library.of({"POKEBENCH_CONFIG": str(tmp_path / "none")}, tmp_path)

    assert list(empty.all()) == []
    assert empty.find({"0" * 40}) is None


def test_places_are_looked_at_in_order(places: dict[str, Path]) -> None:
    for name in ("named", "roms", "far"):
        (places[name] / "game.gb").write_bytes(RED)
    sha1 = Rom.of(RED).sha1
    shelf = library(places, str(places["named"]))
    shelf.remember(Reference(str(places["far"] / "game.gb"), sha1, "one"))

    assert [found.place for found in shelf.all()] == ["POKEBENCH_ROMS", "roms/", "remembered"]
    assert shelf.find({sha1}) == places["named"] / "game.gb"
    (places["named"] / "game.gb").unlink()
    assert shelf.find({sha1}) == places["roms"] / "game.gb"
    (places["roms"] / "game.gb").unlink()
    assert shelf.find({sha1}) == places["far"] / "game.gb"
    (places["far"] / "game.gb").unlink()
    assert shelf.find({sha1}) is None


def test_the_variable_names_files_and_folders(places: dict[str, Path]) -> None:
    (places["named"] / "one.gb").write_bytes(RED)
    (places["far"] / "two.sav").write_bytes(BLUE)
    named = os.pathsep.join([str(places["named"]), str(places["far"] / "two.sav")])

    assert {f.sha1 for f in library(places, named).all()} == {Rom.of(RED).sha1, Rom.of(BLUE).sha1}


def test_a_rom_is_remembered_once_and_only_by_its_path(places: dict[str, Path]) -> None:
    shelf = library(places)
    for path in ("/old.gb", "/new.gb"):
        shelf.remember(Reference(path, "a" * 40, "one"))
    shelf.remember(Reference("/other.gb", "b" * 40, "two"))

    assert [r.path for r in shelf.references()] == ["/new.gb", "/other.gb"]
    assert [f.name for f in places["config"].iterdir()] == ["roms.json"]
    assert [r.path for r in shelf.forget("one")] == ["/new.gb"]
    assert [r.game for r in shelf.references()] == ["two"]
    assert shelf.forget("nobody") == ()


@pytest.mark.parametrize("text", ["{", "3", '[{"path": 1}]', '["x"]', "[" * 5000, "\udcff"])
def test_a_broken_memory_is_named(text: str, places: dict[str, Path]) -> None:
    raw = text.encode(errors="surrogateescape")
    (places["config"] / "roms.json").write_bytes(raw)

    with pytest.raises(RomError, match=r"roms\.json cannot be read"):
        library(places).references()


def test_files_that_are_no_roms_are_passed_over(places: dict[str, Path]) -> None:
    (places["roms"] / "notes.txt").write_bytes(RED)
    (places["roms"] / "empty.gb").write_bytes(b"")
    (places["roms"] / "folder.gb").mkdir()
    (places["roms"] / "broken.zip").write_bytes(b"PK\x03\x04nothing")

    assert list(library(places).all()) == []
