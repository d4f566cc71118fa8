"""What models, servers and people's code may hand back, and what must not come of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pokebench.agent import AgentSpec
from pokebench.agent.card import AgentCard
from pokebench.cli import main
from pokebench.episode import frames_of_minutes
from pokebench.errors import AgentError, ConfigError, DesyncError
from pokebench.milestone import Cartridge
from pokebench.models.build import build_model
from pokebench.models.protocol import (
    ModelFailure,
    ModelSettings,
    Reply,
    Request,
    Stop,
    TextPart,
    ToolSpec,
    UserMessage,
)
from pokebench.runner import RunConfig, resume, run
from pokebench.testing import FakeProvider, MirrorPlayer, ScriptedReply, ScriptPlayer
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.chain import Chain
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.harness.asking import KEY_VARIABLE, SUFFIX, config, noted, press
from tests.harness.tap import Tap

NONE: dict[str, Any] = {
    "type": "object", "properties": {}, "required": [], "additionalProperties": False,
}  # fmt: skip
ASKED = Request("s", (ToolSpec("press_buttons", "Press", NONE),), (UserMessage((TextPart("go"),)),))


def own(tmp_path: Path, body: str, tier: str = "text", state: str = "{}") -> AgentSpec:
    code = f"""
import math
from pokebench.types import Action, EndReason, Policy, Turn
class Mine:
    def __init__(self, tools): self.tools, self.turns = tools, 0
    def act(self, observation):
        self.turns += 1
        {body}
    def state(self): return {state}
    def restore(self, state): pass
