"""Conditions over RAM: a closed set, so that a table can state facts and never run code.

A condition in TOML is one of

    { symbol = "badges", bit = 3 }              bit 3 (bit 0 is the lowest bit of the first byte)
    { symbol = "map", equals = 12 }             also at_least, at_most; a number or a symbol's name
    { set_bits = "dex_owned", at_least = 2 }    how many bits are set
    { bits = "dex_owned", within = "dex_seen" } no bit is set that is not set there, too
    { list = "bag", has = 72 }                  also above, below, differs: some number of a list is
    { list = "moves", outside = [[1, 165]] }    some number of a list lies in none of these ranges
    { list = "exp", by = "level", rows = [[5, 0, 9]] }    a number lies not within those of its row
    { pointer = "cursor", within = "tile_map", equals = 0xED }    the byte that a pointer points to
    { symbols = ["map", "width"], rows = [[0, 10], [1, 20]] }     these numbers are one of the rows
    { malformed = "money" }                     the bytes are no number in their encoding
    { all = [ … ] }   { any = [ … ] }   { not = … }
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag

from pokebench.milestone.symbol import Encoding, ReadBytes, Strict, Symbol, Symbols

__all__ = ["Encoding", "Predicate", "ReadBytes", "Symbol", "Symbols", "Test"]

Test = Callable[[ReadBytes], bool]
Span = tuple[int, int]
"""An address and a number of bytes."""


class _Leaf(Strict):
    """A condition that reads symbols."""

    def used(self) -> tuple[str, ...]:
        """Return the names of the symbols."""
        raise NotImplementedError

    def spans(self, symbols: Symbols) -> Iterator[Span]:
        """Yield what the test reads."""
        for name in self.used():
            yield symbols[name].span
            count = symbols[name].count
            if count is not None:
                yield symbols[count].span

    def faults(self, symbols: Symbols) -> Iterator[str]:
        """Yield what is wrong with the condition, given the symbols there are."""
        for name in self.used():
            if name not in symbols:
                yield f"unknown symbol {name!r}"


class Bit(_Leaf):
    """A bit is set."""

    symbol: str
    bit: int = Field(ge=0, lt=0x2000 * 8)

    def used(self) -> tuple[str, ...]:
        return (self.symbol,)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that reads this bit."""
        address, mask = self._address(symbols), 1 << self.bit % 8
        return lambda read: bool(read(address, 1)[0] & mask)

    def spans(self, symbols: Symbols) -> Iterator[Span]:
        """Yield the one byte that the test reads."""
        yield self._address(symbols), 1

    def faults(self, symbols: Symbols) -> Iterator[str]:
        yield from super().faults(symbols)
        if self.symbol in symbols and self.bit // 8 >= symbols[self.symbol].size:
            yield f"bit lies outside {self.symbol!r}"

    def _address(self, symbols: Symbols) -> int:
        return symbols[self.symbol].address + self.bit // 8


class Compare(_Leaf):
    """A number is equal to, at least, or at most another; exactly one of the three is given."""

    symbol: str
    equals: int | str | None = None
    at_least: int | str | None = None
    at_most: int | str | None = None

    def model_post_init(self, _: Any) -> None:
        """Insist on one comparison."""
        if len(self._given()) != 1:
            raise ValueError("give exactly one of bit, equals, at_least, at_most")

    def used(self) -> tuple[str, ...]:
        return (self.symbol, *(other for other in self._given() if isinstance(other, str)))

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that compares the symbol's number."""
        number = symbols[self.symbol].number
        other = _number_of(self._given()[0], symbols)
        if self.equals is not None:
            return lambda read: number(read) == other(read)
        if self.at_least is not None:
            return lambda read: number(read) >= other(read)
        return lambda read: number(read) <= other(read)

    def _given(self) -> list[int | str]:
        return [v for v in (self.equals, self.at_least, self.at_most) if v is not None]


