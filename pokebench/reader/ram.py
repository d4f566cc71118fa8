"""RAM by label."""

from collections.abc import Mapping

from pokebench.types import RamPort

NAME_BYTES = 11
"""Bytes that a name has room for in RAM."""


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

    def span(self, label: str, size: int, offset: int = 0) -> bytes:
        """Return `size` >= 1 bytes from a label, or from `offset` bytes after it."""
        return self._read(self._at[label] + offset, size)

    def name(self, label: str) -> bytes:
        """Return the name at a label, as it is encoded."""
        return self.span(label, NAME_BYTES)

    def names(self, label: str, count: int) -> list[bytes]:
        """Return `count` names in a row from a label on."""
        raw = self.span(label, count * NAME_BYTES)
        return [raw[i : i + NAME_BYTES] for i in range(0, len(raw), NAME_BYTES)]

    def stacks(self, count_label: str, label: str, most: int) -> list[tuple[int, int]] | None:
        """Return a list of items with amounts, or None if it would have more than `most`."""
        count = self.byte(count_label)
        if count > most:
            return None
        raw = self.span(label, 2 * most)[: 2 * count]
        return list(zip(raw[::2], raw[1::2], strict=True))
