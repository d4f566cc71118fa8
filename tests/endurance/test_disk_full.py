"""Runs on a disk that is really full."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.runner import resume, run
from pokebench.testing import FakeProvider
from pokebench.trajectory import ResultEvent, read_trajectory
from pokebench.trajectory.writer import BALLAST_BYTES
from pokebench.types import EndReason
from tests.endurance.asked import Asked
from tests.endurance.audit import audit
from tests.endurance.disk import DiskUnavailableError, SmallDisk
from tests.endurance.service import SlowMirror

ROOT = Path(__file__).parents[2]
RESERVE_KIB = BALLAST_BYTES >> 10


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    place = tmp_path / "disk"
    place.mkdir()
    try:
        small = SmallDisk(place)
    except DiskUnavailableError as error:
        pytest.skip(f"no disk of our own on this machine: {error}")
    with small:
        yield small


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(SlowMirror()) as fake:
        yield fake


@pytest.fixture(scope="module")
def asked(micro: Cartridge) -> Asked:
    return Asked(micro, "anthropic", 25)


@pytest.fixture(scope="module")
def alone(asked: Asked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run with room enough; do not change it."""
    folder = tmp_path_factory.mktemp("alone") / "run"
    with FakeProvider(SlowMirror()) as fake:
        run(asked.config(folder, fake.url))
    return folder


def answers(folder: Path) -> int:
    return sum(isinstance(line.event, ResultEvent) for line in read_trajectory(folder).lines)


def play_some(asked: Asked, folder: Path, url: str, turns: int = 5) -> None:
    """Start a run and interrupt it after a few turns."""
    taken = [0]
    result = run(
        asked.config(folder, url),
        lambda progress: taken.append(progress.clocks.turns),
        lambda: taken[-1] >= turns,
    )
    assert result.reason is EndReason.INTERRUPTED


def command_resume(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pokebench", "resume", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "free_kib",
    [8, pytest.param(14, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.slow)],
)
def test_a_run_on_a_full_disk_keeps_what_it_paid_for_and_goes_on_once_there_is_space(
    free_kib: int, disk: SmallDisk, provider: FakeProvider, asked: Asked, alone: Path
) -> None:
    folder = disk.folder / "run"
    disk.fill(RESERVE_KIB + free_kib)
    result = run(asked.config(folder, provider.url))
    assert result.reason is EndReason.DISK_FULL
    assert answers(folder) == len(provider.bills)
    disk.empty()
    resume(asked.config(folder, provider.url), read_trajectory(folder))

    assert audit(folder, provider.bills, alone).problems == ()


@pytest.mark.parametrize("free_kib", [0, RESERVE_KIB // 2, RESERVE_KIB])
def test_a_run_does_not_begin_on_a_disk_without_room_for_its_reserve(
    free_kib: int, disk: SmallDisk, provider: FakeProvider, asked: Asked
) -> None:
    disk.fill(free_kib)

    with pytest.raises(ConfigError, match=r"cannot write run folder .*: No space left on device"):
        run(asked.config(disk.folder / "run", provider.url))
    assert provider.bills == []


@pytest.mark.slow
def test_a_run_that_finds_no_room_for_its_reserve_goes_on_later(
    disk: SmallDisk, provider: FakeProvider, asked: Asked, alone: Path
) -> None:
    folder = disk.folder / "run"
    play_some(asked, folder, provider.url)
    before = (folder / "events.jsonl").read_bytes()
    disk.fill(RESERVE_KIB // 2)
    done = command_resume(folder)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert (folder / "events.jsonl").read_bytes() == before
    disk.empty()
    resume(asked.config(folder, provider.url), read_trajectory(folder))

    assert audit(folder, provider.bills, alone).problems == ()


@pytest.mark.slow
def test_a_reserve_that_was_cut_short_is_made_whole(
    disk: SmallDisk, provider: FakeProvider, asked: Asked
) -> None:
    folder = disk.folder / "run"
    play_some(asked, folder, provider.url)
    disk.fill(0)
    assert command_resume(folder).returncode == 2
    disk.empty()
    disk.fill(6)

    with pytest.raises(ConfigError, match="No space left on device"):
        resume(asked.config(folder, provider.url), read_trajectory(folder))
    assert answers(folder) == len(provider.bills)


def test_a_run_that_could_not_be_reopened_is_let_go_of(
    disk: SmallDisk, provider: FakeProvider, asked: Asked
) -> None:
    folder = disk.folder / "run"
    play_some(asked, folder, provider.url)
    disk.fill(0)
    with pytest.raises(ConfigError, match="No space left on device"):
        resume(asked.config(folder, provider.url), read_trajectory(folder))
    disk.empty()
    result = resume(asked.config(folder, provider.url), read_trajectory(folder))

    assert result.reason is EndReason.BUDGET_TURNS


@pytest.mark.slow
def test_the_command_says_how_to_go_on(
    disk: SmallDisk, provider: FakeProvider, asked: Asked
) -> None:
    folder = disk.folder / "run"
    play_some(asked, folder, provider.url)
    disk.fill(RESERVE_KIB + 8)
    done = command_resume(folder)

    assert done.returncode == 1
    assert f"{folder}: disk_full" in done.stdout
    assert f"To go on: pokebench resume {folder}" in done.stderr
    assert answers(folder) == len(provider.bills)