class SetBits(_Leaf):
    """At least so many bits of a symbol are set."""

    set_bits: str
    at_least: int = Field(ge=1)

    def used(self) -> tuple[str, ...]:
        return (self.set_bits,)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that counts bits."""
        start, size = symbols[self.set_bits].span
        return lambda read: int.from_bytes(read(start, size)).bit_count() >= self.at_least


class Within(_Leaf):
    """No bit of a symbol is set that is not set in another one, too."""

    bits: str
    within: str

    def used(self) -> tuple[str, ...]:
        return (self.bits, self.within)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that compares bit by bit."""
        part, whole = symbols[self.bits].span, symbols[self.within].span
        return lambda read: not any(a & ~b for a, b in zip(read(*part), read(*whole), strict=False))


class Listed(_Leaf):
    """A list holds a number that is so: equal, above, below, or not that of another list.

    `above`, `below` and `differs` may name a list, whose numbers are compared one by one;
    `outside` has ranges, least and most, of the numbers that may be.
    """

    list: str
    has: int | None = None
    above: int | str | None = None
    below: int | str | None = None
    differs: str | None = None
    outside: tuple[tuple[int, int], ...] | None = Field(default=None, min_length=1)
    ignoring: int | None = None

    def model_post_init(self, _: Any) -> None:
        """Insist on one comparison."""
        given = (self.has, self.above, self.below, self.differs, self.outside)
        if sum(v is not None for v in given) != 1:
            raise ValueError("give exactly one of has, above, below, differs, outside")

    def used(self) -> tuple[str, ...]:
        others = (self.above, self.below, self.differs)
        return (self.list, *(other for other in others if isinstance(other, str)))

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that looks through the list."""
        own = symbols[self.list]
        other = self.used()[1] if len(self.used()) > 1 else None
        bound = next(v for v in (self.has, self.above, self.below, 0) if isinstance(v, int))

        def test(read: ReadBytes) -> bool:
            values = own.numbers(read, symbols)
            others = symbols[other].numbers(read, symbols) if other else [bound] * len(values)
            pairs = zip(values, others, strict=False)
            return any(self._is_found(a, b) for a, b in pairs if a != self.ignoring)

        return test

    def _is_found(self, value: int, other: int) -> bool:
        if self.outside is not None:
            return not any(least <= value <= most for least, most in self.outside)
        if self.has is not None:
            return value == other
        if self.above is not None:
            return value > other
        return value < other if self.below is not None else value != other

    def faults(self, symbols: Symbols) -> Iterator[str]:
        yield from super().faults(symbols)
        yield from _no_lists(self.used(), symbols)


class Outside(_Leaf):
    """A list holds a number that does not lie where another list says: rows of it, least and most.

    What the other list says and no row has is not judged.
    """

    list: str
    by: str
    rows: tuple[tuple[int, int, int], ...] = Field(min_length=1)

    def used(self) -> tuple[str, ...]:
        return (self.list, self.by)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that compares number by number."""
        own, by = symbols[self.list], symbols[self.by]
        bounds = {key: (least, most) for key, least, most in self.rows}

        def test(read: ReadBytes) -> bool:
            pairs = zip(own.numbers(read, symbols), by.numbers(read, symbols), strict=False)
            judged = ((value, bounds[key]) for value, key in pairs if key in bounds)
            return any(not least <= value <= most for value, (least, most) in judged)

        return test

    def faults(self, symbols: Symbols) -> Iterator[str]:
        yield from super().faults(symbols)
        yield from _no_lists(self.used(), symbols)


class Points(_Leaf):
    """A pointer points into a symbol, at a byte of this value."""

    pointer: str
    within: str
    equals: int = Field(ge=0, le=255)

    def used(self) -> tuple[str, ...]:
        return (self.pointer, self.within)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that follows the pointer; one that leads elsewhere is not followed."""
        pointer, (start, size) = symbols[self.pointer], symbols[self.within].span

        def test(read: ReadBytes) -> bool:
            address = pointer.number(read)
            return start <= address < start + size and read(address, 1)[0] == self.equals

        return test


class Row(_Leaf):
    """The numbers of some symbols stand together in one row of a table."""

    symbols: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[int, ...], ...] = Field(min_length=1)

    def model_post_init(self, _: Any) -> None:
        """Insist on rows of one length."""
        if any(len(row) != len(self.symbols) for row in self.rows):
            raise ValueError(f"each row must have {len(self.symbols)} numbers, one a symbol")

    def used(self) -> tuple[str, ...]:
        return self.symbols

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that looks the row up."""
        numbers = [symbols[name].number for name in self.symbols]
        rows = frozenset(self.rows)
        return lambda read: tuple(number(read) for number in numbers) in rows


