"""RAM by label."""

from collections.abc import Mapping

from pokebench.types import RamPort


class Ram:
    """Reads RAM by the labels of one game's layout."""

    def __init__(self, port: RamPort, at: Mapping[str, int]) -> None:
        """Read `port`; `at` has the address of each label."""
        self._read = port.read
        self._at = at

    def address(self, label: str) -> int:
        """Return where a label lies."""
        return self._at[label]

    def byte(self, label: str, offset: int = 0) -> int:
        """Return the byte at a label, or `offset` bytes after it."""
        return self._read(self._at[label] + offset, 1)[0]

    def bytes(self, label: str, size: int, offset: int = 0) -> bytes:
        """Return `size` >= 1 bytes from a label, or from `offset` bytes after it."""
        return self._read(self._at[label] + offset, size)
