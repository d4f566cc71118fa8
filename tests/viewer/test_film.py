import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageSequence

from pokebench.cli import main
from pokebench.errors import ConfigError
from pokebench.replay import Replay
from pokebench.trajectory import read_trajectory
from pokebench.types import FRAMES_PER_SECOND, Frame
from pokebench.viewer.cut import Cut, highlights
from pokebench.viewer.film import check_film
from pokebench.viewer.moment import frame_of


@pytest.fixture(scope="module")
def replay(oracle_run: Path) -> Iterator[Replay]:
    with Replay.open(oracle_run) as replay:
        yield replay


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def render(run: Path, cache: Path, *arguments: object) -> Result:
    words = ["render", str(run), *map(str, arguments)]
    return CliRunner().invoke(main, words, env={"POKEBENCH_CACHE": str(cache)})


def screen_in(picture: Frame, scale: int) -> Frame:
    """The game's own pixels, taken from the middle of the enlarged ones."""
    inner = picture[10 * scale : 154 * scale]
    return inner[scale // 2 :: scale, scale // 2 :: scale]


def rgb_of(picture: av.VideoFrame) -> Frame:
    return np.asarray(picture.to_ndarray(format="rgb24"), np.uint8)


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("start", 0),
        ("0:10", round(10 * FRAMES_PER_SECOND)),
        ("0:00:10.5", round(10.5 * FRAMES_PER_SECOND)),
        ("1234", 1234),
    ],
)
def test_a_moment_is_a_time_or_a_frame(oracle_run: Path, text: str, frame: int) -> None:
    assert frame_of(text, read_trajectory(oracle_run), 5000) == frame


