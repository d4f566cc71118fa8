"""What a player has come to own and to have done, for scores that ask whether a game goes on.

No agent is shown it. A reader that can tell has the method; one that cannot has not.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pokebench.types import RamPort


@dataclass(frozen=True, slots=True)
class Possessions:
    """One moment's state of the game, besides place and screen.

    Attributes:
        events: one bit for each thing that has happened.
        items: kinds of things in the bag.
        party: species and level of each member.
        opponent: species and sixteenths of its hit points in a battle, else None.
    """

    events: int
    items: frozenset[int]
    party: tuple[tuple[int, int], ...]
    opponent: tuple[int, int] | None


@runtime_checkable
class CountsPossessions(Protocol):
    """A text reader that can tell what the player owns."""

    def possessions(self, ram: RamPort) -> Possessions:
        """Return them as they stand."""
        ...
