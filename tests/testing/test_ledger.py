"""Each charge is on the ledger before the first byte of its answer leaves."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anthropic
import pytest

from pokebench.testing import FakeProvider, PlannedFault, read_ledger
from tests.testing.asking import REPLY, always, messages, responses
from tests.testing.conftest import ClaudeAt, GptAt

Raw = Callable[..., Any]


def test_the_file_has_the_bill_when_the_first_event_comes(
    tmp_path: Path, claude_at: ClaudeAt
) -> None:
    path = tmp_path / "ledger.jsonl"
    with FakeProvider(always(REPLY), ledger=path) as provider:
        with claude_at(provider).messages.create(**messages(), stream=True) as stream:
            first = next(iter(stream)).to_dict()
            bills = read_ledger(path)
        message: Any = first["message"]

        assert [bill.response for bill in bills] == [message["id"]]
        assert bills == provider.bills


def test_attempts_at_one_question_share_its_hash_and_not_its_answer(
    claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    provider.faults += [PlannedFault("drop_after_billing"), PlannedFault("truncate_stream"), None]
    with pytest.raises(anthropic.APIConnectionError):
        claude.messages.create(**messages())
    list(claude.messages.create(**messages(), stream=True))
    answer = claude.messages.create(**messages())
    claude.messages.create(**messages("another"))
    bills = provider.bills

    assert len({bill.request for bill in bills[:3]}) == 1
    assert bills[3].request != bills[0].request
    assert len({bill.response for bill in bills}) == 4
    assert bills[2].response == answer.id
    assert [bill.fault for bill in bills] == ["drop_after_billing", "truncate_stream", "", ""]


def test_a_bill_names_its_protocol_and_all_classes_of_tokens(
    claude_at: ClaudeAt, gpt_at: GptAt, provider: FakeProvider
) -> None:
    system = [
        {"type": "text", "text": "w " * 2000, "cache_control": {"type": "ephemeral", "ttl": "1h"}}
    ]
    answer = claude_at(provider).messages.create(**messages(system=system))
    gpt_at(provider).responses.create(**responses(background=True, store=True))
    first, second = provider.bills
    usage = answer.usage

    assert (first.protocol, second.protocol) == ("messages", "responses")
    assert (first.is_background, second.is_background) == (False, True)
    assert first.tokens_cache_write_long == first.tokens_cache_write > 0
    assert second.tokens_cache_write_long == 0 < second.tokens_cache_write
    assert (first.tokens_in, first.tokens_out) == (usage.input_tokens, usage.output_tokens)


def test_bills_are_shown_over_http(
    claude: anthropic.Anthropic, provider: FakeProvider, raw: Raw
) -> None:
    for words in ("one", "two"):
        claude.messages.create(**messages(words))
    shown = raw("GET", "/_fake/bills").json()["bills"]
    later = raw("GET", "/_fake/bills?after=1").json()["bills"]

    assert shown == [json.loads(json.dumps(asdict(bill))) for bill in provider.bills]
    assert later == shown[1:]


def test_a_second_provider_goes_on_with_the_same_file(tmp_path: Path, claude_at: ClaudeAt) -> None:
    path = tmp_path / "ledger.jsonl"
    for _ in range(2):
        with FakeProvider(always(REPLY), ledger=path) as provider:
            claude_at(provider).messages.create(**messages())
    bills = read_ledger(path)

    assert len(bills) == 2
    assert bills[0].request == bills[1].request
    assert bills[0].response != bills[1].response
    assert read_ledger(tmp_path / "none.jsonl") == []
