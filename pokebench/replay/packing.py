"""How what a replay cache holds is compressed."""

from typing import Final

import zstandard

_LEVEL: Final = 3
_MOST_BYTES: Final = 1 << 30


def pack(raw: bytes) -> bytes:
    """Return `raw` compressed, with a checksum."""
    return zstandard.ZstdCompressor(_LEVEL, write_checksum=True).compress(raw)


def unpack(packed: bytes) -> bytes:
    """Return what was packed.

    Raises:
        zstandard.ZstdError: it is damaged.
    """
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST_BYTES)
