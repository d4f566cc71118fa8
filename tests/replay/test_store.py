import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from pokebench.milestone import Cartridge
from pokebench.replay import Replay
from pokebench.replay.store import Keyframe, Store
from pokebench.trajectory import read_trajectory


@pytest.fixture(scope="module")
def cache(random_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What indexing the minute of random play leaves behind; do not change it."""
    folder = tmp_path_factory.mktemp("cache")
    with Replay.open(random_run, cache=folder) as replay:
        replay.index()
    return folder


@pytest.fixture
def own(cache: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cache, tmp_path / "cache"))


def file_of(cache: Path) -> Path:
    (path,) = (cache / "replay").glob("*.sqlite")
    return path


def test_states_are_kept_every_half_minute(random_run: Path, cache: Path) -> None:
    trajectory = read_trajectory(random_run)
    store = Store(cache, trajectory.root)
    store.fit(trajectory)
    frames = store.frames()
    store.close()

    assert len(frames) == trajectory.turns[-1].f // 1800
    assert [frame // 1800 for frame in frames] == list(range(1, len(frames) + 1))


@pytest.mark.parametrize(
    "share", [0.0, *(pytest.param(share, marks=pytest.mark.slow) for share in (0.3, 0.6, 0.95))]
)
def test_a_damaged_cache_is_made_anew(share: float, random_run: Path, own: Path) -> None:
    path = file_of(own)
    raw = bytearray(path.read_bytes())
    at = int(share * len(raw))
    raw[at : at + 600] = b"\xa5" * 600
    path.write_bytes(raw)
    with Replay.open(random_run) as replay:
        wanted = replay.screen(2900)
    with Replay.open(random_run, cache=own) as replay:
        shown = replay.screen(2900)
        index = replay.index()

    assert np.array_equal(shown, wanted)
    assert index.is_whole
    assert len(index.way)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400])
def test_what_is_no_cache_is_replaced(content: bytes, random_run: Path, own: Path) -> None:
    file_of(own).write_bytes(content)
    with Replay.open(random_run, cache=own) as replay:
        assert replay.index().is_whole
    told: list[int] = []
    with Replay.open(random_run, cache=own) as replay:
        replay.index(on_progress=told.append)

    assert not told


def test_a_state_of_another_record_is_not_used(
    random_run: Path, own: Path, micro: Cartridge
) -> None:
    trajectory = read_trajectory(random_run)
    store = Store(own, trajectory.root)
    store.fit(trajectory)
    (frame,) = store.frames()
    keyframe = store.keyframe(frame)
    assert keyframe is not None
    foreign = Keyframe(frame + 20, keyframe.line + 1, "0" * 16, keyframe.digest, keyframe.packed)
    store.keep([foreign])
    store.close()
    again = Store(own, trajectory.root)
    again.fit(trajectory)
    frames = again.frames()
    again.close()

    assert frames == [frame]


def test_caches_used_longest_ago_make_room(own: Path, random_run: Path) -> None:
    path = file_of(own)
    old, older = path.with_name("a" * 32 + ".1.sqlite"), path.with_name("b" * 32 + ".1.sqlite")
    for age, other in enumerate((old, older), 1):
        other.write_bytes(b"x" * 50_000)
        os.utime(other, (1_000_000 - age, 1_000_000 - age))
    root = read_trajectory(random_run).root
    Store(own, root, most_bytes=path.stat().st_size + 60_000).close()

    assert old.exists()
    assert not older.exists()
    assert path.exists()
