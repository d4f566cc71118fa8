"""RAM from elsewhere: a file of bytes that can be read like a console's memory."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pokebench.content import read_bytes
from pokebench.errors import ConfigError

_WORK_RAM: Final = 0xC000
_WORK_RAM_BYTES: Final = 0x2000
_ALL_BANKS_BYTES: Final = 0x8000
_WHOLE_BYTES: Final = 0x10000


@dataclass(frozen=True, slots=True)
class RamImage:
    """Bytes of a console's memory at one moment; what they do not hold reads as 0.

    Attributes:
        data: the bytes.
        start: the address of the first.
    """

    data: bytes
    start: int = _WORK_RAM

    @classmethod
    def of(cls, data: bytes) -> "RamImage":
        """Tell by its size what an image holds.

        Args:
            data: 8 KiB of work RAM, 0xC000 to 0xDFFF (on a Game Boy Color, banks 0 and 1); or
                32 KiB, its eight banks in order; or all 64 KiB that the CPU addresses.

        Raises:
            ConfigError: it has another size.
        """
        if len(data) == _WHOLE_BYTES:
            return cls(data, 0)
        if len(data) in (_WORK_RAM_BYTES, _ALL_BANKS_BYTES):
            return cls(data[:_WORK_RAM_BYTES])
        raise ConfigError(
            f"a RAM image of {len(data)} bytes: give 8192 (0xC000 to 0xDFFF), 32768 (all banks of "
            "work RAM) or 65536 (all that the CPU addresses)"
        )

    @classmethod
    def load(cls, path: Path) -> "RamImage":
        """Read an image from a file.

        Raises:
            ConfigError: it cannot be read, or has another size than `of` takes.
        """
        data = read_bytes(path, "RAM image")
        try:
            return cls.of(data)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error

    def read(self, address: int, size: int) -> bytes:
        """Return `size` bytes from `address` of the CPU's address space."""
        first = max(address - self.start, 0)
        before = min(max(self.start - address, 0), size)
        held = self.data[first : first + size - before]
        return (bytes(before) + held).ljust(size, b"\0")
