"""A window that shows the screen and reads the keyboard, for people; SDL comes with PyBoy."""

import ctypes
import importlib
import warnings
from typing import Any, Final, Self

import numpy as np

from pokebench.errors import ConfigError
from pokebench.types import Action, Frame

SCALE: Final = 4
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


class Window:
    """A window of `SCALE` times the screen."""

    def __init__(self, title: str) -> None:
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
        width, height = 160, 144
        centre = sdl2.SDL_WINDOWPOS_CENTERED
        self._window = sdl2.SDL_CreateWindow(
            title.encode(), centre, centre, width * SCALE, height * SCALE, 0
        )
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
        self._actions = {getattr(sdl2, name): action for name, action in _KEYS.items()}

    @property
    def is_visible(self) -> bool:
        """Whether anybody can see the window; without a display SDL may draw into nothing."""
        return bool(self._sdl.SDL_GetCurrentVideoDriver() != b"offscreen")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def show(self, screen: Frame) -> None:
        """Show a screen, `(144, 160, 3) uint8`."""
        pixels = np.ascontiguousarray(screen)
        pointer = pixels.ctypes.data_as(ctypes.c_void_p)
        self._sdl.SDL_UpdateTexture(self._texture, None, pointer, pixels.strides[0])
        self._sdl.SDL_RenderCopy(self._renderer, self._texture, None, None)
        self._sdl.SDL_RenderPresent(self._renderer)

    def poll(self, wait_ms: int) -> Action | None:
        """Return the next key's action; WAIT if none came in time, None if the window closed."""
        event = self._sdl.SDL_Event()
        while self._sdl.SDL_WaitEventTimeout(ctypes.byref(event), wait_ms):
            if event.type == self._sdl.SDL_QUIT:
                return None
            if event.type == self._sdl.SDL_KEYDOWN:
                action = self._actions.get(event.key.keysym.sym)
                if action is not None:
                    return action
        return self._held()

    def close(self) -> None:
        """Close the window."""
        self._sdl.SDL_DestroyWindow(self._window)
        self._sdl.SDL_QuitSubSystem(self._sdl.SDL_INIT_VIDEO)

    def _held(self) -> Action:
        """Return the action of a key that is still down, else WAIT: holding walks on."""
        keys = self._sdl.SDL_GetKeyboardState(None)
        for keycode, action in self._actions.items():
            if keys[self._sdl.SDL_GetScancodeFromKey(keycode)]:
                return action
        return Action.WAIT
