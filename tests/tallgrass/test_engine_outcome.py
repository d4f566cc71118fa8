"""What a battle leads to: captures, escapes, defeats, growth; with the rules in `battle_model`."""

import pytest

from tests.tallgrass import battle_model as model
from tests.tallgrass.arena import (
    BAG,
    BIG_SPRIG,
    COMMAND,
    DRIP,
    EMBER,
    GHOST,
    LEER,
    ORB,
    PARTY,
    RUN,
    SALVE,
    SPLASH,
    SPRIG,
    SWAP,
    SWING,
    TAP,
    TITAN,
    TONIC,
    attack,
    make_harmless,
    tamer_battle,
    throw,
    wild_battle,
    win,
)
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import ENUMS, Game


def test_a_salve_heals_and_uses_up_the_turn(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.set_creature(0, hp=10, max_hp=100)

    said = " ".join(throw(game, SALVE))

    assert game.creature(0, "hp") == 40
    assert game.bag()[SALVE] == 2
    assert "Foe Drip" in said
    assert game["turn"] == 2


def test_a_salve_for_the_healthy_is_refused(boot: Boot) -> None:
    game = tamer_battle(boot)

    said = " ".join(throw(game, SALVE))

    assert "It has no use now." in said
    assert (game.bag()[SALVE], game["turn"], game["sub"]) == (3, 1, COMMAND)


def test_a_tonic_cures_in_battle(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.write(game.address("bag"), bytes((TONIC, 1, 0, 0)))
    game.set_creature(0, status=ENUMS["STATUS_POISON"])

    throw(game, TONIC)

    assert game.creature(0, "status") == 0
    assert game.bag() == {}


def test_an_empty_bag_says_so(boot: Boot) -> None:
    game = tamer_battle(boot)
    game.write(game.address("bag"), bytes(40))

    game.choose(BAG)

    assert game.shows("The bag is empty.")
    game.press("A")
    assert game["sub"] == COMMAND


def test_orbs_are_refused_for_a_tamers_creature(boot: Boot) -> None:
    game = tamer_battle(boot)

    said = " ".join(throw(game, ORB))

    assert "It has a tamer!" in said
    assert game.bag()[ORB] == 5


@pytest.mark.parametrize("state", range(1000, 7000, 1000))
def test_capture_follows_the_model(boot: Boot, state: int) -> None:
    game = wild_battle(boot)
    make_harmless(game)
    game.set_creature(None, hp=20, max_hp=40, catch_rate=120)
    game.choose(BAG)
    game["rng"] = state
    game.choose(1)
    game.dismiss()

    caught = model.Randomness(state).byte() < model.catch_chance(120, 20, 40, False)

    assert (game["last_result"] == ENUMS["RESULT_CAUGHT"]) == caught
    assert game["party_count"] == 1 + caught
    assert game["catches"] == caught
    assert game.has_milestone(ENUMS["MS_FIRST_CATCH"]) == caught
    assert game.bag()[ORB] == 4
    if caught:
        assert game.creature(1, "species") == DRIP
        assert game.creature(1, "hp") == 20
        assert game.is_mode("WORLD")


def catch_with_a_full_party(game: Game) -> None:
    make_harmless(game)
    game.set_creature(None, hp=1, max_hp=100, catch_rate=255, level=33)
    for _ in range(5):
        throw(game, ORB)
        if game["sub"] == PARTY:
            return
    raise AssertionError("five orbs failed")


def test_with_a_full_party_one_is_let_go(boot: Boot) -> None:
    game = wild_battle(boot, others=5)
    catch_with_a_full_party(game)

    game.choose(2)
    game.dismiss()

    assert game["party_count"] == 6
    assert game.creature(2, "level") == 33
    assert game["last_result"] == ENUMS["RESULT_CAUGHT"]


def test_with_a_full_party_the_newcomer_can_be_let_go(boot: Boot) -> None:
    game = wild_battle(boot, others=5)
    catch_with_a_full_party(game)

    game.press("B")

    assert [game.creature(slot, "level") for slot in range(6)] == [20, 9, 9, 9, 9, 9]
    assert game["catches"] == 1
    assert game.is_mode("WORLD")


def test_the_faster_always_gets_away(boot: Boot) -> None:
    game = wild_battle(boot)
    game.set_creature(0, speed=200)

    game.choose(RUN)
    game.dismiss()

    assert game["last_result"] == ENUMS["RESULT_FLED"]
    assert game.is_mode("WORLD")
    assert game["battle"] == 0
    assert game["wins"] == 0


def test_the_slower_gets_away_half_of_the_time(boot: Boot) -> None:
    game = wild_battle(boot)
    game.set_creature(0, speed=1)
    for state in range(1, 9):
        make_harmless(game)
        game["rng"] = state * 321
        escapes = model.Randomness(state * 321).byte() < 128
        game.choose(RUN)
        said = " ".join(game.dismiss())
        assert ("You got away!" in said) == escapes
        if escapes:
            return
        assert "Foe Drip" in said


def test_nobody_runs_from_a_tamer(boot: Boot) -> None:
    game = tamer_battle(boot)

    game.choose(RUN)
    game.dismiss()

    assert game["battle"] == ENUMS["BATTLE_TAMER"]
    assert game["turn"] == 1


def test_swapping_costs_the_turn(boot: Boot) -> None:
    game = tamer_battle(boot, others=2)
    make_harmless(game)

    game.choose(SWAP)
    assert game["sub"] == PARTY
    game.choose(2)
    said = " ".join(game.dismiss())

    assert game["active_slot"] == 2
    assert "Go, Drip!" in said
    assert "Foe Drip" in said
    assert game["turn"] == 2


@pytest.mark.parametrize(("slot", "words"), [(0, "It fights already!"), (1, "It cannot fight!")])
def test_some_swaps_are_refused(boot: Boot, slot: int, words: str) -> None:
    game = tamer_battle(boot, others=1)
    game.set_creature(1, hp=0)

    game.choose(SWAP)
    game.choose(slot)

    assert game.shows(words)
    game.press("A")
    assert (game["active_slot"], game["turn"], game["sub"]) == (0, 1, COMMAND)


def test_the_fainted_must_be_replaced(boot: Boot) -> None:
    game = tamer_battle(boot, others=2, team=((TITAN, 50),))
    game.set_creature(0, hp=1, speed=1)
    game.set_creature(1, hp=0)

    attack(game)
    assert game["sub"] == PARTY
    game.press("B")
    assert game["sub"] == PARTY
    for refused in (0, 1):
        game.choose(refused)
        assert game.shows("It cannot fight!")
        game.press("A")
        assert game["sub"] == PARTY
    game.choose(2)
    game.dismiss()

    assert game["active_slot"] == 2
    assert game["sub"] == COMMAND


def test_the_next_of_a_team_is_sent_out(boot: Boot) -> None:
    game = tamer_battle(boot, own=(TITAN, 60), team=((DRIP, 2), (GHOST, 3), (DRIP, 4)))
    assert game["enemy_left"] == 2
    game.set_creature(0, speed=200)

    said = " ".join(attack(game))

    assert "was sent out!" in said
    assert (game.creature(None, "species"), game["enemy_left"]) == (GHOST, 1)


def test_losing_in_the_wild_ends_at_the_rest_place(boot: Boot) -> None:
    game = wild_battle(boot, wild=(TITAN, 50))
    game.set_creature(0, hp=1, speed=1)
    game["heal_x"] = 2
    game["heal_y"] = 1

    said = " ".join(attack(game))

    assert "left to fight..." in said
    assert game["last_result"] == ENUMS["RESULT_LOST"]
    assert game.position == (2, 1)
    assert game.creature(0, "hp") == game.creature(0, "max_hp")
    assert (game["money"], game["losses"], game["battle"]) == (250, 1, 0)


def test_a_win_in_the_wild_gives_experience(boot: Boot) -> None:
    game = wild_battle(boot, own=(SPRIG, 50), wild=(DRIP, 12))

    win(game)

    assert game.creature(0, "exp") == model.experience(60, 12, from_tamer=False)
    assert (game["wins"], game["money"]) == (1, 500)
    assert game.has_milestone(ENUMS["MS_FIRST_WIN"])
    assert game.is_mode("WORLD")


def test_a_win_over_a_tamer_gives_more_and_coins(boot: Boot) -> None:
    game = tamer_battle(boot, own=(SPRIG, 50), team=((DRIP, 12),))

    said = " ".join(win(game))

    assert game.creature(0, "exp") == model.experience(60, 12, from_tamer=True)
    assert "You won 100" in said
    assert game["money"] == 600
    assert game.has_flag(9)


def test_levels_follow_the_model(boot: Boot) -> None:
    game = wild_battle(boot, own=(GHOST, 3), wild=(DRIP, 40))
    level, left = 3, model.experience(60, 40, from_tamer=False)

    said = " ".join(win(game))
    while left >= model.next_level(level):
        left -= model.next_level(level)
        level += 1

    assert level > 6
    assert game.creature(0, "level") == level
    assert game.creature(0, "exp") == left
    assert game.creature(0, "max_hp") == model.max_hp(40, level)
    assert game.creature(0, "defense") == model.value(30, level)
    assert f"grew to level {level}!" in said


def test_a_move_is_learned_at_its_level(boot: Boot) -> None:
    game = wild_battle(boot, own=(SPRIG, 5), wild=(DRIP, 1))
    game.set_creature(0, exp=model.next_level(5) - 1)

    said = " ".join(win(game))

    assert "learned Splash!" in said
    assert game.creature(0, "level") == 6
    assert game.read(game.creature_address(0, "moves"), 3) == bytes((TAP, EMBER, SPLASH))


def test_a_fifth_move_replaces_the_weakest(boot: Boot) -> None:
    game = wild_battle(boot, own=(SPRIG, 5), wild=(DRIP, 1))
    game.set_moves(0, TAP, SWING, LEER, EMBER)
    game.set_creature(0, exp=model.next_level(5) - 1)

    said = " ".join(win(game))

    assert "forgot Leer" in said
    assert game.read(game.creature_address(0, "moves"), 4) == bytes((TAP, SWING, SPLASH, EMBER))


def test_a_known_move_is_not_learned_twice(boot: Boot) -> None:
    game = wild_battle(boot, own=(SPRIG, 5), wild=(DRIP, 1))
    game.set_moves(0, SPLASH, TAP)
    game.set_creature(0, exp=model.next_level(5) - 1)

    win(game)

    assert game.read(game.creature_address(0, "moves"), 4) == bytes((SPLASH, TAP, 0, 0))


def test_evolution_changes_species_values_and_type(boot: Boot) -> None:
    game = wild_battle(boot, own=(SPRIG, 7), wild=(DRIP, 1))
    game.set_creature(0, exp=model.next_level(7) - 1)

    said = " ".join(win(game))

    assert "evolved into Sprigantor!" in " ".join(said.split())
    assert [game.creature(0, name) for name in ("species", "type", "level")] == [BIG_SPRIG, 1, 8]
    assert game.creature(0, "max_hp") == model.max_hp(90, 8)
    assert game.has_milestone(ENUMS["MS_EVOLUTION"])


def test_level_99_is_the_end(boot: Boot) -> None:
    game = wild_battle(boot, own=(GHOST, 99), wild=(DRIP, 90))
    game.set_creature(0, exp=0xFFF0)

    win(game)

    assert (game.creature(0, "level"), game.creature(0, "exp")) == (99, 0xFFFF)
