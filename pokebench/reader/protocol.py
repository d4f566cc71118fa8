"""What every text reader offers."""

from typing import Protocol

from pokebench.types import RamPort


class TextReader(Protocol):
    """Turns RAM into text; only what a person could read off the screen, or the tier allows."""

    def read(self, ram: RamPort) -> str:
        """Return the text of this moment: printable characters and new lines."""
        ...
