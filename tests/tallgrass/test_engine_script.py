"""Every operation of the script machine."""

import pytest

from pokebench.tallgrass.format import NO_FLAG, Key, Op
from pokebench.tallgrass.tiles import Tile
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import ENUMS, Game
from tests.tallgrass.mini import FIELD, MiniMap, MiniWorld, assemble

TEXTS = ("Meadow", "First", "Second", "One\ntwo\nthree\nfour\nfive", "Page one\fPage two", "x" * 40)
FOUR_LINES = "\n".join(["abcdefghijklmnopqr"] * 4)


def run(boot: Boot, *operations: int | tuple[int, ...], texts: tuple[str, ...] = TEXTS) -> Game:
    """Start a world with somebody above the player who runs this script; talk to them."""
    script = assemble(*operations)
    maps = [MiniMap(FIELD, people=[(4, 3, 0, 0, 0, NO_FLAG)]), MiniMap(FIELD)]
    game = boot(MiniWorld(maps=maps, texts=texts, scripts=[script]))
    game.press("UA")
    return game


def talk_again(game: Game) -> None:
    game.press("A")


def test_text_waits_for_a_button_and_is_named_in_the_state(boot: Boot) -> None:
    game = run(boot, Op.TEXT, (1,), Op.END)

    assert game.is_mode("TEXT")
    assert game["ui_rows"] == 6
    assert (game["text_id"], game["script_id"]) == (1, 0)
    assert game.shows("First")
    game.press("A")
    assert game.is_mode("WORLD")
    assert game["ui_rows"] == 0
    assert game["script_id"] == 0xFFFF


def test_text_pages_by_lines_and_by_form_feed(boot: Boot) -> None:
    game = run(boot, Op.TEXT, (3,), Op.TEXT, (4,), Op.END)

    assert game.shows("One two three four")
    game.press("A")
    assert [row.strip() for row in game.screen_text()][1] == "five"
    game.press("A")
    assert game.shows("Page one")
    game.press("B")
    assert game.shows("Page two")
    assert not game.shows("Page one")


def test_text_beyond_the_box_is_cut(boot: Boot) -> None:
    game = run(boot, Op.TEXT, (5,), Op.END)

    assert game.screen_text()[1] == " " + "x" * 18


def test_a_full_page_is_there_within_one_step(boot: Boot) -> None:
    game = run(boot, Op.TEXT, (1,), Op.TEXT, (2,), Op.END, texts=("", FOUR_LINES, FOUR_LINES))

    game.step("A")

    assert game["ready"] == 1
    assert game["text_id"] == 2
    assert len(game.screen_text()[4].strip()) == 18


def test_text_hides_the_sprites_under_it(boot: Boot) -> None:
    game = run(boot, Op.TEXT, (1,), Op.END)

    bottoms = [game.memory[0xC000 + 4 * sprite] for sprite in range(40)]

    assert any(bottoms)
    assert max(bottoms) <= 96


def test_yes_goes_on_and_the_question_stays(boot: Boot) -> None:
    game = run(boot, Op.TEXT, (1,), Op.YES_NO, 9, Op.SET, (7,), Op.END, Op.SET, (8,), Op.END)

    assert game.is_mode("TEXT")
    assert game["sub"] == 1
    assert (game["cursor"], game["menu_count"]) == (0, 2)
    assert game.shows("First")
    assert game.shows(">YES NO")
    game.press("A")

    assert game.has_flag(7)
    assert not game.has_flag(8)
    assert game["sub"] == 0
    assert game.is_mode("WORLD")


@pytest.mark.parametrize("keys", ["DA", "UA", "B", "DDDA"])
def test_no_jumps(boot: Boot, keys: str) -> None:
    game = run(boot, Op.TEXT, (1,), Op.YES_NO, 9, Op.SET, (7,), Op.END, Op.SET, (8,), Op.END)

    game.press(keys)

    assert game.has_flag(8)
    assert not game.has_flag(7)


def test_set_and_if_flag(boot: Boot) -> None:
    game = run(boot, Op.IF_FLAG, (300,), 8, Op.SET, (300,), Op.END, Op.MONEY, (1,), Op.END)

    assert game.has_flag(300)
    assert game["money"] == 500
    talk_again(game)
    assert game["money"] == 501


