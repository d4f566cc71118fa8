"""Tables on RAM that a cartridge's program made, through emulator, episode and tracker."""

import time

import pytest

from pokebench.emulator import Emulator, EmulatorSettings
from pokebench.episode import Episode
from pokebench.milestone import Cartridge, GameSpec, examine
from pokebench.milestone.table import Start
from pokebench.rom import Rom
from pokebench.testing.cartridge import WORK_RAM, button_rom, image_rom
from pokebench.types import Action
from tests.milestone.ram import Ram, conditions_of, facts, table_of
from tests.milestone.test_flags import LAYOUTS, honest, put


def episode_on(game: str, ram: Ram) -> Episode:
    """The game's own table on a cartridge whose program makes `ram`; the gate knows nothing."""
    table = table_of(game)
    start = Start(boot_frames=90, max_idle_frames=0)
    rom = Rom.of(
        image_rom(
            bytes(ram.data[0xC000:0xE000]),
            color=table.emulator.cgb,
            clock=table.emulator.clock_locked,
        )
    )
    titles = {m.id: m.title for m in table.milestones}
    changed = table.model_copy(update={"start": start})
    cartridge = Cartridge(GameSpec(game), changed, "0" * 64, rom, table.milestones, titles)
    return Episode(cartridge, 0, 100_000)


@pytest.mark.parametrize("game", LAYOUTS)
def test_an_episode_sees_what_ram_holds(game: str) -> None:
    ram = Ram()
    known = [fact for fact in facts() if fact.game == game]
    for fact in known[3:40:3]:
        for atom in fact.choices[0]:
            atom.make(ram)
    expected = {name for name, test in conditions_of(game).items() if test(ram.read)}
    episode = episode_on(game, ram)
    for _ in range(2):
        episode.step(Action.WAIT)

    assert len(expected) > 8
    assert set(episode.milestones) == expected
    episode.close()


@pytest.mark.parametrize("game", ["pokemon_yellow", "pokemon_crystal"])
def test_an_edited_badge_makes_the_episode_invalid(game: str) -> None:
    ram = honest(game)
    assert not _played(game, ram).invalid_because
    name = "badges" if game == "pokemon_yellow" else "johto_badges"
    put(ram, game, **{name: 1})
    episode = _played(game, ram)

    assert "badge_without_leader" in {flag.id for flag in episode.flags}
    assert episode.invalid_because == "a badge whose leader was not beaten"
    assert not [m for m in episode.milestones if m.startswith("badge")]


def _played(game: str, ram: Ram) -> Episode:
    episode = episode_on(game, ram)
    for _ in range(6):
        episode.step(Action.WAIT)
    episode.close()
    return episode


def test_flags_go_on_from_a_checkpoint() -> None:
    ram = honest("pokemon_red")
    put(ram, "pokemon_red", badges=1)
    first, second = episode_on("pokemon_red", ram), episode_on("pokemon_red", ram)
    first.step(Action.WAIT)
    second.restore(first.emulator.save_state(), first.state())
    results = [[episode.step(Action.WAIT).flagged for _ in range(3)] for episode in (first, second)]

    assert results[0] == results[1]
    assert any(results[0])
    first.close()
    second.close()


def test_on_a_color_console_the_main_bank_is_read_whatever_is_switched_in() -> None:
    image = bytes(range(256)) * 32
    # The program's last jump is replaced: bank 5 is switched in, then it stands still.
    rom = bytearray(image_rom(image, color=True))
    end = rom.index(b"\x18\xfe", 0x150)
    rom[end : end + 6] = bytes.fromhex("3E05 E070 18FE")
    with Emulator(bytes(rom), EmulatorSettings(cgb=True)) as emulator:
        emulator.run(120)

        assert emulator.read(WORK_RAM, 0x2000) == image
        for address, size in ((0xCFFE, 4), (0xD000, 1), (0xD123, 2), (0xDFFE, 2), (0xDFFF, 3)):
            whole = emulator.read(address, size)
            assert whole[: 0xE000 - address] == image[address - WORK_RAM :][:size]
            assert len(whole) == size


def test_without_color_there_is_one_bank() -> None:
    image = bytes(range(255, -1, -1)) * 32
    with Emulator(button_rom(image), EmulatorSettings()) as emulator:
        emulator.run(120)

        assert emulator.read(WORK_RAM, 0x1F00) == image[:0x1F00]


def test_one_moment_of_ram_can_be_examined() -> None:
    ram = honest("pokemon_gold")
    put(ram, "pokemon_gold", johto_badges=1, visited_spawns=1 << 16)
    reading = examine(table_of("pokemon_gold"), ram.read)

    assert [m.id for m in reading.milestones] == ["violet"]
    assert [flag.id for flag in reading.flags] == ["badge_without_leader"]
    assert reading.out_of_order == (("violet", "egg_delivered"),)


CLOCK_READER = bytes.fromhex(
    "3E0A EA0000 3E08 EA0040"  # cartridge RAM on, the clock's seconds shown there
    "AF EA0060 3C EA0060 FA00A0 EA00DF 18F1"  # latch, copy to 0xDF00, again
)


def seconds_after(frames: int, *, locked: bool, pause_s: float = 0.0) -> tuple[int, str]:
    rom = bytearray(image_rom(clock=True))
    end = rom.index(b"\x18\xfe", 0x150)
    rom[end : end + len(CLOCK_READER)] = CLOCK_READER
    with Emulator(bytes(rom), EmulatorSettings(clock_locked=locked)) as emulator:
        emulator.run(frames // 2)
        time.sleep(pause_s)
        machine = emulator.save_state()
        emulator.load_state(machine, emulator.frames)
        emulator.run(frames - frames // 2)
        return emulator.read(0xDF00, 1)[0], emulator.state_hash()


def test_a_stopped_clock_stands_still_and_knows_no_wall_clock() -> None:
    stopped = seconds_after(140, locked=True)

    assert stopped[0] == 0
    assert stopped == seconds_after(140, locked=True, pause_s=0.3)
    assert seconds_after(140, locked=False)[0] > 0
