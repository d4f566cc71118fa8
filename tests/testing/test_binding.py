"""Thinking is bound to the conversation that it was thought in."""

from typing import Any

import anthropic
import openai
import pytest

from pokebench.testing import FakeProvider
from tests.testing.asking import REPLY, always, messages, responses
from tests.testing.conftest import ClaudeAt


def played(claude: anthropic.Anthropic, turns: int) -> dict[str, Any]:
    """Play some turns with all thinking sent back."""
    body = messages("start")
    for turn in range(turns):
        content = claude.messages.create(**body).to_dict()["content"]
        call = next(block["id"] for block in content if block["type"] == "tool_use")
        result = {"type": "tool_result", "tool_use_id": call, "content": f"turn {turn}"}
        body["messages"] = [
            *body["messages"],
            {"role": "assistant", "content": content},
            {"role": "user", "content": [result]},
        ]
    return body


def thinking_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message["content"] if block["type"] == "thinking"]


def test_a_conversation_that_only_grows_is_taken(claude: anthropic.Anthropic) -> None:
    assert claude.messages.create(**played(claude, 3)).content[0].type == "thinking"


@pytest.mark.parametrize("change", ["system", "tools", "message", "middle", "model"])
def test_a_changed_past_is_refused(change: str, claude: anthropic.Anthropic) -> None:
    body = played(claude, 3)
    if change == "system":
        body["system"] += " Be brief."
    elif change == "tools":
        body["tools"] = []
    elif change == "message":
        body["messages"][2]["content"][0]["content"] = "shortened"
    elif change == "middle":
        body["messages"][3]["content"] = body["messages"][3]["content"][1:]
    else:
        body["model"] = "claude-fable-5-1"
    with pytest.raises(anthropic.BadRequestError, match="bound to a different conversation"):
        claude.messages.create(**body)


def test_the_oldest_thinking_may_go(claude: anthropic.Anthropic) -> None:
    body = played(claude, 3)
    body["messages"][1]["content"] = body["messages"][1]["content"][1:]

    assert claude.messages.create(**body)


def test_blocks_can_be_dropped_instead(claude: anthropic.Anthropic) -> None:
    body = played(claude, 2)
    body["system"] += " Be brief."
    binding = {"block_binding": {"prefix_mismatch_behavior": "drop_block"}}
    body["thinking"] = {"type": "adaptive"} | binding
    answer = claude.messages.create(**body).to_dict()
    dropped: Any = answer["input_transformations"]

    assert [entry["path"] for entry in dropped] == ["messages.1.content.0", "messages.3.content.0"]


def test_binding_can_be_switched_off(claude_at: ClaudeAt) -> None:
    with FakeProvider(always(REPLY), binds_thinking=False) as provider:
        claude = claude_at(provider)
        body = played(claude, 2)
        body["system"] += " Be brief."

        assert claude.messages.create(**body)


def test_a_provider_that_was_started_anew_knows_its_seals(claude_at: ClaudeAt) -> None:
    with FakeProvider(always(REPLY)) as provider:
        body = played(claude_at(provider), 2)
    with FakeProvider(always(REPLY)) as provider:
        assert claude_at(provider).messages.create(**body)


def test_openai_drops_reasoning_of_a_changed_past_and_says_so(gpt: openai.OpenAI) -> None:
    first = gpt.responses.create(**responses("start")).to_dict()
    output: Any = first["output"]
    result = {"type": "function_call_output", "call_id": output[-1]["call_id"], "output": "ok"}
    kept = gpt.responses.create(**responses("start", *output, result, instructions="Be brief."))
    changed = gpt.responses.create(**responses("begin", *output, result))
    assert kept.usage
    assert changed.usage

    assert not kept.input_transformations
    assert changed.input_transformations
    assert changed.input_transformations[0].to_dict() == {
        "id": output[0]["id"],
        "action": "removed",
        "reason": "prefix_mismatch",
        "type": "reasoning",
    }
    assert changed.usage.input_tokens < kept.usage.input_tokens


def test_reasoning_needs_its_content_and_its_follower(gpt: openai.OpenAI) -> None:
    output: Any = gpt.responses.create(**responses("start")).to_dict()["output"]
    bare = {key: value for key, value in output[0].items() if key != "encrypted_content"}
    with pytest.raises(openai.NotFoundError, match="not found"):
        gpt.responses.create(**responses("start", bare, output[1]))
    with pytest.raises(openai.BadRequestError, match="without its required following item"):
        gpt.responses.create(**responses("start", output[0], "and now"))
