import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pokebench.agent import AgentSpec
from pokebench.emulator import Emulator
from pokebench.errors import DesyncError, TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.reader import Scene
from pokebench.replay import Replay
from pokebench.runner import RunConfig, resume
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.chain import Chain
from pokebench.types import Frame, actions_of

PLAY = """
import sys
from pathlib import Path

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.milestone import GameSpec, open_game
from pokebench.runner import RunConfig, run
from pokebench.trajectory.manifest import BudgetPart

cartridge = open_game(GameSpec.parse("tallgrass:micro@1"))
budget = BudgetPart(frames=frames_of_minutes(20))
agent = AgentSpec.parse("random")
run(RunConfig(cartridge, agent, 5, budget, Path(sys.argv[1]), cache=Path(sys.argv[2])))
"""


def originals(folder: Path, cartridge: Cartridge, frames: set[int]) -> dict[int, Frame]:
    """Play the run on a console of its own that draws every frame; return those asked for."""
    record, table = read_trajectory(folder), cartridge.table
    emulator = Emulator(cartridge.rom.data, table.emulator.settings())
    shown = {0: emulator.screen()} if 0 in frames else {}

    def run(count: int) -> None:
        for _ in range(count):
            emulator.run(1, render=True)
            if emulator.frames in frames:
                shown[emulator.frames] = emulator.screen()

    run(table.start.boot_frames + table.start.idle_frames(record.manifest.seed))
    for turn in record.turns:
        for action in actions_of(turn.a):
            emulator.hold(action)
            run(table.timing.hold_frames)
            emulator.release(action)
            run(table.timing.step_frames - table.timing.hold_frames)
            if emulator.frames >= max(frames):
                return shown
    return shown


def test_any_frame_is_the_original_one(random_run: Path, micro: Cartridge) -> None:
    with Replay.open(random_run) as replay:
        replay.index()
        draws = np.random.default_rng(7).integers(0, replay.last_frame + 1, 12)
        frames = [0, 1, 4, replay.first_frame, *map(int, draws), replay.last_frame]
        shown = {frame: replay.screen(frame) for frame in frames}
        original = originals(random_run, micro, set(frames))
        differing = [f for f in frames if not np.array_equal(shown[f], original[f])]

    assert not differing


def test_a_stretch_of_screens_is_each_of_its_frames(random_run: Path) -> None:
    with Replay.open(random_run) as replay:
        start = replay.first_frame + 700
        stretch = list(replay.screens(start, start + 60, 7))
        single = [replay.screen(frame) for frame in range(start, start + 60, 7)]

    assert len(stretch) == 9
    assert all(np.array_equal(one, other) for one, other in zip(stretch, single, strict=True))


def test_an_index_follows_the_whole_record_and_knows_the_way_and_the_battles(
    oracle_run: Path, tmp_path: Path
) -> None:
    with Replay.open(oracle_run, cache=tmp_path) as replay:
        index = replay.index()
        outcome = replay.trajectory.outcome
        spot = index.way.at(replay.last_frame)
        with replay.machine(replay.last_frame) as ram:
            situation = replay.reader.situation(ram)
        start, end = index.way.battles[0]
        scenes = []
        for frame in (start, end):
            with replay.machine(frame) as ram:
                scenes.append(replay.reader.situation(ram).scene)

    assert scenes[0] is Scene.BATTLE
    assert scenes[1] is not Scene.BATTLE
    assert index.is_whole
    assert not index.desync
    assert outcome is not None
    assert index.frames == outcome.f == replay.last_frame
    assert spot is not None
    assert (spot.place, (spot.x, spot.y)) == (situation.place, situation.position)
    assert len(index.way) > 100


def test_a_second_opening_follows_nothing_again(random_run: Path, tmp_path: Path) -> None:
    with Replay.open(random_run, cache=tmp_path) as replay:
        first = replay.index()
    told: list[int] = []
    with Replay.open(random_run, cache=tmp_path) as replay:
        second = replay.index(on_progress=told.append)

    assert not told
    assert (second.frames, second.is_whole) == (first.frames, first.is_whole)
    assert np.array_equal(second.way.frames, first.way.frames)


