"""What a provider would charge for: one line for each answer that it began."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

_OPEN_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_FILE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Bill:
    """One charge, written before the first byte of the answer leaves.

    Attributes:
        request: hash of the question, the same for each attempt to ask it.
        model: the model that was asked for.
        tokens_in: input tokens that no cache had to do with.
        tokens_cache_read: input tokens read from the cache.
        tokens_cache_write: input tokens written to the cache.
        tokens_out: output tokens, thinking included.
        tokens_cache_write_long: the part of those written that is kept for the longer lifetime.
        protocol: `messages`, `responses` or `chat`.
        response: id of the answer; each attempt gets its own.
        is_background: whether the answer is made in the background.
        fault: kind of the fault that struck the attempt, or "".
    """

    request: str
    model: str
    tokens_in: int
    tokens_cache_read: int
    tokens_cache_write: int
    tokens_out: int
    tokens_cache_write_long: int = 0
    protocol: str = ""
    response: str = ""
    is_background: bool = False
    fault: str = ""


class Ledger:
    """All bills, in memory and, if a file is given, as one JSON object a line.

    Attributes:
        bills: in order.
    """

    def __init__(self, path: Path | None) -> None:
        """Append to `path`."""
        self.bills: list[Bill] = []
        self._path = path
        self._lock = threading.Lock()
        self._number = len(read_ledger(path)) if path else 0

    def next_number(self) -> int:
        """Return a number that no bill of this ledger has."""
        with self._lock:
            self._number += 1
            return self._number

    def charge(self, bill: Bill) -> None:
        """Write a bill; when this returns, other processes can read it."""
        line = json.dumps(asdict(bill)) + "\n"
        with self._lock:
            self.bills.append(bill)
            if self._path is not None:
                descriptor = os.open(self._path, _OPEN_FLAGS, _FILE_MODE)
                try:
                    os.write(descriptor, line.encode())
                finally:
                    os.close(descriptor)


def read_ledger(path: Path) -> list[Bill]:
    """Return the bills in a ledger's file; none if there is no file yet."""
    if not path.exists():
        return []
    return [Bill(**json.loads(line)) for line in path.read_text().splitlines()]
