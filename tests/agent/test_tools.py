import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.agent.tools import Press, UnusableCallError, WriteNotes, parse_call
from pokebench.models.protocol import ToolCall
from pokebench.types import Action


def parse(arguments: str, name: str = "press_buttons") -> Press | WriteNotes:
    return parse_call(ToolCall("1", name, arguments), 8, 100)


def test_buttons_are_pressed_in_order() -> None:
    assert parse('{"buttons": ["up", "a", "wait"]}') == Press((Action.UP, Action.A, Action.WAIT))
    assert parse('{"text": "go east"}', "write_notes") == WriteNotes("go east")


@pytest.mark.parametrize(
    ("arguments", "name", "message"),
    [
        ('{"buttons": ["a', "press_buttons", "not valid JSON"),
        ("[]", "press_buttons", "must be a JSON object"),
        ('{"buttons": "a"}', "press_buttons", "nothing else"),
        ('{"buttons": []}', "press_buttons", "1 to 8 buttons"),
        (json.dumps({"buttons": ["a"] * 9}), "press_buttons", "not 9"),
        ('{"buttons": ["fly"]}', "press_buttons", "'fly' is no button"),
        ('{"buttons": [4]}', "press_buttons", "'4' is no button"),
        ('{"buttons": ["a"], "then": 1}', "press_buttons", "nothing else"),
        ('{"buttons": ["a"]}', "fly", "there is no tool 'fly'"),
        (json.dumps({"text": "x" * 101}), "write_notes", "may have 100 characters"),
    ],
)
def test_anything_else_is_told_to_the_model(arguments: str, name: str, message: str) -> None:
    with pytest.raises(UnusableCallError, match=message):
        parse(arguments, name)


@given(st.text(), st.text())
def test_no_call_whatever_does_more_than_be_refused(arguments: str, name: str) -> None:
    try:
        parse(arguments, name)
    except UnusableCallError as error:
        assert str(error)  # noqa: PT017
