"""Prompt caches follow the providers' published rules, on a clock that tests turn."""

from typing import Any

import anthropic
import openai
import pytest

from pokebench.testing import FakeProvider
from tests.testing.asking import LONG, Clock, claude_picture, messages, picture, responses

AUTO = {"cache_control": {"type": "ephemeral"}}
HOUR = {"type": "ephemeral", "ttl": "1h"}
SYSTEM = [{"type": "text", "text": LONG, "cache_control": HOUR}]


def use(claude: anthropic.Anthropic, body: dict[str, Any]) -> tuple[int, int, int, int]:
    """Ask; return tokens fresh, read, written for five minutes, written for an hour."""
    usage = claude.messages.create(**body).usage
    assert usage.cache_creation
    written = usage.cache_creation
    assert usage.cache_creation_input_tokens == (
        written.ephemeral_5m_input_tokens + written.ephemeral_1h_input_tokens
    )
    read = usage.cache_read_input_tokens or 0
    lifetimes = (written.ephemeral_5m_input_tokens, written.ephemeral_1h_input_tokens)
    return (usage.input_tokens, read, *lifetimes)


def test_breakpoints_write_by_their_lifetimes_and_the_rest_is_fresh(
    claude: anthropic.Anthropic,
) -> None:
    marked = [{"type": "text", "text": "w " * 900, "cache_control": {"type": "ephemeral"}}]
    fresh, read, short, long = use(claude, messages(marked, "ok", "more", system=SYSTEM))

    assert read == 0
    assert long > 1700
    assert 450 <= short < 500
    assert 0 < fresh < 20


def test_without_breakpoints_nothing_is_cached(claude: anthropic.Anthropic) -> None:
    for _ in range(2):
        fresh, *others = use(claude, messages("hello"))

        assert fresh > 1700
        assert others == [0, 0, 0]


def test_a_growing_conversation_is_read_up_to_its_newest_part(
    claude: anthropic.Anthropic,
) -> None:
    use(claude, messages("one", **AUTO))
    fresh, read, short, _ = use(claude, messages("one", "ok", "two", **AUTO))

    assert fresh == 0
    assert read > 1700
    assert 0 < short < 30


def test_entries_expire_and_are_refreshed_by_use(claude: anthropic.Anthropic, clock: Clock) -> None:
    body = messages("one", **AUTO)
    use(claude, body)
    for wait, is_hit in ((299.0, True), (299.0, True), (301.0, False)):
        clock.now += wait

        assert (use(claude, body)[1] > 0) is is_hit


def test_an_hour_outlives_five_minutes(claude: anthropic.Anthropic, clock: Clock) -> None:
    body = messages("w " * 2000, system=SYSTEM, **AUTO)
    use(claude, body)
    clock.now += 400
    fresh, read, short, long = use(claude, body)

    assert (fresh, long) == (0, 0)
    assert read > 1700
    assert 1000 <= short < 1100


@pytest.mark.parametrize(
    ("change", "read_of_system", "read_of_all"),
    [
        ({}, True, True),
        ({"tools": [{"name": "x", "input_schema": {"type": "object"}}]}, False, False),
        ({"system": [{"type": "text", "text": "Y" + LONG, "cache_control": HOUR}]}, False, False),
        ({"tool_choice": {"type": "none"}}, True, False),
        ({"model": "claude-sonnet-5-5"}, False, False),
    ],
)
def test_a_change_is_felt_by_what_stands_behind_it(
    change: dict[str, Any], read_of_system: bool, read_of_all: bool, claude: anthropic.Anthropic
) -> None:
    body = messages("w " * 2000, system=SYSTEM, **AUTO)
    whole = sum(use(claude, body))
    read = use(claude, body | change)[1]

    assert (read > 1500) is read_of_system
    assert (read == whole) is read_of_all


def test_the_first_picture_invalidates_messages(claude: anthropic.Anthropic) -> None:
    use(claude, messages("w " * 2000, system=SYSTEM, **AUTO))
    seen = [{"type": "text", "text": "look"}, claude_picture(picture())]
    read = use(claude, messages("w " * 2000, "ok", seen, system=SYSTEM, **AUTO))[1]

    assert 1500 < read < 1900


@pytest.mark.parametrize(("blocks", "is_hit"), [(18, True), (20, False)])
def test_a_breakpoint_looks_back_over_twenty_blocks(
    blocks: int, is_hit: bool, claude: anthropic.Anthropic
) -> None:
    use(claude, messages("one", **AUTO))
    many = [{"type": "text", "text": f"part {i}"} for i in range(blocks)]
    read = use(claude, messages("one", "ok", many, **AUTO))[1]

    assert (read > 0) is is_hit


@pytest.mark.parametrize(
    ("model", "is_cached"), [("claude-opus-5-5", True), ("claude-haiku-4-5", False)]
)
def test_each_model_has_its_shortest_prefix(
    model: str, is_cached: bool, claude: anthropic.Anthropic
) -> None:
    _, _, short, _ = use(claude, messages("one", model=model, **AUTO))

    assert (short > 0) is is_cached


