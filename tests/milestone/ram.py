"""Work RAM made by hand, and the facts that tables are compared with."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pokebench.milestone import GameTable, load_table

FACTS = Path(__file__).parent / "facts" / "pokemon_milestones.csv"
POKEMON = ("red", "blue", "yellow", "gold", "silver", "crystal")
GAMES = tuple(f"pokemon_{name}" for name in POKEMON)
PARTY = {"pokemon_red": 0xD163, "pokemon_blue": 0xD163, "pokemon_yellow": 0xD162}
"""Number of party members, the list of species, and 8 bytes on the first record, of 44 bytes."""
BAG = {"pokemon_red": 0xD31D, "pokemon_blue": 0xD31D, "pokemon_yellow": 0xD31C}
"""Number of items, then pairs of item and quantity."""


class Ram:
    """The whole address space, zero until something is put there."""

    def __init__(self) -> None:
        self.data = bytearray(0x10000)

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.data[address : address + size])

    def bit(self, address: int, bit: int, value: bool = True) -> None:
        self.data[address] = self.data[address] & ~(1 << bit) | value << bit


@dataclass(frozen=True)
class Atom:
    """One comparison of the facts, in their own notation."""

    game: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        match = re.fullmatch(
            r"([0-9A-F]{4})(?:\.(\d)|(=|>=)(\d+)|:(\d+)-(\d+)|\+(\d+)#(\d+))|(move|item) (\d+)",
            self.text,
        )
        assert match, self.text
        return tuple(group or "" for group in match.groups())

    def holds(self, ram: Ram) -> bool:
        """Evaluate it without the code under test."""
        where, bit, op, value, low, high, length, least, what, number = self.parts
        if what == "item":
            count = min(ram.data[BAG[self.game]], 20)
            return any(ram.data[BAG[self.game] + 1 + 2 * i] == int(number) for i in range(count))
        if what == "move":
            first = PARTY[self.game] + 8 + 8
            count = min(ram.data[PARTY[self.game]], 6)
            places = [first + 44 * i + j for i in range(count) for j in range(4)]
            return any(ram.data[place] == int(number) for place in places)
        address = int(where, 16)
        byte = ram.data[address]
        if bit:
            return bool(byte >> int(bit) & 1)
        if op:
            return byte == int(value) if op == "=" else byte >= int(value)
        if low:
            return int(low) <= byte <= int(high)
        return sum(ram.data[address + i].bit_count() for i in range(int(length))) >= int(least)

    def make(self, ram: Ram) -> None:
        """Make it true."""
        where, bit, op, value, low, _, _, _, what, number = self.parts
        if what == "item":
            ram.data[BAG[self.game]] = 3
            ram.data[BAG[self.game] + 5] = int(number)
        elif what == "move":
            ram.data[PARTY[self.game]] = 2
            ram.data[PARTY[self.game] + 16 + 44 + 3] = int(number)
        elif bit:
            ram.bit(int(where, 16), int(bit))
        elif op:
            ram.data[int(where, 16)] = int(value)
        elif low:
            ram.data[int(where, 16)] = int(low)
        else:
            ram.data[int(where, 16)] |= 0x81

    def near_misses(self, ram: Ram) -> Iterator[None]:
        """Change what the atom asks for, in all the ways that come close, one after the other."""
        where, bit, op, value, low, high, length, _, what, _ = self.parts
        address = int(where, 16) if where else 0
        if what == "item":
            changes = {BAG[self.game]: [0, 2], BAG[self.game] + 5: [0]}
        elif what == "move":
            changes = {PARTY[self.game]: [0, 1], PARTY[self.game] + 16 + 44 + 3: [0, 16]}
        elif bit:
            changes = {address: [0, 0xFF ^ 1 << int(bit)]}
        elif op == "=":
            changes = {address: [v for v in (int(value) - 1, int(value) + 1) if v >= 0]}
        elif op:
            changes = {address: [int(value) - 1]}
        elif low:
            changes = {address: [int(low) - 1, int(high) + 1]}
        else:
            changes = {address: [0, 1]}
            ram.data[address + int(length)] = 0xFF
        for place, values in changes.items():
            before = ram.data[place]
            for changed in values:
                ram.data[place] = changed
                yield
            ram.data[place] = before


@dataclass(frozen=True)
class Fact:
    """A milestone as the facts state it."""

    game: str
    id: str
    kind: str
    optional: bool
    after: tuple[str, ...]
    choices: tuple[tuple[Atom, ...], ...]

    def holds(self, ram: Ram) -> bool:
        return any(all(atom.holds(ram) for atom in choice) for choice in self.choices)


@cache
def facts() -> tuple[Fact, ...]:
    with FACTS.open() as file:
        return tuple(
            Fact(
                row["game"],
                row["id"],
                row["kind"],
                row["optional"] == "1",
                tuple(row["after"].split()),
                tuple(
                    tuple(Atom(row["game"], text) for text in choice.split(" & "))
                    for choice in row["condition"].split(" | ")
                ),
            )
            for row in csv.DictReader(file)
        )


@cache
def table_of(game: str) -> GameTable:
    return load_table(game)


@cache
def conditions_of(game: str) -> dict[str, Callable[..., bool]]:
    table = table_of(game)
    return {m.id: m.when.bind(table.symbols) for m in table.milestones}
