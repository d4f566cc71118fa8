"""Writes a world as a Game Boy ROM: engine, art, world data in format TGW2, cartridge header."""

import struct
from collections.abc import Iterable
from hashlib import sha256
from typing import Final, Protocol

from pokebench.tallgrass.format import (
    ART_BANK,
    BANK_SIZE,
    CONDITION_STRUCT,
    ENGINE_SIZE,
    HEADER_BYTES,
    HEADER_STRUCT,
    MAX_EVENT_BYTES,
    NPC_STRUCT,
    PORTRAIT_BYTES,
    ROM_BANKS,
    SIGN_STRUCT,
    TABLES,
    TITLE_BYTES,
    TRAINER_BYTES,
    TRIGGER_STRUCT,
    TYPE_NAME_BYTES,
    WARP_STRUCT,
    WORLD_BANK,
    WORLD_MAGIC,
)
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import Item, Map, Move, Species, Trainer, World

_FORMAT_VERSION: Final = 2
_BANK_WINDOW: Final = 0x4000
_WORLD_START: Final = WORLD_BANK * BANK_SIZE
_ID_OFFSET: Final = 6
_LEARNSET_SLOTS: Final = 8
_TEAM_SLOTS: Final = 6
_HEADER_START, _HEADER_END = 0x134, 0x14D
_CARTRIDGE_TITLE: Final = b"TALLGRASS"
_MBC5_RAM_BATTERY: Final = 0x1B
_ROM_256_KIB: Final = 3
_RAM_8_KIB: Final = 2
_NOT_JAPAN: Final = 1
_NEW_LICENSEE: Final = 0x33


class Art(Protocol):
    """The pictures that every world shares."""

    @property
    def ui(self) -> bytes:
        """Interface and letters."""
        ...

    @property
    def sprites(self) -> bytes:
        """People."""
        ...

    @property
    def title(self) -> bytes:
        """The title screen."""
        ...

    @property
    def tileset(self) -> bytes:
        """Metatiles."""
        ...


class PortraitMaker(Protocol):
    """Draws a species from its family's random numbers and its stage."""

    def __call__(self, rng: Pcg32, stage: int) -> bytes:
        """Return the tiles of a portrait."""
        ...


