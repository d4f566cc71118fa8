import json
from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.milestone import Cartridge, Generated, open_game
from pokebench.origin import own_cartridge
from pokebench.replay import Replay
from pokebench.trajectory import Manifest, ResetEvent, ResultEvent, Tail, TrajectoryWriter
from pokebench.trajectory.chain import Chain
from pokebench.viewer.search import search
from pokebench.viewer.shown import ShownRun
from pokebench.viewer.story import Story

SAID = ("Go NORTH", "a \u212aelvin", "\u0130stanbul", "na\u00efve north", "tab\tnorth", "\\north")


def test_a_run_that_was_compared_before_is_known_to_hold(random_run: Path, tmp_path: Path) -> None:
    with Replay.open(random_run, cache=tmp_path) as replay:
        frames = replay.index(jobs=1).frames

    for _ in range(2):
        shown = ShownRun(Tail(random_run), None, tmp_path)
        shown.close()
        assert (shown.simulation.state, shown.simulation.frame) == ("holds", frames)
        assert shown.map()["picture"], "the map is drawn though the world was not generated anew"


def test_a_game_that_was_generated_before_is_the_same_again(
    micro: Cartridge, random_run: Path
) -> None:
    generated = micro.generated()
    assert generated is not None
    again = Generated.of_bytes(generated.to_bytes())

    assert open_game(micro.spec, generated=again) == replace(micro, world=None)
    manifest = Tail(random_run).manifest
    strange = replace(again, rom=again.rom[:-1] + b"?")
    assert own_cartridge(manifest, None, generated=strange).rom == micro.rom


@pytest.mark.parametrize(
    "words", ["north", "NORTH", "kelvin", "istanbul", "i\u0307stanbul", "na\u00efve", "esc", "7.0"]
)
def test_a_search_finds_the_same_in_lines_that_were_not_read(
    words: str, random_run: Path, tmp_path: Path
) -> None:
    folder = _run_that_says(SAID, random_run, tmp_path / "run")
    fresh = Tail(folder)
    found = search(Story(fresh), words)
    known = fresh.known()
    assert known is not None
    again = Tail(folder)
    again.trust(known)

    assert search(Story(again), words) == found
    assert again.trusted_bytes == known.events_bytes
    assert bool(found["hits"]) == (words != "istanbul"), "its first letter becomes two"


def test_lines_of_a_kind_that_is_unknown_are_read_anew_each_time(
    random_run: Path, tmp_path: Path
) -> None:
    folder = _run_that_says(("once",), random_run, tmp_path / "run")
    record = Tail(folder)
    record.poll()
    sealed = Chain.after(record.head).seal(b'{"i":3,"t":"telepathy","f":1}')
    with (folder / "events.jsonl").open("ab") as file:
        file.write(sealed + b"\n")
    record.poll()

    assert record.count == 4
    assert record.known() is None


def _run_that_says(texts: tuple[str, ...], other: Path, folder: Path) -> Path:
    """Record answers that say `texts`, written in several ways, in a run like another one."""
    manifest = Manifest.model_validate_json((other / "manifest.json").read_bytes())
    with TrajectoryWriter.create(folder, manifest) as writer:
        writer.append(ResetEvent(f=100, seed=1, idle_frames=0, ram="0" * 16))
        for call, text in enumerate(texts):
            tools = [{"name": "press", "arguments": {"times": 7.0}}]
            reply = {"text": text, "tool_calls": tools}
            writer.append(ResultEvent(f=100, call=call, attempt=0, reply=reply, seconds=1, w=1))
    written = Tail(folder)
    written.poll()
    body = {"i": len(texts) + 1, "t": "result", "f": 100, "call": 9, "attempt": 0}
    body |= {"reply": {"text": "esc"}, "seconds": 1, "w": 1}
    escaped = json.dumps(body, separators=(",", ":")).replace('"esc"', '"\\u0065sc"')
    with (folder / "events.jsonl").open("ab") as file:
        file.write(Chain.after(written.head).seal(escaped.encode()) + b"\n")
    return folder