"""
    path = tmp_path / "mine.py"
    path.write_text(code)
    return AgentSpec.parse(f"{path}:Mine").with_settings((f"harness.tier={tier}",))


def playing(micro: Cartridge, agent: AgentSpec, folder: Path, **limits: Any) -> RunConfig:
    return RunConfig(micro, agent, 1, BudgetPart(frames=frames_of_minutes(30), **limits), folder)


@pytest.mark.parametrize("wall_s", [0.15, 0.22, 0.31, 0.4])
def test_a_time_limit_never_tears_the_record(
    wall_s: float, micro: Cartridge, tmp_path: Path
) -> None:
    agent = own(tmp_path, "return self.tools.press(Action.UP)")
    result = run(playing(micro, agent, tmp_path / "run", wall_s=wall_s))

    assert result.reason is EndReason.BUDGET_WALL
    assert verify(tmp_path / "run").reason is EndReason.BUDGET_WALL


@pytest.mark.parametrize(
    ("body", "state", "message"),
    [
        ("return Turn((Action.A,), policy='exact')", "{}", "'exact' is no Policy"),
        ("return Turn((Action.A,))", "{'best': math.inf}", "must return JSON values"),
        ("return Turn((Action.A,))", "{'x': '#' * 200_000}", "at most 100000 characters"),
        ("return Turn((Action.A,) * 9)", "{}", "press 1 to 8 buttons"),
        ("return self.tools.issue(Turn((Action.A,) * 50))", "{}", "no attribute 'issue'"),
        ("return self.tools.map()", "{}", "no tool map in this tier"),
    ],
)
def test_own_code_that_breaks_the_rules_ends_with_a_clear_word(
    body: str, state: str, message: str, micro: Cartridge, tmp_path: Path
) -> None:
    with pytest.raises(AgentError, match=message):
        run(playing(micro, own(tmp_path, body, state=state), tmp_path / "run"))
    assert verify(tmp_path / "run").reason is EndReason.ERROR


def test_own_code_cannot_claim_another_ending(micro: Cartridge, tmp_path: Path) -> None:
    agent = own(tmp_path, "return Turn((), ended=EndReason.FINISHED)")

    assert run(playing(micro, agent, tmp_path / "run")).reason is EndReason.AGENT_STOPPED


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("class Mine(:", "cannot be loaded: SyntaxError"),
        ("raise SystemExit(3)", "cannot be loaded: SystemExit"),
        ("class Mine:\n    def __init__(self): raise OSError('no')", "cannot be made: OSError: no"),
        ("class Mine:\n    def __init__(self, a, b): pass", "cannot be made: TypeError"),
    ],
)
def test_own_code_that_does_not_load_is_a_wrong_use(
    code: str, message: str, micro: Cartridge, tmp_path: Path
) -> None:
    (tmp_path / "größe.py").write_text(code)
    with pytest.raises(ConfigError, match=message):
        run(playing(micro, AgentSpec.parse(f"{tmp_path / 'größe.py'}:Mine"), tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_a_run_goes_on_in_the_tier_that_it_began_in(tmp_path: Path) -> None:
    source = own(tmp_path, "return self.tools.press(Action.UP)").source
    assert source is not None
    name = f"{source[0]}:{source[1]}"
    runner = CliRunner()
    begun = runner.invoke(
        main,
        ["run", "--agent", name, "--tier", "text", "--game", "tallgrass:micro@1", "--out",
         str(tmp_path), "--max-turns", "3"],
    )  # fmt: skip
    folder = next(tmp_path.glob("tallgrass*"))
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join(lines[:-2]))
    resumed = runner.invoke(main, ["resume", str(folder), "--agent", name])
    other = runner.invoke(main, ["resume", str(folder), "--agent", "oracle"])

    assert begun.exit_code == resumed.exit_code == 0, resumed.stderr
    assert other.exit_code == 2
    assert "only FILE.py:CLASS is given again" in other.stderr
    assert verify(folder).trajectory.manifest.tier == "text"


def test_a_run_does_not_go_on_with_other_words_or_elsewhere(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    asked = config(micro, provider, tmp_path / "run", limits={"turns": 6})
    stops = [False]
    run(asked, lambda p: stops.append(p.clocks.turns >= 2), lambda: stops[-1])
    for harness in ({"tier": "assisted"}, {"max_buttons": 20}, {"notes_characters": 300}):
        other = config(micro, provider, tmp_path / "run", limits={"turns": 6}, harness=harness)
        with pytest.raises(ConfigError, match="not those that the run began with"):
            resume(other, read_trajectory(asked.folder))

    class Elsewhere:
        url = provider.url.replace("127.0.0.1", "localhost")

    with pytest.raises(ConfigError, match=r"asks 127\.0\.0\.1, and this would ask localhost"):
        resume(
            config(micro, Elsewhere(), tmp_path / "run", limits={"turns": 6}),
            read_trajectory(asked.folder),
        )
    assert resume(asked, read_trajectory(asked.folder)).reason is EndReason.BUDGET_TURNS


@pytest.mark.parametrize(
    "arguments",
    [
        '{"column": NaN, "row": 1e999}',
        pytest.param('{"buttons": ' + "[" * 300 + "]" * 300 + "}", marks=pytest.mark.slow),
        '{"buttons": ' + "[" * 3000,
        '{"buttons": ["\\ud83d"]}',
    ],
    ids=["no numbers", "deep", "endless", "half a pair"],
)
def test_arguments_that_are_hardly_json_are_told_to_the_model(
    arguments: str, micro: Cartridge, tmp_path: Path
) -> None:
    def spoil(raw: bytes) -> bytes:
        return messages_stream(arguments) if len(tap.answers) == 1 else raw

    with FakeProvider(ScriptPlayer(lambda *_: press("a"))) as provider, Tap(provider) as tap:
        tap.spoil = spoil
        asked = config(micro, tap, tmp_path / "run", limits={"turns": 3})
        result = run(asked)

    assert result.reason is EndReason.BUDGET_TURNS
    assert [n["kind"] for n in noted(asked.folder, "rejected")] == ["unusable_call"]
    assert verify(asked.folder).reason is EndReason.BUDGET_TURNS
    lines = (asked.folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (asked.folder / "events.jsonl").write_bytes(b"".join(lines[:-2]))
    with FakeProvider(ScriptPlayer(lambda *_: press("a"))) as provider:
        again = config(micro, provider, asked.folder, limits={"turns": 3})
        assert resume(again, read_trajectory(asked.folder)).reason is EndReason.BUDGET_TURNS


def messages_stream(arguments: str) -> bytes:
    """A call with these arguments, as Anthropic streams it."""
    usage = {"input_tokens": 900, "output_tokens": 9}
    message: dict[str, Any] = {
        "id": "m", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": usage,
    }  # fmt: skip
    block = {"type": "tool_use", "id": "toolu_1", "name": "press_buttons", "input": {}}
    spelled = {"type": "input_json_delta", "partial_json": arguments}
    ending = {"stop_reason": "tool_use", "stop_sequence": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": spelled},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ending, "usage": usage},
        {"type": "message_stop"},
    ]
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


@contextmanager
def chat_server(*chunks: dict[str, Any]) -> Iterator[str]:
    """A compatible server that answers with these chunks, as odd servers do."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            base = {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
            for chunk in chunks:
                self.wfile.write(b"data: " + json.dumps(base | chunk).encode() + b"\n\n")
            self.wfile.write(b"data: [DONE]\n\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def delta(finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def call(name: str, arguments: str, **fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "arguments": arguments}, **fields}


USAGE: dict[str, Any] = {
    "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7},
}  # fmt: skip


def chat(*chunks: dict[str, Any]) -> Reply:
    with chat_server(*chunks) as url:
        settings = ModelSettings(model="m", base_url=url, api_key_env=KEY_VARIABLE)
        model = build_model("openai_compatible", settings)
        try:
            return model.query(ASKED)
        finally:
            model.close()


def test_calls_of_servers_that_number_none_or_all_alike_are_told_apart() -> None:
    for numbers in ({}, {"index": 0}):
        reply = chat(
            delta(tool_calls=[call("press_buttons", '{"a"', id="one", **numbers)]),
            delta(tool_calls=[{"function": {"arguments": ": 1}"}, **numbers}]),
            delta(tool_calls=[call("map", "{}", id="two", **numbers)]),
            delta("tool_calls"),
            USAGE,
        )
        assert [(c.id, c.name, c.arguments) for c in reply.tool_calls] == [
            ("one", "press_buttons", '{"a": 1}'),
            ("two", "map", "{}"),
        ]


def test_calls_without_an_id_get_one() -> None:
    reply = chat(
        delta(tool_calls=[call("map", "{}", index=0)]),
        delta(tool_calls=[call("map", "{}", index=1, id="")]),
        delta("stop"),
        USAGE,
    )
    ids = [c.id for c in reply.tool_calls]

    assert reply.stop is Stop.TOOL_CALL
    assert len(set(ids)) == 2
    assert all(ids)
    assert [c["id"] for c in reply.echo["tool_calls"]] == ids


def test_reasoning_and_signatures_go_back_with_the_reply() -> None:
    signed = {"google": {"thought_signature": "abc"}}
    reply = chat(
        delta(reasoning_content="I "),
        delta(reasoning_content="think", content=None),
        delta(tool_calls=[call("map", "{}", index=0, id="x", extra_content=signed)]),
        delta("tool_calls"),
        USAGE,
    )

    assert reply.thinking == "I think"
    assert reply.echo["reasoning_content"] == "I think"
    assert reply.echo["tool_calls"][0]["extra_content"] == signed


def test_an_unknown_reason_to_stop_is_an_end_and_a_missing_one_is_none() -> None:
    reply = chat(delta(content="hello"), delta("weary"), USAGE)
    assert (reply.stop, reply.detail) == (Stop.END, "weary")
    with pytest.raises(ModelFailure, match="stream ended early"):
        chat(delta(content="hello"), USAGE)
    with pytest.raises(ModelFailure, match="does not tell its usage"):
        chat(delta(content="hello"), delta("stop"))


@pytest.mark.parametrize("kind", list(SUFFIX))
def test_replies_without_a_word_are_not_sent_back(
    kind: str, micro: Cartridge, tmp_path: Path
) -> None:
    def script(number: int, _texts: list[str]) -> ScriptedReply:
        return ScriptedReply("", thinking="hm") if number % 2 else press("a", text="")

    with FakeProvider(ScriptPlayer(script)) as provider:
        result = run(config(micro, provider, tmp_path / "run", kind, limits={"turns": 4}))

    assert result.reason is EndReason.BUDGET_TURNS
    assert {n["kind"] for n in noted(tmp_path / "run", "rejected")} == {"no_tool_call"}


@pytest.mark.parametrize("name", ["max_tokens", "model", "system", "stream", "tools", "input"])
def test_options_of_a_card_do_not_reach_what_limits_rest_on(name: str) -> None:
    model = {"provider": "anthropic", "model": "m", "options": {name: 1}}
    with pytest.raises(ValueError, match=f"options may not set {name}"):
        AgentCard.model_validate({"id": "a", "title": "A", "adapter": "model", "model": model})


def test_a_turn_longer_than_its_tier_allows_does_not_verify(
    micro: Cartridge, tmp_path: Path
) -> None:
    agent = own(tmp_path, "return Turn((Action.UP,) * 30)", tier="open")
    run(playing(micro, agent, tmp_path / "run", turns=3))
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    manifest["tier"] = manifest["agent"]["card"]["harness"]["tier"] = "text"
    forged = forge(tmp_path, manifest)

    with pytest.raises(DesyncError, match="30 presses in a turn whose card allows 8"):
        verify(forged)


@pytest.mark.parametrize(("name", "value"), [("turns", 9), ("stagnation_turns", 9)])
def test_a_budget_that_was_not_used_up_is_no_reason(
    name: str, value: int, micro: Cartridge, tmp_path: Path
) -> None:
    with FakeProvider(MirrorPlayer()) as provider:
        run(config(micro, provider, tmp_path / "run", limits={"turns": 3}))
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    manifest["budget"][name] = value
    reason = {"turns": "budget_turns", "stagnation_turns": "stagnation"}[name]

    with pytest.raises(DesyncError, match=f"the reason is {reason} at [0-9]+ of 9"):
        verify(forge(tmp_path, manifest, reason))


def forge(tmp_path: Path, manifest: dict[str, Any], reason: str | None = None) -> Path:
    """Write a run anew under another manifest, with hashes that fit."""
    folder = tmp_path / "forged"
    folder.mkdir()
    content = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(content)
    chain, lines = Chain(content), []
    for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        del event["h"]
        if event["t"] == "outcome" and reason:
            event["reason"] = reason
        lines.append(chain.seal(json.dumps(event).encode()) + b"\n")
    (folder / "events.jsonl").write_bytes(b"".join(lines))
    return folder
