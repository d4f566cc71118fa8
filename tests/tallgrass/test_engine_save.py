"""Saving and continuing."""

import pytest

from pokebench.tallgrass.format import NO_FLAG, Op
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import Game
from tests.tallgrass.mini import FIELD, MiniMap, MiniWorld, assemble

KEPT = (
    "map", "x", "y", "facing", "map_width", "map_height", "party_count", "badges", "keys", "steps",
    "money", "heal_map", "heal_x", "heal_y", "last_milestone", "milestone_count", "rng", "catches",
    "wins", "losses",
)  # fmt: skip
ARRAYS = ("milestones", "flags", "party", "bag", "milestone_frames")


def world(world_id: int = 0x1234ABCD) -> MiniWorld:
    script = assemble(
        Op.GIVE_CREATURE, 0, 6, Op.BADGE, 2, Op.KEY, 1, Op.SET, (400,), Op.MILESTONE, 24, Op.END
    )
    maps = [MiniMap(FIELD, people=[(4, 3, 0, 0, 0, NO_FLAG)])]
    return MiniWorld(maps=maps, scripts=[script], world_id=world_id)


@pytest.fixture
def saved(boot: Boot) -> tuple[bytes, dict[str, object]]:
    """A cartridge that was saved in the middle of a game, and what the game was then."""
    game = boot(world())
    game.press("UARRD")
    game.press("S")
    game.choose(3)
    assert game.shows("The game is saved.")
    remembered = memory_of(game)
    return game.close(), remembered


def memory_of(game: Game) -> dict[str, object]:
    values: dict[str, object] = {name: game[name] for name in KEPT}
    return values | {name: game.array(name) for name in ARRAYS}


def begin(game: Game) -> None:
    game.press("A")
    while not game.is_mode("WORLD"):
        game.tick()
    game.settle()


def test_continue_restores_everything(boot: Boot, saved: tuple[bytes, dict[str, object]]) -> None:
    game = boot(world(), title=True, save=saved[0])
    assert game.shows(">CONTINUE NEW GAME")

    begin(game)

    assert memory_of(game) == saved[1]
    assert game.position == (6, 5)
    assert game["canary"] == 0xA55A
    assert game["crash"] == 0
    assert 0 < game["frame"] < 600
    game.step("R")
    assert game.position == (7, 5)


def test_a_new_game_is_possible_beside_a_save(
    boot: Boot, saved: tuple[bytes, dict[str, object]]
) -> None:
    game = boot(world(), title=True, save=saved[0])

    game.press("D")
    begin(game)

    assert game.position == (4, 4)
    assert (game["party_count"], game["badges"], game["milestone_count"]) == (0, 0, 1)


@pytest.mark.parametrize("place", [0, 0x10, 0x100, 0x297])
def test_a_damaged_save_is_refused(
    boot: Boot, saved: tuple[bytes, dict[str, object]], place: int
) -> None:
    broken = bytearray(saved[0])
    broken[place] ^= 0x40

    game = boot(world(), title=True, save=bytes(broken))

    assert not game.shows("CONTINUE")
    assert game.shows("save is damaged") == (place != 0)
    begin(game)
    assert game["milestone_count"] == 1


def test_a_save_of_another_world_is_refused(
    boot: Boot, saved: tuple[bytes, dict[str, object]]
) -> None:
    game = boot(world(world_id=0x55), title=True, save=saved[0])

    assert not game.shows("CONTINUE")
    assert game.shows("save: other world")


def test_an_empty_cartridge_has_nothing_to_continue(boot: Boot) -> None:
    game = boot(world(), title=True, save=b"\xff" * 0x2000)

    assert game.shows(">NEW GAME")
    assert not game.shows("CONTINUE")
