"""Films of runs: MP4 for sharing, GIF and WebP for pages."""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from PIL import Image

from pokebench.errors import ConfigError
from pokebench.types import FRAMES_PER_SECOND, Frame
from pokebench.viewer.cut import Cut
from pokebench.viewer.gif import GifPalette

T = TypeVar("T")

KINDS: Final = (".mp4", ".gif", ".webp")
"""Endings of the films that can be made."""
MOST_PICTURES: Final = 1_200
"""The most pictures of a GIF or WebP, which nobody can seek in and which are held in memory."""
_MP4_OPTIONS: Final = {"crf": "18", "preset": "veryfast", "tune": "animation"}
_PALETTE_SAMPLES: Final = 24
_RATE_DIGITS: Final = 1_000_000


def rate_of(kind: str, wanted: float | None) -> float:
    """Return the pictures a second that a film can have nearest to what is wanted.

    Args:
        kind: one of `KINDS`; the clock of a GIF counts in hundredths of seconds.
        wanted: pictures a second; None for the console's own in an MP4, else 20.
    """
    if kind == ".mp4":
        return wanted or FRAMES_PER_SECOND
    ticks = 100 if kind == ".gif" else 1000
    return ticks / max(1, round(ticks / (wanted or 20)))


def check_film(path: Path, cut: Cut) -> None:
    """Refuse what `save_film` cannot write, before anything is drawn.

    Raises:
        ConfigError: the ending is another, or the film would be too long for its kind.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ConfigError(f"{path}: a film ends in {', '.join(KINDS)}")
    if kind != ".mp4" and len(cut) > MOST_PICTURES:
        speed = math.ceil(cut.speed * len(cut) / MOST_PICTURES)
        raise ConfigError(
            f"{path}: {len(cut):,} pictures are too many for {kind}, which holds "
            f"{MOST_PICTURES:,}: play faster (--speed {speed}), show less (--highlights 2, "
            "--from, --to), or write an .mp4"
        )


def save_film(
    path: Path,
    cut: Cut,
    draw: Callable[[int], Frame],
    size: tuple[int, int],
    on_progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a film; until it is whole, `path` stays as it was.

    Args:
        path: the file; its ending, one of `KINDS`, says what it becomes.
        cut: the frames to show, and how fast.
        draw: gives the picture of a frame, `(height, width, 3) uint8`, good until the next call.
        size: width and height of the pictures, both even.
        on_progress: called with the number of pictures done.

    Raises:
        ConfigError: the ending is another, the film would be too long for its kind, the package
            that makes MP4 is missing, or the file cannot be written.
    """
    check_film(path, cut)
    kind = path.suffix.lower()
    with _written_beside(path) as beside:
        if kind == ".mp4":
            _save_mp4(beside, _counted(map(draw, cut.frames()), on_progress), size, cut.rate)
        elif kind == ".gif":
            every = max(1, len(cut) // _PALETTE_SAMPLES)
            palette = GifPalette(
                draw(frame).copy() for frame in islice(cut.frames(), 0, None, every)
            )
            images = (palette.image(draw(frame)) for frame in cut.frames())
            _save_animation(beside, _counted(images, on_progress), cut.rate, {"format": "GIF"})
        else:
            images = (Image.fromarray(draw(frame).copy()) for frame in cut.frames())
            how = {"format": "WEBP", "lossless": True, "quality": 60, "method": 2}
            _save_animation(beside, _counted(images, on_progress), cut.rate, how)


@contextmanager
def _written_beside(path: Path) -> Iterator[Path]:
    """Lend a file that takes the name `path` when it is whole, and else goes."""
    beside = path.with_name(f".{path.name}.part")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _counted(pictures: Iterable[T], on_progress: Callable[[int], None]) -> Iterator[T]:
    for number, picture in enumerate(pictures, 1):
        yield picture
        on_progress(number)


def _save_mp4(path: Path, pictures: Iterator[Frame], size: tuple[int, int], rate: float) -> None:
    av = _pyav()
    options = {"movflags": "+faststart"}
    opened: AbstractContextManager[Any] = av.open(str(path), "w", format="mp4", options=options)
    with opened as container:
        exact = Fraction(rate).limit_denominator(_RATE_DIGITS)
        stream = container.add_stream("libx264", rate=exact, options=dict(_MP4_OPTIONS))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def _pyav() -> Any:
    try:
        import av
    except ImportError as error:
        raise ConfigError(
            "an .mp4 needs the package av: pip install -c constraints.txt -e '.[video]' in the "
            "checkout; .gif and .webp do not"
        ) from error
    return av


def _save_animation(
    path: Path, images: Iterator[Image.Image], rate: float, how: dict[str, Any]
) -> None:
    first = next(images)
    duration = round(1000 / rate)
    first.save(path, save_all=True, append_images=images, duration=duration, loop=0, **how)
