"""The readers on the real emulator, whose RAM a cartridge's own program filled."""

import pytest

from pokebench.emulator import Emulator, EmulatorSettings
from pokebench.reader import TextReader
from pokebench.testing.cartridge import image_rom
from tests.reader import test_gen1, test_gen2
from tests.reader.image import RamImage

GAMES: dict[str, tuple[type[test_gen1.Game] | type[test_gen2.Game], bool]] = {
    **{game: (test_gen1.Game, False) for game in test_gen1.LAYOUTS},
    **{game: (test_gen2.Game, True) for game in test_gen2.LAYOUTS},
}
_FRAMES = 90


@pytest.mark.parametrize("game", GAMES)
def test_a_reader_sees_on_the_console_what_the_program_put_there(game: str) -> None:
    kind, is_color = GAMES[game]
    moment = kind(game)
    moment.ram.put("wPartyCount", 1)
    with console(moment.ram, is_color=is_color) as emulator:
        assert answers(moment.reader, emulator) == answers(moment.reader, moment.ram)

    with console(moment.dialogue("HELLO THERE!").ram, is_color=is_color) as emulator:
        assert "Dialogue:\nHELLO THERE!" in moment.reader.read(emulator)


def console(ram: RamImage, *, is_color: bool) -> Emulator:
    rom = image_rom(bytes(ram.bytes[0xC000:0xE000]), color=is_color)
    emulator = Emulator(rom, EmulatorSettings(cgb=is_color))
    emulator.run(_FRAMES)
    return emulator


def answers(reader: TextReader, ram: RamImage | Emulator) -> tuple[object, ...]:
    return reader.read(ram), reader.situation(ram), reader.view(ram)
