"""Drives the engine for its tests: presses buttons, reads state by the names in state.json."""

import io
import json
from pathlib import Path
from typing import Any, Final

from pyboy import PyBoy  # noqa: TID251

from pokebench.tallgrass import format as tgw

DATA: Final = Path(tgw.__file__).parent / "data"
LAYOUT: Final[dict[str, Any]] = json.loads((DATA / "state.json").read_text("ascii"))
ENUMS: Final[dict[str, int]] = LAYOUT["enums"]
PLACES: Final[dict[str, int]] = LAYOUT["places"]
SIZES: Final = {"u8": 1, "u16": 2, "u32": 4, "Creature": LAYOUT["creature"]["size"]}
STEP_FRAMES: Final = 20
HOLD_FRAMES: Final = 8
BUTTONS: Final = {
    "U": "up", "D": "down", "L": "left", "R": "right",
    "A": "a", "B": "b", "T": "select", "S": "start",
}  # fmt: skip


class Game:
    """A running engine: presses buttons, reads the state block by the names in state.json."""

    def __init__(self, rom: bytes, save: bytes | None = None) -> None:
        self._pyboy: Any = PyBoy(
            io.BytesIO(rom),
            window="null",
            sound_emulated=False,
            log_level="ERROR",
            ram_file=io.BytesIO(save) if save is not None else None,
        )
        self._pyboy.set_emulation_speed(0)
        self.memory: Any = self._pyboy.memory
        self.frames = 0
        self._is_closed = False
        self._fields = {one["name"]: one for one in LAYOUT["fields"]}
        self._creature = {one["name"]: one for one in LAYOUT["creature"]["fields"]}

    def close(self) -> bytes:
        """Stop the emulator; return what the cartridge saved."""
        save = io.BytesIO()
        if self._is_closed:
            return b""
        self._is_closed = True
        self._pyboy.stop(save=True, ram_file=save)
        return save.getvalue()

    def tick(self, frames: int = 1) -> None:
        self._pyboy.tick(frames, False, False)
        self.frames += frames

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.memory[address : address + size]) if size else b""

    def address(self, name: str) -> int:
        return int(LAYOUT["address"] + self._fields[name]["offset"])

    def __getitem__(self, name: str) -> int:
        """Value of a scalar field of the state block."""
        size = SIZES[self._fields[name]["type"]]
        return int.from_bytes(self.read(self.address(name), size), "little")

    def __setitem__(self, name: str, value: int) -> None:
        size = SIZES[self._fields[name]["type"]]
        self.write(self.address(name), value.to_bytes(size, "little"))

    def write(self, address: int, data: bytes) -> None:
        """Change memory: only tests do that, to bring the engine into a state."""
        for place, byte in enumerate(data):
            self.memory[address + place] = byte

    def array(self, name: str) -> bytes:
        one = self._fields[name]
        return self.read(self.address(name), SIZES[one["type"]] * one["count"])

    def creature_address(self, slot: int | None, name: str) -> int:
        """Address of a field of party slot `slot`, or of the enemy for None."""
        base = self.address("enemy")
        if slot is not None:
            base = self.address("party") + slot * SIZES["Creature"]
        return int(base + self._creature[name]["offset"])

    def creature(self, slot: int | None, name: str) -> int:
        size = SIZES[self._creature[name]["type"]]
        return int.from_bytes(self.read(self.creature_address(slot, name), size), "little")

    def set_creature(self, slot: int | None, **values: int) -> None:
        for name, value in values.items():
            size = SIZES[self._creature[name]["type"]]
            self.write(self.creature_address(slot, name), value.to_bytes(size, "little"))

    def set_moves(self, slot: int | None, *moves: int) -> None:
        """Give a creature these moves with 20 uses each."""
        known = bytes(moves).ljust(4, b"\0")
        self.write(self.creature_address(slot, "moves"), known)
        self.write(self.creature_address(slot, "pp"), bytes(20 if move else 0 for move in known))

    def has_flag(self, flag: int) -> bool:
        return bool(self.array("flags")[flag >> 3] >> (flag & 7) & 1)

    def has_milestone(self, bit: int) -> bool:
        return bool(self.array("milestones")[bit >> 3] >> (bit & 7) & 1)

    def bag(self) -> dict[int, int]:
        pairs = self.array("bag")
        return {pairs[i]: pairs[i + 1] for i in range(0, 40, 2) if pairs[i]}

    def jump(self, address: int) -> None:
        """Let the processor go on elsewhere."""
        self._pyboy.register_file.PC = address

    @property
    def position(self) -> tuple[int, int]:
        return self["x"], self["y"]

    def is_mode(self, name: str) -> bool:
        return self["mode"] == ENUMS[f"MODE_{name}"]

    def hold(self, key: str, hold_frames: int, release_frames: int) -> None:
        self._pyboy.button_press(BUTTONS[key])
        self.tick(hold_frames)
        self._pyboy.button_release(BUTTONS[key])
        self.tick(release_frames)

    def step(self, keys: str) -> None:
        """One environment step for each letter; a dot waits."""
        for key in keys:
            if key == ".":
                self.tick(STEP_FRAMES)
            else:
                self.hold(key, HOLD_FRAMES, STEP_FRAMES - HOLD_FRAMES)

    def settle(self, limit_frames: int = 600) -> int:
        """Let frames pass until the game waits for a button; return how many."""
        for waited in range(limit_frames):
            if self["ready"]:
                return waited
            self.tick()
        raise AssertionError(f"not ready after {limit_frames} frames: {self.screen_text()}")

    def press(self, keys: str) -> None:
        """Steps, each begun only when the game is ready."""
        for key in keys:
            self.settle()
            self.step(key)
        self.settle()

    def screen_text(self) -> list[str]:
        rows = self["ui_rows"]
        text = self.read(PLACES["UI_SHADOW"], 20 * rows)
        return [
            "".join(chr(code) if 32 <= code < 127 else " " for code in text[at : at + 20]).rstrip()
            for at in range(0, len(text), 20)
        ]

    def shows(self, text: str) -> bool:
        return text in " ".join(" ".join(self.screen_text()).split())

    def dismiss(self) -> list[str]:
        """Press A through messages until a menu or the map is there; return what they said."""
        said: list[str] = []
        for _ in range(60):
            self.settle()
            if self["menu_count"] or self.is_mode("WORLD"):
                return said
            said += [row for row in self.screen_text() if row]
            self.step("A")
        raise AssertionError(f"no end of messages: {said[-8:]}")

    def choose(self, entry: int) -> None:
        """Move the open menu's cursor to `entry` and press A."""
        self.settle()
        assert entry < self["menu_count"], (entry, self["menu_count"], self.screen_text())
        for _ in range(40):
            if self["cursor"] == entry:
                break
            self.press("D")
        self.press("A")

    def save_png(self, path: Path, scale: int = 3) -> None:
        self._pyboy.tick(1, True, False)
        image = self._pyboy.screen.image
        image.convert("L").resize((160 * scale, 144 * scale), 0).save(path)
