"""Prompt caches, by the rules that the providers publish.

Only hashes of prefixes are kept, never what was said. The clock is given, so that a test can let
an hour pass.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pokebench.testing.blocks import Block
from pokebench.testing.usage import CacheUse

_LIFETIMES_S: Final = {"5m": 300.0, "1h": 3600.0, "30m": 1800.0, "12h": 43200.0}
_LONG: Final = frozenset({"1h", "12h"})
_MOST_ENTRIES: Final = 100_000
_LOOKBACK_BLOCKS: Final = 20
_LOOKBACK_BREAKPOINTS: Final = 80
_OPENAI_SHORTEST: Final = 1024


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where a prefix may be cached: the position of its last block, and for how long."""

    at: int
    lifetime: str


@dataclass(slots=True)
class _Entry:
    lifetime_s: float
    ends: float


class PromptCache:
    """The entries of one provider."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Let entries expire by `clock`, in seconds."""
        self._clock = clock
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()

    def use(
        self,
        blocks: Sequence[Block],
        prefixes: Sequence[bytes],
        places: Sequence[int],
        breakpoints: Sequence[Breakpoint],
        shortest: int,
    ) -> CacheUse:
        """Look a request up, and keep it for later.

        Args:
            blocks: the request.
            prefixes: hash of the prefix that ends with each block.
            places: positions at which an entry may be matched.
            breakpoints: where to write, in order.
            shortest: tokens below which a prefix is not cached.
        """
        ends = _running_totals(blocks)
        total = ends[-1] if ends else 0
        live = [place for place in places if self._is_live(prefixes[place])]
        hit = max(live, default=-1)
        read = ends[hit] if hit >= 0 else 0
        for place in live:
            self._refresh(prefixes[place])
        written = written_long = 0
        for breakpoint_ in breakpoints:
            size = ends[breakpoint_.at]
            if size < shortest:
                continue
            new = max(size - read - written, 0)
            if new:
                self._write(prefixes[breakpoint_.at], breakpoint_.lifetime)
            written += new
            written_long += new if breakpoint_.lifetime in _LONG else 0
        return CacheUse(total - read - written, read, written, written_long)

    def _is_live(self, prefix: bytes) -> bool:
        entry = self._entries.get(prefix)
        return entry is not None and entry.ends > self._clock()

    def _refresh(self, prefix: bytes) -> None:
        entry = self._entries[prefix]
        entry.ends = self._clock() + entry.lifetime_s
        self._entries.move_to_end(prefix)

    def _write(self, prefix: bytes, lifetime: str) -> None:
        lifetime_s = _LIFETIMES_S[lifetime]
        self._entries[prefix] = _Entry(lifetime_s, self._clock() + lifetime_s)
        self._entries.move_to_end(prefix)
        if len(self._entries) > _MOST_ENTRIES:
            self._entries.popitem(last=False)


def use_anthropic(
    cache: PromptCache,
    blocks: Sequence[Block],
    prefixes: Sequence[bytes],
    automatic: str | None,
    shortest: int,
) -> CacheUse:
    """Use the cache as Anthropic does.

    Each breakpoint looks back over 20 blocks, itself the first, for an entry that was written.

    Args:
        cache: the entries.
        blocks: the request.
        prefixes: hash of the prefix that ends with each block.
        automatic: lifetime of the breakpoint that the request sets on its last block, or None.
        shortest: tokens below which the model's prefixes are not cached.
    """
    marks = {i: block.mark or "5m" for i, block in enumerate(blocks) if block.mark is not None}
    last = last_cacheable(blocks)
    if automatic is not None and last is not None:
        marks.setdefault(last, automatic or "5m")
    breakpoints = [Breakpoint(at, lifetime) for at, lifetime in sorted(marks.items())]
    places = {
        place
        for breakpoint_ in breakpoints
        for place in range(max(breakpoint_.at - _LOOKBACK_BLOCKS + 1, 0), breakpoint_.at + 1)
    }
    return cache.use(blocks, prefixes, sorted(places), breakpoints, shortest)


def use_openai(
    cache: PromptCache,
    blocks: Sequence[Block],
    prefixes: Sequence[bytes],
    *,
    is_implicit: bool,
    lifetime: str,
) -> CacheUse:
    """Use the cache as OpenAI does from GPT-5.6 on.

    Prefixes are matched at breakpoints only, at the latest 80 of them. In implicit mode there is
    one at the end of each message of a user or a tool, and the newest one is written.

    Args:
        cache: the entries.
        blocks: the request.
        prefixes: hash of the prefix that ends with each block.
        is_implicit: the mode.
        lifetime: of breakpoints that say nothing else.
    """
    explicit = [i for i, block in enumerate(blocks) if block.mark is not None]
    implicit = _ends_of_turns(blocks) if is_implicit else []
    places = sorted({*explicit, *implicit})[-_LOOKBACK_BREAKPOINTS:]
    written = {i: blocks[i].mark or lifetime for i in explicit[-3 if is_implicit else -4 :]}
    for newest in implicit[-1:]:
        written.setdefault(newest, lifetime)
    breakpoints = [Breakpoint(at, how_long) for at, how_long in sorted(written.items())]
    return cache.use(blocks, prefixes, places, breakpoints, _OPENAI_SHORTEST)


def last_cacheable(blocks: Sequence[Block]) -> int | None:
    """Return the position of the last block that may carry a breakpoint of Anthropic's."""
    places = (i for i in reversed(range(len(blocks))) if blocks[i].kind != "thinking")
    return next(places, None)


def _ends_of_turns(blocks: Sequence[Block]) -> list[int]:
    """Return where messages of users and tools end."""
    return [
        index
        for index, block in enumerate(blocks)
        if block.ends_message and block.role in ("user", "tool")
    ]


def _running_totals(blocks: Sequence[Block]) -> list[int]:
    totals: list[int] = []
    total = 0
    for block in blocks:
        total += block.tokens
        totals.append(total)
    return totals
