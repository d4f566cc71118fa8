"""The battle's rules in Python: what the engine is compared with."""

from dataclasses import dataclass
from typing import Final

STAGES: Final = {0: (2, 2), -1: (2, 3), -2: (2, 4), -3: (2, 5), -4: (2, 6)}
PLAIN_SLOT: Final = 4


class Randomness:
    """The engine's random numbers, from the same state on."""

    def __init__(self, state: int) -> None:
        self.state = state

    def byte(self) -> int:
        """Return the next number, 0 to 255."""
        state = self.state
        state ^= state << 7 & 0xFFFF
        state ^= state >> 9
        state ^= state << 8 & 0xFFFF
        self.state = state
        return (state ^ state >> 8) & 0xFF


@dataclass(frozen=True)
class Strike:
    """One attack: who strikes whom, with what."""

    level: int
    attack: int
    defense: int
    power: int
    is_own_type: bool
    effect: int
    attack_stage: int = 0
    defense_stage: int = 0


def staged(value: int, stage: int) -> int:
    """Return a value after its stages."""
    times, over = STAGES[stage]
    return value * times // over


def damage(strike: Strike, random_byte: int) -> int:
    """Return the hit points that `strike` takes, for one random number."""
    attack = staged(strike.attack, strike.attack_stage)
    defense = staged(strike.defense, strike.defense_stage)
    result = (strike.level * 2 // 5 + 2) * strike.power
    result = result * attack // max(defense, 1) // 50 + 2
    if strike.is_own_type:
        result += result // 2
    result = result * strike.effect // 10
    return max(result * (217 + random_byte % 39) // 255, 1)


def catch_chance(rate: int, hp: int, max_hp: int, has_status: bool) -> int:
    """Return how many of 256 throws succeed."""
    chance = rate * (100 - hp * 67 // max_hp) // 100
    return min(chance + chance // 2 if has_status else chance, 255)


def experience(yielded: int, level: int, from_tamer: bool) -> int:
    """Return the experience of beating one creature."""
    gain = yielded * level // 6 + 1
    return gain + gain // 2 if from_tamer else gain


def next_level(level: int) -> int:
    """Return the experience that the level after `level` takes."""
    return level * level // 2 + 10


def max_hp(base: int, level: int) -> int:
    """Return the hit points of a healthy creature."""
    return base * 2 * level // 100 + level + 10


def value(base: int, level: int) -> int:
    """Return a battle value."""
    return base * 2 * level // 100 + 5