@pytest.mark.slow
def test_two_hundred_random_moments_are_the_original_ones(
    oracle_run: Path, micro: Cartridge, tmp_path: Path
) -> None:
    with Replay.open(oracle_run, cache=tmp_path) as replay:
        replay.index()
        draws = np.random.default_rng(11).integers(0, replay.last_frame + 1, 200)
        shown = {int(frame): replay.screen(int(frame)) for frame in draws}
    original = originals(oracle_run, micro, set(shown))

    assert not [frame for frame in shown if not np.array_equal(shown[frame], original[frame])]


@pytest.mark.slow
def test_a_live_run_is_followed_across_a_kill_and_a_resume(
    micro: Cartridge, tmp_path: Path
) -> None:
    folder, cache = tmp_path / "run", tmp_path / "cache"
    played = subprocess.Popen([sys.executable, "-c", PLAY, str(folder), str(cache)])
    while not (folder / "events.jsonl").exists() or _turns(folder) < 5:
        time.sleep(0.02)
        assert played.poll() is None
    with Replay.open(folder, cache=cache) as replay:
        frames = [replay.index().frames]
        while replay.last_frame < 3000:
            assert played.poll() is None
            replay.refresh()
        played.kill()
        played.wait()
        with (folder / "events.jsonl").open("ab") as events:
            events.write(b'{"i":')
        replay.refresh()
        assert replay.trajectory.torn is not None
        frames.append(replay.index().frames)
        record = read_trajectory(folder)
        config = RunConfig(
            micro, AgentSpec.parse("random"), 5, record.manifest.budget, folder, cache=cache
        )
        resume(config, record)
        assert replay.refresh()
        index = replay.index()
        frames.append(index.frames)
        seen = {frame: replay.screen(frame) for frame in (frames[1], replay.last_frame)}
    original = originals(folder, micro, set(seen))

    assert frames == sorted(frames)
    assert index.is_whole
    assert index.frames == replay.last_frame
    assert all(np.array_equal(seen[frame], original[frame]) for frame in seen)


def _turns(folder: Path) -> int:
    return (folder / "events.jsonl").read_bytes().count(b'"t":"turn"')


def test_a_damaged_record_is_shown_up_to_the_damage(random_run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(random_run, tmp_path / "run"))
    lines = (copy / "events.jsonl").read_bytes().splitlines(keepends=True)
    at = len(lines) // 2
    lines[at] = lines[at].replace(b'"f"', b'"g"')
    (copy / "events.jsonl").write_bytes(b"".join(lines))
    with pytest.raises(TrajectoryError, match=f"line {at + 1}: its hash does not fit"):
        Replay.open(copy)
    with Replay.open(copy, up_to_damage=True) as replay:
        index = replay.index()
        screen = replay.screen(replay.last_frame)

    assert f"line {at + 1}" in (replay.trajectory.torn or "")
    assert index.is_whole
    assert 0 < index.frames == replay.last_frame
    assert screen.shape == (144, 160, 3)


def test_a_run_that_does_not_re_simulate_is_shown_as_far_as_it_does(
    random_run: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(random_run, tmp_path / "run"))
    manifest = (copy / "manifest.json").read_bytes()
    chain, lines = Chain(manifest), []
    done = 0
    for line in (copy / "events.jsonl").read_bytes().splitlines():
        body = line[: line.rindex(b',"h"')] + b"}"
        done += b'"t":"done"' in body
        if b'"t":"done"' in body and done == 2:
            body = re.sub(rb'"ram":"[0-9a-f]{16}"', b'"ram":"0123456789abcdef"', body)
        lines.append(chain.seal(body) + b"\n")
    (copy / "events.jsonl").write_bytes(b"".join(lines))
    with Replay.open(copy, cache=tmp_path / "cache") as replay:
        index = replay.index()
        replay.screen(index.frames)
        with pytest.raises(DesyncError, match="RAM hash is recorded as 0123456789abcdef"):
            replay.screen(index.frames + 1)

    assert not index.is_whole
    assert "RAM hash is recorded as 0123" in index.desync
    assert index.frames == read_trajectory(random_run).of_kind("done")[0].event.f
