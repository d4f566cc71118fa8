"""The audit must find what it is there to find."""

from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.milestone import Cartridge
from pokebench.runner import run
from pokebench.testing import Bill, FakeProvider
from tests.endurance.asked import Asked
from tests.endurance.audit import audit
from tests.endurance.service import SlowMirror


@pytest.fixture(scope="module")
def alone(micro: Cartridge, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Bill]]:
    """A short run that was left alone, and its bills."""
    folder = tmp_path_factory.mktemp("alone") / "run"
    with FakeProvider(SlowMirror()) as provider:
        run(Asked(micro, "anthropic", 6).config(folder, provider.url))
        return folder, provider.bills


def test_a_run_left_alone_passes(alone: tuple[Path, list[Bill]]) -> None:
    folder, bills = alone
    found = audit(folder, bills, folder)

    assert found.problems == ()
    assert found.results == found.bills == len(bills)


def test_a_bill_that_nothing_explains_is_named(alone: tuple[Path, list[Bill]]) -> None:
    folder, bills = alone
    problems = " ".join(audit(folder, [*bills, bills[2]], folder).problems)

    assert "call 2 has 2 bills, 1 answers, 0 doubtful" in problems
    assert "charged" in problems


def test_an_answer_without_a_bill_is_named(alone: tuple[Path, list[Bill]]) -> None:
    folder, bills = alone

    assert "call 5 has an answer and no bill" in audit(folder, bills[:-1], folder).problems


def test_a_wrong_number_of_tokens_is_named(alone: tuple[Path, list[Bill]]) -> None:
    folder, bills = alone
    wrong = [replace(bill, tokens_out=bill.tokens_out + 1) for bill in bills]

    assert any(
        "tokens that no bill has" in problem for problem in audit(folder, wrong, folder).problems
    )
