"""Every failure of docs/models.md, made at the server, ends as it says there."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pokebench.milestone import Cartridge
from pokebench.runner import RetryPolicy, resume, run
from pokebench.testing import FakeProvider, PlannedFault
from pokebench.trajectory import FailedEvent, ResultEvent, read_trajectory
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.harness.asking import SUFFIX, config, events, noted

IMPATIENT = RetryPolicy(
    base_s=0.01, cap_s=0.02, longest_retry_after_s=1.0, doubtful_attempts=3, give_up_s=0.05
)
HURRIED = {"read_timeout_s": 0.4, "deadline_s": 0.8}
LATER = (("retry-after", "3600"),)
SOON = (("retry-after", "0.05"),)

EVERY_ADAPTER = pytest.mark.parametrize(
    "kind",
    ["anthropic", *(pytest.param(k, marks=pytest.mark.slow) for k in SUFFIX if k != "anthropic")],
)
PASSING: dict[str, tuple[PlannedFault, str, str]] = {
    "rate limit": (PlannedFault("status", 429, headers=SOON), "rate_limit", "no"),
    "overloaded": (PlannedFault("status", 529), "overloaded", "no"),
    "unavailable": (PlannedFault("status", 503), "overloaded", "no"),
    "overloaded in a stream": (
        PlannedFault("error_event", word="overloaded_error", after=2), "overloaded", "unknown",
    ),
    "rate limit in a stream": (
        PlannedFault("error_event", word="rate_limit_error", after=2), "rate_limit", "unknown",
    ),
    "server error": (PlannedFault("status", 500), "server", "no"),
    "gateway timeout": (PlannedFault("status", 504), "server", "unknown"),
    "hung up": (PlannedFault("drop"), "network", "unknown"),
    "hung up after billing": (PlannedFault("drop_after_billing"), "network", "unknown"),
    "reset in a stream": (PlannedFault("reset", after=2), "network", "unknown"),
    "stream cut off": (PlannedFault("truncate_stream"), "protocol", "unknown"),
    "not JSON": (PlannedFault("not_json"), "protocol", "unknown"),
    "HTML": (PlannedFault("garbage"), "protocol", "unknown"),
    "silence after billing": (
        PlannedFault("hang_after_billing", seconds=2.0), "timeout", "unknown",
    ),
    "a stall": (PlannedFault("stall", seconds=2.0), "timeout", "unknown"),
    "nothing but comments": (
        PlannedFault("comments", seconds=2.0, after=1), "timeout", "unknown",
    ),
}  # fmt: skip
FINAL = {
    "no money": (PlannedFault("status", 402), EndReason.QUOTA),
    "quota used up": (PlannedFault("status", 429, "insufficient_quota"), EndReason.QUOTA),
    "wrong key": (PlannedFault("status", 401), EndReason.AUTH),
    "forbidden": (PlannedFault("status", 403), EndReason.AUTH),
    "no such model": (PlannedFault("status", 404), EndReason.MODEL_UNAVAILABLE),
    "bad request": (PlannedFault("status", 400), EndReason.BAD_REQUEST),
    "much later": (PlannedFault("status", 429, headers=LATER), EndReason.RATE_LIMITED),
}
REPLIES = {
    "refused": ("refused", "refused", EndReason.REFUSALS),
    "filtered": ("filtered", None, EndReason.REFUSALS),
    "truncated": ("truncated", "truncated", EndReason.AGENT_MALFORMED),
    "no_tool": ("no_tool", "no_tool_call", EndReason.AGENT_IDLE),
    "unknown_tool": ("unknown_tool", "unusable_call", EndReason.AGENT_MALFORMED),
    "bad_arguments": ("bad_arguments", "unusable_call", EndReason.AGENT_MALFORMED),
    "wrong_arguments": ("wrong_arguments", "unusable_call", EndReason.AGENT_MALFORMED),
}


@EVERY_ADAPTER
@pytest.mark.parametrize("name", list(PASSING))
def test_what_passes_is_waited_out(
    name: str, kind: str, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    fault, expected, billed = PASSING[name]
    provider.faults += [None, fault]
    model = HURRIED if expected == "timeout" else {}
    asked = config(micro, provider, tmp_path / "run", kind, limits={"turns": 3}, model=model)
    result = run(asked)
    failed = [e for e in events(asked.folder) if isinstance(e, FailedEvent)]

    assert result.reason is EndReason.BUDGET_TURNS
    assert [(e.fault, e.billed) for e in failed] == [(expected, billed)]
    assert len(provider.bills) - result.clocks.calls <= (billed == "unknown")
    assert verify(asked.folder).clocks == result.clocks


@pytest.mark.parametrize("name", ["server error", "stream cut off", "rate limit"])
def test_what_does_not_pass_ends_the_run_to_be_resumed(
    name: str, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.faults += [None, *[PASSING[name][0]] * 40]
    asked = config(micro, provider, tmp_path / "run", limits={"turns": 3})
    asked = replace(asked, retry=IMPATIENT)
    result = run(asked)
    assert result.reason is EndReason.PROVIDER_DOWN
    assert result.reason.is_resumable
    provider.faults.clear()

    assert resume(asked, read_trajectory(asked.folder)).reason is EndReason.BUDGET_TURNS


def test_a_provider_that_is_not_there_ends_the_run_to_be_resumed(
    micro: Cartridge, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    class Nobody:
        url = f"http://127.0.0.1:{port}"

    asked = config(micro, Nobody(), tmp_path / "run", limits={"turns": 3})
    result = run(replace(asked, retry=IMPATIENT))
    failed = [e for e in events(asked.folder) if isinstance(e, FailedEvent)]

    assert result.reason is EndReason.PROVIDER_DOWN
    assert {(e.fault, e.billed) for e in failed} == {("connect", "no")}
    assert result.clocks.usd_uncertain == 0


@EVERY_ADAPTER
@pytest.mark.parametrize("name", list(FINAL))
def test_what_waiting_does_not_mend_ends_the_run_at_once(
    name: str, kind: str, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    fault, reason = FINAL[name]
    provider.faults += [None, fault]
    asked = config(micro, provider, tmp_path / "run", kind, limits={"turns": 3})
    result = run(asked)
    assert result.reason is reason
    assert result.detail
    resumed = resume(asked, read_trajectory(asked.folder))

    assert resumed.reason is EndReason.BUDGET_TURNS
    assert len(provider.bills) == resumed.clocks.calls
    assert verify(asked.folder).clocks == resumed.clocks


@EVERY_ADAPTER
@pytest.mark.parametrize("name", list(REPLIES))
def test_what_a_model_does_wrong_is_told_to_it_and_ends_its_run_after_ten_times(
    name: str, kind: str, micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    fault, told, reason = REPLIES[name]
    once: Any = PlannedFault(fault)  # type: ignore[arg-type]
    provider.faults += [None, once]
    result = run(config(micro, provider, tmp_path / "once", kind, limits={"turns": 3}))
    provider.faults += [once] * 12
    for_ever = run(config(micro, provider, tmp_path / "ever", kind, limits={"turns": 3}))
    kinds = [n["kind"] for n in noted(tmp_path / "once", "rejected")]
    results = [e for e in events(tmp_path / "ever") if isinstance(e, ResultEvent)]

    assert result.reason is EndReason.BUDGET_TURNS
    assert len(kinds) == 1
    assert told is None or kinds == [told]
    assert for_ever.reason is reason
    assert not for_ever.reason.is_resumable
    assert len(results) == 10
    assert bool(for_ever.invalid_because) == (name == "truncated")
    provider.faults.clear()


def test_reasoning_that_is_not_taken_back_opens_a_fresh_context(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    word = "the block is bound to a different conversation"
    provider.faults += [None, PlannedFault("status", 400, word)]
    asked = config(micro, provider, tmp_path / "run", limits={"turns": 3})
    result = run(asked)
    failed = [e.fault for e in events(asked.folder) if isinstance(e, FailedEvent)]

    assert result.reason is EndReason.BUDGET_TURNS
    assert failed == ["reasoning_rejected"]
    assert [e["reason"] for e in noted(asked.folder, "epoch")] == ["overflow"]
