"""A window that shows the screen, with words beside it, and reads keys and clicks, for people.

SDL comes with PyBoy.
"""

import ctypes
import importlib
import warnings
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Any, Final, Self

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pokebench.errors import ConfigError
from pokebench.types import Action, Frame

SCALE: Final = 4
PANEL_WIDTH: Final = 480
_SCREEN_WIDTH, _SCREEN_HEIGHT = 160, 144
_MARGIN: Final = 8
_LINE_HEIGHT: Final = 13
_PANEL_CHARACTERS: Final = (PANEL_WIDTH - 2 * _MARGIN) // 6
_INK, _PAPER = (32, 36, 40), (244, 242, 232)
_KEYS: Final = {
    "SDLK_UP": Action.UP,
    "SDLK_DOWN": Action.DOWN,
    "SDLK_LEFT": Action.LEFT,
    "SDLK_RIGHT": Action.RIGHT,
    "SDLK_a": Action.A,
    "SDLK_s": Action.B,
    "SDLK_BACKSPACE": Action.SELECT,
    "SDLK_RETURN": Action.START,
}
KEY_HELP: Final = "arrows walk, A and S are A and B, Return is START, Backspace is SELECT"


@unique
class Command(StrEnum):
    """What a person asks for that is no button of the console."""

    ADVANCE = "advance"
    MAP = "map"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Click:
    """A click on the screen, in its own pixels: x 0 to 159, y 0 to 143."""

    x: int
    y: int


Input = Action | Click | Command | None
"""What a person did: pressed a button, clicked, gave a command, or nothing in time."""


class Window:
    """A window of `SCALE` times the screen, with room for words if it has a panel."""

    def __init__(self, title: str, *, has_panel: bool = False) -> None:
        """Open the window.

        Raises:
            ConfigError: there is no display.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sdl2: Any = importlib.import_module("sdl2")

        self._sdl = sdl2
        if sdl2.SDL_Init(sdl2.SDL_INIT_VIDEO) != 0:
            reason = sdl2.SDL_GetError().decode()
            raise ConfigError(f"cannot open a window ({reason}); playing by hand needs a display")
        width = _SCREEN_WIDTH * SCALE + PANEL_WIDTH * has_panel
        height = _SCREEN_HEIGHT * SCALE
        centre = sdl2.SDL_WINDOWPOS_CENTERED
        self._window = sdl2.SDL_CreateWindow(title.encode(), centre, centre, width, height, 0)
        if not self._window:
            raise ConfigError(f"cannot open a window ({sdl2.SDL_GetError().decode()})")
        self._renderer = sdl2.SDL_CreateRenderer(self._window, -1, sdl2.SDL_RENDERER_SOFTWARE)
        self._texture = sdl2.SDL_CreateTexture(
            self._renderer,
            sdl2.SDL_PIXELFORMAT_RGB24,
            sdl2.SDL_TEXTUREACCESS_STREAMING,
            width,
            height,
        )
        self._has_panel = has_panel
        self._actions = {getattr(sdl2, name): action for name, action in _KEYS.items()}
        self._commands = {sdl2.SDLK_TAB: Command.ADVANCE, sdl2.SDLK_m: Command.MAP}

    @property
    def is_visible(self) -> bool:
        """Whether anybody can see the window; without a display SDL may draw into nothing."""
        return bool(self._sdl.SDL_GetCurrentVideoDriver() != b"offscreen")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def show(self, screen: Frame, words: str = "") -> None:
        """Show a screen, `(144, 160, 3) uint8`, and words in the panel."""
        pixels = composed(screen, words if self._has_panel else None)
        pointer = pixels.ctypes.data_as(ctypes.c_void_p)
        self._sdl.SDL_UpdateTexture(self._texture, None, pointer, pixels.strides[0])
        self._sdl.SDL_RenderCopy(self._renderer, self._texture, None, None)
        self._sdl.SDL_RenderPresent(self._renderer)

    def poll(self, wait_ms: int) -> Input:
        """Return what the person did next; a key that is held down counts again when time is up."""
        event = self._sdl.SDL_Event()
        while self._sdl.SDL_WaitEventTimeout(ctypes.byref(event), wait_ms):
            found = self._input_of(event)
            if found is not None:
                return found
        return self._held()

    def close(self) -> None:
        """Close the window."""
        self._sdl.SDL_DestroyWindow(self._window)
        self._sdl.SDL_QuitSubSystem(self._sdl.SDL_INIT_VIDEO)

    def _input_of(self, event: Any) -> Input:
        if event.type == self._sdl.SDL_QUIT:
            return Command.CLOSE
        if event.type == self._sdl.SDL_KEYDOWN:
            key = event.key.keysym.sym
            return self._actions[key] if key in self._actions else self._commands.get(key)
        if event.type == self._sdl.SDL_MOUSEBUTTONDOWN:
            x, y = event.button.x // SCALE, event.button.y // SCALE
            return Click(x, y) if x < _SCREEN_WIDTH and y < _SCREEN_HEIGHT else None
        return None

    def _held(self) -> Action | None:
        """Return the action of a key that is still down: holding walks on."""
        keys = self._sdl.SDL_GetKeyboardState(None)
        for keycode, action in self._actions.items():
            if keys[self._sdl.SDL_GetScancodeFromKey(keycode)]:
                return action
        return None


def composed(screen: Frame, words: str | None) -> Frame:
    """Return the window's picture: the screen enlarged and, unless None, words beside it.

    Args:
        screen: `(144, 160, 3) uint8`.
        words: lines, which are wrapped; what does not fit is left out.
    """
    enlarged = screen.repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    if words is None:
        return np.ascontiguousarray(enlarged)
    panel = Image.new("RGB", (PANEL_WIDTH, _SCREEN_HEIGHT * SCALE), _PAPER)
    draw, font = ImageDraw.Draw(panel), ImageFont.load_default_imagefont()
    lines = (line[i : i + _PANEL_CHARACTERS] for line in words.split("\n")
             for i in range(0, max(len(line), 1), _PANEL_CHARACTERS))  # fmt: skip
    for number, line in enumerate(lines):
        plain = line.encode("latin-1", "replace").decode("latin-1")
        draw.text((_MARGIN, _MARGIN + number * _LINE_HEIGHT), plain, fill=_INK, font=font)
    return np.ascontiguousarray(np.hstack([enlarged, np.asarray(panel)]))
