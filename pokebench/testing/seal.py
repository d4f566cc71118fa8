"""What thinking carries, as a signature or as encrypted content, to be recognized again."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

_BYTES: Final = 12
_MAGIC: Final = b"fake-seal "


@dataclass(frozen=True, slots=True)
class Seal:
    """What a block of thinking is bound to.

    Attributes:
        tokens: how much was thought, whatever of it is shown.
        prefix: hash of what stands before.
        previous: hash of the seal before; "" for the first.
    """

    tokens: int
    prefix: str
    previous: str

    @property
    def hash(self) -> str:
        """What the next seal calls this one."""
        raw = f"{self.tokens} {self.prefix} {self.previous}".encode()
        return hashlib.blake2b(raw, digest_size=_BYTES).hexdigest()

    def written(self) -> str:
        """Return it as a signature."""
        words = f"{self.tokens} {self.prefix} {self.previous}"
        return base64.b64encode(_MAGIC + words.encode()).decode()

    @classmethod
    def read(cls, text: str) -> "Seal | None":
        """Return the seal that `written` wrote, or None if it is no such."""
        try:
            raw = base64.b64decode(text, validate=True)
            tokens, prefix, previous = raw.removeprefix(_MAGIC).decode().split(" ")
            return cls(int(tokens), prefix, previous) if raw.startswith(_MAGIC) else None
        except (binascii.Error, ValueError):
            return None
