"""Runs recorded once must verify for ever, on every machine and Python version.

A change of engine, generator, table or emulator makes other games of the same seeds. Where that is
meant, raise its version and record again:

    pokebench run --game tallgrass:micro@1 --agent oracle --seed 1 --out tests/golden
"""

from pathlib import Path

import pytest

from pokebench.types import EndReason
from pokebench.verify import verify

GOLDEN = sorted(path.parent for path in (Path(__file__).parent / "golden").glob("*/manifest.json"))


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_a_run_recorded_elsewhere_verifies_here(folder: Path) -> None:
    verification = verify(folder)

    assert verification.reason is EndReason.FINISHED
    assert len(verification.milestones) == len(verification.cartridge.milestones)


def test_there_are_golden_runs() -> None:
    assert GOLDEN
