import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.agent.tiers import TIERS, TierName
from pokebench.agent.toolbox import Toolbox, ToolError
from pokebench.agent.tools import Answer, NewNotes, ToolCalls, tool_specs
from pokebench.models.protocol import ToolCall
from pokebench.types import Action, Observation, Policy, Turn, View

VIEW = View(
    place=3, name="Mill Town", column=5, row=5, facing="down", left=3, top=4,
    rows=("#.D..", "..@.P", "....."), walkable=("01211", "11010", "11111"),
)  # fmt: skip


def calls(tier: TierName = "assisted", observation: Observation | None = None) -> ToolCalls:
    toolbox = Toolbox(TIERS[tier], 8)
    toolbox.see(observation or Observation(view=VIEW, is_reading=True))
    return ToolCalls(toolbox, TIERS[tier].tools, 100)


def do(arguments: str, name: str, tier: TierName = "assisted") -> Turn | NewNotes | Answer:
    return calls(tier).do(ToolCall("1", name, arguments), "because")


def test_each_tool_does_what_it_says() -> None:
    press = do('{"buttons": ["up", "a", "wait"]}', "press_buttons")
    assert press == Turn((Action.UP, Action.A, Action.WAIT), "because", Policy.CAREFUL)
    way = do('{"column": 5, "row": 4}', "navigate")
    assert way == Turn((Action.UP,), "because", Policy.WALK)
    reading = do("{}", "advance_text")
    assert isinstance(reading, Turn)
    assert (set(reading.actions), reading.policy) == ({Action.A}, Policy.TEXT)
    assert do('{"text": "go east"}', "write_notes") == NewNotes("go east")
    drawn = do("{}", "map")
    assert isinstance(drawn, Answer)
    assert "Mill Town" in drawn.text


@pytest.mark.parametrize(
    ("arguments", "name", "message"),
    [
        ('{"buttons": ["a', "press_buttons", "not valid JSON"),
        ("[]", "press_buttons", "must be a JSON object"),
        ('{"buttons": "a"}', "press_buttons", "nothing else"),
        ('{"buttons": []}', "press_buttons", "press 1 to 8 buttons"),
        (json.dumps({"buttons": ["a"] * 9}), "press_buttons", "not 9"),
        ('{"buttons": ["fly"]}', "press_buttons", '"fly" is no button'),
        ('{"buttons": [4]}', "press_buttons", '"4" is no button'),
        ('{"buttons": ["a"], "then": 1}', "press_buttons", "nothing else"),
        ('{"column": "4", "row": 2}', "navigate", "must be"),
        ('{"column": true, "row": 2}', "navigate", "must be"),
        ('{"column": 99, "row": 2}', "navigate", "was not seen yet"),
        ('{"column": 5, "row": 5}', "navigate", "you stand there already"),
        ('{"quickly": true}', "advance_text", "takes no arguments"),
        ('{"buttons": ["a"]}', "fly", 'there is no tool "fly"'),
        (json.dumps({"text": "x" * 101}), "write_notes", "may have 100 characters"),
    ],
)
def test_anything_else_is_told_to_the_model(arguments: str, name: str, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        do(arguments, name)


@pytest.mark.parametrize("tier", ["pixels", "text"])
@pytest.mark.parametrize("name", ["navigate", "advance_text", "map"])
def test_a_tier_without_a_tool_does_not_do_it(name: str, tier: TierName) -> None:
    with pytest.raises(ToolError, match="there is no tool"):
        do("{}", name, tier)
    toolbox = Toolbox(TIERS[tier], 8)
    toolbox.see(Observation(view=VIEW, is_reading=True))
    for use in (lambda: toolbox.navigate(5, 4), toolbox.advance_text, toolbox.map):
        with pytest.raises(ToolError, match="in this tier"):
            use()


def test_tools_that_have_nothing_to_do_say_so() -> None:
    idle = calls(observation=Observation())
    for name, arguments, message in (
        ("navigate", '{"column": 1, "row": 1}', "you cannot walk now"),
        ("advance_text", "{}", "no text on screen"),
        ("map", "{}", "no place was seen yet"),
    ):
        with pytest.raises(ToolError, match=message):
            idle.do(ToolCall("1", name, arguments), "")


def test_tools_are_offered_by_tier_with_strict_forms() -> None:
    offered = {tier: [s.name for s in tool_specs(TIERS[tier].tools, 8, 100)] for tier in TIERS}

    assert offered["pixels"] == offered["text"] == ["press_buttons", "write_notes"]
    assert len(offered["assisted"]) == 5
    for spec in tool_specs(TIERS["assisted"].tools, 8, 100):
        assert spec.parameters["additionalProperties"] is False
        assert spec.parameters["required"] == list(spec.parameters["properties"])


@given(st.text(), st.text() | st.sampled_from(TIERS["assisted"].tools))
def test_no_call_whatever_does_more_than_be_refused(arguments: str, name: str) -> None:
    try:
        do(arguments, name)
    except ToolError as error:
        assert str(error)  # noqa: PT017
