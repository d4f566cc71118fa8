from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.errors import ConfigError, RomError
from pokebench.tallgrass.format import BANK_SIZE, WORLD_BANK, Attribute, Op
from pokebench.tallgrass.rom import WorldRom
from tests.tallgrass.sketch import Npc, Sign, Sketch, Trigger, Warp

HEADER = WORLD_BANK * BANK_SIZE


@pytest.fixture
def sketch() -> Sketch:
    sketch = Sketch(trainers=[[(1, 5), (2, 7)]])
    hello = sketch.script((Op.TEXT, 0))
    asking = sketch.script((Op.YES_NO, 5), (Op.TEXT, 0), (Op.SET, 300))
    sketch.map(
        '#####\n#@.n#\n#"st#\n#w..#\n#####',
        n=Npc(hello, 12),
        s=Sign(hello),
        t=Trigger(asking, 300),
        w=Warp(0, 1, 1),
    )
    sketch.drawings[0].milestone = 8
    return sketch


def damaged(rom: bytes, offset: int, value: int) -> bytes:
    return rom[:offset] + bytes([value]) + rom[offset + 1 :]


def test_the_header_gives_identity_and_start(sketch: Sketch) -> None:
    world = WorldRom(sketch.pack())

    assert (world.world_id, world.title, world.badge_count) == (0x12345678, "Sketchland", 1)
    assert (world.start_map, world.start_x, world.start_y) == (0, 1, 1)


def test_a_map_has_its_cells_and_events(sketch: Sketch) -> None:
    game_map = WorldRom(sketch.pack()).maps[0]

    assert (game_map.width, game_map.height, game_map.milestone) == (5, 5, 8)
    assert [(n.x, n.y, n.hide_flag) for n in game_map.npcs] == [(3, 1, 12)]
    assert [(s.x, s.y) for s in game_map.signs] == [(2, 2)]
    assert [(t.x, t.y, t.flag) for t in game_map.triggers] == [(3, 2, 300)]
    assert [(w.x, w.y, w.map, w.to_x, w.to_y) for w in game_map.warps] == [(1, 3, 0, 1, 1)]


def test_tables_come_as_named_records(sketch: Sketch) -> None:
    world = WorldRom(sketch.pack())

    assert world.species[1].name == "Beast1"
    assert (world.species[1].evolve_level, world.species[1].evolve_to) == (16, 2)
    assert world.species[1].learnset == ((1, 1), (6, 2))
    assert (world.moves[2].name, world.moves[2].power, world.moves[2].pp) == ("Leaf", 40, 30)
    assert (world.items[1].name, world.items[1].price, world.items[1].amount) == ("Salve", 100, 30)
    assert (world.trainers[0].team, world.trainers[0].reward) == (((1, 5), (2, 7)), 100)
    assert world.type_names == ("PLAIN", "MOSS")
    assert world.effectiveness(0, 1) == 5
    assert world.encounter(0) == ((1, 3),) * 8
    assert world.attributes[2] == Attribute.GRASS
    assert world.text(0) == "Hello."


def test_a_script_is_decoded_along_every_branch(sketch: Sketch) -> None:
    script = WorldRom(sketch.pack()).script(1)

    assert [(offset, script[offset].op) for offset in sorted(script)] == [
        (0, Op.YES_NO),
        (2, Op.TEXT),
        (5, Op.SET),
        (8, Op.END),
    ]
    assert (script[0].target, script[0].following) == (5, 2)


def test_a_rom_without_a_world_is_refused() -> None:
    with pytest.raises(RomError, match="no TGW2 world"):
        WorldRom(bytes(16 * BANK_SIZE))


def test_a_short_rom_is_refused() -> None:
    with pytest.raises(ConfigError, match="world header lies outside the ROM"):
        WorldRom(bytes(100))


def test_a_far_pointer_outside_the_bank_window_is_refused(sketch: Sketch) -> None:
    rom = damaged(sketch.pack(), HEADER + 22 + 2, 0x90)

    with pytest.raises(RomError, match="far pointer"):
        WorldRom(rom)


def test_a_warp_to_nowhere_is_refused() -> None:
    sketch = Sketch()
    sketch.map("####\n#@w#\n####", w=Warp(3, 0, 0))

    with pytest.raises(RomError, match="leads to map 3"):
        WorldRom(sketch.pack()).check()


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ((77,), "script 0 breaks at byte 0"),
        ((Op.JUMP, 96), "script 0 breaks at byte 96"),
        ((Op.TRAINER, 9), "TRAINER 9"),
        ((Op.GIVE, 200, 1), "GIVE 200"),
    ],
)
def test_a_script_that_cannot_run_is_refused(operation: tuple[int, ...], message: str) -> None:
    sketch = Sketch()
    npc = Npc(sketch.script(operation))
    sketch.map("####\n#@n#\n####", n=npc)

    with pytest.raises(RomError, match=message):
        WorldRom(sketch.pack()).check()


@given(st.integers(HEADER, HEADER + 700), st.integers(0, 255))
def test_damage_is_an_error_of_ours_or_harmless(offset: int, value: int) -> None:
    sketch = Sketch()
    sketch.map("####\n#@n#\n####", n=Npc(sketch.script((Op.TEXT, 0))))

    with suppress(RomError):
        WorldRom(damaged(sketch.pack(), offset, value)).check()
