"""What people and signs say: phrases of `data/dialogue.toml`, all used before one comes again."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from pokebench.tallgrass.rng import Pcg32

_DIALOGUE: Final = Path(__file__).parent / "data" / "dialogue.toml"


@cache
def dialogue() -> dict[str, tuple[str, ...]]:
    """Return every phrase by `section.key`."""
    table = tomllib.loads(_DIALOGUE.read_text("ascii"))
    return {
        f"{section}.{key}": tuple(phrases)
        for section, entries in table.items()
        for key, phrases in entries.items()
    }


class Phrases:
    """Draws phrases for one world."""

    def __init__(self, rng: Pcg32) -> None:
        self._rng = rng
        self._decks: dict[str, list[str]] = {}

    def pick(self, key: str, **names: str | int) -> str:
        """Return a phrase of `section.key` with `{names}` filled in."""
        deck = self._decks.setdefault(key, [])
        if not deck:
            deck.extend(dialogue()[key])
            self._rng.shuffle(deck)
        return deck.pop().format_map(names)
