"""Worked values that every statistic is held to; `null` is "not reported", "inf" is infinity."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).with_name("cases.json")


@dataclass(frozen=True)
class Case:
    inputs: Any
    expected: Any
    rtol: float
    atol: float

    def close(self, expected: Any) -> Any:
        """Return what compares equal to values within the case's tolerance."""
        return pytest.approx(expected, rel=self.rtol, abs=self.atol)


def all_cases() -> dict[str, Case]:
    document = json.loads(PATH.read_text())
    return {
        item["id"]: Case(
            _infinite(item["inputs"]), _infinite(item["expected"]), item["rtol"], item["atol"]
        )
        for item in document["cases"]
    }


def case(name: str) -> Case:
    return all_cases()[name]


def _infinite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _infinite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_infinite(item) for item in value]
    return math.inf if value == "inf" else value
