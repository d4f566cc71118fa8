"""A run on one picture: the screen at its start, at each milestone, and at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from pokebench.errors import ConfigError
from pokebench.trajectory import ResetEvent, Trajectory
from pokebench.types import FRAMES_PER_SECOND, Frame
from pokebench.verify import Verification

_SCALE: Final = 2
_COLUMNS: Final = 6
_CAPTION_HEIGHT: Final = 44
_MARGIN: Final = 12
_BACKGROUND: Final = (246, 246, 242)
_INK: Final = (28, 32, 30)
_FAINT: Final = (110, 116, 112)


@dataclass(frozen=True, slots=True)
class _Scene:
    title: str
    frame: int


def scene_frames(trajectory: Trajectory) -> frozenset[int]:
    """Return the frames whose screens a filmstrip of `trajectory` shows; pass them to `verify`."""
    frames = {event.f for event in trajectory.milestones}
    frames |= {line.event.f for line in trajectory.lines if isinstance(line.event, ResetEvent)}
    if trajectory.outcome is not None:
        frames.add(trajectory.outcome.f)
    return frozenset(frames)


def save_filmstrip(
    verification: Verification, path: Path, between: tuple[int, int] | None = None
) -> None:
    """Draw the run into `path` (.png).

    Args:
        verification: the run, with the screens of `scene_frames`.
        path: the picture.
        between: first and last frame of what is shown; None for all.

    Raises:
        ConfigError: nothing lies between, or the picture cannot be written.
    """
    first, last = between or (0, verification.clocks.frames)
    scenes = [s for s in _scenes(verification) if s.frame in verification.screens]
    scenes = [s for s in scenes if first <= s.frame <= last]
    if not scenes:
        raise ConfigError("no milestone lies between --from and --to, so there is nothing to draw")
    picture = _draw(scenes, verification)
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot write picture {path}: {error}") from error


def _scenes(verification: Verification) -> list[_Scene]:
    titles = verification.cartridge.titles
    trajectory = verification.trajectory
    start = next(line.event.f for line in trajectory.lines if isinstance(line.event, ResetEvent))
    scenes = [_Scene("Start", start)]
    scenes += [_Scene(titles[m.id], m.clocks.frames) for m in verification.milestones]
    if trajectory.outcome is not None and trajectory.outcome.f != scenes[-1].frame:
        scenes.append(_Scene(f"End: {trajectory.outcome.reason}", trajectory.outcome.f))
    return scenes


def _draw(scenes: Sequence[_Scene], verification: Verification) -> Image.Image:
    width, height = 160 * _SCALE, 144 * _SCALE
    columns = min(_COLUMNS, len(scenes))
    rows = -(-len(scenes) // columns)
    cell_width, cell_height = width + _MARGIN, height + _CAPTION_HEIGHT
    size = (columns * cell_width + _MARGIN, rows * cell_height + _CAPTION_HEIGHT)
    picture = Image.new("RGB", size, _BACKGROUND)
    draw = ImageDraw.Draw(picture)
    draw.text((_MARGIN, 12), _heading(verification), fill=_INK, font=_font(20))
    for index, scene in enumerate(scenes):
        left = _MARGIN + index % columns * cell_width
        top = _CAPTION_HEIGHT + index // columns * cell_height
        picture.paste(_enlarged(verification.screens[scene.frame]), (left, top))
        draw.text((left, top + height + 3), _clock(scene.frame), fill=_FAINT, font=_font(14))
        title = _fitted(scene.title, width - 60)
        draw.text((left + 60, top + height + 3), title, fill=_INK, font=_font(14))
    return picture


def _heading(verification: Verification) -> str:
    manifest = verification.trajectory.manifest
    reached, of = len(verification.milestones), len(verification.cartridge.milestones)
    return f"{manifest.agent.id} plays {manifest.game.spec}: {reached} of {of} milestones"


def _enlarged(screen: Frame) -> Image.Image:
    image = Image.fromarray(screen)
    return image.resize((160 * _SCALE, 144 * _SCALE), Image.Resampling.NEAREST)


def _clock(frame: int) -> str:
    minutes, seconds = divmod(int(frame / FRAMES_PER_SECOND), 60)
    return f"{minutes}:{seconds:02d}"


def _fitted(text: str, width: int) -> str:
    """Return `text`, cut so that it is no wider than `width` pixels."""
    font = _font(14)
    while font.getlength(text) > width:
        text = text[:-2].rstrip() + "…"
    return text


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
