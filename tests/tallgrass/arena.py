"""Battles for the engine's tests: how to start one, and what one does in it."""

from pokebench.tallgrass.format import NO_FLAG, Op
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import ENUMS, Game
from tests.tallgrass.mini import FIELD, MiniMap, MiniTrainer, MiniWorld, assemble

FIGHT, BAG, SWAP, RUN = range(4)
COMMAND, MOVES, BAG_MENU, PARTY = (
    ENUMS[f"SUB_{name}"] for name in ("COMMAND", "MOVES", "BAG", "PARTY")
)
TAP, EMBER, SPLASH, VENOM, LULLABY, GROWL, LEER, REST, NUMB, SWING, CRUSH = range(1, 12)
SPRIG, BIG_SPRIG, DRIP, GHOST, TITAN = range(5)
SALVE, ORB, TONIC = 1, 2, 3


def tamer_battle(
    boot: Boot,
    own: tuple[int, int] = (SPRIG, 20),
    team: tuple[tuple[int, int], ...] = ((DRIP, 20),),
    others: int = 0,
) -> Game:
    """Start a battle against a tamer and come to the command menu."""
    party = [Op.GIVE_CREATURE, *own, *[Op.GIVE_CREATURE, DRIP, 9] * others]
    script = assemble(*party, Op.TRAINER, 0, Op.SET, (9,), Op.END)
    maps = [MiniMap(FIELD, people=[(4, 3, 5, 0, 0, NO_FLAG)])]
    game = boot(MiniWorld(maps=maps, scripts=[script], trainers=[MiniTrainer("Tam", team)]))
    game.press("UA")
    game.dismiss()
    assert game["sub"] == COMMAND
    return game


def wild_battle(
    boot: Boot,
    own: tuple[int, int] = (SPRIG, 20),
    wild: tuple[int, int] = (DRIP, 20),
    others: int = 0,
) -> Game:
    """Walk through grass until a wild creature appears; come to the command menu."""
    party = [Op.GIVE_CREATURE, *own, *[Op.GIVE_CREATURE, DRIP, 9] * others]
    maps = [MiniMap([",,,", ",,,"], triggers=[(1, 0, 0, 1)])]
    script = assemble(Op.SET, (1,), *party, Op.END)
    game = boot(MiniWorld(maps=maps, scripts=[script], encounters=[[wild] * 8], start=(0, 0, 0)))
    for _ in range(400):
        game.step("R" if game["x"] == 0 else "L")
        if not game.is_mode("WORLD"):
            break
    game.dismiss()
    assert game["sub"] == COMMAND
    return game


def attack(game: Game, slot: int = 0) -> list[str]:
    """Choose a move; return what the turn says, up to the next menu or the map."""
    game.choose(FIGHT)
    assert game["sub"] == MOVES
    game.choose(slot)
    return game.dismiss()


def throw(game: Game, item: int) -> list[str]:
    """Use an item from the bag."""
    game.choose(BAG)
    assert game["sub"] == BAG_MENU
    game.choose(list(game.bag()).index(item))
    return game.dismiss()


def make_sturdy(game: Game, slot: int | None) -> None:
    """Give a creature more hit points than any test takes."""
    game.set_creature(slot, hp=900, max_hp=900)


def make_harmless(game: Game) -> None:
    """Leave the enemy with a move that only lowers a value."""
    game.set_moves(None, LEER)


def win(game: Game) -> list[str]:
    """Beat the enemy with one strike."""
    game.set_creature(None, hp=1)
    game.set_creature(0, speed=200)
    return attack(game)
