from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.tallgrass.rng import Pcg32


def test_it_gives_the_published_reference_values() -> None:
    # Source: imneme/pcg-c-basic pcg32-demo, seed 42, stream 54
    generator = Pcg32(42, 54)

    assert [generator.next() for _ in range(6)] == [
        0xA15C02B7, 0x7B47F409, 0xBA1D3330, 0x83D2F293, 0xBFA4784B, 0xCBED606E,
    ]  # fmt: skip


def test_coins_rolls_and_cards_of_the_reference_follow() -> None:
    # Source: imneme/pcg-c-basic pcg32-demo, round 1, "Rolls"
    generator = Pcg32(42, 54)
    for _ in range(6):
        generator.next()
    coins = "".join("TH"[generator.below(2)] for _ in range(65))
    rolls = [generator.between(1, 6) for _ in range(33)]

    assert coins == "HHTTTHTHHHTHTTTHHHHHTTTHHHTHTHTHTTHTTTHHHHHHTTTTHHTTTTTHTTTTTTTHT"
    assert rolls == [3, 4, 1, 1, 2, 2, 3, 2, 4, 3, 2, 4, 3, 3, 5, 2, 3, 1, 3, 1, 5, 1, 4, 1, 5,
                     6, 4, 6, 6, 2, 6, 3, 3]  # fmt: skip


def test_streams_of_one_seed_differ() -> None:
    first, second = Pcg32(7, 1), Pcg32(7, 2)

    assert [first.next() for _ in range(4)] != [second.next() for _ in range(4)]


@given(st.integers(0, 2**64 - 1), st.integers(-50, 50), st.integers(0, 100))
def test_between_includes_both_ends_and_nothing_else(seed: int, low: int, span: int) -> None:
    number = Pcg32(seed).between(low, low + span)

    assert low <= number <= low + span


def test_below_reaches_every_value_about_as_often() -> None:
    generator = Pcg32(3)
    counts = Counter(generator.below(6) for _ in range(6000))

    assert sorted(counts) == [0, 1, 2, 3, 4, 5]
    assert min(counts.values()) > 850


@pytest.mark.parametrize("bound", [0, -1, 2**32 + 1])
def test_below_refuses_a_bound_it_cannot_serve(bound: int) -> None:
    with pytest.raises(ValueError, match="bound"):
        Pcg32(1).below(bound)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers()))
def test_shuffle_keeps_the_items(seed: int, items: list[int]) -> None:
    shuffled = list(items)
    Pcg32(seed).shuffle(shuffled)

    assert Counter(shuffled) == Counter(items)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(), unique=True), st.data())
def test_sample_takes_different_items(seed: int, items: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(items)))
    taken = Pcg32(seed).sample(items, count)

    assert len(taken) == len(set(taken)) == count
    assert set(taken) <= set(items)


def test_sample_refuses_more_than_there_are() -> None:
    with pytest.raises(ValueError, match="cannot take 3 of 2"):
        Pcg32(1).sample([1, 2], 3)


def test_chance_is_certain_at_the_ends() -> None:
    generator = Pcg32(9)

    assert all(generator.chance(1, 1) for _ in range(20))
    assert not any(generator.chance(0, 5) for _ in range(20))
