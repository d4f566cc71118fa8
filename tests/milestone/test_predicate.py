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


@pytest.mark.parametrize(
    "condition",
    [
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