def test_give_adds_up_to_ninety_nine(boot: Boot) -> None:
    game = run(boot, Op.GIVE, 1, 95, Op.GIVE, 1, 95, Op.GIVE, 4, 1, Op.END)

    assert game.bag() == {1: 99, 2: 5, 4: 1}


def test_give_to_a_full_bag_ends_the_script(boot: Boot) -> None:
    game = run(boot, Op.IF_FLAG, (1,), 8, Op.SET, (1,), Op.END, Op.GIVE, 4, 1, Op.SET, (2,), Op.END)
    slots = bytes(number for item in range(10, 30) for number in (item, 1))
    game.write(game.address("bag"), slots)

    talk_again(game)
    assert game.shows("Your bag is full!")
    game.press("A")

    assert not game.has_flag(2)
    assert game.array("bag") == slots


def test_need_item_jumps_when_it_is_missing(boot: Boot) -> None:
    game = run(boot, Op.NEED_ITEM, 4, 7, Op.SET, (1,), Op.END, Op.GIVE, 4, 1, Op.END)

    assert not game.has_flag(1)
    assert 4 in game.bag()
    talk_again(game)
    assert game.has_flag(1)


def test_take_item_takes_one_and_closes_the_gap(boot: Boot) -> None:
    game = run(boot, Op.GIVE, 4, 1, *[Op.TAKE_ITEM, 1] * 3, Op.TAKE_ITEM, 9, Op.END)

    assert game.array("bag")[:6] == bytes((2, 5, 4, 1, 0, 0))


def test_heal_restores_the_party_and_remembers_the_place(boot: Boot) -> None:
    game = run(boot, Op.IF_FLAG, (1,), 10, Op.SET, (1,), Op.GIVE_CREATURE, 0, 7, Op.HEAL, Op.END)
    game.set_creature(0, hp=1, status=ENUMS["STATUS_POISON"])
    game.write(game.creature_address(0, "pp"), bytes(4))

    talk_again(game)

    assert game.creature(0, "hp") == game.creature(0, "max_hp")
    assert game.creature(0, "status") == 0
    assert game.read(game.creature_address(0, "pp"), 4) == bytes((30, 15, 15, 40))
    assert (game["heal_map"], game["heal_x"], game["heal_y"]) == (0, 4, 4)
    assert game.has_milestone(ENUMS["MS_FIRST_HEAL"])
    assert game.is_mode("WORLD")


def test_heal_without_a_creature_is_no_milestone(boot: Boot) -> None:
    game = run(boot, Op.HEAL, Op.END)

    assert not game.has_milestone(ENUMS["MS_FIRST_HEAL"])


def test_give_creature_makes_one_of_its_level(boot: Boot) -> None:
    game = run(boot, Op.GIVE_CREATURE, 0, 6, Op.GIVE_CREATURE, 2, 3, Op.END)

    assert game["party_count"] == 2
    assert [game.creature(0, name) for name in ("species", "level", "type")] == [0, 6, 0]
    assert game.creature(0, "max_hp") == 50 * 2 * 6 // 100 + 6 + 10 == game.creature(0, "hp")
    assert game.creature(0, "attack") == 50 * 2 * 6 // 100 + 5
    assert game.read(game.creature_address(0, "moves"), 4) == bytes((1, 2, 3, 0))
    assert game.read(game.creature_address(0, "pp"), 4) == bytes((30, 15, 15, 0))
    assert game.creature(1, "species") == 2


def test_give_creature_to_a_full_party_ends_the_script(boot: Boot) -> None:
    game = run(boot, *[Op.GIVE_CREATURE, 2, 3] * 7, Op.SET, (1,), Op.END)

    assert game.shows("Your party is full!")
    game.press("A")
    assert game["party_count"] == 6
    assert not game.has_flag(1)


def test_a_won_tamer_battle_goes_on_with_the_script(boot: Boot) -> None:
    game = run(boot, Op.GIVE_CREATURE, 1, 50, Op.TRAINER, 0, Op.SET, (5,), Op.TEXT, (1,), Op.END)

    assert game["battle"] == ENUMS["BATTLE_TAMER"]
    assert game["battle_argument"] == 0
    game.dismiss()
    game.choose(0)
    game.choose(0)
    while game["battle"]:
        game.press("A")

    assert game["last_result"] == ENUMS["RESULT_WON"]
    assert game.has_flag(5)
    assert game.shows("First")
    assert game["money"] == 600


