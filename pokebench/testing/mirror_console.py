"""A console that mirrors a run's, with the oracle at it."""

import re
from typing import Final, NamedTuple

from pokebench.agent.oracle import Oracle
from pokebench.episode import Episode
from pokebench.milestone import GameSpec, open_game
from pokebench.reader import reader_of
from pokebench.types import Action, Observation, Turn, View, actions_of

_MODEL: Final = re.compile(r"scripted:(?P<game>[a-z:@0-9]+):seed(?P<seed>\d{1,18})")
_NO_BUDGET: Final = 10**12
_FEWEST_CELLS: Final = 2
"""Cells in a row from which on it is worth to name the last one."""
_MOVES: Final = {
    Action.UP: (0, -1),
    Action.DOWN: (0, 1),
    Action.LEFT: (-1, 0),
    Action.RIGHT: (1, 0),
}


class Report(NamedTuple):
    """What the harness says was done.

    Attributes:
        letters: the steps.
        is_answer: whether they came of what the player answered; else the game began with them.
    """

    letters: str
    is_answer: bool


class Console:
    """Moved by reports only, so that its state is a function of them.

    The oracle remembers things from turn to turn; it is asked exactly once before each report that
    is an answer, however often the question was put.

    Attributes:
        model: what it mirrors.
        path: all reports that moved it.
    """

    def __init__(self, model: str) -> None:
        """Power on.

        Raises:
            ValueError: the model's name does not say which game and start.
            ConfigError: there is no such game.
        """
        match = _MODEL.fullmatch(model)
        if match is None:
            raise ValueError(f"model {model!r}: write it like scripted:tallgrass:micro@1:seed3")
        cartridge = open_game(GameSpec.parse(match["game"]))
        self.model = model
        self.path: list[Report] = []
        self._episode = Episode(cartridge, int(match["seed"]), _NO_BUDGET)
        self._oracle = Oracle(self._episode.emulator, cartridge.rom.data)
        self._reader = reader_of(cartridge.table, cartridge.rom.data)
        self._turn: Turn | None = None

    @property
    def steps(self) -> int:
        """Steps taken."""
        return self._episode.steps

    def close(self) -> None:
        """Power off."""
        self._episode.close()

    def follow(self, path: list[Report]) -> None:
        """Move on along `path`, which begins as the console's own does."""
        for report in path[len(self.path) :]:
            if report.is_answer:
                self.turn()
            for action in actions_of(report.letters):
                self._episode.step(action)
            self.path.append(report)
            self._turn = None

    def turn(self) -> Turn:
        """Return what the oracle would do here."""
        if self._turn is None:
            self._turn = self._oracle.act(Observation())
        return self._turn

    def has_text(self) -> bool:
        """Whether there is text to read on."""
        situation = self._reader.situation(self._episode.emulator)
        return situation.is_ready and situation.has_text

    def is_walking(self) -> bool:
        """Whether the player walks about."""
        return self._view() is not None

    def straight_goal(self) -> tuple[int, int] | None:
        """Return the cell that the oracle's next steps lead to, as far as they are straight.

        None if they lead nowhere near, off the screen, or to where nobody can walk.
        """
        view = self._view()
        actions = self.turn().actions
        if view is None or not actions or actions[0] not in _MOVES:
            return None
        column, row = _MOVES[actions[0]]
        goal = (view.column, view.row)
        cells = 0
        for action in actions:
            ahead = (goal[0] + column, goal[1] + row)
            if action is not actions[0] or not _can_enter(view, *ahead):
                break
            goal = ahead
            cells += 1
        return goal if cells >= _FEWEST_CELLS else None

    def _view(self) -> View | None:
        return self._reader.view(self._episode.emulator)


def _can_enter(view: View, column: int, row: int) -> bool:
    """Return whether a cell is on screen and can be walked over."""
    column, row = column - view.left, row - view.top
    if not (0 <= row < len(view.walkable) and 0 <= column < len(view.walkable[row])):
        return False
    return view.walkable[row][column] == "1"
