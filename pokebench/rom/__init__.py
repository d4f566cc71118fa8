"""ROMs: read from a person's file, known by SHA-1 and by nothing else, and found where they lie."""

from pokebench.rom.file import MAX_ROM_BYTES, Rom, rom_fault, rom_in
from pokebench.rom.header import Header, header_of
from pokebench.rom.library import Found, Library, Reference

__all__ = [
    "MAX_ROM_BYTES",
    "Found",
    "Header",
    "Library",
    "Reference",
    "Rom",
    "header_of",
    "rom_fault",
    "rom_in",
]
