"""Nothing is lost and nothing is asked twice: answers on their way, checkpoints, other agents."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.errors import AgentError, ConfigError
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, resume, run
from pokebench.testing import FakeProvider, MirrorPlayer, PlannedFault, ScriptedReply, ScriptPlayer
from pokebench.trajectory import (
    FailedEvent,
    IntentEvent,
    OutcomeEvent,
    ResultEvent,
    SessionEvent,
    UnknownEvent,
    read_trajectory,
)
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.harness.asking import KEY, SUFFIX, config, events, letters, noted, press
from tests.harness.tap import Tap


def stop_after(turns: int) -> tuple[Any, Any]:
    """Callbacks that interrupt a run after some turns."""
    taken = [0]

    def count(progress: Any) -> None:
        taken[0] = progress.clocks.turns

    return count, lambda: taken[0] >= turns


def cut_before_result(folder: Path, call: int) -> None:
    """Take the record back to the moment at which the answer to a call was on its way."""
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    at = next(
        number
        for number, line in enumerate(lines)
        if json.loads(line)["t"] == "result" and json.loads(line)["call"] == call
    )
    (folder / "events.jsonl").write_bytes(b"".join(lines[:at]))


@pytest.mark.parametrize("kind", list(SUFFIX))
def test_an_answer_that_had_arrived_is_read_and_not_asked_for_again(
    kind: str, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    limits = {"turns": 12}
    whole = tmp_path / "whole"
    with Tap(provider) as tap:
        run(config(micro, tap, whole, kind, limits=limits))
    assert not (whole / "inflight").exists()
    folder = Path(shutil.copytree(whole, tmp_path / "again"))
    cut_before_result(folder, 7)
    (folder / "inflight").mkdir()
    (folder / "inflight" / "7-0.sse").write_bytes(tap.answers[7])
    billed = len(provider.bills)
    result = resume(config(micro, provider, folder, kind, limits=limits), read_trajectory(folder))
    results = [e for e in events(folder) if isinstance(e, ResultEvent)]

    assert letters(folder) == letters(whole)
    assert [e.how for e in results] == ["live"] * 7 + ["kept"] + ["live"] * (len(results) - 8)
    assert not [e for e in events(folder) if isinstance(e, UnknownEvent)]
    assert len(provider.bills) - billed == result.clocks.calls - 8
    assert not (folder / "inflight").exists()
    assert verify(folder).reason is EndReason.BUDGET_TURNS


@pytest.mark.parametrize("raw", [b"", b"event: message_start\ndata: {", b"\xff\x00" * 50])
def test_half_an_answer_is_in_doubt(
    raw: bytes, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    limits = {"turns": 6}
    whole = tmp_path / "run"
    run(config(micro, provider, whole, limits=limits))
    played = letters(whole)
    cut_before_result(whole, 3)
    (whole / "inflight").mkdir()
    (whole / "inflight" / "3-0.sse").write_bytes(raw)
    resume(config(micro, provider, whole, limits=limits), read_trajectory(whole))
    doubtful = [e for e in events(whole) if isinstance(e, UnknownEvent)]

    assert [(e.call, e.attempt) for e in doubtful] == [(3, 0)]
    assert letters(whole) == played


def test_a_resumed_run_begins_at_its_checkpoint(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    whole = run(config(micro, provider, tmp_path / "whole", limits={"turns": 50}))
    asked = config(micro, provider, tmp_path / "run", cache=cache, limits={"turns": 50})
    assert run(asked, *stop_after(20)).reason is EndReason.INTERRUPTED
    assert len(list(cache.glob("checkpoints/*.ckpt"))) == 1
    followed: list[bool] = []
    result = resume(asked, read_trajectory(asked.folder), lambda p: followed.append(p.is_replaying))

    assert len(followed) == 30
    assert not any(followed)
    assert letters(asked.folder) == letters(tmp_path / "whole")
    ends = [read_trajectory(folder).outcome for folder in (asked.folder, tmp_path / "whole")]
    assert all(isinstance(end, OutcomeEvent) for end in ends)
    assert ends[0].state == ends[1].state  # type: ignore[union-attr]
    assert result.clocks.calls == whole.clocks.calls
    assert verify(asked.folder).reason is EndReason.BUDGET_TURNS
    assert not list(cache.glob("checkpoints/*"))


@pytest.mark.slow
@pytest.mark.parametrize("agent", ["oracle", "random"])
def test_every_agent_goes_on_from_a_checkpoint(
    agent: str, micro: Cartridge, tmp_path: Path
) -> None:
    budget = BudgetPart(frames=frames_of_minutes(6))
    spec = AgentSpec.parse(agent)
    run(RunConfig(micro, spec, 3, budget, tmp_path / "whole"))
    asked = RunConfig(micro, spec, 3, budget, tmp_path / "run", cache=tmp_path / "cache")
    run(asked, *stop_after(40))
    followed: list[bool] = []
    resume(asked, read_trajectory(asked.folder), lambda p: followed.append(p.is_replaying))
    ends = [read_trajectory(folder).outcome for folder in (asked.folder, tmp_path / "whole")]

    assert not any(followed)
    assert ends[0].state == ends[1].state  # type: ignore[union-attr]
    assert letters(asked.folder) == letters(tmp_path / "whole")
    assert verify(asked.folder).reason is ends[1].reason  # type: ignore[union-attr]


def damaged(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "spoil", [damaged, lambda path: path.write_bytes(b""), lambda path: path.unlink()]
)
def test_without_a_checkpoint_a_run_is_done_again_from_power_on(
    spoil: Any, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    asked = config(micro, provider, tmp_path / "run", cache=cache, limits={"turns": 20})
    run(asked, *stop_after(10))
    spoil(next(cache.glob("checkpoints/*.ckpt")))
    followed: list[bool] = []
    result = resume(asked, read_trajectory(asked.folder), lambda p: followed.append(p.is_replaying))

    assert followed[0]
    assert result.reason is EndReason.BUDGET_TURNS
    assert len(provider.bills) == result.clocks.calls


def test_a_checkpoint_of_another_record_is_not_used(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    asked = config(micro, provider, tmp_path / "run", cache=cache, limits={"turns": 20})
    run(asked, *stop_after(10))
    cut_before_result(asked.folder, 5)
    followed: list[bool] = []
    resume(asked, read_trajectory(asked.folder), lambda p: followed.append(p.is_replaying))

    assert followed[0]
    assert verify(asked.folder).reason is EndReason.BUDGET_TURNS


OWN = '''
import pathlib
from pokebench.types import Action, Turn

class Mine:
    """Never answers alike twice, as anything that asks a model does."""
    def __init__(self, tools):
        self.tools, self.asked = tools, 0
    def act(self, observation):
        with pathlib.Path({log!r}).open("a") as log:
            log.write(f"{{self.asked}}\\n")
        lines = len(pathlib.Path({log!r}).read_text().split())
        self.asked += 1
        return self.tools.press(Action(lines % 4), Action.A, text=f"turn {{lines}}")
    def state(self):
        return {{"asked": self.asked}}
    def restore(self, state):
        self.asked = state["asked"]
'''


@pytest.mark.parametrize("with_cache", [True, False])
def test_anybodys_agent_is_not_asked_twice_and_gets_its_memory_back(
    with_cache: bool, micro: Cartridge, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    (tmp_path / "mine.py").write_text(OWN.format(log=str(log)))
    spec = AgentSpec.parse(f"{tmp_path / 'mine.py'}:Mine").with_settings(("harness.tier=text",))
    budget = BudgetPart(frames=frames_of_minutes(10), turns=20)
    cache = tmp_path / "cache" if with_cache else None
    asked = RunConfig(micro, spec, 1, budget, tmp_path / "run", cache=cache)
    run(asked, *stop_after(8))
    raw = (asked.folder / "events.jsonl").read_bytes()
    (asked.folder / "events.jsonl").write_bytes(raw[: int(len(raw) * 0.6)])
    before = len(noted(asked.folder, "answer"))
    resume(asked, read_trajectory(asked.folder))

    assert len(noted(asked.folder, "answer")) == 20
    assert [a["memory"]["asked"] for a in noted(asked.folder, "answer")] == list(range(1, 21))
    assert len(log.read_text().split()) == 8 + 20 - before
    assert verify(asked.folder).reason is EndReason.BUDGET_TURNS


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return Turn((Action.A,) * 9)", "press 1 to 8 buttons"),
        ("return Turn((Action.UP,), policy=Policy.WALK) if 0 else 5", "returned int, not a Turn"),
        ("return Turn((1,))", "1 is no Action"),
        ("return Turn((Action.A,), text=9)", "a tuple of actions and a text"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("self.bad = object(); return Turn((Action.A,))", "must return JSON values"),
    ],
)
def test_an_agent_that_breaks_the_rules_ends_its_run_on_the_record(
    body: str, message: str, micro: Cartridge, tmp_path: Path
) -> None:
    code = f"""