def test_a_lost_tamer_battle_ends_the_script_at_the_rest_place(boot: Boot) -> None:
    game = run(boot, Op.GIVE_CREATURE, 0, 2, Op.TRAINER, 2, Op.SET, (5,), Op.END)
    game["heal_map"] = 1
    game["heal_x"] = 2

    game.dismiss()
    game.choose(0)
    game.choose(0)
    game.dismiss()

    assert game["last_result"] == ENUMS["RESULT_LOST"]
    assert not game.has_flag(5)
    assert (game["map"], game["x"]) == (1, 2)
    assert game["money"] == 250
    assert game["losses"] == 1
    assert game.creature(0, "hp") == game.creature(0, "max_hp")
    assert game["script_id"] == 0xFFFF


def test_a_tamer_battle_with_nobody_able_is_lost_at_once(boot: Boot) -> None:
    game = run(boot, Op.TRAINER, 0, Op.SET, (5,), Op.END)

    assert game.is_mode("WORLD")
    assert game["last_result"] == ENUMS["RESULT_LOST"]
    assert not game.has_flag(5)


def test_a_defeat_has_one_end_only(boot: Boot) -> None:
    game = run(boot, Op.TRAINER, 0, Op.END)
    assert (game["losses"], game["money"]) == (1, 250)

    game.press("LA")

    assert game.position == (3, 4)
    assert game["money"] == 250


def test_warp_ends_the_script(boot: Boot) -> None:
    game = run(boot, Op.WARP, 1, 2, 6, Op.SET, (5,), Op.END)

    assert (game["map"], *game.position) == (1, 2, 6)
    assert not game.has_flag(5)


def test_badge_and_need_badges(boot: Boot) -> None:
    game = run(boot, Op.NEED_BADGES, 2, 7, Op.SET, (1,), Op.END, Op.BADGE, 0, Op.BADGE, 3, Op.END)

    assert game["badges"] == 0b1001
    assert not game.has_flag(1)
    talk_again(game)
    assert game.has_flag(1)


def test_key_and_need_key(boot: Boot) -> None:
    game = run(boot, Op.NEED_KEY, 1, 7, Op.SET, (1,), Op.END, Op.KEY, Key.RAFT, Op.END)

    assert game["keys"] == 1 << Key.RAFT
    assert not game.has_flag(1)
    talk_again(game)
    assert game.has_flag(1)


def test_a_milestone_keeps_the_frame_of_its_first_time(boot: Boot) -> None:
    game = run(boot, Op.MILESTONE, 63, Op.MILESTONE, 63, Op.END)
    first = game.array("milestone_frames")[-4:]

    assert game.has_milestone(63)
    assert game["last_milestone"] == 63
    assert game["milestone_count"] == 2
    game.step("......")
    talk_again(game)
    assert game.array("milestone_frames")[-4:] == first
    assert game["milestone_count"] == 2


def test_jump(boot: Boot) -> None:
    game = run(boot, Op.JUMP, 6, Op.SET, (1,), Op.END, Op.SET, (2,), Op.END)

    assert not game.has_flag(1)
    assert game.has_flag(2)


def test_money_is_capped(boot: Boot) -> None:
    game = run(boot, Op.MONEY, (60000,), Op.MONEY, (60000,), Op.END)

    assert game["money"] == 65535


def test_shop_opens_and_the_script_goes_on(boot: Boot) -> None:
    game = run(boot, Op.SHOP, 0, Op.SET, (1,), Op.END)

    assert game.is_mode("MENU")
    assert game.shows("SHOP")
    game.press("B")
    assert game.has_flag(1)
    assert game.is_mode("WORLD")


def test_an_unknown_operation_ends_the_script(boot: Boot) -> None:
    game = run(boot, 200, Op.SET, (1,), Op.END)

    assert game.is_mode("WORLD")
    assert not game.has_flag(1)


def test_a_person_vanishes_with_their_flag(boot: Boot) -> None:
    maps = [MiniMap(FIELD, people=[(4, 3, 7, 0, 0, 9)])]
    game = boot(MiniWorld(maps=maps, scripts=[assemble(Op.SET, (9,), Op.END)]))

    game.press("UAU")

    assert game.position == (4, 3)
    assert game.memory[0x9800 + 3 * 64 + 8] == 0x80 + Tile.LAWN
