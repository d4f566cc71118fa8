"""State blocks made by hand, and memory that holds nothing else."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from pokebench.tallgrass.duel import Fighter
from pokebench.tallgrass.state import CANARY, STATE_ADDRESS, STATE_SIZE, Mode, address_of

SCALARS = {"steps": "<I", "frame": "<I", "world_id": "<I"}
WORDS = {"money", "wins", "losses", "catches", "rng", "script_id", "text_id", "canary"}


def block(**values: int | bytes) -> bytes:
    """Return a valid block of a game that waits in the overworld, with `values` set."""
    fields: dict[str, int | bytes] = {
        "magic": b"TGS2", "version": 2, "canary": CANARY, "mode": Mode.WORLD, "ready": 1,
        "script_id": 0xFFFF,
    }  # fmt: skip
    data = bytearray(STATE_SIZE)
    for name, value in (fields | values).items():
        raw = value if isinstance(value, bytes) else _encode(name, value)
        offset = address_of(name) - STATE_ADDRESS
        data[offset : offset + len(raw)] = raw
    return bytes(data)


def creature(fighter: Fighter) -> bytes:
    """Return the struct of a creature."""
    head = struct.pack(
        "<BB3HBB", fighter.species, fighter.level, fighter.hp, fighter.max_hp, 0, 0, 0
    )
    values = fighter.type, fighter.attack, fighter.defense, fighter.speed, 10
    return head + bytes(values) + bytes(fighter.moves) + bytes(fighter.pp) + bytes([200]) + bytes(8)


def party(*fighters: Fighter) -> dict[str, int | bytes]:
    """Return the fields of a party."""
    return {"party_count": len(fighters), "party": b"".join(map(creature, fighters))}


def bits(numbers: Sequence[int], size: int) -> bytes:
    """Return bytes in which the bits `numbers` are set."""
    return sum(1 << number for number in numbers).to_bytes(size, "little")


@dataclass
class FixedMemory:
    """A `RamPort` over a state block and the current map's cells."""

    block: bytes
    cells: bytes = b""

    def read(self, address: int, size: int) -> bytes:
        if address >= 0xD000:
            return self.cells[address - 0xD000 :][:size]
        return self.block[address - STATE_ADDRESS :][:size]


def _encode(name: str, value: int) -> bytes:
    code = SCALARS.get(name, "<H" if name in WORDS else "<B")
    return struct.pack(code, value)