from pokebench.types import Action, Policy, Turn
class Mine:
    bad = 1
    def act(self, observation):
        {body}
    def state(self): return {{"bad": self.bad}}
    def restore(self, state): pass
"""
    (tmp_path / "mine.py").write_text(code)
    spec = AgentSpec.parse(f"{tmp_path / 'mine.py'}:Mine").with_settings(("harness.tier=text",))
    budget = BudgetPart(frames=frames_of_minutes(1))
    with pytest.raises(AgentError, match=message):
        run(RunConfig(micro, spec, 1, budget, tmp_path / "run"))

    assert verify(tmp_path / "run").reason is EndReason.ERROR


def test_an_agent_that_never_answers_ends_with_its_time(micro: Cartridge, tmp_path: Path) -> None:
    code = """
import time
class Mine:
    def act(self, observation):
        while True:
            time.sleep(0.01)
    def state(self): return {}
    def restore(self, state): pass
"""
    (tmp_path / "mine.py").write_text(code)
    spec = AgentSpec.parse(f"{tmp_path / 'mine.py'}:Mine")
    budget = BudgetPart(frames=frames_of_minutes(1), wall_s=1.5)
    result = run(RunConfig(micro, spec, 1, budget, tmp_path / "run"))

    assert (result.reason, result.detail) == (
        EndReason.BUDGET_WALL,
        "the agent did not answer in time",
    )


def test_below_open_an_agent_sees_no_cells_and_plays_with_care(
    micro: Cartridge, tmp_path: Path
) -> None:
    code = """
