"""The only door to PyBoy: headless, frame-exact, and alike on every machine.

Nothing here reads a clock or writes a file. An `Emulator` starts at power-on with empty cartridge
RAM, advances only when told to, and is closed without saving.
"""

import hashlib
import importlib.metadata
import io
import sys
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from pokebench.errors import ConfigError, RomError
from pokebench.rom import rom_fault
from pokebench.savestate import canonical, restored
from pokebench.types import Action, Frame

_hides_windows = "sdl2" not in sys.modules
if _hides_windows:
    sys.modules["sdl2"] = None  # type: ignore[assignment]
try:
    from pyboy import PyBoy  # does without what draws windows, and then loads twice as fast
finally:
    if _hides_windows:
        del sys.modules["sdl2"]

EMULATOR_NAME: Final = "pyboy"
SCREEN_SHAPE: Final = (144, 160, 3)
_WRAM: Final = slice(0xC000, 0xE000)
_HRAM: Final = slice(0xFF80, 0xFFFF)
_SWITCHED: Final = slice(0xD000, 0xE000)
"""Where a Game Boy Color shows one of seven banks of its work RAM."""
_MAIN_BANK: Final = 1
_CARTRIDGE_TYPE: Final = 0x147
_WITH_CLOCK: Final = (0x0F, 0x10)
_BUTTONS: Final = ("up", "down", "left", "right", "a", "b", "select", "start")


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """What can change the machine's state besides ROM and buttons; fixed by the game's table.

    Attributes:
        sound_emulated: emulate the sound unit; some games read it, so on and off diverge.
        cgb: run as a Game Boy Color.
        clock_locked: freeze the cartridge's clock at zero (cartridges that have one).
    """

    sound_emulated: bool = False
    cgb: bool = False
    clock_locked: bool = False


def emulator_version() -> str:
    """Return the installed version of PyBoy; trajectories are exact for one version only."""
    return importlib.metadata.version(EMULATOR_NAME)


class Emulator:
    """A console with one cartridge in it, from power-on.

    Attributes:
        frames: video frames since power-on.
    """

    def __init__(self, rom: bytes, settings: EmulatorSettings) -> None:
        """Put in `rom` and switch on.

        Raises:
            RomError: `rom` is no whole Game Boy ROM.
        """
        fault = rom_fault(rom)
        if fault:
            raise RomError(f"ROM: {fault}")
        self._boy = PyBoy(
            io.BytesIO(rom),
            ram_file=None,
            window="null",
            sound_emulated=settings.sound_emulated,
            cgb=settings.cgb,
            no_input=False,
            log_level="CRITICAL",
        )
        self._boy.set_emulation_speed(0)
        if settings.clock_locked and rom[_CARTRIDGE_TYPE] in _WITH_CLOCK:
            self._boy.rtc_lock_experimental(True)
        self._tick = self._boy.tick
        self._memory = self._boy.memory
        self._own_state = b""
        self._has_banks = settings.cgb
        self.frames = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Switch off; nothing is saved."""
        self._boy.stop(save=False)

    def run(self, frames: int, *, render: bool = False) -> None:
        """Advance `frames` with the buttons as they are; draw only the last one, if `render`."""
        self._tick(frames, render, False)
        self.frames += frames

    def step(
        self, action: Action, hold_frames: int, step_frames: int, *, render: bool = False
    ) -> None:
        """Hold a button for `hold_frames`, release it, and run on to `step_frames` in all."""
        if action is Action.WAIT:
            self._tick(step_frames, render, False)
        else:
            button = _BUTTONS[action]
            self._boy.button_press(button)
            self._tick(hold_frames, False, False)
            self._boy.button_release(button)
            self._tick(step_frames - hold_frames, render, False)
        self.frames += step_frames

    def hold(self, action: Action) -> None:
        """Press the button of `action` until `release`; it counts from the next frame on."""
        if action is not Action.WAIT:
            self._boy.button_press(_BUTTONS[action])

    def release(self, action: Action) -> None:
        """Release the button of `action`; it counts from the next frame on."""
        if action is not Action.WAIT:
            self._boy.button_release(_BUTTONS[action])

    def read(self, address: int, size: int) -> bytes:
        """Return `size` >= 1 bytes from `address` of the CPU's address space; disturbs nothing.

        On a Game Boy Color, 0xD000 to 0xDFFF is always bank 1 of work RAM, where games keep what
        lasts, and not the bank that the game happens to have switched in.
        """
        end = address + size
        if not self._has_banks or end <= _SWITCHED.start or address >= _SWITCHED.stop:
            return bytes(self._memory[address:end])
        start, stop = max(address, _SWITCHED.start), min(end, _SWITCHED.stop)
        before = self._memory[address:start] if address < start else []
        after = self._memory[stop:end] if stop < end else []
        return bytes([*before, *self._main_bank(start, stop), *after])

    def _main_bank(self, start: int, stop: int) -> list[int]:
        """Return bytes of bank 1; PyBoy takes no slice that ends with the bank."""
        last = min(stop, _SWITCHED.stop - 1)
        data = self._memory[_MAIN_BANK, start:last] if start < last else []
        return data if stop == last else [*data, self._memory[_MAIN_BANK, last]]

    def screen(self) -> Frame:
        """Return the frame that was last rendered, `(144, 160, 3) uint8` RGB, the caller's own."""
        shown = self._boy.screen.ndarray
        frame = np.empty(SCREEN_SHAPE, np.uint8)
        for channel in range(3):  # six times as quick as copying three bytes of each four
            frame[:, :, channel] = shown[:, :, channel]
        return frame

    def wipe_screen(self) -> None:
        """Forget the screen, as at power-on; `is_drawn` tells what is drawn from now on."""
        self._boy.screen.ndarray[:] = 0

    @property
    def is_drawn(self) -> bool:
        """Whether each pixel was drawn since `wipe_screen`; drawn ones are opaque."""
        return bool(self._boy.screen.ndarray[:, :, 3].all())

    def ram_hash(self) -> str:
        """Return 16 hex digits over work and high RAM: cheap, to compare along the way."""
        digest = hashlib.sha256(bytes(self._memory[_WRAM]))
        digest.update(bytes(self._memory[_HRAM]))
        return digest.hexdigest()[:16]

    def save_state(self) -> bytes:
        """Return a snapshot for `load_state`; take it between steps, with no button held."""
        buffer = io.BytesIO()
        self._boy.save_state(buffer)
        return buffer.getvalue()

    def load_state(self, state: bytes, frames: int, *, with_screen: bool = False) -> None:
        """Take back a snapshot of this same cartridge and settings, made at frame `frames`.

        A state from someone else can crash or hang the process: load only one's own.

        Args:
            state: the snapshot.
            frames: frames since power-on when it was made.
            with_screen: take back the screen as well, which is no part of the machine.

        Raises:
            ConfigError: the snapshot has another layout than this machine's.
        """
        own = self._own_state = self._own_state or self.save_state()
        if len(state) != len(own):
            raise ConfigError(f"savestate has {len(state)} bytes where this game's has {len(own)}")
        self._boy.load_state(io.BytesIO(state if with_screen else restored(state, own)))
        self.frames = frames

    def machine(self) -> bytes:
        """Return the canonical state, without what belongs to the host, for `load_state`."""
        return canonical(self.save_state())

    def state_hash(self) -> str:
        """Return SHA-256 over the canonical state: equal machines, equal hash, on any host."""
        return hashlib.sha256(self.machine()).hexdigest()