def test_a_moment_is_a_turn_a_milestone_or_the_end(oracle_run: Path) -> None:
    trajectory = read_trajectory(oracle_run)

    assert frame_of("turn:3", trajectory, 5000) == trajectory.turns[2].f
    assert frame_of("starter", trajectory, 5000) == trajectory.milestones[1].f
    assert frame_of("end", trajectory, 5000) == 5000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5001", "ends at frame 5000"),
        ("9:00:00", "ends at frame 5000"),
        ("turn:99999", "has turns 1 to"),
        ("turn:0", "has turns 1 to"),
        ("noon", "milestones reached: new_game, starter"),
        ("-3", "write start, end"),
    ],
)
def test_a_moment_that_is_not_in_the_run_is_refused(
    oracle_run: Path, text: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        frame_of(text, read_trajectory(oracle_run), 5000)


@pytest.mark.parametrize(
    ("speed", "rate", "frames"),
    [
        (1, FRAMES_PER_SECOND, [10, 11, 12, 13]),
        (2, FRAMES_PER_SECOND, [10, 12]),
        (0.5, FRAMES_PER_SECOND, [10, 10, 11, 11, 12, 12, 13, 13]),
        (1, FRAMES_PER_SECOND / 4, [10]),
        (100, FRAMES_PER_SECOND, [10]),
    ],
)
def test_a_cut_has_pictures_at_a_constant_rate(
    speed: float, rate: float, frames: list[int]
) -> None:
    cut = Cut(((10, 14),), speed, rate)

    assert list(cut.frames()) == frames
    assert len(cut) == len(frames)


def test_highlights_that_touch_are_one_span() -> None:
    second = round(FRAMES_PER_SECOND)

    spans = highlights([500, 30, 80, 2000], 1, 0, 1000)

    assert spans == ((0, 80 + second + 1), (500 - second, 500 + second + 1))


def test_highlights_without_a_milestone_are_refused() -> None:
    with pytest.raises(ConfigError, match="leave --highlights out"):
        highlights([50], 1, 100, 200)


@pytest.mark.slow
def test_an_mp4_shows_each_frame_of_the_run(
    oracle_run: Path, replay: Replay, cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run.mp4"

    result = render(oracle_run, cache, "--out", out, "--from", 900, "--to", 959, "--scale", 2)

    assert result.exit_code == 0, result.output
    with av.open(str(out)) as film:
        stream = film.streams.video[0]
        pictures = [rgb_of(picture) for picture in film.decode(stream)]
        assert (stream.width, stream.height, stream.pix_fmt) == (320, 368, "yuv420p")
        assert float(stream.average_rate or 0) == pytest.approx(FRAMES_PER_SECOND)
    assert len(pictures) == 60
    for number in (0, 31, 59):
        shown = screen_in(pictures[number], 2).astype(int)
        assert np.abs(shown - replay.screen(900 + number)).mean() < 4
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.slow
def test_a_faster_mp4_drops_frames(oracle_run: Path, cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "fast.mp4"

    render(oracle_run, cache, "--out", out, "--to", "turn:9", "--speed", 16, "--scale", 1)

    with av.open(str(out)) as film:
        count = sum(1 for _ in film.decode(video=0))
    assert count == round((read_trajectory(oracle_run).turns[8].f + 1) / 16)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_an_animation_shows_exact_pixels(
    oracle_run: Path, replay: Replay, cache: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / f"run.{kind}"

    result = render(oracle_run, cache, "--out", out, "--from", 900, "--to", 1019, "--scale", 1)

    assert result.exit_code == 0, result.output
    with Image.open(out) as film:
        pictures = [
            (np.array(picture.convert("RGB")), picture.info["duration"])
            for picture in ImageSequence.Iterator(film)
        ]
        assert film.size == (160, 184)
    assert sum(duration for _, duration in pictures) == 2000
    np.testing.assert_array_equal(screen_in(pictures[0][0], 1), replay.screen(900))
    last = int(39 * FRAMES_PER_SECOND / 20)
    np.testing.assert_array_equal(screen_in(pictures[-1][0], 1), replay.screen(900 + last))


def test_too_long_a_gif_is_refused(oracle_run: Path, cache: Path, tmp_path: Path) -> None:
    result = render(oracle_run, cache, "--out", tmp_path / "run.gif", "--speed", 0.5)

    assert result.exit_code == 2
    assert "write an .mp4" in result.output
    speed = re.search(r"--speed (\d+)", result.output)
    assert speed is not None
    cut = Cut(((0, read_trajectory(oracle_run).turns[-1].f),), float(speed[1]), 20)
    check_film(tmp_path / "run.gif", cut)


def test_another_ending_is_refused(oracle_run: Path, cache: Path, tmp_path: Path) -> None:
    result = render(oracle_run, cache, "--out", tmp_path / "run.avi")

    assert result.exit_code == 2
    assert ".png (filmstrip), .mp4, .gif, .webp" in result.output


@pytest.mark.slow
def test_a_filmstrip_shows_the_milestones_between(
    oracle_run: Path, cache: Path, tmp_path: Path
) -> None:
    whole, part = tmp_path / "whole.png", tmp_path / "part.png"

    assert render(oracle_run, cache, "--out", whole).exit_code == 0
    assert render(oracle_run, cache, "--out", part, "--to", "starter").exit_code == 0

    with Image.open(whole) as large, Image.open(part) as small:
        assert small.width < large.width


@pytest.mark.slow
def test_without_pyav_a_message_says_what_to_install(oracle_run: Path, tmp_path: Path) -> None:
    (tmp_path / "av.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "pokebench", "render", str(oracle_run), "--to", "300"]
    environment = os.environ | {"PYTHONPATH": path, "POKEBENCH_CACHE": str(tmp_path / "cache")}

    result = subprocess.run(
        [*command, "--out", str(tmp_path / "run.mp4")],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )

    assert result.returncode == 2
    assert "pip install -c constraints.txt -e '.[video]'" in result.stderr


@pytest.mark.slow
def test_a_stopped_render_leaves_no_half_file(
    oracle_run: Path, cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out" / "run.mp4"
    out.parent.mkdir()
    command = [sys.executable, "-m", "pokebench", "render", str(oracle_run), "--out", str(out)]
    environment = os.environ | {"POKEBENCH_CACHE": str(cache)}

    process = subprocess.Popen(command, env=environment)
    while not list(out.parent.iterdir()):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)

    assert process.wait() != 0
    assert list(out.parent.iterdir()) == []
