"""Looks on while a run is re-simulated, and keeps what coherence is reckoned from.

A moment is what a person would call the same: place, facing, menus and words on screen, what is
owned and done, and how a battle stands; no frame counters, random numbers or people walking about.
"""

import hashlib

import numpy as np

from pokebench.episode import Episode
from pokebench.errors import ConfigError
from pokebench.reader import CountsPossessions, Possessions, TextReader, reader_of
from pokebench.score.coherence import StepLog


class StepWatch:
    """A watcher for `verify` that keeps the log of presses.

    Waits are not presses: what they bring about counts with the press before. Progress is a new
    tile or a milestone; where the game's reader counts possessions, also a new event, kind of item,
    level or party member. Without a reader for the game there is no log.
    """

    def __init__(self) -> None:
        self._reader: TextReader | None = None
        self._has_begun = False
        self._presses = 0
        self._is_ready = False
        self._numbers: dict[bytes, int] = {}
        self._states: list[int] = []
        self._accepted: list[bool] = []
        self._progressed: list[bool] = []
        self._tiles: set[tuple[int, int, int]] = set()
        self._milestones = 0
        self._events = 0
        self._items: frozenset[int] = frozenset()
        self._members = 0
        self._levels: dict[int, int] = {}

    def wants_screen(self, frame: int) -> bool:
        """Return False: it reads memory and no picture."""
        return False

    def see(self, episode: Episode) -> None:
        """Look at the game after the start and after each step."""
        if not self._has_begun:
            self._has_begun = True
            self._reader = _reader_of(episode)
        if self._reader is None:
            return
        pressed = episode.presses > self._presses
        self._presses = episode.presses
        situation = self._reader.situation(episode.emulator)
        owned = None
        if isinstance(self._reader, CountsPossessions):
            owned = self._reader.possessions(episode.emulator)
        column, row = situation.position
        is_new = self._is_new((situation.place, column, row), len(episode.milestones), owned)
        number = self._number(situation.fingerprint, owned)
        if pressed or not self._states:
            self._states.append(number)
        self._states[-1] = number
        if pressed:
            self._accepted.append(self._is_ready)
            self._progressed.append(is_new)
        elif self._progressed:
            self._progressed[-1] |= is_new
        self._is_ready = situation.is_ready

    def log(self) -> StepLog | None:
        """Return the log; None if the game has no reader."""
        if self._reader is None or not self._states:
            return None
        return StepLog(
            np.array(self._states, dtype=np.int64),
            np.array(self._accepted, dtype=np.bool_),
            np.array(self._progressed, dtype=np.bool_),
        )

    def _number(self, fingerprint: bytes, owned: Possessions | None) -> int:
        """Return the number of a moment: equal moments have equal ones."""
        digest = hashlib.blake2b(fingerprint, digest_size=12)
        if owned is not None:
            digest.update(repr((owned.events, sorted(owned.items), owned.party)).encode())
            digest.update(repr(owned.opponent).encode())
        return self._numbers.setdefault(digest.digest(), len(self._numbers))

    def _is_new(
        self, tile: tuple[int, int, int], milestones: int, owned: Possessions | None
    ) -> bool:
        """Return whether something happened for the first time, and remember it."""
        is_new = tile not in self._tiles or milestones > self._milestones
        self._tiles.add(tile)
        self._milestones = milestones
        return self._owns_more(owned) or is_new if owned is not None else is_new

    def _owns_more(self, owned: Possessions) -> bool:
        events, items = self._events | owned.events, self._items | owned.items
        members = max(self._members, len(owned.party))
        levels = dict(self._levels)
        for species, level in owned.party:
            levels[species] = max(levels.get(species, 0), level)
        before = self._events, self._items, self._members, self._levels
        after = events, items, members, levels
        self._events, self._items, self._members, self._levels = after
        return before != after


def _reader_of(episode: Episode) -> TextReader | None:
    cartridge = episode.cartridge
    try:
        return reader_of(cartridge.table, cartridge.rom.data)
    except ConfigError:
        return None
