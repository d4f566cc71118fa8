"""A console that can be made to stand at any frame of a run, and to show it."""

from bisect import bisect_left
from typing import Final, Protocol

from pokebench.emulator import Emulator
from pokebench.milestone import Cartridge
from pokebench.replay.tape import Tape
from pokebench.types import Action, Frame

WARM_FRAMES: Final = 3
"""Frames that are drawn before the one to be shown: the first sets the window's line counter."""
_LOAD_FRAMES: Final = 150
"""Loading a state takes about as long as so many frames."""


class States(Protocol):
    """Machine states of one's own, by frame."""

    def before(self, frame: int) -> int:
        """Return the frame of the newest state at or before `frame`; 0 if there is none."""
        ...

    def machine(self, frame: int) -> bytes | None:
        """Return the state at `frame`; None if it is of no use, and then it is forgotten."""
        ...


class Console:
    """An emulator that goes through the inputs of a tape.

    A screen depends on more than the machine: where the LCD is switched on or off in the middle of
    a frame, lines of earlier frames stay visible. So every shown frame is the last of a stretch of
    drawn ones that began with nothing on the screen and left no pixel out; where that does not
    come about, the stretch begins earlier, at power-on at the latest. The result is what a console
    shows that draws every frame.
    """

    def __init__(self, cartridge: Cartridge, tape: Tape, states: States) -> None:
        """Power on `cartridge`; `states` shorten the way to a frame."""
        self._cartridge = cartridge
        self._tape = tape
        self._states = states
        self._is_shown = False
        self._pressed: Action | None = None
        self._emulator = self._power_on()

    @property
    def emulator(self) -> Emulator:
        """The machine, where it was last made to stand; read it, never write it."""
        return self._emulator

    def close(self) -> None:
        """Switch off."""
        self._emulator.close()

    def stand(self, frame: int) -> None:
        """Make the machine stand at `frame`, which is 0 or more and on the tape."""
        if self._emulator.frames == frame:
            return
        self._is_shown = False
        self._approach(frame)
        self._play_to(frame)

    def screen(self, frame: int) -> Frame:
        """Return the screen of `frame`, `(144, 160, 3) uint8` RGB, the caller's own."""
        now = self._emulator.frames
        if self._is_shown and now <= frame <= now + WARM_FRAMES:
            self._draw_to(frame)
        else:
            self._show(frame)
        self._is_shown = True
        return self._emulator.screen()

    def _show(self, frame: int) -> None:
        warm = WARM_FRAMES
        while frame > warm:
            self._is_shown = False
            self._approach(frame - warm)
            self._play_to(frame - warm)
            self._emulator.wipe_screen()
            self._draw_to(frame - warm + 1)
            is_settled = self._emulator.is_drawn
            self._emulator.wipe_screen()
            self._draw_to(frame)
            if is_settled and self._emulator.is_drawn:
                return
            warm *= 4
        self._restart()
        self._draw_to(frame)

    def _approach(self, frame: int) -> None:
        """Load the newest state before `frame`, unless going on from here is as quick."""
        now = self._emulator.frames
        while nearest := self._states.before(frame):
            if now <= frame and nearest - now <= _LOAD_FRAMES:
                return
            machine = self._states.machine(nearest)
            if machine is not None:
                self._pressed = None
                self._emulator.load_state(machine, nearest)
                return
        if now > frame:
            self._restart()

    def _restart(self) -> None:
        self._emulator.close()
        self._emulator = self._power_on()
        self._pressed = None

    def _power_on(self) -> Emulator:
        cartridge = self._cartridge
        return Emulator(cartridge.rom.data, cartridge.table.emulator.settings())

    def _draw_to(self, frame: int) -> None:
        while self._emulator.frames < frame:
            self._play_to(self._emulator.frames + 1, render=True)

    def _play_to(self, frame: int, *, render: bool = False) -> None:
        """Go on to `frame`; draw it, if `render`."""
        tape, emulator = self._tape, self._emulator
        if emulator.frames < tape.start:
            self._open_to(min(frame, tape.start), render=render)
        while emulator.frames < frame:
            into = (emulator.frames - tape.start) % tape.step_frames
            left = frame - emulator.frames
            if into == 0:
                self._begin_step(tape.action_at(emulator.frames))
            is_held = into < tape.hold_frames
            if not is_held:
                self._release()
            span = (tape.hold_frames if is_held else tape.step_frames) - into
            emulator.run(min(span, left), render=render)

    def _open_to(self, frame: int, *, render: bool) -> None:
        """Go on to `frame` as the start script did."""
        emulator, touches = self._emulator, self._tape.opening.touches
        first = bisect_left(touches, emulator.frames, key=lambda touch: touch.frame)
        for touch in touches[first:]:
            if touch.frame >= frame:
                break
            if touch.frame > emulator.frames:
                emulator.run(touch.frame - emulator.frames, render=render)
            (emulator.hold if touch.is_press else emulator.release)(touch.action)
        emulator.run(frame - emulator.frames, render=render)

    def _begin_step(self, action: Action) -> None:
        if action is not Action.WAIT:
            self._pressed = action
            self._emulator.hold(action)

    def _release(self) -> None:
        if self._pressed is not None:
            self._emulator.release(self._pressed)
            self._pressed = None
