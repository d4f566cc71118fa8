"""A member of the party or a fighter, decoded from either generation's records, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pokebench.reader.names import Names
from pokebench.reader.text import Characters

MOST_IN_PARTY: Final = 6
_MOVES: Final = 4
_BAR_PIXELS: Final = 48
_SLEEP_BITS: Final = 7
_STATUS_BITS: Final = ((8, "poisoned"), (16, "burned"), (32, "frozen"), (64, "paralysed"))
_PP_BITS: Final = 0x3F
_HIGHEST_LEVEL: Final = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """Offsets in a record, as the games lay it out; numbers of two bytes are big-endian.

    Attributes:
        size: bytes of a record.
        species: one byte.
        hp: two bytes.
        max_hp: two bytes.
        level: one byte.
        status: one byte.
        moves: four bytes, 0 for none.
        pp: four bytes, of which the lower six bits count.
        item: one byte, 0 for none; -1 where there are no held items.
    """

    size: int
    species: int
    hp: int
    max_hp: int
    level: int
    status: int
    moves: int
    pp: int
    item: int = -1


@dataclass(frozen=True, slots=True)
class Creature:
    """One creature.

    Attributes:
        species: number of its species.
        nickname: what the screen calls it, or None if that cannot be read.
        level: its level.
        hp: hit points left.
        max_hp: hit points when well.
        status: what ails it, in words, or "".
        moves: number and points left of each move.
        item: number of what it holds, 0 for nothing.
    """

    species: int
    nickname: str | None
    level: int
    hp: int
    max_hp: int
    status: str
    moves: tuple[tuple[int, int], ...]
    item: int = 0

    @property
    def is_plausible(self) -> bool:
        """Whether a game would hold such a creature."""
        return 1 <= self.level <= _HIGHEST_LEVEL and self.hp <= self.max_hp and self.species > 0

    @property
    def bar_percent(self) -> int:
        """How much of its bar is filled on screen, which has 48 pixels: 0 to 100."""
        if not self.hp or not self.max_hp:
            return 0
        pixels = max(min(self.hp, self.max_hp) * _BAR_PIXELS // self.max_hp, 1)
        return round(100 * pixels / _BAR_PIXELS)


def decode(raw: bytes, layout: Layout, nickname: bytes, characters: Characters) -> Creature:
    """Return the creature in a record of `layout`."""
    moves = raw[layout.moves : layout.moves + _MOVES]
    points = raw[layout.pp : layout.pp + _MOVES]
    hp = int.from_bytes(raw[layout.hp : layout.hp + 2], "big")
    return Creature(
        species=raw[layout.species],
        nickname=characters.name(nickname),
        level=raw[layout.level],
        hp=hp,
        max_hp=int.from_bytes(raw[layout.max_hp : layout.max_hp + 2], "big"),
        status=_ailment(raw[layout.status], hp),
        moves=tuple((m, p & _PP_BITS) for m, p in zip(moves, points, strict=True) if m),
        item=raw[layout.item] if layout.item >= 0 else 0,
    )


@dataclass(frozen=True, slots=True)
class PartyRecords:
    """A party as RAM holds it.

    Attributes:
        count: members, as RAM says; it may say anything.
        records: a record a member, one after the other.
        nicknames: encoded, one a member.
        eggs: which members are eggs, from 0.
    """

    count: int
    records: bytes
    nicknames: Sequence[bytes]
    eggs: frozenset[int] = frozenset()

    def in_words(self, layout: Layout, characters: Characters, names: Names) -> str:
        """Return the members, one a line."""
        if not self.count:
            return "Party: nobody."
        if self.count > MOST_IN_PARTY:
            return f"Party: unreadable, it would have {self.count} members."
        lines = ["Party, with points left for each move:"]
        for slot in range(self.count):
            raw = self.records[slot * layout.size : (slot + 1) * layout.size]
            creature = decode(raw, layout, self.nicknames[slot], characters)
            words = "an egg" if slot in self.eggs else _in_words(creature, names)
            lines.append(f"{slot + 1}. {words}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Fighters:
    """Both sides of a battle as RAM holds them; what is no creature yet is not told."""

    enemy: bytes
    enemy_name: bytes
    own: bytes
    own_name: bytes
    is_trainers: bool

    def in_words(self, layout: Layout, characters: Characters, names: Names) -> str:
        """Return the two sides, with no more of the opponent than the screen shows."""
        enemy = decode(self.enemy, layout, self.enemy_name, characters)
        own = decode(self.own, layout, self.own_name, characters)
        lines = [f"Battle against {'a trainer' if self.is_trainers else 'a wild one'}."]
        if enemy.is_plausible:
            lines.append(f"Opponent: {_opponent_in_words(enemy, names)}.")
        if own.is_plausible:
            lines.append(f"Fighting for you: {_in_words(own, names)}.")
        return "\n".join(lines)


def _in_words(creature: Creature, names: Names) -> str:
    """Return all that its own trainer can look up."""
    parts = [_called(creature, names), f"level {creature.level}"]
    parts.append(f"{creature.hp}/{creature.max_hp} HP")
    if creature.status:
        parts.append(creature.status)
    if creature.item:
        parts.append(f"holds {names.item(creature.item)}")
    moves = ", ".join(f"{names.move(move)} {points}" for move, points in creature.moves)
    return ", ".join(parts) + (f": {moves}" if moves else "")


def _opponent_in_words(creature: Creature, names: Names) -> str:
    """Return what the screen shows of an opponent: no number of hit points, and no moves."""
    name = creature.nickname or names.species(creature.species)
    status = f", {creature.status}" if creature.status else ""
    return f"{name}, level {creature.level}, HP bar {creature.bar_percent}% full{status}"


def _called(creature: Creature, names: Names) -> str:
    species = names.species(creature.species)
    nickname = creature.nickname
    return species if nickname in (None, species) else f'{species} "{nickname}"'


def _ailment(status: int, hp: int) -> str:
    if not hp:
        return "fainted"
    if status & _SLEEP_BITS:
        return "asleep"
    return next((word for bit, word in _STATUS_BITS if status & bit), "")
