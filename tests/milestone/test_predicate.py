from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pokebench.milestone.predicate import Predicate, Symbol

ADAPTER: TypeAdapter[Any] = TypeAdapter(Predicate)
SYMBOLS = {
    "flags": Symbol(address=0xC000, size=4, encoding="bits", source="test"),
    "map": Symbol(address=0xC010, source="test"),
    "money": Symbol(address=0xC020, size=3, encoding="bcd", source="test"),
    "little": Symbol(address=0xC030, size=2, encoding="u16le", source="test"),
    "big": Symbol(address=0xC030, size=2, encoding="u16be", source="test"),
    "low": Symbol(address=0xC010, mask=0x7F, times=2, plus=1, source="test"),
    "count": Symbol(address=0xC040, source="test"),
    "items": Symbol(address=0xC041, records=3, stride=2, count="count", source="test"),
    "amounts": Symbol(address=0xC042, records=3, stride=2, count="count", source="test"),
    "ended": Symbol(address=0xC041, records=6, until=255, source="test"),
    "pairs": Symbol(address=0xC041, size=4, records=2, encoding="u16be", source="test"),
    "screen": Symbol(address=0xC100, size=16, encoding="bits", source="test"),
    "pointer": Symbol(address=0xC050, size=2, encoding="u16le", source="test"),
}


def holds(condition: dict[str, Any], ram: dict[int, int]) -> bool:
    test = ADAPTER.validate_python(condition).bind(SYMBOLS)
    result: bool = test(lambda address, size: bytes(ram.get(address + i, 0) for i in range(size)))
    return result


@pytest.mark.parametrize("bit", range(32))
def test_a_bit_is_exactly_that_bit(bit: int) -> None:
    condition = {"symbol": "flags", "bit": bit}
    alone = {0xC000 + bit // 8: 1 << bit % 8}
    others = {0xC000 + byte: 0xFF for byte in range(4)}
    others[0xC000 + bit // 8] ^= 1 << bit % 8

    assert holds(condition, alone)
    assert not holds(condition, others)
    assert not holds(condition, {})


@pytest.mark.parametrize(
    ("condition", "true_for", "false_for"),
    [
        ({"symbol": "map", "equals": 7}, [7], [6, 8]),
        ({"symbol": "map", "at_least": 7}, [7, 255], [0, 6]),
        ({"symbol": "map", "at_most": 7}, [0, 7], [8, 255]),
        ({"not": {"symbol": "map", "equals": 7}}, [6], [7]),
        ({"all": [{"symbol": "map", "at_least": 3}, {"symbol": "map", "at_most": 5}]}, [3, 5], [6]),
        ({"any": [{"symbol": "map", "equals": 1}, {"symbol": "map", "equals": 9}]}, [1, 9], [5]),
    ],
)
def test_comparisons_and_combinations(
    condition: dict[str, Any], true_for: list[int], false_for: list[int]
) -> None:
    assert all(holds(condition, {0xC010: value}) for value in true_for)
    assert not any(holds(condition, {0xC010: value}) for value in false_for)


def test_encodings() -> None:
    assert holds({"symbol": "money", "equals": 123456}, {0xC020: 0x12, 0xC021: 0x34, 0xC022: 0x56})
    assert holds({"symbol": "little", "equals": 0x0102}, {0xC030: 2, 0xC031: 1})
    assert holds({"symbol": "big", "equals": 0x0102}, {0xC030: 1, 0xC031: 2})


def test_a_mask_a_factor_and_an_offset_make_the_number() -> None:
    assert holds({"symbol": "low", "equals": 2 * 5 + 1}, {0xC010: 0x80 | 5})


def test_a_number_is_compared_with_another_symbols() -> None:
    ram = {0xC010: 7, 0xC040: 7}

    assert holds({"symbol": "map", "equals": "count"}, ram)
    assert holds({"symbol": "map", "at_most": "count"}, ram)
    assert not holds({"symbol": "map", "at_most": "count"}, ram | {0xC040: 6})


ITEMS = {0xC040: 2, 0xC041: 9, 0xC042: 1, 0xC043: 4, 0xC044: 50, 0xC045: 8, 0xC046: 99}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"list": "items", "has": 4}, True),
        ({"list": "items", "has": 8}, False),
        ({"list": "items", "has": 50}, False),
        ({"list": "amounts", "above": 49}, True),
        ({"list": "amounts", "above": 50}, False),
        ({"list": "amounts", "below": 2}, True),
        ({"list": "amounts", "below": 1}, False),
        ({"list": "items", "below": "amounts"}, True),
        ({"list": "items", "differs": "items"}, False),
        ({"list": "items", "differs": "amounts"}, True),
        ({"list": "items", "above": "amounts", "ignoring": 9}, False),
        ({"list": "pairs", "has": 0x0432}, True),
        ({"list": "pairs", "has": 0x0104}, False),
    ],
)
def test_lists_are_as_long_as_their_count(condition: dict[str, Any], expected: bool) -> None:
    assert holds(condition, ITEMS) == expected


