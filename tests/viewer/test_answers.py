import re
from pathlib import Path

import numpy as np
import pytest

from pokebench.milestone import Cartridge
from pokebench.runner import run
from pokebench.testing import FakeProvider, ScriptedReply, ScriptPlayer
from pokebench.trajectory import Tail
from pokebench.viewer.shown import ShownRun
from tests.harness.asking import KEY, KEY_VARIABLE, config, press

BUTTONS = ("up", "down", "left", "right", "a", "a", "b", "wait")


class Wanderer:
    """Tries all tools that move the game, with luck, and hears what it is told."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._luck = np.random.default_rng(4)

    def reply(self, number: int, texts: list[str]) -> ScriptedReply:
        self.heard.append(texts[-1])
        here = re.search(r"column (\d+), row (\d+)", texts[-1])
        if number < 12 or "Not done" in texts[-1]:
            return press(*self._luck.choice(BUTTONS, 5), "a")
        if here and number % 3:
            column, row = (int(cell) + int(self._luck.integers(-3, 4)) for cell in here.groups())
            return ScriptedReply("", "navigate", {"column": column, "row": row})
        if not here:
            return ScriptedReply("", "advance_text")
        return press(*self._luck.choice(BUTTONS, 8))


@pytest.mark.slow
def test_what_a_model_was_answered_is_told_again_word_for_word(
    micro: Cartridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    model = Wanderer()
    with FakeProvider(ScriptPlayer(model.reply)) as provider:
        asked = config(
            micro, provider, tmp_path / "run", limits={"turns": 90},
            harness={"tier": "assisted"}, context={"epoch_tokens": 150_000},
        )  # fmt: skip
        run(asked)
    shown = ShownRun(Tail(tmp_path / "run"), None, tmp_path / "cache")

    seen = [shown.saw(turn) for turn in range(2, shown.turn_count)]
    shown.close()

    told = [f"{it['answer']}\n\n{it['text']}" for it in seen]
    assert told == [words for words in model.heard if "Done: " in words][-len(told) :]
    whys = {why for it in seen for why in re.findall("Stopped early: (.*)", it["answer"])}
    assert len(whys) >= 4, whys
