"""Named places in RAM, and how their bytes make numbers."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Encoding = Literal["u8", "u16le", "u16be", "u24le", "u24be", "u32le", "bits", "bcd"]
ReadBytes = Callable[[int, int], bytes]
"""Takes an address and a size, returns that many bytes."""

_NUMBER_BYTES = {"u8": 1, "u16le": 2, "u16be": 2, "u24le": 3, "u24be": 3, "u32le": 4}


class Strict(BaseModel):
    """What is read from a file: no key is unknown, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Symbol(Strict):
    """A named place in RAM: one number, some bits, or a list of records.

    Attributes:
        address: first byte, in the CPU's address space. On a Game Boy Color, 0xD000 to 0xDFFF is
            bank 1 of work RAM, whichever bank the game has switched in.
        size: bytes; of a list, the bytes that are read of one record.
        encoding: how the bytes make a number or bits; in a list, each byte or group of bytes is a
            number of its own.
        mask: the bits of the number that count; None for all.
        times: what the number is multiplied with, such as 2 for blocks of two squares.
        plus: what is then added.
        records: how many records a list has at most; None for what is no list.
        stride: bytes from one record of a list to the next; None for records without a gap.
        count: the symbol that says how many records are in use; None for those before `until`.
        until: the value that ends a list.
        source: where the address is known from.
        meaning: what it holds, for people.
    """

    address: int = Field(ge=0x8000, le=0xFFFF)
    size: int = Field(default=1, ge=1, le=0x2000)
    encoding: Encoding = "u8"
    mask: int | None = Field(default=None, ge=1, lt=1 << 32)
    times: int = Field(default=1, ge=1, le=256)
    plus: int = Field(default=0, ge=-256, le=256)
    records: int | None = Field(default=None, ge=1, le=256)
    stride: int | None = Field(default=None, ge=1, le=256)
    count: str | None = None
    until: int | None = None
    source: str
    meaning: str = ""

    @property
    def span(self) -> tuple[int, int]:
        """Address and number of all bytes that belong to it."""
        gaps = (self.records or 1) - 1
        return self.address, gaps * (self.stride or self.size) + self.size

    def number(self, read: ReadBytes) -> int:
        """Return the symbol's value as a number; digits of a BCD beyond 9 count as they are."""
        return self._number(read(self.address, self.size))

    def numbers(self, read: ReadBytes, symbols: Mapping[str, "Symbol"]) -> list[int]:
        """Return the numbers of the records of a list that are in use, in order."""
        width = _NUMBER_BYTES.get(self.encoding, self.size)
        start, length = self.span
        data = read(start, length)
        stride = self.stride or self.size
        used = self.records or 1
        if self.count is not None:
            used = min(used, symbols[self.count].number(read))
        values: list[int] = []
        for first in range(0, used * stride, stride):
            record = data[first : first + self.size]
            parts = range(0, len(record), width)
            found = [self._number(record[part : part + width]) for part in parts]
            if self.until is not None and self.until in found:
                break
            values += found
        return values

    def is_malformed(self, read: ReadBytes) -> bool:
        """Whether the bytes are no number in this encoding: a BCD with a digit beyond 9."""
        raw = read(self.address, self.size)
        return self.encoding == "bcd" and any(b >> 4 > 9 or b & 15 > 9 for b in raw)

    def _number(self, raw: bytes) -> int:
        if self.encoding == "bcd":
            value = 0
            for byte in raw:
                value = value * 100 + (byte >> 4) * 10 + (byte & 15)
        else:
            value = int.from_bytes(raw, "big" if self.encoding.endswith("be") else "little")
        masked = value if self.mask is None else value & self.mask
        return masked * self.times + self.plus

    def fault(self, symbols: Mapping[str, "Symbol"]) -> str | None:
        """Return why the symbol cannot be read as it says, or None."""
        expected = _NUMBER_BYTES.get(self.encoding)
        if expected is not None and expected != self.size and self.records is None:
            return f"encoding {self.encoding} has {expected} bytes, size says {self.size}"
        if expected is not None and self.size % expected:
            return f"size {self.size} is no multiple of the {expected} bytes of {self.encoding}"
        if sum(self.span) > 0x10000:
            return "reaches past the end of memory"
        if self.stride is not None and self.stride < self.size:
            return f"stride {self.stride} is smaller than size {self.size}"
        if self.count is not None and self.count not in symbols:
            return f"count: unknown symbol {self.count!r}"
        if self.records is None and (self.stride or self.count or self.until is not None):
            return "stride, count and until belong to a list: give records"
        return None


Symbols = Mapping[str, Symbol]
