"""A model plays through real SDKs; the oracle on a mirror answers for it."""

import shutil
from pathlib import Path

import pytest

from pokebench.agent.tiers import TIERS
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.runner import RunResult, resume, run
from pokebench.testing import FakeProvider, MirrorPlayer, PlannedFault
from pokebench.trajectory import AgentEvent, FailedEvent, UnknownEvent, read_trajectory
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.harness.asking import KEY, SUFFIX, config, letters, noted


def share_of_cache(result: RunResult) -> float:
    clocks = result.clocks
    total = clocks.tokens_in + clocks.tokens_cache_read + clocks.tokens_cache_write
    return clocks.tokens_cache_read / total


@pytest.mark.parametrize("tier", [pytest.param("text", marks=pytest.mark.slow), "assisted"])
def test_the_same_player_presses_the_same_buttons_through_every_adapter(
    tier: str, micro: Cartridge, tmp_path: Path
) -> None:
    played = set()
    for kind in SUFFIX:
        with FakeProvider(MirrorPlayer(uses_all_tools=tier == "assisted")) as provider:
            folder = tmp_path / kind
            limits = {"turns": 40}
            run(config(micro, provider, folder, kind, harness={"tier": tier}, limits=limits))
        played.add(letters(folder))
        assert verify(folder).reason is EndReason.BUDGET_TURNS
    assert len(played) == 1


@pytest.mark.slow
@pytest.mark.parametrize("tier", list(TIERS))
def test_every_adapter_earns_the_badge_in_every_tier(
    tier: str, micro: Cartridge, tmp_path: Path
) -> None:
    played = set()
    for kind in SUFFIX:
        with FakeProvider(MirrorPlayer(uses_all_tools=tier in ("assisted", "open"))) as provider:
            folder = tmp_path / kind
            context = {"epoch_tokens": 20_000}
            asked = config(micro, provider, folder, kind, harness={"tier": tier}, context=context)
            result = run(asked)
            assert result.reason is EndReason.FINISHED
            assert result.milestones[-1] == "champion"
            assert "badge_1" in result.milestones
            assert result.clocks.calls == len(provider.bills)
        assert share_of_cache(result) > 0.9
        assert verify(folder).reason is EndReason.FINISHED
        assert noted(folder, "epoch")
        assert not noted(folder, "cache_miss")
        assert not noted(folder, "rejected")
        played.add(letters(folder))
        assert KEY.encode() not in b"".join(p.read_bytes() for p in folder.iterdir())
    assert len(played) == 1


def test_a_run_cut_off_anywhere_asks_nothing_twice(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    limits = {"turns": 40}
    whole = config(micro, provider, tmp_path / "whole", limits=limits)
    run(whole)
    raw = (tmp_path / "whole" / "events.jsonl").read_bytes()
    for number, share in enumerate((0.02, 0.2, 0.51, 0.83, 0.99)):
        folder = tmp_path / f"cut{number}"
        shutil.copytree(tmp_path / "whole", folder)
        (folder / "events.jsonl").write_bytes(raw[: int(len(raw) * share)])
        answered = len([e for e in read_trajectory(folder).lines if e.event.t == "result"])
        before = len(provider.bills)
        asked = config(micro, provider, folder, limits=limits)
        result = resume(asked, read_trajectory(folder))
        doubtful = [
            line for line in read_trajectory(folder).lines if isinstance(line.event, UnknownEvent)
        ]

        assert result.reason is EndReason.BUDGET_TURNS
        assert letters(folder) == letters(tmp_path / "whole")
        assert answered + len(provider.bills) - before == result.clocks.calls
        assert len(doubtful) <= 1
        assert verify(folder).reason is EndReason.BUDGET_TURNS


def test_faults_are_waited_out_and_recorded(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.faults += [
        None, PlannedFault("status", 529), PlannedFault("status", 429), None,
        PlannedFault("drop_after_billing"), None, PlannedFault("truncate_stream"), None,
        PlannedFault("unknown_tool"), PlannedFault("bad_arguments"), PlannedFault("no_tool"),
        PlannedFault("refused"), PlannedFault("truncated"),
    ]  # fmt: skip
    result = run(config(micro, provider, tmp_path / "run", limits={"turns": 30}))
    events = [line.event for line in read_trajectory(tmp_path / "run").lines]
    failed = [event.fault for event in events if isinstance(event, FailedEvent)]
    rejected = [e.data["kind"] for e in events if isinstance(e, AgentEvent)]

    assert result.reason is EndReason.BUDGET_TURNS
    assert failed == ["overloaded", "rate_limit", "network", "protocol"]
    assert rejected[:5] == [
        "unusable_call",
        "unusable_call",
        "no_tool_call",
        "refused",
        "truncated",
    ]
    assert verify(tmp_path / "run").clocks == result.clocks


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (PlannedFault("status", 401), EndReason.AUTH),
        (PlannedFault("status", 402), EndReason.QUOTA),
        (PlannedFault("status", 404), EndReason.MODEL_UNAVAILABLE),
        (PlannedFault("status", 429, headers=(("retry-after", "3600"),)), EndReason.RATE_LIMITED),
    ],
)
def test_what_waiting_does_not_mend_ends_the_run_to_be_resumed(
    fault: PlannedFault,
    reason: EndReason,
    micro: Cartridge,
    provider: FakeProvider,
    tmp_path: Path,
) -> None:
    provider.faults += [None, None, fault]
    asked = config(micro, provider, tmp_path / "run", limits={"turns": 8})
    assert run(asked).reason is reason
    result = resume(asked, read_trajectory(tmp_path / "run"))

    assert result.reason is EndReason.BUDGET_TURNS
    assert len(provider.bills) == result.clocks.calls
    assert verify(tmp_path / "run").reason is EndReason.BUDGET_TURNS


def test_an_agent_that_only_talks_ends_its_run(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.faults += [PlannedFault("no_tool")] * 20
    result = run(config(micro, provider, tmp_path / "run"))

    assert result.reason is EndReason.AGENT_IDLE
    assert result.clocks.calls == 10


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"calls": 5}, EndReason.BUDGET_CALLS),
        ({"tokens": 20_000}, EndReason.BUDGET_TOKENS),
    ],
)
def test_limits_of_cost_end_a_run(
    limits: dict[str, int],
    reason: EndReason,
    micro: Cartridge,
    provider: FakeProvider,
    tmp_path: Path,
) -> None:
    result = run(config(micro, provider, tmp_path / "run", limits=limits))

    assert result.reason is reason
    if reason is EndReason.BUDGET_CALLS:
        assert result.clocks.calls == len(provider.bills) == 5


def test_a_limit_in_dollars_needs_prices(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"prices of scripted.* are unknown"):
        run(config(micro, provider, tmp_path / "run", limits={"usd": 1.0}))

    assert not (tmp_path / "run").exists()
