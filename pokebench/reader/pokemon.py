"""What the readers of both generations share: in which order a moment is told, and in what words.

Nothing here trusts a byte: RAM may be edited, half written, or no game's at all.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final

from pokebench.reader.facts import charset, places
from pokebench.reader.ground import Ground, Spot, spot_in_words
from pokebench.reader.names import Names, RomTables
from pokebench.reader.protocol import Scene, Situation
from pokebench.reader.ram import Ram
from pokebench.reader.text import Characters, Screen
from pokebench.types import LONGEST_TEXT, RamPort, View

FACINGS: Final = ("down", "up", "left", "right")
_OUTSIDE: Final = (Scene.TITLE, Scene.NAMING)
"""Scenes before a game and beside it: what RAM holds of place and party says nothing there."""
_UNWRITTEN: Final = (Scene.WORLD, Scene.TRANSITION)
"""Scenes without text on screen."""
_LONGEST_BAG: Final = 400
_SIDES: Final = ((8, "north"), (4, "south"), (2, "west"), (1, "east"))


class PokemonReader(ABC):
    """Reads one game; keeps nothing between reads but names and addresses."""

    generation: int
    may_turn_first = False

    def __init__(self, layout: str, game: str, rom: bytes) -> None:
        """Take names from `rom`, at the places that `layout` has for `game`."""
        facts = places(layout)
        self.characters = Characters(charset(self.generation))
        self.rom = rom
        self._at = facts.ram
        self.names = self._names(RomTables(rom, facts.rom[game], self.characters))

    def read(self, ram: RamPort) -> str:
        """Return the text of this moment."""
        moment = Ram(ram, self._at)
        screen = self._screen(moment)
        scene = self._scene(moment, screen)
        parts = []
        if scene not in _OUTSIDE:
            parts.append(self._surroundings(moment, screen, scene))
        if scene is Scene.BATTLE:
            parts.append(self._battle(moment))
        if scene not in _UNWRITTEN:
            parts.append(written(screen, scene))
        if scene not in _OUTSIDE:
            parts.append(self._possessions(moment))
        return "\n".join(parts)[:LONGEST_TEXT]

    def situation(self, ram: RamPort) -> Situation:
        """Return what the game is doing."""
        moment = Ram(ram, self._at)
        screen = self._screen(moment)
        scene = self._scene(moment, screen)
        spot = self._spot(moment)
        is_written = scene not in _UNWRITTEN
        is_ready = self._waits(moment, screen) if is_written else not self._is_locked(moment)
        where = f"{scene} {spot.place} {spot.column} {spot.row} {spot.facing}".encode()
        return Situation(
            scene=scene,
            is_ready=is_ready and scene is not Scene.TRANSITION,
            has_text=scene is Scene.TEXT or (scene is Scene.BATTLE and not screen.has_cursor),
            place=spot.place,
            position=(spot.column, spot.row),
            fingerprint=where + (screen.words if is_written else b""),
            is_ready_when_still=is_written,
            may_turn_first=self.may_turn_first,
        )

    def view(self, ram: RamPort) -> View | None:
        """Return the cells on screen, while the player walks about and sees them."""
        moment = Ram(ram, self._at)
        screen = self._screen(moment)
        if self._scene(moment, screen) is not Scene.WORLD or self._is_dark(moment):
            return None
        return self._ground(moment, screen, self._spot(moment)).view()

    def _surroundings(self, ram: Ram, screen: Screen, scene: Scene) -> str:
        spot = self._spot(ram)
        if scene is not Scene.WORLD:
            return spot_in_words(spot)
        if self._is_dark(ram):
            return spot_in_words(spot) + "\nIt is too dark to see what is around."
        return self._ground(ram, screen, spot).in_words()

    @abstractmethod
    def _names(self, tables: RomTables) -> Names:
        """Return the names that the ROM holds."""

    @abstractmethod
    def _screen(self, ram: Ram) -> Screen:
        """Return what is on screen."""

    @abstractmethod
    def _scene(self, ram: Ram, screen: Screen) -> Scene:
        """Return what the game is doing; the first rule that holds names it."""

    @abstractmethod
    def _spot(self, ram: Ram) -> Spot:
        """Return where the player is."""

    @abstractmethod
    def _ground(self, ram: Ram, screen: Screen, spot: Spot) -> Ground:
        """Return the cells around the player."""

    @abstractmethod
    def _waits(self, ram: Ram, screen: Screen) -> bool:
        """Whether text or a menu shows that it waits for a button."""

    @abstractmethod
    def _is_locked(self, ram: Ram) -> bool:
        """Whether a player who walks about cannot press: a step, a script, a map that loads."""

    @abstractmethod
    def _is_dark(self, ram: Ram) -> bool:
        """Whether the player's surroundings are black."""

    @abstractmethod
    def _battle(self, ram: Ram) -> str:
        """Return both sides of a battle, as the screen shows them."""

    @abstractmethod
    def _possessions(self, ram: Ram) -> str:
        """Return party, bag, money and badges."""


def written(screen: Screen, scene: Scene) -> str:
    """Return what is written on screen: a dialogue's lines, or all of it and the cursor's place."""
    if scene is Scene.TEXT and screen.has_box:
        return f"Dialogue:\n{screen.dialogue()}".rstrip()
    choice = screen.choice()
    panel = f"On screen:\n{screen.panel()}".rstrip()
    return f"{panel}\nCursor on: {choice}" if choice else panel


def bag_in_words(pockets: Mapping[str, Sequence[str] | None]) -> str:
    """Return a bag in words: each pocket's entries, or None for one that cannot be read."""
    parts = []
    for name, entries in pockets.items():
        if entries is None:
            parts.append(f"{name}: unreadable.")
        elif entries:
            parts.append(f"{name}: {_listed(entries)}.")
    return " ".join(parts) or "Bag: empty."


def stacks_in_words(stacks: Sequence[tuple[int, int]] | None, names: Names) -> Sequence[str] | None:
    """Return items with amounts in words; None stays None."""
    return None if stacks is None else [f"{names.item(item)} x{amount}" for item, amount in stacks]


def connected_sides(bits: int) -> frozenset[str]:
    """Return on which sides of a map another one follows."""
    return frozenset(side for bit, side in _SIDES if bits & bit)


def _listed(entries: Sequence[str]) -> str:
    """Return entries with commas, as many as a bag has room for here."""
    shown, length = 0, 0
    for entry in entries:
        length += len(entry) + 2
        if length > _LONGEST_BAG:
            break
        shown += 1
    more = f", and {len(entries) - shown} more" if shown < len(entries) else ""
    return ", ".join(entries[:shown]) + more
