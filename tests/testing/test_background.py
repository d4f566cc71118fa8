"""Background responses are accepted at once, polled, streamed on, cancelled, and billed once."""

from typing import Any

import openai
import pytest

from pokebench.testing import FakeProvider, PlannedFault
from tests.testing.asking import REPLY, Clock, always, responses
from tests.testing.conftest import GptAt

BACKGROUND: dict[str, Any] = {"background": True, "store": True}


def test_polls_see_it_run_and_then_finished(gpt_at: GptAt, clock: Clock) -> None:
    with FakeProvider(always(REPLY), clock=clock, background_polls=3) as provider:
        gpt = gpt_at(provider)
        begun = gpt.responses.create(**responses(**BACKGROUND))
        polled = [gpt.responses.retrieve(begun.id) for _ in range(4)]
        bills = provider.bills

    assert begun.status == "queued"
    assert begun.output == []
    assert [answer.status for answer in polled] == ["in_progress"] * 2 + ["completed"] * 2
    assert polled[-1].output_text == REPLY.text
    assert [(bill.response, bill.is_background) for bill in bills] == [(begun.id, True)]


def test_it_takes_its_seconds_on_the_given_clock(gpt_at: GptAt, clock: Clock) -> None:
    with FakeProvider(always(REPLY), clock=clock, background_seconds=60) as provider:
        gpt = gpt_at(provider)
        begun = gpt.responses.create(**responses(**BACKGROUND))
        before = gpt.responses.retrieve(begun.id).status
        clock.now += 61

        assert before == "in_progress"
        assert gpt.responses.retrieve(begun.id).status == "completed"


def test_a_stream_goes_on_where_another_one_was_given_up(
    gpt: openai.OpenAI, provider: FakeProvider
) -> None:
    seen = []
    with gpt.responses.create(**responses(**BACKGROUND), stream=True) as stream:
        for event in stream:
            seen.append(event)
            if event.sequence_number == 5:
                break
    response_id = seen[0].to_dict()["response"]["id"]
    with gpt.responses.retrieve(response_id, stream=True, starting_after=5) as stream:
        rest = list(stream)
    polled = gpt.responses.retrieve(response_id)
    numbers = [event.sequence_number for event in (*seen, *rest)]

    assert [event.type for event in seen[:3]] == [
        "response.created",
        "response.queued",
        "response.in_progress",
    ]
    assert numbers == list(range(len(numbers)))
    assert rest[-1].type == "response.completed"
    assert polled.status == "completed"
    assert len(provider.bills) == 1


def test_it_can_be_cancelled_and_stays_so(gpt_at: GptAt, clock: Clock) -> None:
    with FakeProvider(always(REPLY), clock=clock, background_polls=2) as provider:
        gpt = gpt_at(provider)
        begun = gpt.responses.create(**responses(**BACKGROUND))
        states = [gpt.responses.cancel(begun.id), gpt.responses.cancel(begun.id)]
        states += [gpt.responses.retrieve(begun.id) for _ in range(3)]

    assert {state.status for state in states} == {"cancelled"}


@pytest.mark.parametrize(("store", "lives_s"), [(True, 86_400), (None, 590)])
def test_it_is_kept_as_long_as_it_was_asked_to_be(
    store: bool | None, lives_s: float, gpt: openai.OpenAI, clock: Clock
) -> None:
    begun = gpt.responses.create(**responses(background=True, store=store))
    clock.now += lives_s
    gpt.responses.retrieve(begun.id)
    clock.now += 30 * lives_s
    with pytest.raises(openai.NotFoundError):
        gpt.responses.retrieve(begun.id)


def test_what_nobody_has_is_not_found(gpt: openai.OpenAI) -> None:
    for ask in (gpt.responses.retrieve, gpt.responses.cancel):
        with pytest.raises(openai.NotFoundError, match="resp_none"):
            ask("resp_none")


def test_a_stored_response_can_be_read_again_and_deleted(gpt: openai.OpenAI) -> None:
    done = gpt.responses.create(**responses(store=True))
    again = gpt.responses.retrieve(done.id)
    gpt.responses.delete(done.id)

    assert again.output_text == done.output_text
    with pytest.raises(openai.NotFoundError):
        gpt.responses.retrieve(done.id)


def test_a_poll_can_fail_and_the_next_one_finds_the_answer(
    gpt: openai.OpenAI, provider: FakeProvider
) -> None:
    provider.poll_faults += [PlannedFault("status", 500), PlannedFault("drop"), None]
    begun = gpt.responses.create(**responses(**BACKGROUND))
    with pytest.raises(openai.InternalServerError):
        gpt.responses.retrieve(begun.id)
    with pytest.raises(openai.APIConnectionError):
        gpt.responses.retrieve(begun.id)

    assert gpt.responses.retrieve(begun.id).status == "completed"
    assert len(provider.bills) == 1


def test_an_accepted_response_is_billed_though_its_client_never_hears_of_it(
    gpt: openai.OpenAI, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault("drop_after_billing"))
    with pytest.raises(openai.APIConnectionError):
        gpt.responses.create(**responses(**BACKGROUND))
    lost = provider.bills[0].response

    assert gpt.responses.retrieve(lost).output_text == REPLY.text


def test_background_needs_storing(gpt: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="store"):
        gpt.responses.create(**responses(background=True, store=False))
