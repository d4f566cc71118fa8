"""A game read by what its table states; the worked example is Tallgrass, which has its own reader
to compare with."""

from pathlib import Path
from typing import Any

import pytest

from pokebench.agent.oracle import Oracle
from pokebench.episode import Episode
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.reader import Scene, TableReader, TallgrassReader, reader_of
from pokebench.types import Action, Observation

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "meadow.toml"


@pytest.fixture
def rom(micro: Cartridge, tmp_path: Path) -> Path:
    path = tmp_path / "meadow.gb"
    path.write_bytes(micro.rom.data)
    return path


@pytest.fixture
def meadow(rom: Path) -> Cartridge:
    return open_game(GameSpec.asked(str(EXAMPLE)), rom)


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """Return the path of the example with something changed."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "meadow.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_example_tells_the_same_story_as_tallgrass_own_reader(meadow: Cartridge) -> None:
    episode = Episode(meadow, 1, 10**9)
    by_table = reader_of(meadow.table, meadow.rom.data)
    own = TallgrassReader(meadow.rom.data)
    oracle = Oracle(episode.emulator, meadow.rom.data)
    scenes: set[Scene] = set()
    for _ in range(250):
        for action in oracle.act(Observation()).actions[:1] or (Action.WAIT,):
            episode.step(action)
        here, there = (reader.situation(episode.emulator) for reader in (by_table, own))
        scenes.add(here.scene)
        assert (here.scene, here.place, here.position) == (there.scene, there.place, there.position)
        assert (here.is_ready, here.has_text) == (there.is_ready, there.has_text)
        told, expected = by_table.read(episode.emulator), own.read(episode.emulator)
        if "On screen:" in expected and here.scene is not Scene.TITLE:
            written = expected.split("On screen:\n")[1]
            assert written.replace(" ", "") in told.replace(" ", "")
    episode.close()

    assert {Scene.WORLD, Scene.TEXT, Scene.CHOICE, Scene.BATTLE} <= scenes


def test_cells_are_those_of_the_own_reader_but_for_people(meadow: Cartridge) -> None:
    episode = Episode(meadow, 1, 10**9)
    for _ in range(3):
        episode.step(Action.A)
        episode.step(Action.WAIT)
    view = reader_of(meadow.table, meadow.rom.data).view(episode.emulator)
    expected = TallgrassReader(meadow.rom.data).view(episode.emulator)
    episode.close()
    assert view is not None
    assert expected is not None

    assert (view.left, view.top, view.facing) == (expected.left, expected.top, expected.facing)
    for cells, own in zip(view.rows, expected.rows, strict=True):
        pairs = [(a, b) for a, b in zip(cells, own, strict=True) if b not in "P!=_bBGo#"]
        assert all(a == b for a, b in pairs)


class Bytes:
    """RAM that holds one value everywhere."""

    def __init__(self, value: int) -> None:
        self.value = value

    def read(self, address: int, size: int) -> bytes:
        return bytes([self.value]) * size


@pytest.mark.parametrize("value", [0, 1, 2, 3, 5, 18, 32, 64, 0x7F, 0xFF])
def test_whatever_ram_holds_is_read(meadow: Cartridge, value: int) -> None:
    reader = reader_of(meadow.table, b"")
    assert isinstance(reader, TableReader)
    assert len(reader.read(Bytes(value))) <= 2048
    reader.situation(Bytes(value))
    reader.view(Bytes(value))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('tiles = "text"', 'tiles = "txet"', "screen.written.tiles: unknown symbol 'txet'"),
        ("facings", 'names = { mill = "The Mill" }\nfacings', "screen.player.names.mill"),
        ('row = "y"', 'row = "why"', "screen.player.row: unknown symbol 'why'"),
        ("columns = 20", "columns = 19", "'text' is no whole number of rows of 19"),
        ('text = "-===="', 'text = "\u2654==="', "cannot be shown"),
        ("first = 96", "first = 250", "they end past tile 0xff"),
        ('scene = "battle"', 'scene = "fight"', "screen.scenes.5.scene"),
        ('glyph = "~"', 'glyph = "."', "a glyph stands for two kinds"),
        ('glyph = "~"', 'glyph = "@"', "'@' stands for something already"),
        ('reader = "table"', 'reader = "tallgrass"', "go together"),
        (
            'scene = "transition"\n',
            'scene = "transition"\nwhen = { symbol = "mode", equals = 6 }\n',
            "the last rule must have no `when`",
        ),
        (
            'symbol = "sub", equals = 1',
            'symbol = "bus", equals = 1',
            "screen.scenes, rule 3: unknown symbol 'bus'",
        ),
    ],
)
def test_a_wrong_screen_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(ConfigError) as caught:
        GameSpec.asked(str(path))

    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_names_make_numbers_into_words(tmp_path: Path, rom: Path) -> None:
    path = changed(tmp_path, 'label = "Coins"', 'label = "Coins"\nnames = { "0" = "not one" }')
    table = open_game(GameSpec.asked(str(path)), rom).table
    told = reader_of(table, b"").read(Bytes(0))
    assert "Coins" not in told  # the title tells nothing of the game

    assert "Levels: none." in reader_of(table, b"").read(_Mode(2))
    assert "Coins: not one." in reader_of(table, b"").read(_Mode(2))


class _Mode(Bytes):
    """RAM of zeros but for the mode."""

    def read(self, address: int, size: int) -> bytes:
        zeros = bytearray(size)
        if address <= 0xC10B < address + size:
            zeros[0xC10B - address] = self.value
        return bytes(zeros)


@pytest.mark.parametrize("text", ["nowhere/meadow.toml", "Meadow.toml", "milestones/../x y.toml"])
def test_a_table_that_is_not_there_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match=r"toml"):
        GameSpec.asked(text)


def test_a_table_of_ones_own_is_never_taken_from_a_record() -> None:
    for spec in (str(EXAMPLE), "../docs/examples/meadow.toml", "meadow.toml"):
        with pytest.raises(ConfigError, match="write it like"):
            GameSpec.parse(spec)


def test_conditions_with_names_can_be_used_in_scenes(tmp_path: Path) -> None:
    path = changed(tmp_path, 'when = { symbol = "mode", equals = 2 }', 'when = { is = "walks" }')
    text = path.read_text(encoding="utf-8")
    conditions = '[conditions]\nwalks = { symbol = "mode", equals = 2 }\n\n[symbols]'
    path.write_text(text.replace("[symbols]", conditions, 1), encoding="utf-8")
    folder: Any = GameSpec.asked(str(path)).folder
    assert folder == tmp_path


def test_the_shortest_screen_is_a_player_and_a_scene(tmp_path: Path, rom: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    head, screen = text.split("[screen.written]")
    player = screen.split("[[screen.scenes]]")[0].split("[screen.player]")[1]
    path = tmp_path / "meadow.toml"
    path.write_text(
        f'{head}[screen.player]{player}[[screen.scenes]]\nscene = "walking"\n', encoding="utf-8"
    )
    table = open_game(GameSpec.asked(str(path)), rom).table
    assert reader_of(table, b"").read(Bytes(1)) == "Place: map 1, column 1, row 1, facing up."
