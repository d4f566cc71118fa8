import json
import struct
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pokebench.tallgrass import state as tallgrass_state
from pokebench.tallgrass.state import (
    STATE_ADDRESS,
    STATE_SIZE,
    address_of,
    decode,
    decode_creature,
    place,
)

LAYOUT = json.loads(
    resources.files("pokebench.tallgrass").joinpath("data/state.json").read_text("utf-8")
)
OFFSETS = {field["name"]: field["offset"] for field in LAYOUT["fields"]}


def block_with(**values: bytes) -> bytes:
    block = bytearray(STATE_SIZE)
    for name, data in values.items():
        block[OFFSETS[name] : OFFSETS[name] + len(data)] = data
    return bytes(block)


def creature_bytes(species: int, level: int, hp: int) -> bytes:
    numbers = struct.pack("<BB3H9B", species, level, hp, 90, 12, 3, 2, 4, 50, 51, 52, 53, 0, 0)
    return numbers[:15] + bytes([1, 2, 0, 0, 30, 15, 0, 0, 200]) + bytes(8)


def test_constants_are_those_of_the_exported_layout() -> None:
    assert (LAYOUT["address"], LAYOUT["size"]) == (STATE_ADDRESS, STATE_SIZE)
    assert LAYOUT["version"] == tallgrass_state.STATE_VERSION


@pytest.mark.parametrize("enum", ["Mode", "Status", "Result", "Battle", "Submode"])
def test_enums_are_those_of_the_exported_layout(enum: str) -> None:
    prefixes = {"Submode": ["SUB_"]}.get(enum, [enum.upper() + "_"])
    exported = {
        name.removeprefix(prefix): value
        for prefix in prefixes
        for name, value in LAYOUT["enums"].items()
        if name.startswith(prefix)
    }
    if enum == "Submode":
        exported["MESSAGE"] = exported.pop("NONE")
    members = getattr(tallgrass_state, enum)

    assert {member.name: member.value for member in members} == exported


def test_every_field_of_the_state_is_in_the_exported_layout() -> None:
    assert set(tallgrass_state.State.__dataclass_fields__) <= set(OFFSETS)


def test_address_of_is_the_offset_past_the_block_start() -> None:
    assert address_of("milestones") == STATE_ADDRESS + OFFSETS["milestones"]


def test_place_names_a_fixed_address() -> None:
    assert place("MAP_CELLS") == 0xD000


def test_decode_refuses_a_block_of_another_size() -> None:
    with pytest.raises(ValueError, match="666 bytes, not 665"):
        decode(bytes(STATE_SIZE - 1))


def test_decode_reads_numbers_little_endian() -> None:
    state = decode(block_with(money=struct.pack("<H", 500), steps=struct.pack("<I", 70000)))

    assert (state.money, state.steps) == (500, 70000)


def test_decode_reads_only_the_creatures_of_the_party() -> None:
    party = creature_bytes(7, 12, 33) + creature_bytes(8, 13, 34) + creature_bytes(9, 14, 35)

    state = decode(block_with(party_count=b"\2", party=party))

    assert [(c.species, c.level, c.hp) for c in state.party] == [(7, 12, 33), (8, 13, 34)]


def test_decode_creature_reads_moves_and_their_uses() -> None:
    creature = decode_creature(creature_bytes(7, 12, 33))

    assert (creature.moves, creature.pp) == (bytes([1, 2, 0, 0]), bytes([30, 15, 0, 0]))
    assert (creature.status, creature.sleep_turns, creature.type) == (3, 2, 4)


def test_the_bag_ends_at_item_zero() -> None:
    state = decode(block_with(bag=bytes([1, 3, 2, 5, 0, 0, 4, 1])))

    assert state.bag == {1: 3, 2: 5}


def test_a_block_with_magic_version_and_canary_is_valid() -> None:
    block = block_with(magic=b"TGS2", version=b"\2", canary=b"\x5a\xa5")

    assert decode(block).is_valid
    assert not decode(bytes(STATE_SIZE)).is_valid


@given(st.sets(st.integers(0, 511)), st.sets(st.integers(0, 63)))
def test_flags_and_milestones_come_back_bit_by_bit(flags: set[int], bits: set[int]) -> None:
    flag_bytes = sum(1 << flag for flag in flags).to_bytes(64, "little")
    bit_bytes = sum(1 << bit for bit in bits).to_bytes(8, "little")

    state = decode(block_with(flags=flag_bytes, milestones=bit_bytes))

    assert {flag for flag in range(512) if state.has_flag(flag)} == flags
    assert {bit for bit in range(64) if state.has_milestone(bit)} == bits


@given(st.binary(min_size=STATE_SIZE, max_size=STATE_SIZE))
def test_any_block_decodes(block: bytes) -> None:
    state = decode(block)

    assert len(state.party) <= 6
