"""Tokens and prompt caches as providers publish their rules, near enough to compare designs by.

Text has a token for four bytes; a picture has a token for each patch of 28 (Anthropic) or 32
(OpenAI, a
fifth more) pixels. A prefix that was sent before is read from the cache, down to the last block
that is the same; the rest is written to it, if the whole is long enough to be cached at all.
"""

import base64
import hashlib
import json
import math
import struct
import time
from dataclasses import dataclass
from typing import Any, Final

_LIFETIME_S: Final = {"anthropic": 3600.0, "openai": 1800.0}
_SHORTEST: Final = {"anthropic": 512, "openai": 1024}
_BLOCK_TOKENS: Final = 4
_UNCOUNTED: Final = frozenset({"type", "role", "id", "cache_control"})


@dataclass(frozen=True, slots=True)
class CacheUse:
    """Input tokens of a request, by what the cache did with them."""

    fresh: int
    read: int
    written: int

    @property
    def total(self) -> int:
        """All input tokens."""
        return self.fresh + self.read + self.written


class PromptCache:
    """One provider's cache; remembers hashes of prefixes, never what was said."""

    def __init__(self) -> None:
        self._entries: dict[bytes, float] = {}

    def use(self, family: str, model: str, blocks: list[Any]) -> CacheUse:
        """Look up a request's blocks in order, and keep it for later.

        Args:
            family: `anthropic` or `openai`.
            model: prefixes of another model are not shared.
            blocks: tools, system and messages, in the order in which they are cached.
        """
        now = time.monotonic()
        digest = hashlib.sha256(f"{family} {model}".encode())
        total = read = 0
        keys: list[bytes] = []
        for block in blocks:
            digest.update(json.dumps(_bare(block), sort_keys=True).encode())
            total += tokens_of(family, block)
            keys.append(digest.digest())
            if self._entries.get(keys[-1], 0.0) > now:
                read = total
        if total < _SHORTEST[family]:
            return CacheUse(total, 0, 0)
        for key in keys:
            self._entries[key] = now + _LIFETIME_S[family]
        return CacheUse(0, read, total - read)


def tokens_of(family: str, block: Any) -> int:
    """Return the tokens of one block of a request."""
    if isinstance(block, str):
        return text_tokens(block)
    if isinstance(block, list):
        return sum(tokens_of(family, part) for part in block)
    if not isinstance(block, dict):
        return 1
    picture = _picture(block)
    if picture is not None:
        return _picture_tokens(family, picture)
    parts = (value for key, value in block.items() if key not in _UNCOUNTED)
    return _BLOCK_TOKENS + sum(tokens_of(family, part) for part in parts)


def text_tokens(text: str) -> int:
    """Return the tokens of words."""
    return math.ceil(len(text.encode()) / 4)


def _picture(block: dict[str, Any]) -> str | None:
    """Return the base64 data of a picture block of any of the three protocols, or None."""
    if block.get("type") == "image":
        return str(block["source"]["data"])
    if block.get("type") in ("image_url", "input_image"):
        url = block["image_url"]
        address = url["url"] if isinstance(url, dict) else url
        return str(address).partition(",")[2]
    return None


def _picture_tokens(family: str, data: str) -> int:
    head = base64.b64decode(data[:64])
    is_png = head.startswith(b"\x89PNG")
    size: tuple[int, int] = struct.unpack(">II", head[16:24]) if is_png else (160, 144)
    width, height = size
    if family == "anthropic":
        return math.ceil(width / 28) * math.ceil(height / 28)
    return math.ceil(1.2 * math.ceil(width / 32) * math.ceil(height / 32))


def _bare(block: Any) -> Any:
    """Return a block without its cache marks, which are not part of the prefix."""
    if isinstance(block, dict):
        return {key: _bare(value) for key, value in block.items() if key != "cache_control"}
    return [_bare(part) for part in block] if isinstance(block, list) else block
