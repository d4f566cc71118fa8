import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.types import ACTION_LETTERS, Action, Censoring, EndReason, actions_of, letters_of


def test_every_action_has_a_letter_of_its_own() -> None:
    assert len(set(ACTION_LETTERS)) == len(Action) == 9


@given(st.lists(st.sampled_from(Action)).map(tuple))
def test_letters_give_back_the_actions(actions: tuple[Action, ...]) -> None:
    assert actions_of(letters_of(actions)) == actions


def test_an_unknown_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        actions_of("UX")


@pytest.mark.parametrize("reason", EndReason)
def test_every_end_reason_says_how_statistics_treat_it(reason: EndReason) -> None:
    assert reason.censoring in Censoring