def test_numbers_lie_where_another_list_says() -> None:
    rows = [[9, 0, 1], [4, 40, 60]]
    condition = {"list": "amounts", "by": "items", "rows": rows}

    assert not holds(condition, ITEMS)
    assert holds(condition, ITEMS | {0xC044: 61})
    assert holds(condition, ITEMS | {0xC044: 39})
    assert not holds(condition, ITEMS | {0xC043: 5, 0xC044: 200})


def test_a_list_ends_at_its_end_mark_and_no_count_leads_beyond_its_records() -> None:
    assert not holds({"list": "ended", "has": 8}, ITEMS | {0xC043: 255})
    assert holds({"list": "items", "has": 8}, ITEMS | {0xC040: 200})
    assert not holds({"list": "items", "has": 3}, ITEMS | {0xC040: 200, 0xC047: 3})


def test_bits_are_counted_and_compared() -> None:
    assert holds({"set_bits": "flags", "at_least": 3}, {0xC000: 3, 0xC003: 0x80})
    assert not holds({"set_bits": "flags", "at_least": 3}, {0xC000: 3, 0xC004: 0x80})
    assert holds({"bits": "big", "within": "screen"}, {0xC030: 4, 0xC100: 6})
    assert not holds({"bits": "big", "within": "screen"}, {0xC030: 4, 0xC100: 3})


def test_a_pointer_is_followed_only_where_it_may_lead() -> None:
    condition = {"pointer": "pointer", "within": "screen", "equals": 0xED}

    assert holds(condition, {0xC050: 0x0F, 0xC051: 0xC1, 0xC10F: 0xED})
    assert not holds(condition, {0xC050: 0x0E, 0xC051: 0xC1, 0xC10F: 0xED})
    assert not holds(condition, {0xC050: 0x10, 0xC051: 0xC1, 0xC110: 0xED})


def test_numbers_stand_together_in_a_row() -> None:
    condition = {"symbols": ["map", "count"], "rows": [[1, 10], [2, 20]]}

    assert holds(condition, {0xC010: 2, 0xC040: 20})
    assert not holds(condition, {0xC010: 2, 0xC040: 10})


@pytest.mark.parametrize("raw", [0x9A, 0xA9, 0xFF])
def test_what_is_no_decimal_is_malformed(raw: int) -> None:
    assert holds({"malformed": "money"}, {0xC021: raw})
    assert not holds({"malformed": "money"}, {0xC021: 0x99})


@pytest.mark.parametrize(
    "condition",
    [
        {"list": "items"},
        {"list": "items", "has": 1, "above": 2},
        {"symbols": ["map"], "rows": [[1, 2]]},
        {"pointer": "pointer", "within": "screen", "equals": 256},
        {"symbol": "map"},
        {"symbol": "map", "equals": 1, "at_least": 1},
        {"symbol": "map", "bit": 1, "equals": 1},
        {"symbol": "map", "bit": -1},
        {"all": []},
        {"run": "import os"},
        "map == 3",
    ],
)
def test_anything_else_is_refused(condition: Any) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(condition)


def test_a_list_is_compared_with_ranges() -> None:
    condition = {"list": "items", "outside": [[1, 30], [33, 40]]}

    for value, is_outside in (
        (0, True),
        (1, False),
        (30, False),
        (31, True),
        (33, False),
        (41, True),
    ):
        assert holds(condition, {0xC040: 1, 0xC041: value}) is is_outside
    assert not holds(condition, {0xC040: 0, 0xC041: 99})
    with pytest.raises(ValidationError, match="exactly one"):
        ADAPTER.validate_python(condition | {"has": 3})
