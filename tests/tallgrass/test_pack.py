import struct
from hashlib import sha256

import pytest

from pokebench.tallgrass.format import (
    BANK_SIZE,
    ENGINE_SIZE,
    HEADER_BYTES,
    HEADER_STRUCT,
    ROM_BANKS,
    TABLES,
    WORLD_BANK,
)
from pokebench.tallgrass.generator import generate
from pokebench.tallgrass.pack import pack
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.world import Map, Trainer, World
from tests.tallgrass.blank import BlankArt, blank_portrait, blank_rom

START = WORLD_BANK * BANK_SIZE


@pytest.fixture(scope="module")
def world() -> World:
    return generate("short", 3)


@pytest.fixture(scope="module")
def rom(world: World) -> bytes:
    return blank_rom(world)


def far(rom: bytes, offset: int) -> int:
    bank, address = struct.unpack_from("<BH", rom, offset)
    assert 0x4000 <= address < 0x8000

    return int(bank) * BANK_SIZE + int(address) - 0x4000


def table(rom: bytes, name: str) -> int:
    return far(rom, START + struct.calcsize(HEADER_STRUCT) + 3 * TABLES.index(name))


def test_the_rom_has_the_size_and_the_header_of_its_cartridge(rom: bytes) -> None:
    assert len(rom) == ROM_BANKS * BANK_SIZE
    assert rom[0x134:0x144].rstrip(b"\0") == b"TALLGRASS"
    assert rom[0x147:0x14A] == bytes((0x1B, 3, 2))
    assert not any(rom[0x104:0x134])


def test_both_checksums_of_the_cartridge_hold(rom: bytes) -> None:
    header = 0
    for value in rom[0x134:0x14D]:
        header = (header - value - 1) & 0xFF
    whole = (sum(rom) - rom[0x14E] - rom[0x14F]) & 0xFFFF

    assert rom[0x14D] == header
    assert struct.unpack_from(">H", rom, 0x14E) == (whole,)


def test_the_engine_stays_as_it_is_but_for_the_cartridge_header(world: World) -> None:
    engine = bytes(index * 7 & 0xFF for index in range(ENGINE_SIZE))
    rom = pack(world, engine, BlankArt(), blank_portrait)

    assert rom[:0x104] == engine[:0x104]
    assert rom[0x150:ENGINE_SIZE] == engine[0x150:]


def test_the_world_id_is_a_hash_of_the_banks_from_five_on(rom: bytes) -> None:
    data = bytearray(rom[START:])
    world_id = bytes(data[6:10])
    data[6:10] = bytes(4)

    assert world_id == sha256(data).digest()[:4]


def test_the_header_counts_what_the_world_has(world: World, rom: bytes) -> None:
    header = struct.unpack_from(HEADER_STRUCT, rom, START)

    assert header[0] == b"TGW2"
    assert header[4:] == (
        world.rng_seed, len(world.maps), len(world.species), len(world.moves), len(world.items),
        len(world.trainers), len(world.type_names), world.start_map, world.start_x, world.start_y,
        world.badge_count,
    )  # fmt: skip
    title = rom[START + HEADER_BYTES - 12 : START + HEADER_BYTES].rstrip(b"\0")
    assert title.decode() == world.title


def test_every_text_and_script_can_be_read_back(world: World, rom: bytes) -> None:
    texts, scripts = table(rom, "texts"), table(rom, "scripts")
    for index, text in enumerate(world.texts):
        offset = far(rom, texts + 3 * index)
        assert rom[offset : rom.index(b"\0", offset)].decode() == text
    for index, script in enumerate(world.scripts):
        offset = far(rom, scripts + 3 * index)
        assert rom[offset : offset + len(script)] == script


def test_the_reader_of_roms_sees_the_same_maps(world: World, rom: bytes) -> None:
    read = WorldRom(rom)

    assert len(read.maps) == len(world.maps)
    for area, found in zip(world.maps, read.maps, strict=True):
        assert (found.width, found.height) == (area.width, area.height)
        assert bytes(found.cells) == bytes(area.cells)
        assert len(found.npcs) == len(area.npcs)
        assert len(found.warps) == len(area.warps)


def test_no_object_crosses_a_bank(world: World, rom: bytes) -> None:
    maps = table(rom, "maps")
    for index, area in enumerate(world.maps):
        cells = far(rom, maps + 20 * index)
        assert cells // BANK_SIZE == (cells + len(area.cells) - 1) // BANK_SIZE
        events, size = far(rom, maps + 20 * index + 5), 0
        size = struct.unpack_from("<H", rom, maps + 20 * index + 8)[0]
        assert events // BANK_SIZE == (events + size - 1) // BANK_SIZE


def test_an_engine_of_the_wrong_size_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="engine has 3 bytes"):
        pack(world, b"abc", BlankArt(), blank_portrait)


def test_a_name_that_is_too_long_is_refused() -> None:
    world = generate("micro", 1)
    world.trainers[0] = Trainer("Somebody Longwinded", world.trainers[0].team, 1)

    with pytest.raises(ValueError, match="longer than 12"):
        blank_rom(world)


def test_too_many_events_are_refused() -> None:
    world = generate("micro", 1)
    area: Map = world.maps[0]
    area.npcs = area.npcs * 130

    with pytest.raises(ValueError, match="bytes of events"):
        blank_rom(world)


def test_a_portrait_of_the_wrong_size_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="portrait"):
        pack(world, bytes(ENGINE_SIZE), BlankArt(), lambda rng, stage: b"")
