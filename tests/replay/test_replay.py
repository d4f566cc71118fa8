from pathlib import Path

import numpy as np

from pokebench.emulator import Emulator
from pokebench.milestone import Cartridge
from pokebench.replay import Replay
from pokebench.trajectory import read_trajectory
from pokebench.types import Frame, actions_of


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
        draws = np.random.default_rng(7).integers(0, replay.last_frame + 1, 30)
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


def test_an_index_follows_the_whole_record_and_knows_the_way(
    oracle_run: Path, tmp_path: Path
) -> None:
    with Replay.open(oracle_run, cache=tmp_path) as replay:
        index = replay.index()
        outcome = replay.trajectory.outcome
        spot = index.way.at(replay.last_frame)
        with replay.machine(replay.last_frame) as ram:
            situation = replay.reader.situation(ram)

    assert index.is_whole
    assert not index.desync
    assert outcome is not None
    assert index.frames == outcome.f == replay.last_frame
    assert spot is not None
    assert (spot.place, (spot.x, spot.y)) == (situation.place, situation.position)
    assert len(index.way) > 100


def test_a_second_opening_follows_nothing_again(oracle_run: Path, tmp_path: Path) -> None:
    with Replay.open(oracle_run, cache=tmp_path) as replay:
        first = replay.index()
    told: list[int] = []
    with Replay.open(oracle_run, cache=tmp_path) as replay:
        second = replay.index(on_progress=told.append)

    assert not told
    assert (second.frames, second.is_whole) == (first.frames, first.is_whole)
    assert np.array_equal(second.way.frames, first.way.frames)
