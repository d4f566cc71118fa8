from pathlib import Path

import numpy as np
import pytest

from pokebench.emulator import SCREEN_SHAPE, Emulator, EmulatorSettings
from pokebench.errors import ConfigError, RomError
from pokebench.milestone import Cartridge
from pokebench.savestate import canonical, host_parts
from pokebench.types import Action

SETTINGS = EmulatorSettings()
SOME_ACTIONS = [Action.A, Action.START, Action.DOWN, Action.WAIT, Action.A, Action.B, Action.LEFT]


def play(emulator: Emulator, steps: int, *, render: bool = False) -> None:
    for index in range(steps):
        action = SOME_ACTIONS[index % len(SOME_ACTIONS)]
        emulator.step(action, 8, 20, render=render)


def test_equal_inputs_give_equal_machines(micro: Cartridge) -> None:
    hashes = []
    for _ in range(2):
        with Emulator(micro.rom.data, SETTINGS) as emulator:
            play(emulator, 60)
            hashes.append((emulator.state_hash(), emulator.ram_hash(), emulator.frames))

    assert hashes[0] == hashes[1]


def test_drawing_does_not_change_the_machine(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as drawn, Emulator(micro.rom.data, SETTINGS) as plain:
        play(drawn, 40, render=True)
        play(plain, 40, render=False)

        assert drawn.state_hash() == plain.state_hash()


def test_reading_ram_does_not_change_the_machine(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as read, Emulator(micro.rom.data, SETTINGS) as plain:
        for _ in range(20):
            play(read, 1)
            play(plain, 1)
            read.read(0x8000, 0x8000)

        assert read.state_hash() == plain.state_hash()


def test_another_button_gives_another_machine(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as one, Emulator(micro.rom.data, SETTINGS) as other:
        one.run(120)
        other.run(120)
        one.step(Action.A, 8, 20)
        other.step(Action.WAIT, 8, 20)

        assert one.state_hash() != other.state_hash()


def test_a_state_goes_on_alike_in_a_new_machine(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as first, Emulator(micro.rom.data, SETTINGS) as second:
        play(first, 30)
        second.load_state(first.save_state(), first.frames)
        play(first, 30)
        play(second, 30)

        assert second.state_hash() == first.state_hash()
        assert second.frames == first.frames


def test_the_canonical_state_ignores_the_host_and_nothing_else(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as emulator:
        play(emulator, 10)
        state = emulator.save_state()
    ignored = set()
    for start, end in host_parts(state):
        ignored |= {start, end - 1}
    probes = np.random.default_rng(1).integers(len(state), size=400)
    inside = [int(p) for p in probes if any(a <= p < b for a, b in host_parts(state))]

    for probe in (*probes.tolist(), *ignored):
        if probe < 6 or 8432 <= probe < 8500:  # bytes that the layout itself is read from
            continue
        changed = bytearray(state)
        changed[probe] ^= 1
        is_host = probe in ignored or probe in inside
        assert (canonical(bytes(changed)) == canonical(state)) == is_host, probe


def test_a_state_of_another_layout_is_refused(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as emulator:
        with pytest.raises(ConfigError, match="savestate has 10 bytes"):
            emulator.load_state(bytes(10), 0)
        with pytest.raises(ConfigError, match="not of version 29"):
            canonical(bytes(1000))


def test_the_screen_is_rgb_and_the_callers_own(micro: Cartridge) -> None:
    with Emulator(micro.rom.data, SETTINGS) as emulator:
        emulator.run(120, render=True)
        screen = emulator.screen()
        kept = screen.copy()
        emulator.step(Action.A, 8, 20, render=True)
        emulator.run(60, render=True)

        assert screen.shape == SCREEN_SHAPE
        assert screen.dtype == np.uint8
        assert np.array_equal(screen, kept)
        assert len(np.unique(screen)) > 1


def test_no_file_is_written_beside_anything(
    micro: Cartridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Emulator(micro.rom.data, SETTINGS) as emulator:
        play(emulator, 20)
        emulator.save_state()

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_rom_is_refused_at_the_door(micro: Cartridge) -> None:
    with pytest.raises(RomError, match="truncated"):
        Emulator(micro.rom.data[:-5], SETTINGS)
