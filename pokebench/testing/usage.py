"""Input tokens of a request, by what the cache did with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheUse:
    """Input tokens, each in one class.

    Attributes:
        fresh: neither read from nor written to a cache.
        read: read from a cache.
        written: written to a cache, whatever its lifetime.
        written_long: the part of `written` that is kept for the longer of the two lifetimes.
    """

    fresh: int = 0
    read: int = 0
    written: int = 0
    written_long: int = 0

    @property
    def total(self) -> int:
        """All input tokens."""
        return self.fresh + self.read + self.written

    @property
    def written_short(self) -> int:
        """The part of `written` that is kept for the shorter lifetime."""
        return self.written - self.written_long
