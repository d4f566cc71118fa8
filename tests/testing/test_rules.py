"""What the real servers refuse is refused, in their form of an error."""

from collections.abc import Callable
from typing import Any

import anthropic
import openai
import pytest

from pokebench.testing import FakeProvider
from tests.testing.asking import REPLY, always, chat, claude_picture, messages, picture, responses
from tests.testing.conftest import ClaudeAt, GptAt

Raw = Callable[..., Any]
CALL = {"type": "tool_use", "id": "toolu_1", "name": "press_buttons", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}
WORDS = {"type": "text", "text": "and now"}
MARKED = WORDS | {"cache_control": {"type": "ephemeral"}}
LONG_MARKED = WORDS | {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

CLAUDE = {
    "no model": ({"model": None}, "model"),
    "no limit": ({"max_tokens": None}, "max_tokens: Field required"),
    "no messages": ({"messages": []}, "at least one message"),
    "unknown key": ({"max_output_tokens": 5}, "max_output_tokens: Extra inputs"),
    "unknown role": ({"messages": [{"role": "robot", "content": "x"}]}, r"messages\.0\.role"),
    "assistant first": ({"messages": [{"role": "assistant", "content": "x"}]}, "first message"),
    "empty text": (messages([{"type": "text", "text": ""}]), "must be non-empty"),
    "result alone": (messages([RESULT]), "unexpected `tool_use_id`"),
    "result of another": (
        messages("go", [CALL], [RESULT, RESULT | {"tool_use_id": "x"}]),
        "unexpected `tool_use_id`",
    ),
    "call unanswered": (messages("go", [CALL], "what?"), "without `tool_result`"),
    "call at the end": (messages("go", [CALL]), "without `tool_result`"),
    "words before result": (messages("go", [CALL], [WORDS, RESULT]), "without `tool_result`"),
    "sampling": ({"temperature": 0.5}, "temperature"),
    "forced tool": ({"tool_choice": {"type": "any"}}, "tool_choice"),
    "no thinking": ({"thinking": {"type": "disabled"}}, "thinking"),
    "too many marks": (messages([MARKED] * 5), "maximum of 4 blocks"),
    "marks and automatic": (
        messages([MARKED] * 4, cache_control={"type": "ephemeral"}),
        "Found 5",
    ),
    "short before long": (messages([MARKED, LONG_MARKED]), "must not come after"),
    "gif": (messages([claude_picture(GIF)]), "could not process image"),
    "not base64": (messages([claude_picture("@@@")]), "invalid base64"),
    "mislabelled": (messages([claude_picture(picture("JPEG"))]), "appears to be image/jpeg"),
    "tool twice": ({"tools": messages()["tools"] * 2}, "must be unique"),
    "tool without schema": ({"tools": [{"name": "x"}]}, "input_schema"),
}


@pytest.mark.parametrize(("change", "words"), CLAUDE.values(), ids=CLAUDE)
def test_messages_refuses(
    change: dict[str, Any], words: str, claude: anthropic.Anthropic, provider: FakeProvider
) -> None:
    body = {key: value for key, value in (messages() | change).items() if value is not None}
    with pytest.raises(anthropic.BadRequestError, match=words) as caught:
        claude.post("/v1/messages", body=body, cast_to=object)

    assert caught.value.type == "invalid_request_error"
    assert provider.bills == []


def test_messages_takes_what_is_well_formed(claude: anthropic.Anthropic) -> None:
    shown = RESULT | {"content": [WORDS, claude_picture(picture("JPEG"), "image/jpeg")]}
    body = messages("go", [CALL], [shown, WORDS], "fine", "on")

    assert claude.messages.create(**body).stop_reason == "tool_use"
    body = messages(model="scripted:x", temperature=0.5)
    assert claude.post("/v1/messages", body=body, cast_to=object)


FUNCTION = {"type": "function_call", "call_id": "c1", "name": "press_buttons", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "done"}
GIF_PART = {"type": "input_image", "image_url": f"data:image/gif;base64,{GIF}", "detail": "high"}
LOOSE = {"type": "function", "name": "x", "strict": True, "parameters": {"type": "object"}}
GPT = {
    "no model": ({"model": None}, "missing_required_parameter", "model"),
    "no input": ({"input": None}, "missing_required_parameter", "input"),
    "unknown key": ({"max_tokens": 5}, "unknown_parameter", "max_tokens"),
    "too little room": ({"max_output_tokens": 5}, "integer_below_min_value", "max_output_tokens"),
    "unknown role": (responses({"role": "robot", "content": "x"}), "invalid_value", "input[1]"),
    "unknown item": (responses({"type": "robot"}), "invalid_value", "input[1]"),
    "output alone": (responses(OUTPUT), None, "input"),
    "call unanswered": (responses("go", FUNCTION, "what?"), None, "input"),
    "sampling": ({"temperature": 0.5}, "unsupported_parameter", "temperature"),
    "no reasoning": ({"reasoning": {"effort": "none"}}, "unsupported_value", "reasoning.effort"),
    "gif": (
        responses({"role": "user", "content": [GIF_PART]}),
        "invalid_image_format",
        "input[1].content[0].image_url",
    ),
    "loose schema": (
        {"tools": [LOOSE]},
        "invalid_function_parameters",
        "tools[0].parameters",
    ),
    "previous": (
        {"previous_response_id": "resp_1"},
        "previous_response_not_found",
        "previous_response_id",
    ),
}


@pytest.mark.parametrize(("change", "code", "param"), GPT.values(), ids=GPT)
def test_responses_refuses(
    change: dict[str, Any], code: str | None, param: str, gpt: openai.OpenAI
) -> None:
    body = {key: value for key, value in (responses() | change).items() if value is not None}
    with pytest.raises(openai.BadRequestError) as caught:
        gpt.post("/responses", body=body, cast_to=object)

    assert (caught.value.code, caught.value.param) == (code, param)
    assert caught.value.type == "invalid_request_error"


CALLING = {
    "role": "assistant",
    "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "press_buttons", "arguments": "{}"}}
    ],
}
ANSWER = {"role": "tool", "tool_call_id": "c1", "content": "done"}
SEEN = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture()}"}}
CHAT = {
    "no messages": ({"messages": []}, "empty array"),
    "unknown role": (chat({"role": "robot", "content": "x"}), "Invalid value: 'robot'"),
    "answer alone": (chat(ANSWER), "must be a response"),
    "answer of another": (chat("go", CALLING, ANSWER | {"tool_call_id": "x"}), "must be a"),
    "call unanswered": (chat("go", CALLING, "what?"), "did not have response messages: c1"),
    "picture in answer": (chat("go", CALLING, ANSWER | {"content": [SEEN]}), "image_url"),
    "tools with effort": (chat(model="gpt-6-sol", reasoning_effort="low"), "reasoning_effort"),
}


