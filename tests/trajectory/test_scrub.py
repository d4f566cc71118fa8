"""Keys stay out of a record, and text in it can be read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.trajectory import AgentEvent, Scrubber, TurnEvent
from pokebench.trajectory.scrub import REMOVED

SECRET = "tops3cret-value"


def scrubbed(text: str, *secrets: str) -> str:
    return Scrubber(secrets).scrub(TurnEvent(f=0, a="U", text=text, w=0.0)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"it is {SECRET}!", f"it is {REMOVED}!"),
        ("key sk-ant-REDACTED_0123 ok", f"key {REMOVED} ok"),
        ("Authorization: Bearer abcdef.ghijkl-mnopqrst", f"Authorization: {REMOVED}"),
        ("I ask-for-something-long-and-plain", "I ask-for-something-long-and-plain"),
        ("a risk-and-reward-calculation here", "a risk-and-reward-calculation here"),
        ("half \ud83d a pair", "half ? a pair"),
        ("whole \U0001f600 pair", "whole \U0001f600 pair"),
    ],
)
def test_what_looks_like_a_key_is_removed_and_nothing_else(text: str, expected: str) -> None:
    assert scrubbed(text, SECRET) == expected


def test_secrets_come_from_variables_that_are_named_like_them() -> None:
    scrubber = Scrubber.of_environment(
        {
            "SOME_API_KEY": SECRET,
            "EDITOR": "editor-name",
            "SHORT_KEY": "abc",
            "HF_TOKEN": "hf-token-1",
        }
    )
    event = AgentEvent(
        f=0, what="notes", data={"text": [f"{SECRET} editor-name abc hf-token-1", {SECRET: 1}]}
    )

    assert scrubber.scrub(event).data == {
        "text": [f"{REMOVED} editor-name abc {REMOVED}", {REMOVED: 1}]
    }


def test_a_clean_event_is_handed_back_as_it_is() -> None:
    event = TurnEvent(f=0, a="U", text="all is well", w=0.0)

    assert Scrubber([SECRET]).scrub(event) is event


def test_signatures_of_providers_stay_as_they_are() -> None:
    signature = "EqQBCgIYAhIM" + "sk-" + "A" * 40 + "+/=="

    assert scrubbed(signature) == signature


@given(st.text())
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = scrubbed(text, SECRET)

    assert scrubbed(once, SECRET) == once
