"""Plays the start script of a table: from power-on to the agent's first turn.

It presses as a person would, one button at a time, and goes by what RAM says and never by the
clock alone. No condition is looked at while it could be caught halfway: it must hold in two frames
in a row, with nothing pressed in between.
"""

import itertools

from pokebench.emulator import Emulator
from pokebench.errors import StartError
from pokebench.milestone.table import GameTable, Press
from pokebench.types import Action


def play_opening(emulator: Emulator, table: GameTable) -> None:
    """Follow the script; the last frame is drawn, and no button is held at the end.

    Args:
        emulator: stands at the script's beginning; nothing but buttons reaches it.
        table: the game's table.

    Raises:
        StartError: a condition did not come true in time; the message says which, and where.
    """
    for line in table.start.script:
        if not _Pressing(emulator, line, table).play():
            raise StartError(_explain(emulator, table, line))


class _Pressing:
    """One line of the script under way."""

    def __init__(self, emulator: Emulator, line: Press, table: GameTable) -> None:
        self._emulator = emulator
        self._line = line
        self._test = line.until.bind(table.symbols)
        self._hold_frames = table.timing.hold_frames
        self._pause_frames = table.timing.step_frames - table.timing.hold_frames

    def play(self) -> bool:
        """Press until the condition holds; return whether it did in time."""
        end = self._emulator.frames + self._line.within_frames
        actions = itertools.cycle(_actions(self._line))
        # Released first: a button that was held until now would not count as pressed anew.
        while not self._came_true(Action.WAIT, self._pause_frames):
            if self._emulator.frames >= end:
                return False
            if self._came_true(next(actions), self._hold_frames):
                return True
        return True

    def _came_true(self, action: Action, frames: int) -> bool:
        """Hold a button for up to `frames`; stop once the condition holds in two frames in a row.

        The second of the two passes with the button released.
        """
        emulator = self._emulator
        emulator.hold(action)
        for _ in range(frames):
            emulator.run(1)
            if self._test(emulator.read):
                emulator.release(action)
                emulator.run(1, render=True)
                if self._test(emulator.read):
                    return True
        emulator.release(action)
        return False


def _actions(line: Press) -> list[Action]:
    names = (line.press,) if isinstance(line.press, str) else line.press
    return [Action[name.upper()] for name in names]


def _explain(emulator: Emulator, table: GameTable, line: Press) -> str:
    """Say which line failed, and what the numbers are that it asks for."""
    spans = set(line.until.spans(table.symbols))
    asked = {
        name: symbol.number(emulator.read)
        for name, symbol in table.symbols.items()
        if symbol.records is None and symbol.size <= 4 and symbol.span in spans
    }
    values = ", ".join(f"{name} = {value}" for name, value in asked.items())
    pressed = " and ".join(action.name for action in _actions(line))
    return (
        f"{table.game.id}: the start did not lead to {line.to}: after {line.within_frames} frames "
        f"of pressing {pressed} its condition is still not true. This is line "
        f"{table.start.script.index(line) + 1} of {len(table.start.script)} of start.script in "
        f"{table.game.id}.toml or what that extends; frame {emulator.frames}; RAM: {values}. "
        f"`pokebench doctor --game {table.game.id}` tells more"
    )
