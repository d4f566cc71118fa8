"""Names from syllables: pronounceable, different within a world, and never ones that others own."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from pokebench.tallgrass.rng import Pcg32

_ONSETS: Final = (
    "b", "br", "bl", "d", "dr", "f", "fl", "fr", "g", "gr", "gl", "h", "j", "k", "kl", "kr", "l",
    "m", "n", "p", "pl", "pr", "qu", "r", "s", "sk", "sn", "st", "t", "tr", "v", "w", "y", "z",
)  # fmt: skip
_VOWELS: Final = ("a", "e", "i", "o", "u", "ai", "ee", "oo", "ou")
_CODAS: Final = ("", "l", "n", "r", "m", "k", "x", "sh", "nd", "lt", "rn", "sk", "mp", "th", "ss")
_SHORTEST_BLOCKED: Final = 3
_BLOCKLIST: Final = Path(__file__).parent / "data" / "blocklist.txt"


def digest(word: str) -> str:
    """Return what the blocklist holds of a word: it must not spell out what it bans."""
    return sha256(word.encode("ascii")).hexdigest()[:12]


@cache
def _blocked_digests() -> frozenset[str]:
    return frozenset(_BLOCKLIST.read_text("ascii").split())


def is_blocked(name: str) -> bool:
    """Return whether a name holds a word of the blocklist: names of other games, rude words."""
    letters = "".join(character for character in name.lower() if character.isalpha())
    blocked = _blocked_digests()
    return any(
        digest(letters[start:end]) in blocked
        for start in range(len(letters))
        for end in range(start + _SHORTEST_BLOCKED, len(letters) + 1)
    )


class NameMaker:
    """Makes the names of one world; they share a sound, and no two are the same."""

    def __init__(self, rng: Pcg32) -> None:
        self._rng = rng
        self._onsets = rng.sample(_ONSETS, 13)
        self._vowels = [*rng.sample(_VOWELS[:5], 4), rng.choice(_VOWELS[5:])]
        self._codas = ["", *rng.sample(_CODAS[1:], 5)]
        self._taken: set[str] = set()

    def name(self, syllables: int, longest: int = 10, pattern: str = "{}") -> str:
        """Return a new name of about `syllables` syllables, at most `longest` letters.

        The name is put into `pattern`; what comes out is not blocked either.
        """
        for attempt in range(1000):
            word = self._word(syllables if attempt < 500 else 2)
            is_usable = 3 <= len(word) <= longest and word not in self._taken
            name = pattern.format(word.capitalize())
            if not is_usable or is_blocked(name):
                continue
            self._taken.add(word)
            return name
        raise ValueError(f"no new name of {syllables} syllables in {longest} letters")

    def _word(self, syllables: int) -> str:
        word = ""
        coda = ""
        for index in range(syllables):
            onset = self._rng.choice(self._onsets)
            word += (onset[0] if coda else onset).replace("q", "qu" if coda else "q")
            word += self._rng.choice(self._vowels)
            is_last = index == syllables - 1
            coda = self._rng.choice(self._codas) if is_last or self._rng.chance(1, 4) else ""
            word += coda if is_last else coda[:1]
        return word
