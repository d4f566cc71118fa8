"""Answers that no one expects must not cost a run: whatever a model says, the record reads back."""

from pathlib import Path

import pytest

from pokebench.milestone import Cartridge
from pokebench.runner import run
from pokebench.testing import FakeProvider, ScriptedReply, ScriptPlayer
from pokebench.trajectory import read_trajectory
from pokebench.types import EndReason
from tests.endurance.asked import ADAPTERS, Asked

PRESS = ScriptedReply("I press A.", "press_buttons", {"buttons": ["a"]})
TALKATIVE = ScriptedReply("la " * 20_000, "press_buttons", {"buttons": ["a"]})
ENDLESS = ScriptedReply("la " * 200_000)
HALF_AN_EMOJI = ScriptedReply("I note.", "write_notes", {"text": "a heart \ud83d"})


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(TALKATIVE, id="talkative"),
        pytest.param(ENDLESS, id="endless"),
        pytest.param(HALF_AN_EMOJI, id="half an emoji"),
        pytest.param(ScriptedReply("", "press_buttons", {"buttons": ["a"]}), id="silent"),
        pytest.param(ScriptedReply("a\0b", "press_buttons", {"buttons": ["a"]}), id="nul"),
    ],
)
def test_a_run_outlives_an_odd_answer(
    odd: ScriptedReply, adapter: str, micro: Cartridge, tmp_path: Path
) -> None:
    player = ScriptPlayer(lambda number, _: odd if number == 2 else PRESS)
    with FakeProvider(player) as provider:
        result = run(Asked(micro, adapter, 5, 45_000).config(tmp_path / "run", provider.url))
    outcome = read_trajectory(tmp_path / "run").outcome

    assert result.reason is EndReason.BUDGET_TURNS
    assert outcome is not None
