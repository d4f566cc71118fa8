"""What every text reader offers."""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Protocol

from pokebench.types import RamPort, View


@unique
class Scene(StrEnum):
    """What the game is doing, as a person would call it."""

    TITLE = "title"
    WORLD = "walking"
    TEXT = "dialogue"
    CHOICE = "choice"
    MENU = "menu"
    BATTLE = "battle"
    NAMING = "naming"
    TRANSITION = "transition"


@dataclass(frozen=True, slots=True)
class Situation:
    """One moment of a game.

    Attributes:
        scene: what the game is doing.
        is_ready: the game takes a button now.
        has_text: there is text to read on: a dialogue, or a battle's message.
        place: number of the map.
        position: column and row of the player.
        fingerprint: equal for moments that a person would call the same.
        is_ready_when_still: the game may take a button without a sign of it in RAM; it is taken
            to be ready when it has not changed for a while.
        may_turn_first: who faces elsewhere may only turn by a press, and walk by the next.
    """

    scene: Scene
    is_ready: bool
    has_text: bool
    place: int
    position: tuple[int, int]
    fingerprint: bytes
    is_ready_when_still: bool = False
    may_turn_first: bool = False


class TextReader(Protocol):
    """Turns RAM into text; only what a person could read off the screen, or the tier allows."""

    def read(self, ram: RamPort) -> str:
        """Return the text of this moment: printable characters and new lines."""
        ...

    def situation(self, ram: RamPort) -> Situation:
        """Return what the game is doing."""
        ...

    def view(self, ram: RamPort) -> View | None:
        """Return the cells on screen, or None while none are shown."""
        ...