class Malformed(_Leaf):
    """The bytes of a symbol are no number in its encoding."""

    malformed: str

    def used(self) -> tuple[str, ...]:
        return (self.malformed,)

    def bind(self, symbols: Symbols) -> Test:
        """Return the test that looks at the bytes."""
        return symbols[self.malformed].is_malformed


class _Group(Strict):
    """A condition made of conditions."""

    def parts(self) -> tuple["Predicate", ...]:
        raise NotImplementedError

    def spans(self, symbols: Symbols) -> Iterator[Span]:
        """Yield what the parts read."""
        for part in self.parts():
            yield from part.spans(symbols)

    def faults(self, symbols: Symbols) -> Iterator[str]:
        """Yield what is wrong with the parts."""
        for part in self.parts():
            yield from part.faults(symbols)


class All(_Group):
    """Every condition holds."""

    all: tuple["Predicate", ...] = Field(min_length=1)

    def parts(self) -> tuple["Predicate", ...]:
        return self.all

    def bind(self, symbols: Symbols) -> Test:
        """Return the conjunction."""
        tests = [part.bind(symbols) for part in self.all]
        return lambda read: all(test(read) for test in tests)


class AnyOf(_Group):
    """At least one condition holds."""

    any: tuple["Predicate", ...] = Field(min_length=1)

    def parts(self) -> tuple["Predicate", ...]:
        return self.any

    def bind(self, symbols: Symbols) -> Test:
        """Return the disjunction."""
        tests = [part.bind(symbols) for part in self.any]
        return lambda read: any(test(read) for test in tests)


class Not(_Group):
    """A condition does not hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    part: "Predicate" = Field(alias="not")

    def parts(self) -> tuple["Predicate", ...]:
        return (self.part,)

    def bind(self, symbols: Symbols) -> Test:
        """Return the negation."""
        test = self.part.bind(symbols)
        return lambda read: not test(read)


def _no_lists(names: tuple[str, ...], symbols: Symbols) -> Iterator[str]:
    for name in names:
        if name in symbols and symbols[name].records is None:
            yield f"{name!r} is no list: it has no records"


def _number_of(value: int | str, symbols: Symbols) -> Callable[[ReadBytes], int]:
    """Return what reads a number: a symbol's, or always the same."""
    if isinstance(value, str):
        return symbols[value].number
    return lambda _: value


_KINDS: dict[str, type[Strict]] = {
    "all": All, "any": AnyOf, "not": Not, "bit": Bit, "set_bits": SetBits, "bits": Within,
    "by": Outside, "list": Listed, "pointer": Points, "rows": Row, "malformed": Malformed,
}  # fmt: skip
"""Conditions by the key that only they have."""


def _kind(value: Any) -> str:
    """Tell which condition a TOML table states, by its keys."""
    if isinstance(value, dict):
        return next((key for key in _KINDS if key in value), "compare")
    return next((key for key, kind in _KINDS.items() if type(value) is kind), "compare")


Predicate = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Bit, Tag("bit")]
    | Annotated[SetBits, Tag("set_bits")]
    | Annotated[Within, Tag("bits")]
    | Annotated[Outside, Tag("by")]
    | Annotated[Listed, Tag("list")]
    | Annotated[Points, Tag("pointer")]
    | Annotated[Row, Tag("rows")]
    | Annotated[Malformed, Tag("malformed")]
    | Annotated[Compare, Tag("compare")],
    Discriminator(_kind),
]
for _model in (All, AnyOf, Not):
    _model.model_rebuild()
