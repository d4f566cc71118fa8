"""The engine as a whole: its layout, its guards, its timing, and that nothing crashes it."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pokebench.tallgrass.format import NO_FLAG, Op
from pokebench.tallgrass.rng import Pcg32
from tallgrass.layout import STATE_JSON, STATE_PAGE, layout_json, layout_page, read_layout
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import DATA, ENUMS, LAYOUT, PLACES, SIZES, Game
from tests.tallgrass.mini import MiniMap, MiniWorld, assemble

ROOT = Path(__file__).resolve().parents[2] / "tallgrass"
STACK_END, STACK_TOP, STACK_MARK = 0xDE00, 0xDFFE, 0xA5
KEYS = "UDLRUDLRUDLRAAAABST."
HAS_SDCC = shutil.which("sdcc") is not None


def lively_world() -> MiniWorld:
    """A world with a little of everything, to press buttons in."""
    shop, gift, question, tamer = range(4)
    maps = [
        MiniMap(
            [
                "############",
                "#,,,,......#",
                "#,,,,..=...#",
                "#......=.ooo",
                "#..?.......#",
                "#..%..~~...#",
                "#vvv..~~.X.#",
                "#,,,,,....+#",
                "############",
            ],
            warps=[(10, 7, 1, 2, 2)],
            people=[
                (8, 2, 4, 2, shop, NO_FLAG), (5, 4, 0, 0, gift, NO_FLAG),
                (8, 6, 5, 0, tamer, 20), (2, 4, 7, 0, question, 21),
            ],
            signs=[(3, 4, question)],
            triggers=[(6, 1, tamer, 22)],
            conditions=[(9, 6, 0, 0, 20)],
        ),
        MiniMap(["#####", "#___#", "#___#", "##+##"], warps=[(2, 3, 0, 9, 7)], milestone=8),
    ]  # fmt: skip
    scripts = [
        assemble(Op.SHOP, 0, Op.END),
        assemble(Op.GIVE_CREATURE, 0, 5, Op.GIVE, 1, 2, Op.HEAL, Op.TEXT, (1,), Op.END),
        assemble(Op.TEXT, (2,), Op.YES_NO, 9, Op.SET, (21,), Op.KEY, 0, Op.TEXT, (1,), Op.END),
        assemble(Op.TEXT, (1,), Op.TRAINER, 0, Op.SET, (20,), Op.BADGE, 1, Op.END),
    ]
    return MiniWorld(
        maps=maps, scripts=scripts, texts=["Meadow", "Hello", "Take it?"],
        encounters=[[(2, 2), (2, 3), (0, 3), (3, 2), (0, 5), (2, 4), (3, 4), (4, 9)]],
        start=(0, 5, 5),
    )  # fmt: skip


# ---- layout -------------------------------------------------------------------------------------


def test_fields_follow_each_other_without_gaps() -> None:
    for size, fields in (
        (LAYOUT["size"], LAYOUT["fields"]),
        (LAYOUT["creature"]["size"], LAYOUT["creature"]["fields"]),
    ):
        place = 0
        for one in fields:
            assert one["offset"] == place, one
            place += SIZES[one["type"]] * one["count"]
        assert place == size


def test_the_layout_is_what_ram_holds(boot: Boot) -> None:
    game = boot()

    assert bytes(game.read(LAYOUT["address"], 4)) == b"TGS2"
    assert game["version"] == LAYOUT["version"]
    assert game["canary"] == 0xA55A
    assert game["mode"] == ENUMS["MODE_WORLD"]
    assert all(
        not any(game.array(one["name"]))
        for one in LAYOUT["fields"]
        if one["name"].startswith("reserved")
    )


def test_the_shipped_layout_is_what_the_header_says() -> None:
    layout = read_layout()

    assert STATE_JSON.read_text("ascii") == layout_json(layout)
    assert STATE_PAGE.read_text("ascii") == layout_page(layout)


def test_symbols_are_those_of_the_shipped_engine() -> None:
    symbols = json.loads((DATA / "symbols.json").read_text())

    digest = hashlib.sha256((DATA / "engine.bin").read_bytes()).hexdigest()
    assert symbols["engine_sha256"] == digest
    assert symbols["symbols"]["battle_run"][0] == 2
    assert symbols["symbols"]["wait_frame"][0] == 0


@pytest.mark.slow
@pytest.mark.skipif(not HAS_SDCC, reason="sdcc is not installed")
def test_the_shipped_engine_is_what_the_sources_compile_to(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "build.py"), "--check"]

    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    if "cannot compare" in result.stderr:
        pytest.skip(result.stderr)
    assert result.returncode == 0, result.stderr


def test_every_line_of_the_engines_words_fits_its_box() -> None:
    for path in ROOT.glob("src/**/*.c"):
        for literal in re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text("ascii")):
            if not literal.endswith(".h"):
                assert max(map(len, literal.split("\\n"))) <= 18, (path.name, literal)


# ---- guards -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("magic_at", "byte"), [(0, 0), (3, ord("1")), (4, 3)])
def test_bad_world_data_is_reported_on_the_screen(
    engine_image: bytes, magic_at: int, byte: int
) -> None:
    rom = bytearray(MiniWorld().rom(engine_image))
    rom[5 * 0x4000 + magic_at] = byte
    game = Game(bytes(rom))

    game.tick(120)

    assert game["crash"] == ENUMS["CRASH_BAD_WORLD"]
    assert game.shows("BAD WORLD DATA")
    assert game["world_id"] == 0
    assert any(game.read(0x9000 + 16 * ord("B"), 16))
    game.close()


def test_running_into_empty_rom_is_reported(boot: Boot) -> None:
    game = boot()

    game.jump(0x7FF0)
    game.tick(5)

    assert game["crash"] == ENUMS["CRASH_EMPTY_ROM"]


def test_a_stack_overflow_is_reported(boot: Boot) -> None:
    game = boot()
    assert game.memory[STACK_END] == STACK_MARK

    game.write(STACK_END, b"\0")
    game.tick(2)

    assert game["crash"] == ENUMS["CRASH_STACK"]


# ---- timing -------------------------------------------------------------------------------------


def test_the_interrupt_ends_within_vblank_whatever_is_drawn(boot: Boot) -> None:
    game = boot(lively_world())
    latest = 0
    for key in "UUASDDASSUUDDLLRRAAAASAAABBBBDDDDD":
        for frame in range(24):
            game.hold(key, 1, 0) if frame < 8 else game.tick()
            line = game.memory[PLACES["DIAGNOSTICS"]]
            assert 144 <= line <= 153
            latest = max(latest, line)

    assert latest > 146


# ---- nothing crashes it -------------------------------------------------------------------------


def press_at_random(game: Game, steps: int, seed: int) -> None:
    rng = Pcg32(seed, 3)
    for count in range(steps):
        game.step(rng.choice(KEYS))
        if count % 50 == 0:
            assert_sound(game)
    assert_sound(game)


def assert_sound(game: Game) -> None:
    assert game["crash"] == 0
    assert game["canary"] == 0xA55A
    assert game.array("magic") == b"TGS2"
    assert game["mode"] <= ENUMS["MODE_TRANSITION"]
    assert game["x"] < game["map_width"]
    assert game["y"] < game["map_height"]
    assert game["party_count"] <= 6
    for slot in range(game["party_count"]):
        assert 0 < game.creature(slot, "max_hp") <= 700
        assert game.creature(slot, "hp") <= game.creature(slot, "max_hp")
        assert 1 <= game.creature(slot, "level") <= 99


def stack_depth(game: Game) -> int:
    stack = game.read(STACK_END + 1, STACK_TOP - STACK_END - 1)
    return len(stack.lstrip(b"\0"))


def test_random_buttons_do_not_crash_it(boot: Boot) -> None:
    game = boot(lively_world())

    press_at_random(game, 1000, seed=1)

    assert stack_depth(game) < 320
    game.settle()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_random_buttons_do_not_crash_it(boot: Boot, seed: int) -> None:
    game = boot(lively_world())

    press_at_random(game, 3000, seed)

    assert stack_depth(game) < 320
    game.settle()


def test_the_same_buttons_give_the_same_ram(boot: Boot) -> None:
    blocks = []
    for _ in range(2):
        game = boot(lively_world())
        press_at_random(game, 150, seed=9)
        blocks.append(game.read(0xC000, 0x2000))

    assert blocks[0] == blocks[1]
