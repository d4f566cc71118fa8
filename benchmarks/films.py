"""What pictures of a run cost: exports, screens, films, each beside what they are compared with.

Frames are made once by re-simulation and held, so that each figure is of one thing alone.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

from pokebench.replay import Replay
from pokebench.types import FRAMES_PER_SECOND, Frame
from pokebench.viewer.cut import Cut
from pokebench.viewer.export import Wish, export
from pokebench.viewer.film import save_film
from pokebench.viewer.overlay import Overlay
from pokebench.viewer.reels import Own
from pokebench.viewer.screens import decode, encode

FRAMES = 3600
"""Frames that are looked at: an emulated minute from power-on."""
REEL = 3600
FILM_FRAMES = 900
VIDEO_OPTIONS = {"crf": "23", "preset": "veryfast"}
Line = Callable[..., None]


def films(folder: Path, line: Line) -> None:
    """Print the figures of the run in `folder`, one `line` each."""
    with tempfile.TemporaryDirectory() as scratch, Replay.open(folder) as replay:
        replay.index()
        stop = min(replay.last_frame, FRAMES)
        hours = stop / FRAMES_PER_SECOND / 3600
        drawn_s, frames = _timed(lambda: _held(replay, stop))
        _screens(frames, hours, drawn_s, Path(scratch), line)
        _film(replay, frames, drawn_s, Path(scratch), line)
    with tempfile.TemporaryDirectory() as scratch:
        _export(folder, Path(scratch), line)


def _screens(frames: list[Frame], hours: float, drawn_s: float, scratch: Path, line: Line) -> None:
    line("re-simulating and drawing each frame", f"{len(frames) / drawn_s:,.0f} fps")
    encode_s, reels = _timed(
        lambda: [encode(frames[at : at + REEL], 9) for at in range(0, len(frames), REEL)]
    )
    line("encoding screens, against drawing them", f"{drawn_s / encode_s:.2f}", ">= 1")
    decode_s, _ = _timed(lambda: sum(1 for reel in reels for _ in decode(reel)))
    line("", f"{len(frames) / encode_s:,.0f} fps; decoded {len(frames) / decode_s:,.0f} fps")
    size = sum(len(reel) for reel in reels)
    line("screens, lossless, each frame", f"{size / hours / 1e6:.2f} MB/h")
    short = sum(len(encode(frames[at : at + 512], 1)) for at in range(0, len(frames), 512))
    line("the same as the server plays them", f"{short / hours / 1e6:.2f} MB/h")
    video_s, video = _timed(lambda: _h264(frames, scratch / "plain.mp4"))
    line("H.264 CRF 23, 160x144, lossy", f"{video / hours / 1e6:.2f} MB/h")
    line("H.264 against ours: size, time", f"{video / size:.1f}x, {video_s / encode_s:.1f}x")


def _film(replay: Replay, frames: list[Frame], drawn_s: float, scratch: Path, line: Line) -> None:
    count = min(len(frames), FILM_FRAMES)
    cut = Cut(((0, count),), 1.0, FRAMES_PER_SECOND)
    overlay = Overlay(
        replay.trajectory, replay.cartridge.titles, replay.last_frame, scale=4, speed=1
    )
    seconds, _ = _timed(
        lambda: save_film(
            scratch / "film.mp4", cut, lambda at: overlay.draw(at, frames[at]), overlay.size
        )
    )
    line("render .mp4, 640x736, with overlay", f"{count / seconds:,.0f} fps")
    ratio = drawn_s / len(frames) / (seconds / count)
    line("render, against drawing alone", f"{ratio:.3f}")


def _export(folder: Path, scratch: Path, line: Line) -> None:
    seconds, done = _timed(
        lambda: export([folder], scratch / "page", Wish(Own(None, scratch), jobs=1))
    )
    for part, size in sorted(done.bytes.items()):
        if part != "page":
            line(f"export: {part}", f"{size / done.hours / 1e6:.2f} MB/h")
    line("export: all, the page itself included", f"{done.total / 1e6:.2f} MB")
    line("emulated hours exported per minute of one core", f"{done.hours / seconds * 60:.2f}")


def _held(replay: Replay, stop: int) -> list[Frame]:
    """Return the screens up to a frame; equal ones that follow each other are one object."""
    frames: list[Frame] = []
    for frame in replay.screens(0, stop):
        is_same = bool(frames) and frame.tobytes() == frames[-1].tobytes()
        frames.append(frames[-1] if is_same else frame)
    return frames


def _h264(frames: list[Frame], path: Path) -> int:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=60, options=VIDEO_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = 160, 144, "yuv420p"
        stream.thread_count = 1
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path.stat().st_size


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return processor seconds of this process, and what `action` returned."""
    began = time.process_time()
    result = action()
    return time.process_time() - began, result
