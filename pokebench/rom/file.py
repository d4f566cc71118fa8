"""A ROM's bytes: read from a file or out of a zip, and checked for being whole."""

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pokebench.errors import RomError
from pokebench.rom.header import header_of

MAX_ROM_BYTES = 8 * 1024 * 1024
"""The largest cartridge that the Game Boy's memory controllers can address."""
ROM_ENDINGS: Final = (".gb", ".gbc", ".sgb", ".bin")
ZIP_MAGIC: Final = b"PK\x03\x04"
_MOST_ZIP_ENTRIES: Final = 1000


@dataclass(frozen=True, slots=True)
class Rom:
    """A cartridge's bytes and the name they are known by."""

    data: bytes
    sha1: str

    @classmethod
    def of(cls, data: bytes) -> "Rom":
        """Return `data` with its SHA-1."""
        return cls(data, hashlib.sha1(data, usedforsecurity=False).hexdigest())


def rom_in(path: Path) -> bytes:
    """Return the bytes of a file, or of the one ROM in a zip; no more than a ROM can have, and one.

    Raises:
        RomError: the file cannot be read, or the zip holds no ROM, or several.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ROM_BYTES + 1)
    except OSError as error:
        raise RomError(f"cannot read ROM {path}: {error.strerror}") from error
    return _unzipped(data, path) if data.startswith(ZIP_MAGIC) else data


def _unzipped(data: bytes, path: Path) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()[:_MOST_ZIP_ENTRIES]
            roms = [entry for entry in entries if entry.filename.lower().endswith(ROM_ENDINGS)]
            if len(roms) != 1:
                count = f"{len(roms)} ROMs" if roms else "no ROM"
                raise RomError(f"ROM {path}: the zip holds {count}; unpack the one that you mean")
            with archive.open(roms[0]) as file:
                return file.read(MAX_ROM_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise RomError(f"ROM {path}: the zip cannot be unpacked ({error}); unpack it") from error


def rom_fault(data: bytes) -> str | None:
    """Return what keeps `data` from being a whole Game Boy ROM, or None."""
    if len(data) > MAX_ROM_BYTES:
        return f"larger than any Game Boy cartridge ({MAX_ROM_BYTES} bytes)"
    header = header_of(data)
    if header is None:
        return f"only {len(data)} bytes: not a Game Boy ROM"
    if not header.is_intact:
        return "its header checksum is wrong: not a Game Boy ROM, or a damaged one"
    if header.rom_bytes is None:
        return f"its header names an unknown size code {header.size_code}"
    if len(data) != header.rom_bytes:
        kind = "truncated" if len(data) < header.rom_bytes else "too long"
        return f"{kind}: {len(data)} bytes where its header says {header.rom_bytes}"
    return None
