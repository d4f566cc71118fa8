from pathlib import Path

import pytest

from tests.score.cases import all_cases


@pytest.mark.parametrize("name", list(all_cases()))
def test_every_worked_case_is_held_by_a_test(name: str) -> None:
    sources = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]

    assert any(f'"{name}"' in source for source in sources)
