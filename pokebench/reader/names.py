"""Names of species, moves, items and places, read from the person's own ROM.

None ship with pokebench. What a ROM does not hold plausibly is shown as a number: `species 25`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pokebench.reader.facts import RomPlace
from pokebench.reader.text import NAME_END, Characters

_BANK_BYTES: Final = 0x4000
_LONGEST_NAME: Final = 20
_IMPLAUSIBLE_PART: Final = 8
"""One name in so many may be none: games have entries that were never used."""


class RomTables:
    """A ROM's tables by label; nothing here raises for a ROM that holds something else."""

    def __init__(self, rom: bytes, places: Mapping[str, RomPlace], characters: Characters) -> None:
        """Look `places` up in `rom`."""
        self._rom = rom
        self._places = places
        self._characters = characters

    def fixed(self, label: str, count: int, size: int) -> Sequence[str | None]:
        """Return `count` names of `size` bytes each; () if they look like no names."""
        start = self._places[label].offset
        raws = [self._rom[start + i * size : start + (i + 1) * size] for i in range(count)]
        return _mostly([self._characters.name(raw) for raw in raws])

    def in_a_row(self, label: str, count: int) -> Sequence[str | None]:
        """Return `count` names, each ended by 0x50; () if they look like no names."""
        start = self._places[label].offset
        raws = self._rom[start : start + count * _LONGEST_NAME].split(bytes([NAME_END]), count)
        if len(raws) <= count:
            return ()
        return _mostly([self._name(raw) for raw in raws[:count]])

    def table(self, label: str) -> "Table":
        """Return a table to be read byte by byte."""
        place = self._places[label]
        return Table(self._rom, place.offset, place.bank, self._characters)

    def _name(self, raw: bytes) -> str | None:
        return self._characters.name(raw) if len(raw) <= _LONGEST_NAME else None


class Table:
    """A table in a ROM, read at offsets; what lies beyond the ROM's end is 0."""

    def __init__(self, rom: bytes, start: int, bank: int, characters: Characters) -> None:
        """Read from `start` in the file; pointers lead into `bank`."""
        self._rom = rom
        self._start = start
        self._bank = bank
        self._characters = characters

    def byte(self, at: int) -> int:
        """Return the byte at an offset."""
        return self.byte_at(self._start + at)

    def byte_at(self, offset: int) -> int:
        """Return the byte at an offset in the file."""
        return (self._rom[offset : offset + 1] or b"\0")[0]

    def pointer(self, at: int) -> int | None:
        """Return where in the file the pointer at an offset leads, or None."""
        address = self.byte(at) | self.byte(at + 1) << 8
        if not _BANK_BYTES <= address < 2 * _BANK_BYTES:
            return None
        return self._bank * _BANK_BYTES + address - _BANK_BYTES

    def name(self, at: int) -> str | None:
        """Return the name that the pointer at an offset leads to, or None."""
        start = self.pointer(at)
        if start is None:
            return None
        raw = self._rom[start : start + _LONGEST_NAME]
        return self._characters.name(raw) if NAME_END in raw else None


class Names:
    """Words for numbers."""

    def __init__(
        self,
        species: Sequence[str | None],
        moves: Sequence[str | None],
        items: Mapping[int, str | None],
        places: Mapping[int, str],
    ) -> None:
        """Take names; the first species and the first move have number 1."""
        self._species = species
        self._moves = moves
        self._items = items
        self._places = places

    def species(self, number: int) -> str:
        """Return a species' name, or its number in words."""
        return _nth(self._species, number) or f"species {number}"

    def move(self, number: int) -> str:
        """Return a move's name, or its number in words."""
        return _nth(self._moves, number) or f"move {number}"

    def item(self, number: int) -> str:
        """Return an item's name, or its number in words."""
        return self._items.get(number) or f"item {number}"

    def place(self, number: int, label: str) -> str:
        """Return a place's name and its map's `label`; several maps share a name."""
        name = self._places.get(number)
        return f"{name} ({label})" if name else label


def _mostly(names: Sequence[str | None]) -> Sequence[str | None]:
    """Return `names`, or () if so few of them are names that the ROM has another table there."""
    return names if names.count(None) * _IMPLAUSIBLE_PART <= len(names) else ()


def _nth(names: Sequence[str | None], number: int) -> str | None:
    return names[number - 1] if 1 <= number <= len(names) else None
