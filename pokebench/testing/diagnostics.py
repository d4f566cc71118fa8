"""Why a prompt cache missed, as both providers tell those who ask."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pokebench.testing.blocks import Block, Section
from pokebench.testing.usage import CacheUse

Json = dict[str, Any]
_MOST_KEPT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a request to compare later ones with.

    Attributes:
        options: what cached prefixes depend on besides their blocks, by the provider's name of it.
        tools: hash of the tools.
        system: hash of tools and system.
        size: number of blocks.
        whole: hash of all blocks.
        tokens: input tokens.
    """

    options: tuple[tuple[str, str], ...]
    tools: bytes
    system: bytes
    size: int
    whole: bytes
    tokens: int

    @classmethod
    def of(cls, body: Json, blocks: Sequence[Block], chain: Sequence[bytes]) -> "Fingerprint":
        """Return the fingerprint of a request, given the hash of each of its prefixes."""
        text = body.get("text") or {}
        options = {
            "model": body["model"],
            "prompt_cache_key": body.get("prompt_cache_key"),
            "reasoning_effort": (body.get("reasoning") or {}).get("effort"),
            "service_tier": body.get("service_tier"),
            "text_format": text.get("format"),
            "verbosity": text.get("verbosity"),
        }
        tools = sum(block.section is Section.TOOLS for block in blocks)
        system = tools + sum(block.section is Section.SYSTEM for block in blocks)
        return cls(
            options=tuple((name, str(value)) for name, value in options.items()),
            tools=chain[tools - 1] if tools else b"",
            system=chain[system - 1] if system else b"",
            size=len(blocks),
            whole=chain[-1],
            tokens=sum(block.tokens for block in blocks),
        )

    def change(self, now: "Fingerprint", chain: Sequence[bytes]) -> str:
        """Return what a later request changed of this one: an option, or a part; "" if nothing."""
        for (name, before), (_, after) in zip(self.options, now.options, strict=True):
            if before != after:
                return name
        if now.tools != self.tools:
            return "tools"
        if now.system != self.system:
            return "system"
        is_longer = now.size >= self.size and chain[self.size - 1] == self.whole
        return "" if is_longer else "messages"


class Fingerprints:
    """Fingerprints of the latest requests, by the ids of their replies."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Fingerprint] = OrderedDict()

    def keep(self, reply_id: str, fingerprint: Fingerprint) -> None:
        """Keep a request's fingerprint."""
        self._kept[reply_id] = fingerprint
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def told(self, body: Json, chain: Sequence[bytes], now: Fingerprint, use: CacheUse) -> Json:
        """Return the fields of a reply that say why its request missed; none if nobody asks."""
        asked = body.get("diagnostics")
        if isinstance(asked, dict):
            return {"diagnostics": self._anthropic(asked, chain, now, use)}
        asked = (body.get("prompt_cache_options") or {}).get("comparison_response_id")
        if asked:
            return {"prompt_cache_diagnostics": self._openai(asked, chain, now, use)}
        return {}

    def _anthropic(
        self, asked: Json, chain: Sequence[bytes], now: Fingerprint, use: CacheUse
    ) -> Json | None:
        previous = asked.get("previous_message_id")
        if previous is None:
            return None
        kept = self._kept.get(previous)
        if kept is None:
            return {"cache_miss_reason": {"type": "previous_message_not_found"}}
        change = kept.change(now, chain)
        if not change:
            return None
        missed = max(kept.tokens - use.read, 0)
        reason = {"type": f"{change}_changed", "cache_missed_input_tokens": missed}
        return {"cache_miss_reason": reason}

    def _openai(self, asked: str, chain: Sequence[bytes], now: Fingerprint, use: CacheUse) -> Json:
        kept = self._kept.get(asked)
        if kept is None:
            return {"type": "comparison_response_not_found"}
        change = kept.change(now, chain)
        if not change:
            return {"type": "cache_hit" if use.read else "unavailable"}
        word = "input" if change in ("messages", "system") else change
        missed = max(kept.tokens - use.read, 0)
        return {"type": "cache_miss", "reason": f"{word}_changed", "cache_missed_tokens": missed}
