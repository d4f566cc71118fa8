"""Everything that goes wrong, where it is told to."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from pokebench.errors import ConfigError
from pokebench.testing import FakeProvider, FaultPlan, FaultRule, PlannedFault
from tests.testing.asking import REPLY, always, chat, messages, responses
from tests.testing.conftest import ClaudeAt

Raw = Callable[..., Any]
BODIES = {
    "/v1/messages": messages(stream=True),
    "/v1/responses": responses(stream=True),
    "/v1/chat/completions": chat(stream=True),
}
NETWORK = (httpx2.TransportError, anthropic.APIConnectionError)


def stream(claude: anthropic.Anthropic) -> list[str]:
    with claude.messages.create(**messages(), stream=True) as events:
        return [event.type for event in events]


@pytest.mark.parametrize("path", BODIES)
def test_an_error_event_stands_inside_a_stream_that_began_well(
    path: str, raw: Raw, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault("error_event", after=3))
    answer = raw("POST", path, json=BODIES[path])
    datas = [line for line in answer.text.splitlines() if line.startswith("data: ")]

    assert answer.status_code == 200
    assert len(datas) == 4
    assert "overloaded_error" in datas[-1]
    assert len(provider.bills) == 1


def test_the_sdk_sees_the_error_event_as_overloaded(
    claude: anthropic.Anthropic, gpt: openai.OpenAI, provider: FakeProvider
) -> None:
    provider.faults += [PlannedFault("error_event", after=4)] * 2
    with pytest.raises(anthropic.APIStatusError) as caught:
        stream(claude)
    with gpt.responses.create(**responses(), stream=True) as events:
        kinds = [event.type for event in events]

    assert caught.value.type == "overloaded_error"
    assert kinds[-1] == "error"


@pytest.mark.parametrize("after", [0, 5, -1])
def test_a_connection_is_reset_anywhere_in_a_stream(
    after: int, claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault("reset", after=after))
    with pytest.raises(NETWORK):
        stream(claude)

    assert len(provider.bills) == 1


@pytest.mark.parametrize("after", [1, -1])
def test_a_stream_that_ends_early_ends_in_good_order(
    after: int, claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    whole = stream(claude)
    provider.faults.append(PlannedFault("truncate_stream", after=after))
    cut = stream(claude)

    assert whole[-1] == "message_stop"
    assert cut == whole[: len(cut)]
    assert len(cut) < len(whole)


def test_comments_keep_a_stream_alive_that_says_nothing(raw: Raw, provider: FakeProvider) -> None:
    provider.faults.append(PlannedFault("comments", seconds=0.2, after=2))
    answer = raw("POST", "/v1/messages", json=BODIES["/v1/messages"])

    assert answer.text.count(": keep-alive") == 4
    assert "message_stop" in answer.text


def test_a_hang_after_billing_is_silence_and_a_charge(
    claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault("hang_after_billing", seconds=30.0))
    began = time.monotonic()
    with pytest.raises(anthropic.APITimeoutError):
        claude.messages.create(**messages(), timeout=0.2)

    assert time.monotonic() - began < 5
    assert [bill.fault for bill in provider.bills] == ["hang_after_billing"]


@pytest.mark.parametrize("path", BODIES)
def test_a_page_of_html_is_no_answer_and_no_charge(
    path: str, raw: Raw, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault("garbage"))
    answer = raw("POST", path, json=BODIES[path])

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert provider.bills == []


@pytest.mark.parametrize("kind", ["truncate_stream", "not_json", "reset", "error_event"])
def test_faults_of_streams_strike_whole_replies_too(
    kind: Any, claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault(kind))
    with pytest.raises((anthropic.APIError, httpx2.TransportError, ValueError)):
        claude.messages.create(**messages())


def test_errors_carry_their_headers(claude: anthropic.Anthropic, provider: FakeProvider) -> None:
    provider.faults.append(PlannedFault("status", 429, headers=(("retry-after", "7"),)))
    with pytest.raises(anthropic.RateLimitError) as caught:
        claude.messages.create(**messages())

    assert caught.value.response.headers["retry-after"] == "7"
    assert caught.value.type == "rate_limit_error"


def test_arguments_of_the_wrong_kind_are_valid_json(
    claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault("wrong_arguments"))
    answer = claude.messages.create(**messages()).to_dict()

    assert answer["content"][-1]["input"] == {"buttons": "a"}


PLAN = """
[[fault]]
at = 2
kind = "status"
status = 529
headers = {retry-after = "3"}

[[fault]]
every = 4
kind = "reset"
after = -1

[[fault]]
on = "poll"
at = 1
kind = "status"
"""


def test_a_plan_strikes_the_requests_that_it_names(tmp_path: Path, claude_at: ClaudeAt) -> None:
    (tmp_path / "plan.toml").write_text(PLAN)
    plan = FaultPlan.load(tmp_path / "plan.toml")
    outcomes = []
    with FakeProvider(always(REPLY), plan=plan) as provider:
        claude = claude_at(provider)
        for _ in range(8):
            try:
                outcomes.append(stream(claude)[-1])
            except anthropic.APIStatusError as error:
                outcomes.append(error.response.headers["retry-after"])
            except NETWORK:
                outcomes.append("reset")

    assert outcomes == [
        "message_stop", "3", "message_stop", "reset",
        "message_stop", "message_stop", "message_stop", "reset",
    ]  # fmt: skip


def test_chance_is_drawn_from_the_seed() -> None:
    rule = FaultRule(probability=0.1, seed=7, kind="reset")
    struck = [number for number in range(1, 10_001) if rule.strikes(number)]
    other = FaultRule(probability=0.1, seed=8, kind="reset")

    assert 900 < len(struck) < 1100
    assert struck == [number for number in range(1, 10_001) if rule.strikes(number)]
    assert struck != [number for number in range(1, 10_001) if other.strikes(number)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[fault]]\nat = 1\nkind = 'rest'\n", r"fault\.0\.kind"),
        ("[[fault]]\nat = 0\nkind = 'reset'\n", r"fault\.0\.at"),
        ("[[fault]]\nkind = 'reset'\n", "give one of at, every and probability"),
        ("[[fault]]\nat = 1\nkind = 'reset'\nsecond = 1\n", r"fault\.0\.second"),
        ("[[fault", "not valid TOML"),
    ],
)
def test_a_plan_that_is_wrong_is_named_with_its_key(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words) as caught:
        FaultPlan.load(path)

    assert "plan.toml" in str(caught.value)
