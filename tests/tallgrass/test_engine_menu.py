"""The menus: one press moves the cursor once or selects once."""

import pytest

from pokebench.tallgrass.format import NO_FLAG, Op
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import ENUMS, Game
from tests.tallgrass.mini import FIELD, MiniMap, MiniWorld, assemble

PARTY, BAG, STATUS, SAVE, EXIT = range(5)
SALVE, ORB, TONIC, IDOL = 1, 2, 3, 4


@pytest.fixture
def game(boot: Boot) -> Game:
    """A map with a shop above the player, and three creatures in the party."""
    party = [Op.GIVE_CREATURE, 0, 5, Op.GIVE_CREATURE, 2, 3, Op.GIVE_CREATURE, 1, 9]
    script = assemble(Op.IF_FLAG, (1,), 17, Op.SET, (1,), *party, Op.END, Op.SHOP, 0, Op.END)
    people = [(4, 3, 4, 0, 0, NO_FLAG)]
    started = boot(MiniWorld(maps=[MiniMap(FIELD, people=people)], scripts=[script]))
    started.press("UA")
    return started


def open_entry(game: Game, entry: int) -> None:
    game.press("S")
    game.choose(entry)


def names(game: Game) -> list[int]:
    return [game.creature(slot, "species") for slot in range(game["party_count"])]


def test_the_start_menu_opens_in_one_step_and_closes_again(game: Game) -> None:
    game.step("S")

    assert game["ready"] == 1
    assert game.is_mode("MENU")
    assert (game["ui_rows"], game["cursor"], game["menu_count"]) == (18, 0, 5)
    assert game.shows(">PARTY BAG STATUS SAVE EXIT")
    game.press("B")
    assert game.is_mode("WORLD")
    assert (game["ui_rows"], game["menu_count"]) == (0, 0)


def test_one_step_moves_the_cursor_once_and_it_wraps(game: Game) -> None:
    game.press("S")

    cursors = []
    for key in "DDUUUDD":
        game.step(key)
        assert game["ready"] == 1
        cursors.append(game["cursor"])

    assert cursors == [1, 2, 1, 0, 4, 0, 1]


@pytest.mark.parametrize("keys", ["SB", "SS", "SUA", "SDDDDA"])
def test_ways_out_of_the_start_menu(game: Game, keys: str) -> None:
    game.press(keys)

    assert game.is_mode("WORLD")


def test_a_held_button_counts_once(game: Game) -> None:
    game.press("S")
    presses = game["input_seq"]

    game.hold("D", 60, 10)

    assert game["cursor"] == 1
    assert game["input_seq"] == presses + 1


def test_a_press_while_the_game_is_busy_is_not_kept(game: Game) -> None:
    game.settle()
    game.hold("S", 2, 1)
    assert game["ready"] == 0
    game.hold("D", 2, 2)
    game.settle()
    game.tick(10)

    assert game["cursor"] == 0


def test_the_party_page_lists_everybody(game: Game) -> None:
    open_entry(game, PARTY)

    assert game["menu_count"] == 3
    for text in ("Sprig", "PLAIN", "Drip", "FLOOD", "Sprigantor", "FLAME", "L 5", "20/ 20"):
        assert game.shows(text)


def test_trading_places_reorders_the_party(game: Game) -> None:
    assert names(game) == [0, 2, 1]

    open_entry(game, PARTY)
    game.choose(0)
    game.choose(1)
    game.choose(2)

    assert names(game) == [1, 2, 0]
    assert game.creature(0, "level") == 9


def test_looking_at_a_creature_shows_its_values_and_moves(game: Game) -> None:
    open_entry(game, PARTY)
    game.choose(2)
    game.choose(0)

    for text in ("Sprigantor", "attack", "to next level 50", "Tap 30/30", "Ember 15/15", "FLAME"):
        assert game.shows(text), game.screen_text()
    game.press("ABB")
    assert game.is_mode("WORLD")
    assert game.memory[PLAYER_CELL] >= 0x80


