"""The real SDKs against a provider on loopback that speaks the real protocols."""

from collections.abc import Iterator
from typing import Any

import pytest

from pokebench.errors import ConfigError
from pokebench.models.build import build_model
from pokebench.models.prices import Pricing, load_pricing
from pokebench.models.protocol import (
    AssistantMessage,
    Fault,
    Message,
    Model,
    ModelFailure,
    ModelSettings,
    Request,
    Stop,
    TextPart,
    ToolResult,
    ToolSpec,
    Usage,
    UserMessage,
)
from pokebench.testing import FakeProvider, PlannedFault, ScriptedReply, ScriptPlayer

KEY = "sk-planted-key"
PROVIDERS = {"anthropic": "", "openai": "/v1", "openai_compatible": "/v1"}
PARAMETERS = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
TOOLS = (ToolSpec("press_buttons", "Press", PARAMETERS),)
SYSTEM = "You play a game. " * 400


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    def script(number: int, texts: list[str]) -> ScriptedReply:
        return ScriptedReply(f"reply {number}", "press_buttons", {"buttons": ["a"]})

    with FakeProvider(ScriptPlayer(script)) as fake:
        yield fake


@pytest.fixture(params=PROVIDERS)
def model(
    request: pytest.FixtureRequest, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Model]:
    monkeypatch.setenv("A_KEY", KEY)
    settings = ModelSettings(
        model="some-model",
        base_url=provider.url + PROVIDERS[request.param],
        api_key_env="A_KEY",
        deadline_s=6.0,
        read_timeout_s=1.0,
    )
    built = build_model(request.param, settings)
    yield built
    built.close()


def ask(model: Model, messages: tuple[Message, ...] = (), **options: Any) -> Any:
    opening = UserMessage((TextPart("start"),))
    return model.query(Request(SYSTEM, TOOLS, (opening, *messages), **options))


def test_a_conversation_grows_and_is_read_from_the_cache(
    model: Model, provider: FakeProvider
) -> None:
    messages: tuple[Message, ...] = ()
    for turn in range(4):
        reply = ask(model, messages)
        assert reply.stop is Stop.TOOL_CALL
        assert reply.tool_calls[0].arguments == '{"buttons": ["a"]}'
        assert reply.text == f"reply {turn}"
        usage = reply.usage
        bill = provider.bills[-1]
        assert (usage.tokens_in, usage.tokens_cache_read) == (
            bill.tokens_in,
            bill.tokens_cache_read,
        )
        assert usage.tokens_cache_write == bill.tokens_cache_write
        assert usage.tokens_out == bill.tokens_out
        assert (usage.tokens_cache_read > 0) == (turn > 0)
        answer = ToolResult(reply.tool_calls[0].id, (TextPart(f"turn {turn}"),))
        messages = (*messages, AssistantMessage(reply.echo), answer)
    assert model.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("kind", "stop"),
    [
        ("refused", Stop.REFUSED),
        ("truncated", Stop.TRUNCATED),
        ("no_tool", Stop.END),
        ("unknown_tool", Stop.TOOL_CALL),
    ],
)
def test_the_ends_of_replies_are_told_apart(
    kind: Any, stop: Stop, model: Model, provider: FakeProvider
) -> None:
    provider.faults.append(PlannedFault(kind))
    reply = ask(model)

    assert reply.stop is stop
    assert bool(reply.tool_calls) == (stop is Stop.TOOL_CALL)


def test_half_an_argument_is_handed_on_as_half(model: Model, provider: FakeProvider) -> None:
    provider.faults.append(PlannedFault("bad_arguments"))

    assert ask(model).tool_calls[0].arguments == '{"buttons": ["a'


FAULTS = [
    (PlannedFault("status", 429, headers=(("retry-after", "7"),)), Fault.RATE_LIMIT, "no", 7.0),
    (PlannedFault("status", 429, "insufficient_quota"), Fault.QUOTA, "no", None),
    (PlannedFault("status", 401), Fault.AUTH, "no", None),
    (PlannedFault("status", 404), Fault.MODEL_UNAVAILABLE, "no", None),
    (PlannedFault("status", 400), Fault.BAD_REQUEST, "no", None),
    (PlannedFault("status", 400, "context_length_exceeded"), Fault.CONTEXT_OVERFLOW, "no", None),
    (PlannedFault("status", 500), Fault.SERVER, "no", None),
    (PlannedFault("status", 529), Fault.OVERLOADED, "no", None),
    (PlannedFault("drop"), Fault.NETWORK, "unknown", None),
    (PlannedFault("drop_after_billing"), Fault.NETWORK, "unknown", None),
    (PlannedFault("truncate_stream"), Fault.PROTOCOL, "unknown", None),
    (PlannedFault("not_json"), Fault.PROTOCOL, "unknown", None),
]


@pytest.mark.parametrize(
    ("fault", "expected", "billed", "retry_after_s"),
    FAULTS,
    ids=[f"{fault.kind}-{fault.status}-{fault.word}" for fault, *_ in FAULTS],
)
def test_every_fault_has_its_meaning(
    fault: PlannedFault,
    expected: Fault,
    billed: str,
    retry_after_s: float | None,
    model: Model,
    provider: FakeProvider,
) -> None:
    provider.faults.append(fault)
    with pytest.raises(ModelFailure) as caught:
        ask(model)

    assert (caught.value.fault, caught.value.billed) == (expected, billed)
    assert caught.value.retry_after_s == retry_after_s
    assert KEY not in str(caught.value)
    assert "You play a game" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_silence_is_a_time_out(model: Model, provider: FakeProvider) -> None:
    provider.faults.append(PlannedFault("stall", seconds=2.0))
    with pytest.raises(ModelFailure) as caught:
        ask(model)

    assert caught.value.fault is Fault.TIMEOUT
    assert caught.value.billed == "unknown"


def test_words_are_asked_for_without_tools(model: Model) -> None:
    assert ask(model, may_call_tools=False).text


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(ConfigError, match="set the environment variable ANTHROPIC_API_KEY"):
        build_model("anthropic", ModelSettings(model="m"))
    with pytest.raises(ConfigError, match="use one of anthropic, openai"):
        build_model("oracle", ModelSettings(model="m"))
    with pytest.raises(ConfigError, match=r"model\.base_url"):
        build_model("openai_compatible", ModelSettings(model="m"))


def test_prices_are_stated_or_unknown() -> None:
    usage = Usage(1_000_000, 1_000_000, 1_000_000, 1_000_000)

    assert load_pricing("2026-11", "claude-opus-5-5").cost(usage) == pytest.approx(29.2)
    assert load_pricing("2026-11", "somebody-elses").cost(usage) is None
    assert load_pricing("unknown", "claude-opus-5-5").upper_bound(1, 1) is None
    assert Pricing(None).cost(usage) is None
    with pytest.raises(ConfigError, match="there are 2026-11"):
        load_pricing("../2026-11", "claude-opus-5-5")
