"""What is pressed between power-on and the agent's first turn, by frame."""

from dataclasses import dataclass

from pokebench.emulator import Emulator
from pokebench.milestone import Cartridge, play_opening
from pokebench.types import Action


@dataclass(frozen=True, slots=True)
class Touch:
    """A button that is pressed, or released.

    Attributes:
        frame: after which frame.
        action: which button.
        is_press: pressed, else released.
    """

    frame: int
    action: Action
    is_press: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """How a run comes to its start.

    Attributes:
        end: the frame at which the agent's first turn begins.
        touches: buttons until then, in order.
    """

    end: int
    touches: tuple[Touch, ...] = ()

    @classmethod
    def of(cls, cartridge: Cartridge, seed: int) -> "Opening":
        """Return the opening of a game; a start script is played for it.

        Raises:
            StartError: the script does not lead to the start.
        """
        start = cartridge.table.start
        waits = start.boot_frames + start.idle_frames(seed)
        if not start.script:
            return cls(waits)
        with _Listening(cartridge) as emulator:
            emulator.run(waits)
            play_opening(emulator, cartridge.table)
            return cls(emulator.frames, tuple(emulator.touches))


class _Listening(Emulator):
    """A console that writes down which buttons are touched."""

    def __init__(self, cartridge: Cartridge) -> None:
        super().__init__(cartridge.rom.data, cartridge.table.emulator.settings())
        self.touches: list[Touch] = []

    def hold(self, action: Action) -> None:
        super().hold(action)
        self.touches.append(Touch(self.frames, action, True))

    def release(self, action: Action) -> None:
        super().release(action)
        self.touches.append(Touch(self.frames, action, False))
