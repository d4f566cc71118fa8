"""Random numbers by PCG32 in integers only: a seed means the same world everywhere, for good."""

from collections.abc import MutableSequence, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

_MULTIPLIER: Final = 6364136223846793005
_MASK_64: Final = (1 << 64) - 1
_MASK_32: Final = (1 << 32) - 1


class Pcg32:
    """A PCG-XSH-RR generator with 64 bits of state and 32 bits of output.

    Streams are independent of each other: each subject of a world draws from its own,
    so that a change in one leaves the others as they were.

    Source: imneme/pcg-c-basic pcg_basic.c pcg32_srandom_r, pcg32_random_r, pcg32_boundedrand_r
    """

    __slots__ = ("_increment", "_state")

    def __init__(self, seed: int, stream: int = 0) -> None:
        self._increment = ((stream << 1) | 1) & _MASK_64
        self._state = 0
        self.next()
        self._state = (self._state + seed) & _MASK_64
        self.next()

    def next(self) -> int:
        """Return the next number, 0 to 2**32 - 1."""
        state = self._state
        self._state = (state * _MULTIPLIER + self._increment) & _MASK_64
        shifted = (((state >> 18) ^ state) >> 27) & _MASK_32
        rotation = state >> 59
        return ((shifted >> rotation) | (shifted << (-rotation & 31))) & _MASK_32

    def below(self, bound: int) -> int:
        """Return a number from 0 to `bound` - 1, each as likely; `bound` is 1 to 2**32."""
        if not 1 <= bound <= 1 << 32:
            raise ValueError(f"bound must be 1 to 2**32, not {bound}")
        threshold = (1 << 32) % bound
        while True:
            number = self.next()
            if number >= threshold:
                return number % bound

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, numerator: int, denominator: int) -> bool:
        """Return True in `numerator` of `denominator` cases."""
        return self.below(denominator) < numerator

    def choice(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Put `items` into a random order, in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return `count` different places of `items`, in random order."""
        if count > len(items):
            raise ValueError(f"cannot take {count} of {len(items)} items")
        pool = list(items)
        taken = []
        for _ in range(count):
            index = self.below(len(pool))
            taken.append(pool[index])
            pool[index] = pool[-1]
            pool.pop()
        return taken
