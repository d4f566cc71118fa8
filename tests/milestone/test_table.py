import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pokebench.content import content_dir
from pokebench.milestone import game_ids, load_table
from pokebench.milestone.table import GameTable, Start
from pokebench.reader import text_reader
from pokebench.tallgrass.format import MilestoneBit
from pokebench.tallgrass.state import address_of

TABLE = content_dir("milestones") / "tallgrass.toml"


@pytest.fixture
def table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text())


@pytest.mark.parametrize("game_id", game_ids())
def test_every_table_is_valid(game_id: str) -> None:
    table = load_table(game_id)

    assert table.game.id == game_id
    assert all(symbol.source for symbol in table.symbols.values())


def test_tallgrass_addresses_are_the_engines() -> None:
    table = load_table("tallgrass")

    assert {name: symbol.address for name, symbol in table.symbols.items()} == {
        name: address_of(name) for name in table.symbols
    }


def test_a_badge_needs_badge_leader_and_event() -> None:
    table = load_table("tallgrass")
    for index in range(8):
        badge = next(m for m in table.milestones if m.id == f"badge_{index + 1}")
        ram = bytearray(0x10000)

        def read(address: int, size: int, ram: bytearray = ram) -> bytes:
            return bytes(ram[address : address + size])

        test = badge.when.bind(table.symbols)
        marks = [
            ("badges", index),
            ("flags", 1 + index),
            ("milestones", MilestoneBit.BADGE + index),
        ]
        for name, bit in marks:
            assert not test(read)
            ram[table.symbols[name].address + bit // 8] |= 1 << bit % 8
        assert test(read)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t["timing"].update(hold_frames=20), "hold_frames must be smaller"),
        (lambda t: t["timing"].update(speed=2), "timing.speed"),
        (lambda t: t["milestones"][3].update(after=["nobody"]), "after 'nobody'"),
        (lambda t: t["milestones"][1].update(id="new_game"), "listed twice"),
        (lambda t: t["milestones"][0].update(when={"symbol": "x", "bit": 1}), "unknown symbol 'x'"),
        (
            lambda t: t["milestones"][0].update(when={"symbol": "badges", "bit": 8}),
            "lies outside 'badges'",
        ),
        (lambda t: t["end"].update(milestone="nothing"), "no milestone 'nothing'"),
        (lambda t: t["symbols"]["badges"].update(encoding="u16le"), "has 2 bytes, size says 1"),
        (lambda t: t.update(schema=2), "schema"),
        (lambda t: t["milestones"][0].update(skill="luck"), "milestones.0.skill"),
    ],
)
def test_a_wrong_table_names_what_is_wrong(
    change: Any, message: str, table: dict[str, Any]
) -> None:
    change(table)

    with pytest.raises(ValidationError) as caught:
        GameTable.model_validate(table)
    assert message in _explained(caught.value)


def _explained(error: ValidationError) -> str:
    from pokebench.content import explain

    return explain(error)


def test_a_table_names_a_reader_there_is(tmp_path: Path) -> None:
    from pokebench.errors import ConfigError

    with pytest.raises(ConfigError, match=r"game\.reader 'braille' is unknown"):
        text_reader("braille", b"")


def test_idle_frames_depend_on_the_seed_alone() -> None:
    start = Start(boot_frames=0, max_idle_frames=599)
    drawn = [start.idle_frames(seed) for seed in range(2000)]

    assert drawn[:4] == [start.idle_frames(seed) for seed in range(4)]
    assert min(drawn) >= 0
    assert max(drawn) <= 599
    assert len(set(drawn)) > 500
    assert Start(boot_frames=0, max_idle_frames=0).idle_frames(7) == 0