from pokebench.types import Action, Turn
class Mine:
    def act(self, observation):
        actions = (Action.UP,) * 8 if observation.trace or observation.view else (Action.A,)
        return Turn(actions, text=str(observation.view is None))
    def state(self): return {}
    def restore(self, state): pass
"""
    (tmp_path / "mine.py").write_text(code)
    for tier, is_free in (("assisted", False), ("open", True)):
        spec = AgentSpec.parse(f"{tmp_path / 'mine.py'}:Mine")
        spec = spec.with_settings((f"harness.tier={tier}",))
        budget = BudgetPart(frames=frames_of_minutes(10), turns=6)
        run(RunConfig(micro, spec, 1, budget, tmp_path / tier))
        turns = read_trajectory(tmp_path / tier).turns
        assert turns[-1].text == str(not is_free)
        assert (turns[-1].a == "UUUUUUUU") == is_free
        assert verify(tmp_path / tier).trajectory.manifest.tier == tier


def test_a_resume_does_not_lose_what_another_process_wrote_meanwhile(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    asked = config(micro, provider, tmp_path / "run", limits={"turns": 20})
    run(asked, *stop_after(5))
    stale = read_trajectory(asked.folder)
    resume(asked, read_trajectory(asked.folder), *stop_after(9))
    with pytest.raises(ConfigError, match="went on while it was read"):
        resume(asked, stale)

    assert resume(asked, read_trajectory(asked.folder)).reason is EndReason.BUDGET_TURNS


def test_keys_are_nowhere_in_a_run_folder_even_if_a_model_repeats_them(
    micro: Cartridge, tmp_path: Path
) -> None:
    def script(number: int, _texts: list[str]) -> ScriptedReply:
        if number == 1:
            return ScriptedReply(KEY, "write_notes", {"text": f"my key is {KEY}"})
        return press("a", text=f"{KEY} and Bearer abcdefghijklmnopqrstuvwxyz")

    with FakeProvider(ScriptPlayer(script)) as provider:
        provider.faults += [None, None, PlannedFault("status", 529, word=KEY)]
        asked = config(micro, provider, tmp_path / "run", limits={"turns": 6})
        run(asked, *stop_after(4))
        resume(asked, read_trajectory(asked.folder))
    everything = b"".join(p.read_bytes() for p in asked.folder.rglob("*") if p.is_file())

    assert KEY.encode() not in everything
    assert b"abcdefghijklmnopqrstuvwxyz" not in everything
    assert b"[key removed]" in everything
    assert verify(asked.folder).reason is EndReason.BUDGET_TURNS


@pytest.mark.slow
def test_a_server_that_cuts_questions_off_silently_is_found_out(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    def cut(raw: bytes) -> bytes:
        raw = re.sub(rb'"prompt_tokens": ?\d+', b'"prompt_tokens": 400', raw)
        return re.sub(rb'"(cached|cache_write)_tokens": ?\d+', rb'"\1_tokens": 0', raw)

    with Tap(provider) as tap:
        tap.spoil = cut
        asked = config(micro, tap, tmp_path / "run", "openai_compatible", limits={"turns": 200})
        result = run(asked)
        assert result.reason is EndReason.CONTEXT_CUT
        assert "cuts long questions off" in result.detail
        assert result.clocks.turns < 60
        tap.spoil = lambda raw: raw
        again = resume(asked, read_trajectory(asked.folder), *stop_after(70))

    assert again.reason is EndReason.INTERRUPTED
    calls = [e.call for e in events(asked.folder) if isinstance(e, IntentEvent)]
    assert calls == sorted(calls)
    assert len([e for e in events(asked.folder) if isinstance(e, SessionEvent)]) == 2


def test_a_run_whose_replies_were_cut_off_by_the_card_is_not_valid(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.faults += [None, PlannedFault("truncated")]
    result = run(config(micro, provider, tmp_path / "run", limits={"turns": 6}))
    kinds = [e for e in events(tmp_path / "run") if e.t == "diagnostic"]

    assert result.invalid_because == "max_output_tokens of the card cut off 1 of 7 answers"
    assert verify(tmp_path / "run").invalid_because == result.invalid_because
    assert [getattr(e, "what", "") for e in kinds] == ["truncated_replies"]
    with FakeProvider(MirrorPlayer()) as other:
        fine = run(config(micro, other, tmp_path / "fine", limits={"turns": 6}))
    assert fine.invalid_because == ""


def background(micro: Cartridge, provider: FakeProvider, folder: Path, **options: Any) -> RunConfig:
    model = {"background": True}
    return config(micro, provider, folder, "openai", model=model, limits={"turns": 8}, **options)


def cut_after_accepted(folder: Path, call: int) -> None:
    """Take the record back to the moment at which the provider had accepted a call."""
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    read = [json.loads(line) for line in lines]
    at = next(n for n, e in enumerate(read) if e["t"] == "accepted" and e["call"] == call)
    (folder / "events.jsonl").write_bytes(b"".join(lines[: at + 1]))


def test_an_answer_that_the_provider_keeps_is_fetched_however_often_that_fails(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    asked = background(micro, provider, tmp_path / "run")
    run(asked)
    played = letters(asked.folder)
    cut_after_accepted(asked.folder, 4)
    provider.poll_faults += [PlannedFault("status", 500), PlannedFault("drop")]
    billed = len(provider.bills)
    result = resume(asked, read_trajectory(asked.folder))

    assert letters(asked.folder) == played
    assert len(provider.bills) - billed == result.clocks.calls - 5
    assert not [e for e in events(asked.folder) if isinstance(e, UnknownEvent | FailedEvent)]
    assert {e.how for e in events(asked.folder) if isinstance(e, ResultEvent)} == {"fetched"}
    assert verify(asked.folder).reason is EndReason.BUDGET_TURNS


def test_an_answer_that_the_provider_lost_is_in_doubt_and_asked_for_anew(
    micro: Cartridge, tmp_path: Path
) -> None:
    with FakeProvider(MirrorPlayer()) as provider:
        asked = background(micro, provider, tmp_path / "run")
        run(asked)
    played = letters(asked.folder)
    cut_after_accepted(asked.folder, 0)
    with FakeProvider(MirrorPlayer()) as other:
        asked = background(micro, other, asked.folder)
        result = resume(asked, read_trajectory(asked.folder))
        assert len(other.bills) == result.clocks.calls
    failed = [e for e in events(asked.folder) if isinstance(e, FailedEvent)]

    assert [(e.fault, e.billed) for e in failed] == [("gone", "unknown")]
    assert letters(asked.folder) == played


def test_a_stream_that_breaks_after_the_provider_accepted_is_not_asked_for_again(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.faults += [None, PlannedFault("reset", after=3), None, PlannedFault("truncate_stream")]
    result = run(background(micro, provider, tmp_path / "run"))

    assert len(provider.bills) == result.clocks.calls == 8
    assert not [e for e in events(tmp_path / "run") if isinstance(e, FailedEvent)]
