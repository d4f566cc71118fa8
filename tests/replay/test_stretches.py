import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.errors import DesyncError
from pokebench.milestone import Cartridge
from pokebench.replay import Replay
from pokebench.replay.store import Keyframe, Store
from pokebench.replay.stretches import Followed, follow, plan
from pokebench.replay.survey import Wanted
from pokebench.runner import RunConfig, run
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.chain import Chain
from pokebench.trajectory.manifest import BudgetPart
from pokebench.verify import verify

Events = list[dict[str, Any]]


@pytest.fixture(scope="module")
def cache(oracle_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """States of the oracle's run; do not change it."""
    folder = tmp_path_factory.mktemp("cache")
    with Replay.open(oracle_run, cache=folder) as replay:
        replay.index(jobs=1)
    return folder


def followed(folder: Path, cartridge: Cartridge, cache: Path, least: int = 1800) -> list[Followed]:
    """Follow a run in stretches, in this process, until one does not hold."""
    trajectory = read_trajectory(folder)
    store = Store(cache, trajectory.root)
    store.fit(trajectory)
    found = []
    for stretch in plan(trajectory, cartridge, store, Wanted(), 8, least):
        found.append(follow(stretch))
        if found[-1].mark.desync or not found[-1].is_linked:
            break
    store.close()
    return found


@pytest.mark.slow
def test_stretches_of_an_honest_run_hold_and_are_linked(
    oracle_run: Path, micro: Cartridge, cache: Path
) -> None:
    found, whole = followed(oracle_run, micro, cache), verify(oracle_run)

    assert len(found) >= 3
    assert all(part.is_linked and not part.mark.desync for part in found)
    assert tuple(reached for part in found for reached in part.reached) == whole.milestones
    assert (found[-1].end.clocks, found[-1].end.state) == (whole.clocks, whole.state)


def _forge(folder: Path, change: Callable[[Events], None]) -> None:
    """Change a record and recompute every hash and number."""
    chain, lines = Chain((folder / "manifest.json").read_bytes()), []
    events = [json.loads(line) for line in (folder / "events.jsonl").read_bytes().splitlines()]
    change(events)
    for index, event in enumerate(events):
        body = {"i": index} | {key: event[key] for key in event if key not in ("i", "h")}
        lines.append(chain.seal(json.dumps(body).encode()) + b"\n")
    (folder / "events.jsonl").write_bytes(b"".join(lines))


def _kind(events: Events, name: str) -> Events:
    return [event for event in events if event["t"] == name]


def _press(events: Events) -> None:
    turn = _kind(events, "turn")[90]
    turn["a"] = "S" * len(turn["a"])


def _swap(events: Events) -> None:
    turns = _kind(events, "turn")
    one, other = next((a, b) for a, b in pairwise(turns[100:]) if a["a"] != b["a"])
    one["a"], other["a"] = other["a"], one["a"]


def _milestone(events: Events) -> None:
    badge = _kind(events, "milestone")[-2]
    badge["f"] -= 20
    badge["clocks"]["frames"] -= 20


FORGERIES: dict[str, Callable[[Events], None]] = {
    "an input changed": _press,
    "inputs swapped": _swap,
    "a milestone edited": _milestone,
    "a milestone left out": lambda events: events.remove(_kind(events, "milestone")[-2]),
    "a turn left out": lambda events: events.remove(_kind(events, "turn")[110]),
    "a hash edited": lambda events: _kind(events, "done")[-3].update(ram="0" * 16),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_gets_the_verdict_of_one_pass(
    name: str, oracle_run: Path, micro: Cartridge, cache: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(oracle_run, tmp_path / "run"))
    own = Path(shutil.copytree(cache, tmp_path / "cache"))
    _forge(copy, FORGERIES[name])
    with pytest.raises(DesyncError) as whole:
        verify(copy)
    found = followed(copy, micro, own)

    assert found[-1].mark.desync == str(whole.value)


def test_a_doctored_state_proves_nothing_and_costs_nothing(
    oracle_run: Path, micro: Cartridge, cache: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(cache, tmp_path / "cache"))
    trajectory = read_trajectory(oracle_run)
    store = Store(own, trajectory.root)
    store.fit(trajectory)
    for frame in store.frames():
        keyframe = store.keyframe(frame)
        machine = keyframe.machine() if keyframe else None
        if keyframe is None or machine is None or frame < store.frames()[-1] // 2:
            continue
        doctored = bytearray(machine)
        doctored[-9000] ^= 1  # in cartridge or work RAM, with a hash that fits
        store.keep([Keyframe.of(keyframe.line, keyframe.hash, bytes(doctored), keyframe.episode)])
    store.close()
    found = followed(oracle_run, micro, own)
    with Replay.open(oracle_run, cache=own) as replay:
        index = replay.index(jobs=1)

    assert not found[-1].is_linked
    assert not found[-1].mark.desync
    assert index.is_whole


@pytest.mark.slow
def test_processes_give_the_verdict_of_one_pass(micro: Cartridge, tmp_path: Path) -> None:
    folder, cache = tmp_path / "run", tmp_path / "cache"
    budget = BudgetPart(frames=frames_of_minutes(25))
    asked = RunConfig(micro, AgentSpec.parse("random"), 3, budget, folder)
    run(replace(asked, cache=cache))
    told: list[int] = []
    whole, parts = verify(folder), verify(folder, on_progress=told.append, jobs=2, cache=cache)
    with Replay.open(folder, cache=cache) as replay:
        index = replay.index(jobs=2)
        states = len(replay.trajectory.of_kind("checkpoint"))
    _forge(folder, lambda events: _kind(events, "done")[-2].update(ram="0" * 16))
    with pytest.raises(DesyncError) as alone:
        verify(folder)
    with pytest.raises(DesyncError) as together:
        verify(folder, jobs=2, cache=cache)

    assert states == 2
    assert replace(parts, trajectory=whole.trajectory) == whole
    assert max(told) > whole.clocks.frames * 0.9
    assert index.is_whole
    assert str(alone.value) == str(together.value)
