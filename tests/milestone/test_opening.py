"""The start script on the real emulator, with a program that counts presses."""

from typing import Any

import pytest

from pokebench.content import validated
from pokebench.emulator import Emulator, EmulatorSettings
from pokebench.episode import Episode
from pokebench.errors import StartError
from pokebench.milestone import Cartridge, GameSpec, GameTable, load_table
from pokebench.rom import Rom
from pokebench.testing.cartridge import A_PRESSES, DOWN_PRESSES, START_PRESSES, button_rom
from pokebench.types import Action
from tests.milestone.ram import GAMES

SYMBOLS = {"a": A_PRESSES, "down": DOWN_PRESSES, "start": START_PRESSES, "held": 0xDF10}


def table_with(script: list[dict[str, Any]], max_idle_frames: int = 0) -> GameTable:
    from pathlib import Path

    data = {
        "schema": 1,
        "game": {"id": "dummy", "title": "Dummy", "reader": "tallgrass"},
        "timing": {"step_frames": 20, "hold_frames": 8},
        "start": {"boot_frames": 60, "max_idle_frames": max_idle_frames, "script": script},
        "symbols": {n: {"address": at, "source": "test"} for n, at in SYMBOLS.items()},
        "milestones": [
            {"id": "five", "title": "5", "skill": "memory", "when": {"symbol": "a", "equals": 5}}
        ],
        "end": {"milestone": "five"},
    }
    return validated(data, GameTable, Path("dummy.toml"), "game table")


def episode_of(table: GameTable, seed: int = 0) -> Episode:
    rom = Rom.of(button_rom())
    titles = {m.id: m.title for m in table.milestones}
    cartridge = Cartridge(GameSpec("dummy"), table, "0" * 64, rom, table.milestones, titles)
    return Episode(cartridge, seed, 100_000)


def line(press: Any, symbol: str, value: int, within_frames: int = 600) -> dict[str, Any]:
    until = {"symbol": symbol, "equals": value}
    to = f"{value} presses of {symbol}"
    return {"to": to, "press": press, "until": until, "within_frames": within_frames}


def counts(episode: Episode) -> dict[str, int]:
    return {name: episode.emulator.read(at, 1)[0] for name, at in SYMBOLS.items()}


def test_it_presses_until_ram_says_so_and_not_once_more() -> None:
    episode = episode_of(table_with([line("a", "a", 3), line("down", "down", 1)]))

    assert counts(episode) == {"a": 3, "down": 1, "start": 0, "held": 0}
    assert episode.steps == episode.presses == 0
    episode.close()


def test_buttons_are_pressed_in_turn_and_waiting_presses_none() -> None:
    script = [line(["a", "start"], "start", 2), line("wait", "held", 0)]
    episode = episode_of(table_with(script))

    assert counts(episode) == {"a": 2, "down": 0, "start": 2, "held": 0}
    episode.close()


def test_no_two_buttons_are_ever_held_together() -> None:
    table = table_with([])
    rom = button_rom()
    with Emulator(rom, EmulatorSettings()) as emulator:
        emulator.run(120)
        held: set[int] = set()
        for action in [Action.A, Action.B, Action.START, Action.SELECT, Action.UP] * 3:
            timing = table.timing
            for frame in range(timing.step_frames):
                if frame == 0:
                    emulator.hold(action)
                if frame == timing.hold_frames:
                    emulator.release(action)
                emulator.run(1)
                held.add(emulator.read(0xDF10, 1)[0])

    assert {bits.bit_count() for bits in held} == {0, 1}


def test_steps_release_before_the_next_one_presses() -> None:
    with Emulator(button_rom(), EmulatorSettings()) as emulator:
        emulator.run(120)
        for action in (Action.A, Action.B, Action.START, Action.SELECT) * 2:
            emulator.step(action, 8, 20)

            assert emulator.read(0xDF10, 1)[0] == 0
        assert emulator.read(A_PRESSES, 1)[0] == 2


def test_the_start_is_the_same_each_time_and_the_seed_moves_it() -> None:
    table = table_with([line("a", "a", 2)], max_idle_frames=99)
    hashes: dict[int, tuple[str, int]] = {}
    for seed in (1, 1, 2):
        episode = episode_of(table, seed)
        state = episode.emulator.state_hash()
        assert hashes.setdefault(seed, (state, episode.frames)) == (state, episode.frames)
        episode.close()

    assert hashes[1] != hashes[2]


def test_a_time_out_names_the_line_and_what_ram_holds() -> None:
    table = table_with([line("a", "a", 1), line("a", "start", 1, within_frames=100)])

    with pytest.raises(StartError) as caught:
        episode_of(table)
    message = str(caught.value)
    assert "did not lead to 1 presses of start" in message
    assert "line 2 of 2 of start.script in dummy.toml" in message
    assert "start = 0" in message
    assert "pressing A" in message


@pytest.mark.parametrize("game", ["pokemon_red", "pokemon_crystal"])
def test_on_another_program_the_real_scripts_give_up_and_say_where(game: str) -> None:
    assert game in GAMES
    table = load_table(game)
    first = table.start.script[0].model_copy(update={"within_frames": 120})
    start = table.start.model_copy(update={"script": (first,), "max_idle_frames": 0})

    with pytest.raises(StartError, match=f"did not lead to the main menu.*{game}.toml"):
        episode_of(table.model_copy(update={"start": start}))