PLAYER_CELL = 0x9800 + 4 * 64 + 4 * 2


def test_an_empty_party_says_so(boot: Boot) -> None:
    fresh = boot()

    open_entry(fresh, PARTY)
    assert fresh.shows("Nobody is here.")
    fresh.press("AB")

    assert fresh.is_mode("WORLD")


def test_a_salve_from_the_bag_heals(game: Game) -> None:
    game.set_creature(1, hp=2)

    open_entry(game, BAG)
    game.choose(0)
    game.choose(1)

    assert game.shows("It feels better!")
    assert game.creature(1, "hp") == game.creature(1, "max_hp")
    assert game.bag()[SALVE] == 2


@pytest.mark.parametrize("hp", [0, 20])
def test_a_salve_for_the_fainted_or_healthy_is_not_used_up(game: Game, hp: int) -> None:
    game.set_creature(0, hp=hp)

    open_entry(game, BAG)
    game.choose(0)
    game.choose(0)

    assert game.shows("It has no use now.")
    assert game.creature(0, "hp") == hp
    assert game.bag()[SALVE] == 3


def test_a_tonic_cures(game: Game) -> None:
    game.write(game.address("bag"), bytes((TONIC, 1, 0, 0)))
    game.set_creature(0, status=ENUMS["STATUS_SLEEP"], sleep_turns=3)

    open_entry(game, BAG)
    game.choose(0)
    game.choose(0)

    assert game.creature(0, "status") == 0
    assert game.creature(0, "sleep_turns") == 0
    game.press("A")
    assert game.shows("The bag is empty.")


@pytest.mark.parametrize(("item", "answer"), [(ORB, "Only for the wild."), (IDOL, "Keep it safe.")])
def test_other_items_have_no_use_here(game: Game, item: int, answer: str) -> None:
    game.write(game.address("bag"), bytes((item, 1, 0, 0)))

    open_entry(game, BAG)
    game.choose(0)

    assert game.shows(answer)
    assert game.bag() == {item: 1}


def test_a_long_bag_scrolls(game: Game) -> None:
    slots = bytes(number for i in range(20) for number in (1 + i % 4, i + 1))
    game.write(game.address("bag"), slots)

    open_entry(game, BAG)
    assert game["menu_count"] == 20
    assert game.shows("x 1")
    game.press("U")

    assert game["cursor"] == 19
    assert game.shows("x20")
    assert game.screen_text()[11].endswith("x20")
    game.press("D")
    assert game["cursor"] == 0
    assert game.screen_text()[2].endswith("x 1")


def test_the_status_page_names_region_and_map(game: Game) -> None:
    game["badges"] = 0b101
    game["keys"] = 0b11

    open_entry(game, STATUS)

    for text in ("TINYLAND", "Meadow", "coins 500", "badges *.*.....", "cutter raft"):
        assert game.shows(text), game.screen_text()
    game.press("AB")
    assert game.is_mode("WORLD")


def test_the_shop_sells_what_has_a_price(game: Game) -> None:
    game.press("A")

    assert game["menu_count"] == 4
    for text in ("Salve 100", "Orb 150", "Tonic 80", "LEAVE", "500 coins"):
        assert game.shows(text)
    assert not game.shows("Old Idol")


def test_buying_takes_coins_until_they_run_out(game: Game) -> None:
    game.press("A")

    game.choose(1)
    assert (game["money"], game.bag()[ORB]) == (350, 6)
    assert game.shows("You own 6")
    game.press("AA")
    assert (game["money"], game.bag()[ORB]) == (50, 8)
    game.press("A")
    assert game.shows("Too few coins.")
    assert (game["money"], game.bag()[ORB]) == (50, 8)


def test_nothing_is_sold_that_cannot_be_carried(game: Game) -> None:
    game.write(game.address("bag"), bytes((SALVE, 99, 0, 0)))
    game.press("A")

    game.choose(0)

    assert game.shows("Your bag is full.")
    assert game["money"] == 500
