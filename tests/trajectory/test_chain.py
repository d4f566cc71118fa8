from hypothesis import given
from hypothesis import strategies as st

from pokebench.trajectory.chain import Chain

BODIES = st.lists(st.integers().map(lambda n: b'{"i":%d}' % n), min_size=1, max_size=10)


@given(BODIES)
def test_what_is_sealed_opens_in_order(bodies: list[bytes]) -> None:
    writer, reader = Chain(b"manifest"), Chain(b"manifest")
    lines = [writer.seal(body) for body in bodies]

    assert [reader.open(line) for line in lines] == bodies
    assert reader.head == writer.head


@given(BODIES, st.data())
def test_any_flipped_bit_of_a_line_is_noticed(bodies: list[bytes], data: st.DataObject) -> None:
    writer, reader = Chain(b"manifest"), Chain(b"manifest")
    lines = [writer.seal(body) for body in bodies]
    victim = data.draw(st.integers(0, len(lines) - 1))
    bit = data.draw(st.integers(0, len(lines[victim]) * 8 - 1))
    changed = bytearray(lines[victim])
    changed[bit // 8] ^= 1 << bit % 8

    for line in lines[:victim]:
        assert reader.open(line) is not None
    assert reader.open(bytes(changed)) is None


def test_another_manifest_breaks_the_first_line() -> None:
    line = Chain(b"manifest").seal(b'{"i":0}')

    assert Chain(b"Manifest").open(line) is None


def test_lines_cannot_change_places_or_be_left_out() -> None:
    writer = Chain(b"manifest")
    first, second, third = (writer.seal(b'{"i":%d}' % n) for n in range(3))
    reader = Chain(b"manifest")

    assert reader.open(second) is None
    assert reader.open(first) is not None
    assert reader.open(third) is None
    assert reader.open(second) is not None