@pytest.mark.parametrize(("change", "words"), CHAT.values(), ids=CHAT)
def test_chat_refuses(change: dict[str, Any], words: str, gpt: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match=words):
        gpt.post("/chat/completions", body=chat() | change, cast_to=object)


def test_responses_and_chat_take_what_is_well_formed(gpt: openai.OpenAI) -> None:
    gpt.post("/responses", body=responses("go", FUNCTION, OUTPUT, "on"), cast_to=object)
    shown = {"role": "user", "content": [SEEN]}
    gpt.post("/chat/completions", body=chat("go", CALLING, ANSWER, shown), cast_to=object)


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/responses", "/v1/chat/completions"])
def test_without_a_key_nothing_is_answered(path: str, raw: Raw) -> None:
    bare = raw("POST", path, json={}, headers={"anthropic-version": "2026-10-21"})
    broken = raw("POST", path, content=b"{not json")

    assert bare.status_code == 401
    assert broken.status_code == 400
    assert "error" in bare.json()


def test_what_is_not_there_is_not_found(raw: Raw) -> None:
    assert raw("POST", "/v1/complete", json={}).status_code == 404
    assert raw("GET", "/_fake/nothing").status_code == 404


def test_what_the_window_does_not_hold_is_refused_as_each_provider_does(
    claude_at: ClaudeAt, gpt_at: GptAt
) -> None:
    with FakeProvider(always(REPLY), context_tokens=1000) as provider:
        with pytest.raises(anthropic.BadRequestError, match=r"prompt is too long: .* > 1000"):
            claude_at(provider).messages.create(**messages())
        gpt = gpt_at(provider)
        with pytest.raises(openai.BadRequestError, match="context window") as caught:
            gpt.responses.create(**responses())
        with pytest.raises(openai.BadRequestError, match="maximum context length is 1000"):
            gpt.chat.completions.create(**chat())

        assert caught.value.code == "context_length_exceeded"
        assert provider.bills == []


def test_a_window_that_fills_up_while_answering_ends_the_reply(claude_at: ClaudeAt) -> None:
    body = messages(system="short")
    with FakeProvider(always(REPLY), context_tokens=70) as provider:
        answer = claude_at(provider).messages.create(**body)

    assert answer.stop_reason == "model_context_window_exceeded"
