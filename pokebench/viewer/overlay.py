"""What stands around the screen in a film: who plays, the clocks, the milestones."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pokebench.trajectory import Ledger, Trajectory, TurnEvent
from pokebench.types import FRAMES_PER_SECOND, Frame
from pokebench.viewer.moment import turn_at

_HEAD: Final = 10
_FOOT: Final = 30
"""Heights of what stands above and below the screen, in pixels of the Game Boy."""
_MARGIN: Final = 4
_FRESH_S: Final = 4.0
"""Seconds of the film for which a milestone is news."""
_GROUND: Final = (22, 28, 26)
_INK: Final = (236, 238, 232)
_FAINT: Final = (150, 160, 154)
_LINE: Final = (62, 72, 67)
_ACCENT: Final = (124, 201, 144)
_NEWS: Final = (247, 214, 110)

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is written at a moment; equal facts give an equal picture."""

    clock: str
    turn: str
    spent: str
    reached: int
    is_news: bool
    cursor: int


class Overlay:
    """Puts screens of one run into pictures.

    Attributes:
        size: width and height of a picture in pixels, both even.
    """

    def __init__(
        self,
        trajectory: Trajectory,
        titles: Mapping[str, str],
        last_frame: int,
        *,
        scale: int,
        speed: float,
    ) -> None:
        """Draw screens `scale` times as large, in a film `speed` times as fast as the game."""
        self._scale = scale
        self.size = (160 * scale, (_HEAD + 144 + _FOOT) * scale)
        self._speed = speed
        self._last_frame = max(last_frame, 1)
        self._milestones = trajectory.milestones
        self._titles = [titles.get(event.id, event.id) for event in self._milestones]
        self._of = len(trajectory.manifest.game.milestones)
        self._turns = [event.f for event in trajectory.turns]
        self._spent = _spent(trajectory)
        self._heading = _heading(trajectory)
        self._facts: _Facts | None = None
        self._picture = self._blank()

    def draw(self, frame: int, screen: Frame) -> Frame:
        """Return the picture of `frame`, `(height, width, 3) uint8`; good until the next one."""
        facts = self._facts_at(frame)
        scale = self._scale
        if facts != self._facts:
            self._facts = facts
            self._picture[(_HEAD + 144) * scale :] = np.asarray(self._foot(facts))
        inner = self._picture[_HEAD * scale : (_HEAD + 144) * scale]
        inner.reshape(144, scale, 160 * scale, 3)[:] = screen.repeat(scale, axis=1)[:, None]
        return self._picture

    def _facts_at(self, frame: int) -> _Facts:
        reached = bisect_right([event.f for event in self._milestones], frame)
        news_frames = _FRESH_S * self._speed * FRAMES_PER_SECOND
        is_news = reached > 0 and frame - self._milestones[reached - 1].f < news_frames
        turn = turn_at(self._turns, frame)
        return _Facts(
            clock=_clock(frame),
            turn=f"turn {turn}" if turn else "",
            spent=self._spent[turn],
            reached=reached,
            is_news=is_news,
            cursor=round(frame / self._last_frame * (self.size[0] - 2 * _MARGIN * self._scale)),
        )

    def _blank(self) -> Frame:
        picture = Image.new("RGB", self.size, _GROUND)
        draw = ImageDraw.Draw(picture)
        font, middle = self._font(6), _HEAD * self._scale // 2
        right = self.size[0] - self._margin
        speed = f"{self._speed:g}x" if self._speed != 1 else ""
        draw.text((right, middle), speed, fill=_FAINT, font=font, anchor="rm")
        room = right - self._margin - int(font.getlength(speed + "  "))
        heading = _fitted(self._heading, font, room)
        draw.text((self._margin, middle), heading, fill=_INK, font=font, anchor="lm")
        return np.array(picture)

    def _foot(self, facts: _Facts) -> Image.Image:
        scale, width, right = self._scale, self.size[0], self.size[0] - self._margin
        picture = Image.new("RGB", (width, _FOOT * scale), _GROUND)
        draw = ImageDraw.Draw(picture)
        large, small = self._font(8), self._font(6)
        draw.text((self._margin, 7 * scale), facts.clock, fill=_INK, font=large, anchor="lm")
        count = f"{facts.reached} of {self._of}"
        draw.text((right, 7 * scale), count, fill=_ACCENT, font=large, anchor="rm")
        beside = "   ".join(filter(None, (facts.turn, facts.spent)))
        draw.text((width // 2, 7 * scale), beside, fill=_FAINT, font=small, anchor="mm")
        title = self._titles[facts.reached - 1] if facts.reached else "no milestone yet"
        ink = _NEWS if facts.is_news else _INK if facts.reached else _FAINT
        left = self._margin
        if facts.reached:
            _draw_diamond(draw, (left + 2 * scale, 16 * scale), 2 * scale, ink)
            left += 6 * scale
        title = _fitted(title, small, right - left)
        draw.text((left, 16 * scale), title, fill=ink, font=small, anchor="lm")
        self._draw_line(draw, facts)
        return picture

    def _draw_line(self, draw: ImageDraw.ImageDraw, facts: _Facts) -> None:
        """Draw the run as a line, its milestones as dots, and where the film is."""
        scale, y = self._scale, 25 * self._scale
        left, right = self._margin, self.size[0] - self._margin
        thick = max(1, scale // 2)
        draw.line((left, y, right, y), fill=_LINE, width=thick * 2)
        draw.line((left, y, left + facts.cursor, y), fill=_ACCENT, width=thick * 2)
        for index, event in enumerate(self._milestones):
            x = left + round(event.f / self._last_frame * (right - left))
            is_reached = index < facts.reached
            _draw_dot(draw, (x, y), round(scale * 1.25), _ACCENT if is_reached else _LINE)
        x = left + facts.cursor
        draw.rectangle((x - thick, y - 3 * scale, x + thick, y + 3 * scale), fill=_INK)

    @property
    def _margin(self) -> int:
        return _MARGIN * self._scale

    def _font(self, size: int) -> _Font:
        return ImageFont.load_default(size * self._scale)


def _spent(trajectory: Trajectory) -> list[str]:
    """Return what was spent on models before the first turn, and up to each."""
    ledger, spent = Ledger(), [""]
    for line in trajectory.lines:
        ledger.add(line.event)
        if isinstance(line.event, TurnEvent):
            spent.append(_dollars(ledger))
    return spent


def _dollars(ledger: Ledger) -> str:
    if not ledger.calls:
        return ""
    if ledger.has_unknown_prices:
        return f"{ledger.tokens_out:,} tokens out"
    return f"${ledger.usd_known:,.2f}"


def _heading(trajectory: Trajectory) -> str:
    manifest = trajectory.manifest
    title = manifest.agent.card.get("title")
    name = title if isinstance(title, str) and title else manifest.agent.id
    return f"{name} plays {manifest.game.spec}"


def _clock(frame: int) -> str:
    minutes, seconds = divmod(int(frame / FRAMES_PER_SECOND), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"


def _draw_dot(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], radius: int, colour: tuple[int, int, int]
) -> None:
    x, y = at
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _draw_diamond(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], radius: int, colour: tuple[int, int, int]
) -> None:
    x, y = at
    draw.polygon(((x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)), fill=colour)


def _fitted(text: str, font: _Font, width: int) -> str:
    """Return `text` without what is no letter, cut so that it is no wider than `width` pixels."""
    text = "".join(letter for letter in text if letter.isprintable())[:200]
    while text and font.getlength(text) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    return text
