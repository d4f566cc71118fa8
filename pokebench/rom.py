"""ROMs: read from a file, known by SHA-1 and by nothing else."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pokebench.errors import RomError

MAX_ROM_BYTES = 8 * 1024 * 1024
"""The largest cartridge that the Game Boy's memory controllers can address."""
_HEADER_END = 0x150
_BANK_BYTES = 0x8000


@dataclass(frozen=True, slots=True)
class Rom:
    """A cartridge's bytes and the name they are known by."""

    data: bytes
    sha1: str

    @classmethod
    def of(cls, data: bytes) -> "Rom":
        """Return `data` with its SHA-1."""
        return cls(data, hashlib.sha1(data, usedforsecurity=False).hexdigest())


def load_rom(path: Path) -> Rom:
    """Read a ROM and check that it is whole.

    Raises:
        RomError: the file is missing, empty, too large, or shorter than its header says.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ROM_BYTES + 1)
    except OSError as error:
        raise RomError(f"cannot read ROM {path}: {error.strerror}") from error
    fault = rom_fault(data)
    if fault:
        raise RomError(f"ROM {path}: {fault}")
    return Rom.of(data)


def rom_fault(data: bytes) -> str | None:
    """Return what keeps `data` from being a whole Game Boy ROM, or None."""
    if len(data) > MAX_ROM_BYTES:
        return f"larger than any Game Boy cartridge ({MAX_ROM_BYTES} bytes)"
    if len(data) < _HEADER_END:
        return f"only {len(data)} bytes: not a Game Boy ROM"
    checksum = 0
    for byte in data[0x134:0x14D]:
        checksum = (checksum - byte - 1) & 0xFF
    if checksum != data[0x14D]:
        return "its header checksum is wrong: not a Game Boy ROM, or a damaged one"
    size_code = data[0x148]
    if size_code > 8:
        return f"its header names an unknown size code {size_code}"
    expected = _BANK_BYTES << size_code
    if len(data) != expected:
        kind = "truncated" if len(data) < expected else "too long"
        return f"{kind}: {len(data)} bytes where its header says {expected}"
    return None
