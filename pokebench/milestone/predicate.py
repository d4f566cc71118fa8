"""Conditions over RAM: a closed set, so that a table can state facts and never run code.

A condition in TOML is one of

    { symbol = "badges", bit = 3 }          bit 3 of the symbol's bytes (bit 0 is the lowest of
    byte 0) { symbol = "map", equals = 12 }         also at_least, at_most
    { all = [ … ] }   { any = [ … ] }   { not = … }
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Encoding = Literal["u8", "u16le", "u16be", "u24le", "u24be", "u32le", "bits", "bcd"]
ReadBytes = Callable[[int, int], bytes]
"""Takes an address and a size, returns that many bytes."""
Test = Callable[[ReadBytes], bool]

_NUMBER_BYTES = {"u8": 1, "u16le": 2, "u16be": 2, "u24le": 3, "u24be": 3, "u32le": 4}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Symbol(_Strict):
    """A named place in RAM.

    Attributes:
        address: first byte, in the CPU's address space.
        size: bytes.
        encoding: how the bytes make a number or bits.
        source: where the address is known from.
        meaning: what it holds, for people.
    """

    address: int = Field(ge=0x8000, le=0xFFFF)
    size: int = Field(default=1, ge=1, le=0x2000)
    encoding: Encoding = "u8"
    source: str
    meaning: str = ""

    def number(self, read: ReadBytes) -> int:
        """Return the symbol's value as a number."""
        raw = read(self.address, self.size)
        if self.encoding == "bcd":
            return int("".join(f"{byte >> 4 & 15}{byte & 15}" for byte in raw))
        return int.from_bytes(raw, "big" if self.encoding.endswith("be") else "little")

    def fault(self) -> str | None:
        """Return why the symbol cannot be read as it says, or None."""
        expected = _NUMBER_BYTES.get(self.encoding)
        if expected is not None and expected != self.size:
            return f"encoding {self.encoding} has {expected} bytes, size says {self.size}"
        if self.address + self.size > 0x10000:
            return "reaches past the end of memory"
        return None


Symbols = dict[str, Symbol]


class Bit(_Strict):
    """A bit is set."""

    symbol: str
    bit: int = Field(ge=0, lt=0x2000 * 8)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that reads this bit."""
        address, mask = self._place(symbols), 1 << self.bit % 8
        return lambda read: bool(read(address, 1)[0] & mask)

    def spans(self, symbols: Symbols) -> Iterator[tuple[int, int]]:
        """Yield the one byte that the test reads."""
        yield self._place(symbols), 1

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield the symbol and how many bytes of it must exist."""
        yield self.symbol, self.bit // 8 + 1

    def _place(self, symbols: Symbols) -> int:
        return symbols[self.symbol].address + self.bit // 8


class Compare(_Strict):
    """A number is equal to, at least, or at most a value; exactly one of the three is given."""

    symbol: str
    equals: int | None = None
    at_least: int | None = None
    at_most: int | None = None

    def model_post_init(self, _: Any) -> None:
        """Insist on one comparison."""
        given = [v for v in (self.equals, self.at_least, self.at_most) if v is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of bit, equals, at_least, at_most")

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that compares the symbol's number."""
        symbol = symbols[self.symbol]
        if self.equals is not None:
            low = high = self.equals
        else:
            low = self.at_least if self.at_least is not None else 0
            high = self.at_most if self.at_most is not None else 1 << 32
        return lambda read: low <= symbol.number(read) <= high

    def spans(self, symbols: Symbols) -> Iterator[tuple[int, int]]:
        """Yield the bytes of the symbol."""
        yield symbols[self.symbol].address, symbols[self.symbol].size

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield the symbol."""
        yield self.symbol, 1


class All(_Strict):
    """Every condition holds."""

    all: tuple["Predicate", ...] = Field(min_length=1)

    def bind(self, symbols: Symbols) -> Test:
        """Return the conjunction."""
        tests = [part.bind(symbols) for part in self.all]
        return lambda read: all(test(read) for test in tests)

    def spans(self, symbols: Symbols) -> Iterator[tuple[int, int]]:
        """Yield what the parts read."""
        for part in self.all:
            yield from part.spans(symbols)

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield the symbols of the parts."""
        for part in self.all:
            yield from part.names()


class AnyOf(_Strict):
    """At least one condition holds."""

    any: tuple["Predicate", ...] = Field(min_length=1)

    def bind(self, symbols: Symbols) -> Test:
        """Return the disjunction."""
        tests = [part.bind(symbols) for part in self.any]
        return lambda read: any(test(read) for test in tests)

    def spans(self, symbols: Symbols) -> Iterator[tuple[int, int]]:
        """Yield what the parts read."""
        for part in self.any:
            yield from part.spans(symbols)

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield the symbols of the parts."""
        for part in self.any:
            yield from part.names()


class Not(_Strict):
    """A condition does not hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    part: "Predicate" = Field(alias="not")

    def bind(self, symbols: Symbols) -> Test:
        """Return the negation."""
        test = self.part.bind(symbols)
        return lambda read: not test(read)

    def spans(self, symbols: Symbols) -> Iterator[tuple[int, int]]:
        """Yield what the part reads."""
        yield from self.part.spans(symbols)

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield the symbols of the part."""
        yield from self.part.names()


def _kind(value: Any) -> str:
    """Tell which condition a TOML table states, by its keys."""
    if isinstance(value, dict):
        for key in ("all", "any", "not", "bit"):
            if key in value:
                return key
    elif isinstance(value, All | AnyOf | Not | Bit):
        return {All: "all", AnyOf: "any", Not: "not", Bit: "bit"}[type(value)]
    return "compare"


Predicate = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Bit, Tag("bit")]
    | Annotated[Compare, Tag("compare")],
    Discriminator(_kind),
]
for _model in (All, AnyOf, Not):
    _model.model_rebuild()
