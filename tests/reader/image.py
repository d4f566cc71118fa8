"""RAM and ROM of games that never were: made here, byte by byte, in the documented encodings."""

from collections.abc import Mapping, Sequence
from typing import Self

from pokebench.reader.facts import RomPlace, charset

ROM_BYTES = 0x200000
_COLUMNS = 20


class Encoder:
    """Writes text in a generation's encoding."""

    def __init__(self, generation: int) -> None:
        shown = charset(generation).items()
        self._codes = {text: code for code, text in reversed(list(shown)) if code >= 0x7F}
        self._codes |= {" ": 0x7F, "'": 0xE0, "-": 0xE3, ".": 0xE8}

    def codes(self, text: str) -> bytes:
        return bytes(self._codes[character] for character in text)

    def name(self, text: str, size: int = 11) -> bytes:
        return self.codes(text).ljust(size, b"\x50")


class RamImage:
    """64 KiB that a reader reads; everything is 0 until it is put there."""

    def __init__(self, at: Mapping[str, int], generation: int) -> None:
        self.bytes = bytearray(0x10000)
        self.at = at
        self.encoder = Encoder(generation)
        self.reads = 0

    def read(self, address: int, size: int) -> bytes:
        assert size >= 1
        self.reads += 1
        return bytes(self.bytes[address : address + size])

    def put(self, label: str, *values: int, offset: int = 0) -> Self:
        start = self.at[label] + offset
        self.bytes[start : start + len(values)] = bytes(values)
        return self

    def put_bytes(self, label: str, data: bytes, offset: int = 0) -> Self:
        return self.put(label, *data, offset=offset)

    def tiles(self, label: str, tile: int) -> Self:
        """Fill the screen with one tile."""
        return self.put_bytes(label, bytes([tile]) * 360)

    def tile(self, label: str, column: int, row: int, tile: int) -> Self:
        return self.put(label, tile, offset=row * _COLUMNS + column)

    def write(self, label: str, column: int, row: int, text: str) -> Self:
        return self.put_bytes(label, self.encoder.codes(text), offset=row * _COLUMNS + column)

    def box(self, label: str, left: int, top: int, right: int, bottom: int) -> Self:
        """Draw a text box whose corners lie at the given tiles."""
        inside = right - left - 1
        self.put_bytes(label, b"\x79" + b"\x7a" * inside + b"\x7b", offset=top * _COLUMNS + left)
        for row in range(top + 1, bottom):
            line = b"\x7c" + b"\x7f" * inside + b"\x7c"
            self.put_bytes(label, line, offset=row * _COLUMNS + left)
        last = b"\x7d" + b"\x7a" * inside + b"\x7e"
        return self.put_bytes(label, last, offset=bottom * _COLUMNS + left)


class RomImage:
    """A ROM of zeros with name tables in it."""

    def __init__(self, places: Mapping[str, RomPlace], generation: int) -> None:
        self.data = bytearray(ROM_BYTES)
        self._places = places
        self._encoder = Encoder(generation)

    def fixed(self, label: str, names: Sequence[str], size: int) -> Self:
        return self._put(label, b"".join(self._encoder.name(name, size) for name in names))

    def in_a_row(self, label: str, names: Sequence[str]) -> Self:
        return self._put(label, b"".join(self._encoder.codes(name) + b"\x50" for name in names))

    def put(self, bank: int, address: int, data: bytes) -> Self:
        start = RomPlace(bank=bank, address=address).offset
        self.data[start : start + len(data)] = data
        return self

    def name_at(self, bank: int, address: int, name: str) -> Self:
        return self.put(bank, address, self._encoder.codes(name) + b"\x50")

    def _put(self, label: str, data: bytes) -> Self:
        place = self._places[label]
        return self.put(place.bank, place.address, data)
