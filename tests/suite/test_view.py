from pathlib import Path
from typing import Any

import pytest

from pokebench.agent import AgentSpec
from pokebench.agent.prompt import system_prompt
from pokebench.runner import run
from pokebench.suite.content import FrozenSuite
from pokebench.suite.trial import Trial, config_of
from pokebench.trajectory import AgentEvent, read_trajectory
from pokebench.trajectory.manifest import BudgetPart

SPY = """
from pokebench.types import Action

class Spy:
    def __init__(self, tools):
        self.tools, self.seen = tools, []

    def act(self, observation):
        self.seen.append({
            "fields": sorted(
                name for name in observation.__slots__ if getattr(observation, name) is not None
            ),
            "text": observation.text,
            "map": self.tools.map() if "map" in self.tools.names else None,
            "tools": sorted(n for n in vars(self.tools)),
            "task": self.tools.task,
        })
        return self.tools.press(Action.B)

    def state(self):
        return {"seen": self.seen}

    def restore(self, state):
        self.seen = state["seen"]
"""


def first_sight(tiny: FrozenSuite, tier: str, folder: Path) -> dict[str, Any]:
    """What an agent of somebody's own is shown at the start of a segment."""
    path = folder / "spy.py"
    path.write_text(SPY)
    agent = AgentSpec.parse(f"{path}:Spy").with_settings((f"harness.tier={tier}",))
    limits = BudgetPart(frames=1, turns=1)
    trial = Trial("known-badge", 3, "closed")
    run(config_of(tiny, trial, agent, folder / "run", limits, 10.0, None))
    events = [line.event for line in read_trajectory(folder / "run").lines]
    answer = next(event for event in events if isinstance(event, AgentEvent))
    seen: dict[str, Any] = answer.data["memory"]["seen"][0]
    return seen


@pytest.mark.parametrize(
    ("tier", "fields"),
    [
        ("pixels", ["is_reading", "screen", "trace"]),
        pytest.param("assisted", ["is_reading", "screen", "text", "trace"], marks=pytest.mark.slow),
    ],
)
def test_an_agent_takes_over_with_what_its_tier_shows_and_the_task_in_words(
    tier: str, fields: list[str], tiny: FrozenSuite, tmp_path: Path
) -> None:
    seen = first_sight(tiny, tier, tmp_path)
    segment = tiny.suite.segment("known-badge")

    assert segment is not None
    assert seen["fields"] == fields
    assert seen["task"] == segment.words
    assert "badge_1" not in str(seen)
    if seen["map"] is not None:
        drawn = [line for line in seen["map"].splitlines() if line[:5].strip().isdigit()]
        assert len(drawn) <= 9


def test_a_model_is_told_the_task_and_nobody_else_is(tiny: FrozenSuite) -> None:
    card = AgentSpec.parse("local").card
    words = tiny.suite.segments[0].words

    assert words in system_prompt(card, None, words)
    assert "asked for one thing" not in system_prompt(card, None)
