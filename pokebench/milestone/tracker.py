"""Watches RAM and latches milestones."""

from collections.abc import Sequence

from pokebench.milestone.predicate import ReadBytes, Symbols, Test
from pokebench.milestone.table import Milestone
from pokebench.types import JsonObject

_GAP_BYTES = 8
"""Spans closer than this are read in one go: a read costs more than the bytes between."""


class Tracker:
    """Latches each milestone once, when its condition holds on two consecutive reads.

    Two reads keep a value that is caught halfway through an update from counting. A latched
    milestone stays latched whatever the game does later.
    """

    def __init__(self, milestones: Sequence[Milestone], symbols: Symbols) -> None:
        """Watch `milestones`, whose conditions name `symbols`."""
        self._pending: dict[str, Test] = {m.id: m.when.bind(symbols) for m in milestones}
        self._spans = _merged([span for m in milestones for span in m.when.spans(symbols)])
        self._held: set[str] = set()
        self._image: list[bytes] = []
        self.latched: dict[str, None] = {}

    def state(self) -> JsonObject:
        """Return what was latched and what held at the last read."""
        return {"latched": list(self.latched), "held": sorted(self._held)}

    def restore(self, state: JsonObject) -> None:
        """Take back what `state` returned, in a tracker that has latched nothing yet."""
        for name in state["latched"]:
            del self._pending[name]
            self.latched[name] = None
        self._held = set(state["held"])
        self._image = []

    def update(self, read: ReadBytes) -> tuple[str, ...]:
        """Read RAM once; return the milestones that latch by it, in the table's order."""
        image = [read(start, size) for start, size in self._spans]
        if image == self._image and not self._held:
            return ()
        self._image = image
        return self._evaluate(self._read_image)

    def _evaluate(self, read: ReadBytes) -> tuple[str, ...]:
        holding = {name for name, test in self._pending.items() if test(read)}
        latching = tuple(name for name in self._pending if name in holding & self._held)
        for name in latching:
            del self._pending[name]
            self.latched[name] = None
        self._held = holding.difference(latching)
        return latching

    def _read_image(self, address: int, size: int) -> bytes:
        """Serve a read from the bytes already fetched, so that all conditions see one moment."""
        for (start, length), data in zip(self._spans, self._image, strict=True):
            if start <= address and address + size <= start + length:
                return data[address - start : address - start + size]
        raise AssertionError(f"condition reads {address:#06x}, which no span covers")


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