def tokens(answer: Any) -> tuple[int, int]:
    """Return tokens read and written."""
    details = answer.usage.input_tokens_details
    return details.cached_tokens, details.cache_write_tokens


def test_openai_writes_at_the_newest_message_and_matches_exact_ends(gpt: openai.OpenAI) -> None:
    first = gpt.responses.create(**responses("one"))
    assert first.usage
    again = gpt.responses.create(**responses("one", {"role": "assistant", "content": "k"}, "two"))
    other = gpt.responses.create(**responses("one more"))

    assert tokens(first) == (0, first.usage.input_tokens)
    assert tokens(again)[0] == first.usage.input_tokens
    assert tokens(again)[1] > 0
    assert tokens(other)[0] == 0


def test_openai_explicit_mode_writes_only_where_it_is_told(gpt: openai.OpenAI) -> None:
    mark = {"mode": "explicit", "ttl": "12h"}
    part = {"type": "input_text", "text": LONG, "prompt_cache_breakpoint": mark}
    options: dict[str, Any] = {"prompt_cache_options": {"mode": "explicit"}}
    marked = responses({"role": "user", "content": [part]}, "tail " * 50, **options)
    first = gpt.responses.create(**marked)
    second = gpt.responses.create(**marked)
    unmarked = gpt.responses.create(**responses("tail", **options))
    assert first.usage
    details = first.usage.input_tokens_details.cache_write_tokens_details

    assert details
    assert details.ttl_12h_tokens == tokens(first)[1] > 0
    assert first.usage.input_tokens > tokens(first)[1]
    assert tokens(second) == (tokens(first)[1], 0)
    assert tokens(unmarked) == (0, 0)


@pytest.mark.parametrize(("model", "is_cached"), [("gpt-6.1-sol", True), ("gpt-6.2-sol", False)])
def test_instructions_stand_where_the_model_puts_them(
    model: str, is_cached: bool, gpt: openai.OpenAI
) -> None:
    body = responses("one", model=model, instructions="Be brief. " * 400)
    first, second = gpt.responses.create(**body), gpt.responses.create(**body)
    assert first.usage
    total = first.usage.input_tokens

    assert tokens(second)[0] == tokens(first)[1]
    assert (tokens(second)[0] == total) is is_cached
    assert is_cached or 1000 < total - tokens(second)[0] < 1010


def test_openai_says_why_a_known_conversation_missed(gpt: openai.OpenAI) -> None:
    first = gpt.responses.create(**responses("one"))
    options: dict[str, Any] = {"prompt_cache_options": {"comparison_response_id": first.id}}
    changed = gpt.responses.create(**responses("other", **options))
    keyed = gpt.responses.create(**responses("one", prompt_cache_key="k", **options))
    same = gpt.responses.create(**responses("one", **options))
    options["prompt_cache_options"]["comparison_response_id"] = "resp_x"
    unknown = gpt.responses.create(**responses("one", **options))
    told = [answer.prompt_cache_diagnostics for answer in (changed, keyed, same, unknown)]
    kinds = [diagnostics.to_dict() for diagnostics in told if diagnostics]

    assert [kind.get("reason") for kind in kinds[:2]] == [
        "input_changed",
        "prompt_cache_key_changed",
    ]
    assert [kind["type"] for kind in kinds[2:]] == ["cache_hit", "comparison_response_not_found"]


def test_anthropic_says_why_a_known_conversation_missed(claude: anthropic.Anthropic) -> None:
    first = claude.messages.create(**messages("one", **AUTO))
    asked: dict[str, Any] = {"diagnostics": {"previous_message_id": first.id}}
    reasons = [
        claude.messages.create(**messages(*said, **AUTO, **asked, **change)).diagnostics
        for said, change in (
            (("one", "ok", "two"), {}),
            (("other",), {}),
            (("one",), {"system": "short"}),
            (("one",), {"model": "claude-sonnet-5-5"}),
        )
    ]
    kinds = [r and r.cache_miss_reason and r.cache_miss_reason.type for r in reasons]

    assert kinds == [None, "messages_changed", "system_changed", "model_changed"]


def test_counting_agrees_with_the_bill(
    claude: anthropic.Anthropic, gpt: openai.OpenAI, provider: FakeProvider
) -> None:
    body = messages([{"type": "text", "text": "look"}, claude_picture(picture(width=480))])
    counted = {key: body[key] for key in ("model", "messages", "system", "tools")}
    tokens_in = claude.messages.count_tokens(**counted).input_tokens
    claude.messages.create(**body)
    asked = responses("one")
    tokens_asked = gpt.responses.input_tokens.count(model=asked["model"], input=asked["input"])
    gpt.responses.create(**{key: asked[key] for key in ("model", "input")})

    assert provider.bills[0].tokens_in == tokens_in
    assert provider.bills[1].tokens_cache_write == tokens_asked.input_tokens
    assert len(provider.bills) == 2


def test_models_are_listed_in_both_forms(claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    assert {"claude-opus-5-5"} < {model.id for model in claude.models.list()}
    assert {"gpt-6.2-astra"} < {model.id for model in gpt.models.list()}
    assert claude.models.retrieve("claude-opus-5-5").lifecycle == "active"
