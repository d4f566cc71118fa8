"""Facts about real games that ship as data: addresses, tile ids, characters; never a name.

Everything here is read once a process from `pokebench/reader/data/`.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

_DATA: Final = Path(__file__).with_name("data")


class RomPlace(BaseModel):
    """Where a table lies in a ROM.

    Attributes:
        bank: number of the bank, 16 KiB each.
        address: as the CPU sees it, 0x0000 to 0x7FFF.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bank: int
    address: int

    @property
    def offset(self) -> int:
        """Return the place of the first byte in the file."""
        return self.bank * 0x4000 + self.address % 0x4000


class Places(BaseModel):
    """Where one RAM layout has what: labels of the disassembly and their addresses.

    Attributes:
        source: where the addresses are known from.
        ram: address by label.
        rom: for each game of this layout, its tables by label.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    ram: dict[str, int]
    rom: dict[str, dict[str, RomPlace]]


@cache
def places(layout: str) -> Places:
    """Return where the games of a RAM layout have what."""
    return Places.model_validate(tomllib.loads((_DATA / f"{layout}.toml").read_text("utf-8")))


@cache
def charset(generation: int) -> Mapping[int, str]:
    """Return what each character code of a generation is shown as."""
    return {int(row["code"], 16): row["text"] for row in rows(f"gen{generation}_charset")}


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of facts, by column."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def hex_set(text: str) -> frozenset[int]:
    """Return the numbers of a cell such as `1B 58`."""
    return frozenset(int(number, 16) for number in text.split())
