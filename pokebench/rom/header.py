"""What a cartridge's header says of it.

Source: gbdev/pandocs src/The_Cartridge_Header.md
"""

from dataclasses import dataclass
from typing import Final

_END: Final = 0x150
_BANK_BYTES: Final = 0x8000
_MOST_SIZE_CODE: Final = 8
_COLOR_FLAGS: Final = (0x80, 0xC0)


@dataclass(frozen=True, slots=True)
class Header:
    """The header's fields, as they stand there.

    Attributes:
        title: printable letters of the title, which may end in a game code.
        code: the four letters of a color cartridge's game code, the last for its language, or "".
        is_color: the cartridge knows the Game Boy Color.
        size_code: how large the ROM says it is.
        destination: 0 for Japan, 1 for the rest of the world.
        version: the mask ROM's version, 0 for the first.
        is_intact: the header's checksum fits.
        is_whole: the checksum over the whole ROM fits.
    """

    title: str
    code: str
    is_color: bool
    size_code: int
    destination: int
    version: int
    is_intact: bool
    is_whole: bool

    @property
    def rom_bytes(self) -> int | None:
        """How many bytes the ROM says it has; None if the code means nothing."""
        return _BANK_BYTES << self.size_code if self.size_code <= _MOST_SIZE_CODE else None


def header_of(data: bytes) -> Header | None:
    """Return the header of `data`, or None if that is too short to have one."""
    if len(data) < _END:
        return None
    checksum = 0
    for byte in data[0x134:0x14D]:
        checksum = (checksum - byte - 1) & 0xFF
    is_color = data[0x143] in _COLOR_FLAGS
    raw = data[0x134 : 0x143 if is_color else 0x144]
    letters = raw.split(b"\0")[0]
    code = data[0x13F:0x143].decode("ascii", errors="replace")
    total = (sum(data) - data[0x14E] - data[0x14F]) & 0xFFFF
    return Header(
        title="".join(chr(byte) if 0x20 <= byte < 0x7F else "?" for byte in letters).strip(),
        code=code if is_color and code.isalnum() and code.isascii() else "",
        is_color=is_color,
        size_code=data[0x148],
        destination=data[0x14A],
        version=data[0x14C],
        is_intact=checksum == data[0x14D],
        is_whole=total == int.from_bytes(data[0x14E:0x150], "big"),
    )
