"""Watches RAM and latches milestones and flags."""

from bisect import bisect_right
from collections.abc import Sequence

from pokebench.milestone.predicate import ReadBytes, Symbols, Test
from pokebench.milestone.table import Flag, Milestone
from pokebench.types import JsonObject

_GAP_BYTES = 8
"""Spans closer than this are read in one go: a read costs more than the bytes between."""


class Tracker:
    """Latches each milestone or flag once, when its condition holds on enough reads in a row.

    Two reads keep a value that is caught halfway through an update from counting; flags ask for
    more. What latched stays latched whatever the game does later.
    """

    def __init__(self, watched: Sequence[Milestone | Flag], symbols: Symbols) -> None:
        """Watch `watched`, whose conditions name `symbols`."""
        self._pending: dict[str, Test] = {m.id: m.when.bind(symbols) for m in watched}
        self._reads = {m.id: m.reads for m in watched}
        self._spans = _merged([span for m in watched for span in m.when.spans(symbols)])
        self._starts = [start for start, _ in self._spans]
        self._held: dict[str, int] = {}
        self._image: list[bytes] = []
        self.latched: dict[str, None] = {}

    def state(self) -> JsonObject:
        """Return what was latched, and how many reads in a row each other condition has held."""
        return {"latched": list(self.latched), "held": dict(self._held)}

    def restore(self, state: JsonObject) -> None:
        """Take back what `state` returned, in a tracker that has latched nothing yet."""
        for name in state["latched"]:
            del self._pending[name]
            self.latched[name] = None
        self._held = dict(state["held"])
        self._image = []

    def update(self, read: ReadBytes) -> tuple[str, ...]:
        """Read RAM once; return what latches by it, in the table's order."""
        if not self._pending:
            return ()
        image = [read(start, size) for start, size in self._spans]
        if image == self._image and not self._held:
            return ()
        self._image = image
        return self._evaluate(self._read_image)

    def _evaluate(self, read: ReadBytes) -> tuple[str, ...]:
        held = {
            name: self._held.get(name, 0) + 1 for name, test in self._pending.items() if test(read)
        }
        latching = tuple(name for name, reads in held.items() if reads >= self._reads[name])
        for name in latching:
            del self._pending[name], held[name]
            self.latched[name] = None
        self._held = held
        return latching

    def _read_image(self, address: int, size: int) -> bytes:
        """Serve a read from the bytes already fetched, so that all conditions see one moment."""
        index = bisect_right(self._starts, address) - 1
        offset = address - self._starts[index]
        data = self._image[index][offset : offset + size]
        assert index >= 0, f"condition reads {address:#06x}, which no span covers"
        assert len(data) == size, f"condition reads {address:#06x}, which no span covers"
        return data


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return `spans` sorted, with those that touch or nearly touch joined."""
    joined: list[tuple[int, int]] = []
    for start, size in sorted(spans):
        if joined and start <= sum(joined[-1]) + _GAP_BYTES:
            first, length = joined[-1]
            joined[-1] = (first, max(length, start + size - first))
        else:
            joined.append((start, size))
    return joined
