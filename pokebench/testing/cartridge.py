"""Cartridges without content: a header, a few bytes of program, and what a test wants in RAM.

They run on the real emulator, so that tables, start scripts and readers can be tried without
anybody's game. Nothing writes RAM from outside: the program does, from its own ROM.
"""

from typing import Final

_ROM_BYTES: Final = 0x8000
_ENTRY: Final = 0x100
_PROGRAM: Final = 0x150
_IMAGE: Final = 0x4000
_MBC3_TIMER: Final = 0x10
_RAM_32K: Final = 3
WORK_RAM: Final = 0xC000
IMAGE_BYTES: Final = 0x2000
"""Work RAM as a game sees it: 0xC000 to 0xDFFF."""

# di; hl = 0x4000, de = 0xC000, bc = 0x2000; copy until bc is 0.
_COPY: Final = bytes.fromhex("F3 210040 1100C0 010020 2A 12 13 0B 78 B1 20F8")
_STOP: Final = bytes.fromhex("18FE")
# Once a frame, at line 144: what is held into 0xDF10, what is newly pressed counted in 0xDF00 (A),
# 0xDF01 (DOWN) and 0xDF02 (START), and the frame in 0xDF03.
_COUNT_PRESSES: Final = bytes.fromhex(
    "F044 FE90 20FA"
    "3E20 E000 F000 F000 2F E60F CB37 47"
    "3E10 E000 F000 F000 2F E60F B0 47"
    "FA10DF 2F A0 4F 78 EA10DF"
    "CB41 2804 2100DF 34"
    "CB79 2804 2101DF 34"
    "CB59 2804 2102DF 34"
    "2103DF 34"
    "F044 FE90 28FA"
)
A_PRESSES: Final = 0xDF00
DOWN_PRESSES: Final = 0xDF01
START_PRESSES: Final = 0xDF02


def image_rom(
    image: bytes = b"", title: str = "IMAGE", *, color: bool = False, clock: bool = False
) -> bytes:
    """Return a ROM whose program puts `image` into work RAM from 0xC000 on and stands still.

    Args:
        image: up to 8192 bytes; the rest of work RAM is 0.
        title: up to 15 letters for the header.
        color: the cartridge is one for the Game Boy Color.
        clock: the cartridge has a clock, as Gold, Silver and Crystal do.
    """
    return _rom(_COPY + _STOP, image, title, color, clock)


def button_rom(
    image: bytes = b"", title: str = "BUTTONS", *, color: bool = False, clock: bool = False
) -> bytes:
    """Return a ROM like `image_rom` that then counts presses.

    Each byte at `A_PRESSES`, `DOWN_PRESSES` and `START_PRESSES` counts how often that button went
    down, as games see it: once a frame.
    """
    loop = _COUNT_PRESSES + bytes([0x18, 256 - len(_COUNT_PRESSES) - 2])
    return _rom(_COPY + loop, image, title, color, clock)


def with_header(rom: bytes) -> bytes:
    """Return `rom` with both checksums of its header put right."""
    data = bytearray(rom)
    checksum = 0
    for byte in data[0x134:0x14D]:
        checksum = (checksum - byte - 1) & 0xFF
    data[0x14D] = checksum
    total = (sum(data) - data[0x14E] - data[0x14F]) & 0xFFFF
    data[0x14E:0x150] = total.to_bytes(2, "big")
    return bytes(data)


def _rom(program: bytes, image: bytes, title: str, color: bool, clock: bool) -> bytes:
    data = bytearray(_ROM_BYTES)
    data[_ENTRY : _ENTRY + 4] = bytes([0x00, 0xC3, _PROGRAM & 0xFF, _PROGRAM >> 8])
    name = title.encode("ascii")[:15]
    data[0x134 : 0x134 + len(name)] = name
    data[0x14A] = 1
    if color:
        data[0x143] = 0x80
    if clock:
        data[0x147:0x14A] = bytes([_MBC3_TIMER, 0, _RAM_32K])
    data[_PROGRAM : _PROGRAM + len(program)] = program
    data[_IMAGE : _IMAGE + IMAGE_BYTES] = image[:IMAGE_BYTES].ljust(IMAGE_BYTES, b"\0")
    return with_header(bytes(data))
