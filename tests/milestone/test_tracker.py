from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pokebench.milestone.predicate import Bit, Symbol
from pokebench.milestone.table import Milestone
from pokebench.milestone.tracker import Tracker

SYMBOLS = {"flags": Symbol(address=0xC000, size=4, encoding="bits", source="test")}


def milestone(bit: int) -> Milestone:
    when = Bit(symbol="flags", bit=bit)
    return Milestone(id=f"m{bit}", title=f"M {bit}", when=when, skill="battle")


class Ram:
    """Four bytes of flags."""

    def __init__(self) -> None:
        self.flags = 0

    def read(self, address: int, size: int) -> bytes:
        return self.flags.to_bytes(4, "little")[address - 0xC000 :][:size]


def test_a_milestone_latches_at_the_second_read_in_a_row() -> None:
    ram, tracker = Ram(), Tracker([milestone(3)], SYMBOLS)
    ram.flags = 1 << 3

    assert tracker.update(ram.read) == ()
    assert tracker.update(ram.read) == ("m3",)
    assert tracker.update(ram.read) == ()


def test_a_flicker_does_not_count() -> None:
    ram, tracker = Ram(), Tracker([milestone(3)], SYMBOLS)
    for flags in (8, 0, 8, 0, 8):
        ram.flags = flags
        assert tracker.update(ram.read) == ()


def test_a_latched_milestone_stays_when_the_game_forgets() -> None:
    ram, tracker = Ram(), Tracker([milestone(1)], SYMBOLS)
    ram.flags = 2
    tracker.update(ram.read)
    tracker.update(ram.read)
    ram.flags = 0
    tracker.update(ram.read)

    assert list(tracker.latched) == ["m1"]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=30))
def test_it_latches_what_two_plain_reads_in_a_row_show(history: list[int]) -> None:
    bits = [0, 1, 7, 8, 20, 31]
    ram, tracker = Ram(), Tracker([milestone(bit) for bit in bits], SYMBOLS)
    for flags in history:
        ram.flags = flags
        tracker.update(ram.read)
    pairs = list(pairwise(history))
    expected = {f"m{bit}" for bit in bits if any(a & b & 1 << bit for a, b in pairs)}

    assert set(tracker.latched) == expected
