"""Streams are what the SDKs' own types and helpers expect of the real ones."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import openai
import pytest
from anthropic.types import Message, RawMessageStreamEvent
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from pokebench.testing import FakeProvider, PlannedFault
from tests.testing.asking import ARGUMENTS, REPLY, chat, messages, responses

Raw = Callable[..., Any]
PATHS = {
    "messages": ("/v1/messages", messages()),
    "responses": ("/v1/responses", responses()),
    "chat": ("/v1/chat/completions", chat(stream_options={"include_usage": True})),
}


def events_of(raw: Raw, protocol: str, **options: Any) -> list[dict[str, Any]]:
    path, body = PATHS[protocol]
    answer = raw("POST", path, json=body | {"stream": True} | options)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    datas = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    return [json.loads(data) for data in datas if data != "[DONE]"]


def test_each_event_of_messages_is_valid_and_arguments_come_in_pieces(raw: Raw) -> None:
    events = events_of(raw, "messages")
    kinds = [event["type"] for event in events]
    parser: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)
    for event in events:
        if event["type"] != "ping":
            parser.validate_python(event)
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    cuts = [delta["partial_json"] for delta in deltas if delta["type"] == "input_json_delta"]

    assert kinds[:2] == ["message_start", "ping"]
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert {delta["type"] for delta in deltas} == {
        "thinking_delta",
        "signature_delta",
        "text_delta",
        "input_json_delta",
    }
    assert len(cuts) > 4
    assert json.loads("".join(cuts)) == ARGUMENTS


def test_each_event_of_responses_is_valid_and_numbered(raw: Raw) -> None:
    events = events_of(raw, "responses", reasoning={"summary": "auto"})
    parser: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
    for event in events:
        parser.validate_python(event)
    kinds = [event["type"] for event in events]
    done = [event["item"] for event in events if event["type"] == "response.output_item.done"]

    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.function_call_arguments.delta") > 4
    assert "response.reasoning_summary_text.delta" in kinds
    assert [item["type"] for item in done] == ["reasoning", "message", "function_call"]
    assert done[0]["encrypted_content"]
    assert done == events[-1]["response"]["output"]


def test_each_chunk_of_chat_is_valid_and_the_last_has_the_usage(raw: Raw) -> None:
    chunks = [
        ChatCompletionChunk.model_validate(chunk).model_dump() for chunk in events_of(raw, "chat")
    ]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]

    assert deltas[0]["role"] == "assistant"
    assert "".join(d.get("reasoning_content") or "" for d in deltas) == REPLY.thinking
    assert sum(bool(delta["tool_calls"]) for delta in deltas) > 4
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] > 0
    assert all(chunk["usage"] is None for chunk in chunks[:-1])


@pytest.mark.parametrize(
    ("protocol", "kind"),
    [("messages", Message), ("responses", Response), ("chat", ChatCompletion)],
)
def test_without_stream_the_reply_comes_whole(raw: Raw, protocol: str, kind: Any) -> None:
    path, body = PATHS[protocol]
    answer = raw("POST", path, json=body)

    assert kind.model_validate(answer.json())
    assert float(answer.headers["x-fake-server-ms"]) < 1000


def test_the_helper_for_messages_puts_the_reply_together(claude: anthropic.Anthropic) -> None:
    body = messages()
    with claude.messages.stream(**body) as stream:
        streamed = stream.get_final_message()
    whole = claude.messages.create(**body)
    dumped = [block.to_dict() for block in streamed.content]

    assert dumped == [block.to_dict() for block in whole.content]
    assert [block.type for block in whole.content] == ["thinking", "text", "tool_use"]
    assert whole.stop_reason == streamed.stop_reason == "tool_use"
    assert whole.content[2].to_dict()["input"] == ARGUMENTS


def test_the_helper_for_responses_puts_the_reply_together(gpt: openai.OpenAI) -> None:
    body = responses()
    with gpt.responses.stream(**body) as stream:
        streamed = stream.get_final_response()
    whole = gpt.responses.create(**body)

    assert streamed.output_text == whole.output_text == REPLY.text
    assert [item.type for item in whole.output] == ["reasoning", "message", "function_call"]
    assert [item.type for item in streamed.output] == [item.type for item in whole.output]


def test_the_helper_for_chat_puts_the_reply_together(gpt: openai.OpenAI) -> None:
    body = chat()
    with gpt.chat.completions.stream(**body) as stream:
        streamed = stream.get_final_completion().choices[0]
    whole = gpt.chat.completions.create(**body).choices[0]

    assert streamed.message.content == whole.message.content == REPLY.text
    assert whole.message.tool_calls
    assert streamed.message.tool_calls
    assert json.loads(streamed.message.tool_calls[0].function.arguments) == ARGUMENTS
    assert streamed.finish_reason == whole.finish_reason == "tool_calls"


def test_thinking_is_shown_only_as_far_as_it_is_asked_for(claude: anthropic.Anthropic) -> None:
    body = messages(model="claude-sonnet-5-5")
    hidden = claude.messages.create(**body, thinking={"type": "adaptive", "display": "omitted"})
    none = claude.messages.create(**body, thinking={"type": "disabled"})

    assert hidden.content[0].to_dict()["thinking"] == ""
    assert hidden.content[0].to_dict()["signature"]
    assert none.content[0].type == "text"


@pytest.mark.parametrize("protocol", PATHS)
def test_a_refusal_is_streamed_as_its_protocol_says(
    protocol: str, raw: Raw, provider: FakeProvider
) -> None:
    provider.faults += [PlannedFault("refused")] * 2
    events = events_of(raw, protocol)
    path, body = PATHS[protocol]
    whole = json.dumps(raw("POST", path, json=body).json())

    assert any("refus" in json.dumps(event) for event in events)
    assert "refus" in whole
    assert "press_buttons" not in json.dumps(events[-1].get("response", {}).get("output"))


@pytest.mark.parametrize("protocol", PATHS)
def test_a_reply_that_is_too_long_is_cut_off(protocol: str, raw: Raw) -> None:
    names = {"messages": "max_tokens", "responses": "max_output_tokens", "chat": "max_tokens"}
    events = events_of(raw, protocol, **{names[protocol]: 18})
    said = json.dumps(events)

    assert any(f'"{word}"' in said for word in ("max_tokens", "max_output_tokens", "length"))
    assert "press_buttons" not in json.dumps(events[2:-1])
