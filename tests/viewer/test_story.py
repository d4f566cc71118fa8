import json
import shutil
from pathlib import Path

import pytest

from pokebench.errors import TrajectoryError
from pokebench.trajectory import (
    AgentEvent,
    Manifest,
    ResetEvent,
    ResultEvent,
    Tail,
    TrajectoryWriter,
    TurnEvent,
    read_trajectory,
)
from pokebench.viewer.parts import MOST_TEXT
from pokebench.viewer.story import CHUNK_TURNS, Story


def copied(run: Path, to: Path) -> Path:
    shutil.copytree(run, to)
    return to


def test_the_story_tells_each_turn_and_milestone_of_the_record(oracle_run: Path) -> None:
    story, record = Story(Tail(oracle_run)), read_trajectory(oracle_run)
    told = story.growth()
    turns = [
        turn
        for chunk in range(story.turn_count // CHUNK_TURNS + 1)
        for turn in story.turns(chunk)["turns"]
    ]
    acts = [part["a"] for turn in turns for part in turn["parts"] if part["kind"] == "act"]

    assert told["turns"]["frame"] == [turn.f for turn in record.turns]
    assert acts == [turn.a for turn in record.turns]
    assert [m["clocks"]["frames"] for m in told["milestones"]] == [m.f for m in record.milestones]
    assert record.outcome is not None
    assert told["last_frame"] == record.outcome.f
    assert told["clocks"]["steps"] == record.outcome.clocks.steps
    assert told["status"]["is_over"]
    assert told["head"] == record.head


def test_a_story_that_grows_tells_the_same_as_one_that_is_whole(
    oracle_run: Path, tmp_path: Path
) -> None:
    folder = copied(oracle_run, tmp_path / "run")
    raw = (folder / "events.jsonl").read_bytes()
    (folder / "events.jsonl").write_bytes(b"")
    story = Story(Tail(folder))
    known = 0
    frames: list[int] = []
    milestones: list[object] = []
    for end in range(0, len(raw), len(raw) // 9):
        (folder / "events.jsonl").write_bytes(raw[:end] if end + len(raw) // 9 < len(raw) else raw)
        story.follow()
        growth = story.growth(known)
        known = growth["line"]
        assert growth["first_turn"] == len(frames)
        frames += growth["turns"]["frame"]
        milestones += growth["milestones"]

    whole = Story(Tail(oracle_run)).growth()

    assert frames == whole["turns"]["frame"]
    assert milestones == whole["milestones"]
    assert story.growth() == whole


def test_a_record_that_is_cut_off_tells_what_is_whole_and_where_it_ends(
    oracle_run: Path, tmp_path: Path
) -> None:
    folder = copied(oracle_run, tmp_path / "run")
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join(lines[:20]) + lines[20][:30])

    story = Story(Tail(folder))

    assert story.line == 20
    assert story.growth()["status"]["torn"] == "run/events.jsonl line 21: cut off in the middle"


@pytest.mark.parametrize("damage", [b"not json\n", b'{"i":20,"t":"turn","h":"0123456789abcdef"}\n'])
def test_a_corrupt_line_ends_the_story_and_is_named(
    damage: bytes, oracle_run: Path, tmp_path: Path
) -> None:
    folder = copied(oracle_run, tmp_path / "run")
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join([*lines[:20], damage, *lines[21:]]))

    story = Story(Tail(folder))
    story.follow()

    assert story.line == 20
    assert story.growth()["status"]["fault"].startswith("run/events.jsonl line 21: ")
    assert story.turns(0)["turns"]


def test_hostile_answers_become_plain_bounded_text(oracle_run: Path, tmp_path: Path) -> None:
    manifest = Manifest.model_validate_json((oracle_run / "manifest.json").read_bytes())
    replies: list[dict[str, object]] = [
        {"text": "x" * 5_000_000, "thinking": 7, "tool_calls": [{"name": {"a": 1}}, 3]},
        {"text": ["no text"], "tool_calls": {"arguments": "x"}, "stop": None},
    ]
    with TrajectoryWriter.create(tmp_path / "run", manifest) as writer:
        writer.append(ResetEvent(f=100, seed=1, idle_frames=0, ram="0" * 16))
        for call, reply in enumerate(replies):
            result = ResultEvent(f=100, call=call, attempt=0, reply=reply, seconds=1, w=1)
            writer.append(result)
        writer.append(AgentEvent(f=100, what="notes", data={"text": {"html": "<b>"}}))
        writer.append(TurnEvent(f=100, a="A", w=2))

    story = Story(Tail(tmp_path / "run"))
    parts = story.turns(0)["turns"][0]["parts"]

    assert len(parts[0]["text"]) < MOST_TEXT + 100
    assert parts[0]["text"].endswith("4,980,000 more characters]")
    assert parts[0]["tools"] == [{"name": "", "arguments": "null"}]
    assert parts[2]["text"] == ""
    json.dumps(story.growth(), allow_nan=False).encode()
    with pytest.raises(TrajectoryError, match=r"^run/events.jsonl: there is no whole line 99"):
        story.raw(99)


def test_a_run_that_was_opened_before_tells_the_same_and_goes_on(
    oracle_run: Path, tmp_path: Path
) -> None:
    folder = copied(oracle_run, tmp_path / "run")
    raw = (folder / "events.jsonl").read_bytes()
    half = raw.index(b"\n", len(raw) // 2) + 1
    (folder / "events.jsonl").write_bytes(raw[:half])
    before = Tail(folder)
    kept, known = Story(before).to_bytes(), before.known()
    (folder / "events.jsonl").write_bytes(raw)
    again = Tail(folder)
    again.trust(known)
    story = Story(again, kept=kept)

    whole = Story(Tail(oracle_run))

    assert again.trusted_bytes == half
    assert story.growth() == whole.growth()
    assert story.turns(0) == whole.turns(0)
    assert story.raw(5) == whole.raw(5)


def test_a_record_that_was_changed_since_is_read_anew(oracle_run: Path, tmp_path: Path) -> None:
    folder = copied(oracle_run, tmp_path / "run")
    before = Tail(folder)
    before.poll()
    raw = (folder / "events.jsonl").read_bytes()
    (folder / "events.jsonl").write_bytes(raw.replace(b'"a":"', b'"a":"A', 1))
    again = Tail(folder)
    again.trust(before.known())
    again.poll()

    assert again.trusted_bytes == 0
    assert again.count < before.count
    assert "does not fit" in again.fault