class _Image:
    """A ROM image that is filled bank by bank; no object crosses a bank."""

    def __init__(self, engine: bytes) -> None:
        if len(engine) != ENGINE_SIZE:
            raise ValueError(f"the engine has {len(engine)} bytes, not {ENGINE_SIZE}")
        self.bytes = bytearray(b"\xff" * (BANK_SIZE * ROM_BANKS))
        self.bytes[:ENGINE_SIZE] = engine
        self._next = ART_BANK * BANK_SIZE

    def seek(self, offset: int) -> None:
        """Go on writing at a place of the image."""
        self._next = offset

    def put(self, data: bytes) -> bytes:
        """Write an object and return the far pointer to it."""
        if len(data) > BANK_SIZE:
            raise ValueError(f"an object of {len(data)} bytes fits no bank")
        if self._next % BANK_SIZE + len(data) > BANK_SIZE:
            self._next += BANK_SIZE - self._next % BANK_SIZE
        if self._next + len(data) > len(self.bytes):
            raise ValueError("the world does not fit the ROM")
        offset = self._next
        self.bytes[offset : offset + len(data)] = data
        self._next += len(data)
        return struct.pack("<BH", offset // BANK_SIZE, _BANK_WINDOW + offset % BANK_SIZE)

    def put_all(self, objects: Iterable[bytes]) -> bytes:
        """Write objects, then a table of far pointers to them; return the pointer to the table."""
        return self.put(b"".join([self.put(data) for data in objects]))


def pack(world: World, engine: bytes, art: Art, portrait: PortraitMaker) -> bytes:
    """Return the ROM of a world, 256 KiB.

    Raises:
        ValueError: something does not fit.
    """
    image = _Image(engine)
    graphics = [image.put(part) for part in (art.ui, art.sprites, art.title, art.tileset)]
    image.seek(_WORLD_START + HEADER_BYTES)
    tables = _put_tables(world, image, portrait)
    tables["graphics"] = image.put(b"".join(graphics))
    header = _world_header(world, 0) + b"".join(tables[name] for name in TABLES)
    header += _padded(world.title, TITLE_BYTES)
    image.bytes[_WORLD_START : _WORLD_START + HEADER_BYTES] = header
    digest = sha256(image.bytes[_WORLD_START:]).digest()
    image.bytes[_WORLD_START + _ID_OFFSET : _WORLD_START + _ID_OFFSET + 4] = digest[:4]
    _write_cartridge_header(image.bytes)
    return bytes(image.bytes)


def _put_tables(world: World, image: _Image, portrait: PortraitMaker) -> dict[str, bytes]:
    """Write everything but the header; return the far pointers by name."""
    species = [_species(image, kind, portrait) for kind in world.species]
    return {
        "species": image.put(b"".join(species)),
        "moves": image.put(b"".join(map(_move, world.moves))),
        "items": image.put(b"".join(map(_item, world.items))),
        "trainers": image.put(b"".join(map(_trainer, world.trainers))),
        "type_chart": image.put(bytes(effect for row in world.type_chart for effect in row)),
        "type_names": image.put(
            b"".join(_padded(name, TYPE_NAME_BYTES) for name in world.type_names)
        ),
        "texts": image.put_all(text.encode("ascii") + b"\0" for text in world.texts),
        "scripts": image.put_all(world.scripts),
        "encounters": image.put(
            bytes(value for table in world.encounters for member in table for value in member)
        ),
        "maps": image.put(b"".join([_map(image, area) for area in world.maps])),
    }


def _world_header(world: World, world_id: int) -> bytes:
    return struct.pack(
        HEADER_STRUCT,
        WORLD_MAGIC,
        _FORMAT_VERSION,
        0,
        world_id,
        world.rng_seed,
        len(world.maps),
        len(world.species),
        len(world.moves),
        len(world.items),
        len(world.trainers),
        len(world.type_names),
        world.start_map,
        world.start_x,
        world.start_y,
        world.badge_count,
    )


def _padded(text: str, size: int) -> bytes:
    """Return ASCII text, NUL padded."""
    data = text.encode("ascii")
    if len(data) > size:
        raise ValueError(f"{text!r} is longer than {size} bytes")
    return data.ljust(size, b"\0")


def _species(image: _Image, species: Species, portrait: PortraitMaker) -> bytes:
    picture = portrait(Pcg32(species.family_seed), species.stage)
    if len(picture) != PORTRAIT_BYTES:
        raise ValueError(f"the portrait of {species.name} has {len(picture)} bytes")
    learnset = [value for learned in species.learnset for value in learned]
    return b"".join(
        (
            _padded(species.name, 10),
            bytes((species.type, *species.stats, species.catch_rate, species.exp)),
            image.put(picture),
            bytes((species.evolve_level, species.evolve_to, 0)),
            bytes(learnset).ljust(_LEARNSET_SLOTS * 2, b"\0"),
        )
    )


def _move(move: Move) -> bytes:
    numbers = (move.type, move.power, move.accuracy, move.pp, move.effect, 0)
    return _padded(move.name, 10) + bytes(numbers)


def _item(item: Item) -> bytes:
    return _padded(item.name, 12) + struct.pack("<HBB", item.price, item.kind, item.amount)


def _trainer(trainer: Trainer) -> bytes:
    team = bytes(value for member in trainer.team for value in member)
    record = _padded(trainer.name, 12) + bytes((len(trainer.team),))
    record += team.ljust(_TEAM_SLOTS * 2, b"\0") + struct.pack("<H", trainer.reward)
    return record.ljust(TRAINER_BYTES, b"\0")


def _map(image: _Image, area: Map) -> bytes:
    """Write a map's cells and events; return its record."""
    events = _events(area)
    if len(events) > MAX_EVENT_BYTES:
        raise ValueError(f"{area.name} has {len(events)} bytes of events")
    record = image.put(bytes(area.cells)) + struct.pack("<H", len(area.cells))
    record += image.put(events) + struct.pack("<H", len(events))
    record += bytes((area.width, area.height, 0, area.border, area.encounter, area.milestone))
    return record + struct.pack("<H", area.name_text) + b"\0\0"


def _events(area: Map) -> bytes:
    """Return the counts and the records of a map's events."""
    lists = (area.warps, area.npcs, area.signs, area.triggers, area.conditions)
    records = [bytes(len(events) for events in lists)]
    for warp in area.warps:
        records.append(struct.pack(WARP_STRUCT, warp.x, warp.y, warp.map, warp.to_x, warp.to_y))
    for npc in area.npcs:
        numbers = (npc.x, npc.y, npc.sprite, npc.facing, npc.script, npc.hide_flag)
        records.append(struct.pack(NPC_STRUCT, *numbers))
    for sign in area.signs:
        records.append(struct.pack(SIGN_STRUCT, sign.x, sign.y, sign.script))
    for trigger in area.triggers:
        records.append(
            struct.pack(TRIGGER_STRUCT, trigger.x, trigger.y, trigger.script, trigger.flag)
        )
    for cell in area.conditions:
        records.append(
            struct.pack(CONDITION_STRUCT, cell.x, cell.y, cell.tile, cell.when_clear, cell.flag)
        )
    return b"".join(records)


def _write_cartridge_header(rom: bytearray) -> None:
    """Fill 0x104 to 0x14F. The logo area stays empty: the emulator does not need it."""
    rom[0x104:_HEADER_START] = bytes(_HEADER_START - 0x104)
    rom[_HEADER_START:0x144] = _CARTRIDGE_TITLE.ljust(16, b"\0")
    rom[0x144:_HEADER_END] = bytes(
        (0, 0, 0, _MBC5_RAM_BATTERY, _ROM_256_KIB, _RAM_8_KIB, _NOT_JAPAN, _NEW_LICENSEE, 0)
    )
    checksum = 0
    for value in rom[_HEADER_START:_HEADER_END]:
        checksum = (checksum - value - 1) & 0xFF
    rom[_HEADER_END] = checksum
    rom[0x14E:0x150] = b"\0\0"
    rom[0x14E:0x150] = struct.pack(">H", sum(rom) & 0xFFFF)
