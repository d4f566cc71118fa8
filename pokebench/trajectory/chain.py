r"""The hash chain that binds every event to all that came before it, manifest first.

With `c0 = SHA256("pokebench-run/1\n" + manifest bytes)`, an event with bytes `body` has
`ci = SHA256(c(i-1) + SHA256(body))` and is written as `body,"h":"<first 16 hex digits of ci>"}`.
"""

import hashlib
import re
from typing import Final

_SEED: Final = b"pokebench-run/1\n"
HASH_DIGITS: Final = 16
_TAIL: Final = re.compile(rb',"h":"([0-9a-f]{16})"\}')
_TAIL_BYTES: Final = 24


class Chain:
    """The running digest of a trajectory."""

    def __init__(self, manifest: bytes) -> None:
        """Start from the manifest's bytes."""
        self._digest = hashlib.sha256(_SEED + manifest).digest()

    @classmethod
    def after(cls, head: str) -> "Chain":
        """Go on from a digest, 64 hex digits."""
        chain = cls(b"")
        chain._digest = bytes.fromhex(head)
        return chain

    @property
    def head(self) -> str:
        """The digest so far, 64 hex digits."""
        return self._digest.hex()

    def seal(self, body: bytes) -> bytes:
        """Advance by an event's JSON object; return it with its hash, without a new line."""
        opened = body.removesuffix(b"}")
        return opened + b',"h":"' + self._advance(opened).encode() + b'"}'

    def open(self, line: bytes) -> bytes | None:
        """Advance by a sealed line; return the event's JSON object, or None if the hash is wrong.

        After a wrong hash the chain stands where it stood before.
        """
        match = _TAIL.fullmatch(line[-_TAIL_BYTES:])
        if match is None:
            return None
        opened, before = line[:-_TAIL_BYTES], self._digest
        if self._advance(opened) != match[1].decode():
            self._digest = before
            return None
        return opened + b"}"

    def _advance(self, opened: bytes) -> str:
        event = hashlib.sha256(opened).digest()
        self._digest = hashlib.sha256(self._digest + event).digest()
        return self._digest.hex()[:HASH_DIGITS]
