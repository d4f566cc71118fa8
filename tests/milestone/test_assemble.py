"""Tables that are put together from several files, and what is wrong with them."""

from pathlib import Path

import pytest

from pokebench.errors import ConfigError
from pokebench.milestone import GameSpec, open_game
from pokebench.milestone.assemble import Assembly
from pokebench.milestone.tables import load_hashed_table

BASE = """
schema = 1
timing = { step_frames = 20, hold_frames = 8 }
end = { milestone = "two" }
[start]
boot_frames = 60
max_idle_frames = 0
[events]
MET = 9
[conditions]
ready = { all = [{ symbol = "map", equals = 3 }, { event = "MET" }] }
[symbols]
event_flags = { address = 0xC000, size = 2, encoding = "bits", source = "here" }
map = { address = 0xC010, source = "here" }
[[milestones]]
id = "one"
title = "One"
skill = "memory"
when = { event = "MET" }
[[milestones]]
id = "two"
title = "Two"
skill = "memory"
when = { is = "ready" }
after = ["one"]
"""
GAME = """
extends = "shared/base.toml"
game = { id = "mine", title = "Mine", reader = "tallgrass" }
"""


def written(folder: Path, game: str = GAME, base: str = BASE, **files: str) -> Path:
    (folder / "shared").mkdir()
    (folder / "shared" / "base.toml").write_text(base)
    (folder / "mine.toml").write_text(game)
    for name, text in files.items():
        (folder / "shared" / f"{name}.csv").write_text(text)
    return folder


def test_a_table_is_its_base_and_what_differs(tmp_path: Path) -> None:
    change = """
[events]
MET = 11
[symbols]
map = { address = 0xC020 }
[[milestones]]
id = "one"
title = "Uno"
[[milestones]]
id = "half"
before = "two"
title = "Half"
skill = "memory"
when = { symbol = "map", equals = 1 }
[[milestones]]
id = "three"
title = "Three"
skill = "memory"
when = { not = { is = "ready" } }
"""
    table, _ = load_hashed_table("mine", written(tmp_path, GAME + change))

    assert [(m.id, m.title) for m in table.milestones] == [
        ("one", "Uno"), ("half", "Half"), ("two", "Two"), ("three", "Three"),
    ]  # fmt: skip
    assert table.symbols["map"].address == 0xC020
    assert table.symbols["map"].source == "here"
    ram = {0xC020: 3, 0xC001: 1 << 3}
    read = lambda at, size: bytes(ram.get(at + i, 0) for i in range(size))  # noqa: E731
    held = {m.id for m in table.milestones if m.when.bind(table.symbols)(read)}
    assert held == {"one", "two"}


def test_the_hash_of_a_table_covers_all_its_files(tmp_path: Path) -> None:
    rows = 'when = { listed = "shared/rows.csv", columns = ["map"], symbols = ["map"] }'
    game = GAME + f'[[milestones]]\nid = "in"\ntitle = "In"\nskill = "memory"\n{rows}\n'
    folder = written(tmp_path, game, rows="map,name\n3,A\n5,B\n")
    table, first = load_hashed_table("mine", folder)
    test = table.milestones[-1].when.bind(table.symbols)
    maps = [bytes([3]), bytes([4]), bytes([5])]
    assert [test(lambda *_, byte=byte: byte) for byte in maps] == [True, False, True]

    (folder / "shared" / "rows.csv").write_text("map,name\n3,A\n6,B\n")
    second = load_hashed_table("mine", folder)[1]
    (folder / "shared" / "base.toml").write_text(BASE + "# more\n")
    third = load_hashed_table("mine", folder)[1]
    assert len({first, second, third}) == 3


def test_one_file_has_the_hash_of_its_bytes() -> None:
    assert open_game(GameSpec.parse("tallgrass:micro@1")).table_sha256.startswith("200e9c31")


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ('extends = "mine.toml"', "extends 5 files or itself"),
        ('extends = "../other.toml"', "lies outside"),
        ('extends = "/etc/passwd"', "lies outside"),
        ('extends = "shared/none.toml"', "cannot read game table .*none.toml"),
        ("extends = 3", "extends must name a file"),
        ("events = 3", "events and conditions are tables of names"),
        ("milestones = 3" + GAME, "milestones: Input should be a valid tuple"),
        ("flags = [3]" + GAME, "flags.0: Input should be a valid dictionary"),
        ('start = "now"' + GAME, "start: Input should be a valid dictionary"),
        (GAME + '[[milestones]]\nid = "x"\nbefore = "y"', "before 'y', which is not there"),
        (GAME + '[[milestones]]\nid = "one"\nwhen = { event = "X" }', "one: unknown event 'X'"),
        (GAME + '[[milestones]]\nid = "one"\nwhen = { is = [1] }', "one: unknown is"),
        (GAME + '[[milestones]]\nid = "one"\nwhen = { event = "MET", bit = 1 }', "keys besides it"),
        (GAME + '[conditions]\nready = { not = { is = "ready" } }', "name each other"),
        (GAME + '[[milestones]]\nid = "one"\nwhen = { listed = 3 }', "listed names a CSV file"),
        (
            GAME + '[[milestones]]\nid = "one"\nwhen = { listed = "mine.toml", columns = ["x"] }',
            "has no numbers under",
        ),
        (GAME + "[start]\nreaches = ['none']", "start.reaches: no milestone 'none'"),
    ],
)
def test_what_is_wrong_is_named(game: str, message: str, tmp_path: Path) -> None:
    folder = written(tmp_path, game)

    with pytest.raises(ConfigError, match=message):
        load_hashed_table("mine", folder)


def test_files_are_read_once(tmp_path: Path) -> None:
    assembly = Assembly(written(tmp_path))
    assembly.table("mine.toml")

    assert list(assembly.files) == ["mine.toml", "shared/base.toml"]
