"""When a model's context turns over, and what is kept."""

import shutil
from pathlib import Path

import pytest

from pokebench.milestone import Cartridge
from pokebench.runner import Progress, resume, run
from pokebench.testing import FakeProvider, MirrorPlayer, PlannedFault, ScriptedReply, ScriptPlayer
from pokebench.trajectory import AgentEvent, FailedEvent, read_trajectory
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.harness.asking import SUFFIX, config, events, letters, noted, press


def test_an_epoch_opens_with_notes_hand_over_and_the_present(
    micro: Cartridge, tmp_path: Path
) -> None:
    openings: list[list[str]] = []

    def script(number: int, texts: list[str]) -> ScriptedReply:
        if "hand-over with which play goes on" in texts[-1]:
            return ScriptedReply(f"hand-over after {number}")
        openings.append(texts)
        if number == 3:
            return ScriptedReply("", "write_notes", {"text": "east is home"})
        return press("down", "up", text="x" * 400)

    with FakeProvider(ScriptPlayer(script)) as provider:
        asked = config(
            micro, provider, tmp_path / "run", limits={"turns": 40},
            context={"epoch_tokens": 6000},
        )  # fmt: skip
        run(asked)
    epochs = noted(tmp_path / "run", "epoch")
    first = next(texts for texts in openings if "The hand-over:" in texts[-1])

    assert [epoch["number"] for epoch in epochs] == list(range(1, len(epochs) + 1))
    assert all(e["reason"] == "tokens" and e["tokens"] > 6000 for e in epochs)
    assert epochs[0]["handover"].startswith("hand-over after")
    assert "Your notes:\neast is home" in first[-1]
    assert epochs[0]["handover"] in first[-1]
    assert "This is what you see now." in first[-1]
    assert not noted(tmp_path / "run", "cache_miss")


def test_an_epoch_ends_before_it_holds_more_pictures_than_providers_take(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    context = {"epoch_images": 10}
    asked = config(micro, provider, tmp_path / "run", limits={"turns": 25}, context=context)
    result = run(asked)

    assert result.reason is EndReason.BUDGET_TURNS
    assert [e["reason"] for e in noted(tmp_path / "run", "epoch")] == ["images"] * 2


def test_a_segment_ends_after_its_turns_and_hands_over_no_notes(
    micro: Cartridge, tmp_path: Path
) -> None:
    with FakeProvider(MirrorPlayer()) as provider:
        asked = config(
            micro, provider, tmp_path / "run", limits={"turns": 35},
            context={"mode": "split", "segment_turns": 10, "handover_characters": 200},
        )  # fmt: skip
        result = run(asked)
    epochs = noted(tmp_path / "run", "epoch")

    assert result.reason is EndReason.BUDGET_TURNS
    assert [(e["reason"], e["turns"]) for e in epochs] == [("turns", 10)] * 3
    assert all(0 < len(e["handover"]) <= 200 for e in epochs)
    assert verify(tmp_path / "run").reason is EndReason.BUDGET_TURNS


def test_split_play_presses_what_whole_play_presses(micro: Cartridge, tmp_path: Path) -> None:
    played = set()
    for mode in ("epochs", "split"):
        with FakeProvider(MirrorPlayer()) as provider:
            context = {"mode": mode, "segment_turns": 15}
            run(config(micro, provider, tmp_path / mode, limits={"turns": 35}, context=context))
        played.add(letters(tmp_path / mode))
    assert len(played) == 1


def test_a_hand_over_is_asked_again_without_tools_if_one_is_called(
    micro: Cartridge, tmp_path: Path
) -> None:
    def script(_number: int, texts: list[str]) -> ScriptedReply:
        return press("a")

    with FakeProvider(ScriptPlayer(script)) as provider:
        context = {"mode": "split", "segment_turns": 3}
        asked = config(micro, provider, tmp_path / "run", limits={"turns": 5}, context=context)
        result = run(asked)

    assert result.clocks.calls == 5 + 2
    assert result.reason is EndReason.BUDGET_TURNS


def test_refusals_in_a_row_open_a_fresh_context(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.faults += [None, None, *[PlannedFault("refused")] * 3]
    result = run(config(micro, provider, tmp_path / "run", limits={"turns": 6}))

    assert result.reason is EndReason.BUDGET_TURNS
    assert [e["reason"] for e in noted(tmp_path / "run", "epoch")] == ["refusals"]
    assert [e["kind"] for e in noted(tmp_path / "run", "rejected")] == ["refused"] * 3


def test_a_context_that_is_full_is_turned_over_once(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    full = PlannedFault("status", 400, "context_length_exceeded")
    provider.faults += [None, None, full]
    result = run(config(micro, provider, tmp_path / "run", limits={"turns": 6}))
    assert result.reason is EndReason.BUDGET_TURNS
    assert [e["reason"] for e in noted(tmp_path / "run", "epoch")] == ["overflow"]

    provider.faults += [None, None, full, full]
    result = run(config(micro, provider, tmp_path / "again", limits={"turns": 6}))
    assert result.reason is EndReason.CONTEXT_OVERFLOW
    failed = [e for e in events(tmp_path / "again") if isinstance(e, FailedEvent)]
    assert [e.fault for e in failed] == ["context_overflow"] * 2


@pytest.mark.slow
def test_a_run_interrupted_while_it_turns_over_goes_on_alike(
    micro: Cartridge, provider: FakeProvider, tmp_path: Path
) -> None:
    context, limits = {"mode": "split", "segment_turns": 8}, {"turns": 30}
    whole = tmp_path / "whole"
    run(config(micro, provider, whole, limits=limits, context=context))
    raw = (whole / "events.jsonl").read_bytes()
    marks = [raw.index(b'"purpose":"summary"'), raw.index(b'"what":"epoch"')]
    cuts = [f(raw, mark) for mark in marks for f in (line_before, line_after)]
    for number, cut in enumerate(cuts):
        folder = Path(shutil.copytree(whole, tmp_path / f"cut{number}"))
        (folder / "events.jsonl").write_bytes(raw[:cut])
        again = config(micro, provider, folder, limits=limits, context=context)
        resume(again, read_trajectory(folder))

        assert letters(folder) == letters(whole)
        notes = [e for e in events(folder) if isinstance(e, AgentEvent)]
        assert notes == [e for e in events(whole) if isinstance(e, AgentEvent)]


def line_before(raw: bytes, mark: int) -> int:
    return raw.rindex(b"\n", 0, mark) + 1


def line_after(raw: bytes, mark: int) -> int:
    return raw.index(b"\n", mark) + 1


@pytest.mark.parametrize("kind", list(SUFFIX))
def test_a_prefix_that_is_not_cached_any_more_is_recorded_as_a_miss(
    kind: str, micro: Cartridge, tmp_path: Path
) -> None:
    now = [0.0]

    def pass_time(progress: Progress) -> None:
        now[0] += 2.0 if progress.clocks.turns != 6 else 7200.0

    with FakeProvider(MirrorPlayer(), clock=lambda: now[0]) as provider:
        run(config(micro, provider, tmp_path / "run", kind, limits={"turns": 12}), pass_time)
    misses = noted(tmp_path / "run", "cache_miss")

    assert len(misses) == 1
    assert misses[0]["read"] < misses[0]["expected"] * 0.9
    assert misses[0]["reason"]
