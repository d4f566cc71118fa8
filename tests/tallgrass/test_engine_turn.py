"""How a battle's turns go, compared with the rules in `battle_model`."""

import pytest

from pokebench.tallgrass.rng import Pcg32
from tests.tallgrass import battle_model as model
from tests.tallgrass.arena import (
    BIG_SPRIG,
    COMMAND,
    EMBER,
    FIGHT,
    GHOST,
    GROWL,
    LEER,
    LULLABY,
    NUMB,
    REST,
    SPLASH,
    SWING,
    TAP,
    VENOM,
    attack,
    make_harmless,
    make_sturdy,
    tamer_battle,
)
from tests.tallgrass.conftest import Boot
from tests.tallgrass.console import ENUMS
from tests.tallgrass.mini import CHART


@pytest.mark.parametrize("seed", range(4))
def test_damage_is_that_of_the_model(boot: Boot, seed: int) -> None:
    game = tamer_battle(boot)
    rng = Pcg32(seed, 2)
    make_harmless(game)
    game.set_moves(0, TAP, EMBER, SPLASH)
    for _ in range(12):
        attacker = dict(
            level=rng.between(1, 99), type=rng.below(3), attack=rng.between(1, 250), speed=200
        )
        target = dict(type=rng.below(3), defense=rng.between(1, 250), speed=1)
        game.set_creature(None, hp=60000, max_hp=60000)
        game.set_creature(0, hp=30, max_hp=30, **attacker)
        game.set_creature(None, **target)
        game.set_moves(None, LEER)
        state = rng.between(1, 0xFFFF)
        slot = rng.below(3)
        game.choose(FIGHT)
        game["rng"] = state
        game.choose(slot)
        game.dismiss()
        strike = model.Strike(
            level=attacker["level"], attack=attacker["attack"], defense=target["defense"],
            power=(40, 50, 50)[slot], is_own_type=attacker["type"] == slot,
            effect=CHART[slot][target["type"]],
        )  # fmt: skip

        expected = model.damage(strike, model.Randomness(state).byte())
        assert game.creature(None, "hp") == 60000 - expected


@pytest.mark.parametrize(("move", "stage"), [(GROWL, "attack"), (LEER, "defense")])
def test_stages_change_damage_and_end_at_four(boot: Boot, move: int, stage: str) -> None:
    game = tamer_battle(boot)
    game.set_moves(0, move, TAP)
    game.set_creature(0, speed=200)
    for lowered in range(1, 6):
        make_sturdy(game, 0)
        make_sturdy(game, None)
        game.set_moves(None, TAP)
        said = attack(game, 0)
        assert any("lost" in row for row in said) == (lowered <= 4)
        assert any("Nothing happened." in row for row in said) == (lowered > 4)
        count = -min(lowered, 4)
        make_sturdy(game, 0)
        make_sturdy(game, None)
        game.choose(FIGHT)
        game["rng"] = 77 + lowered
        game.choose(1)
        game.dismiss()
        draws = model.Randomness(77 + lowered)
        own = model.Strike(
            level=20, attack=game.creature(0, "attack"), defense=game.creature(None, "defense"),
            power=40, is_own_type=True, effect=10,
            defense_stage=count if stage == "defense" else 0,
        )  # fmt: skip
        assert 900 - game.creature(None, "hp") == model.damage(own, draws.byte())
        draws.byte()
        foe = model.Strike(
            level=20, attack=game.creature(None, "attack"), defense=game.creature(0, "defense"),
            power=40, is_own_type=False, effect=10,
            attack_stage=count if stage == "attack" else 0,
        )  # fmt: skip
        assert 900 - game.creature(0, "hp") == model.damage(foe, draws.byte())


@pytest.mark.parametrize(
    ("own_move", "foe_type", "words"),
    [
        (SPLASH, 1, "It's super effective!"),
        (EMBER, 1, "It's not very effective..."),
        (TAP, 3, "It has no effect."),
    ],
)
def test_the_chart_is_told_in_words(boot: Boot, own_move: int, foe_type: int, words: str) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    make_sturdy(game, None)
    game.set_creature(None, type=foe_type)
    game.set_moves(0, own_move)

    said = " ".join(" ".join(attack(game)).split())

    assert words in said
    assert (game.creature(None, "hp") == 900) == ("no effect" in words)


def test_a_move_that_misses_does_nothing(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    make_sturdy(game, None)
    game.set_moves(0, SWING)
    outcomes = set()
    for state in range(1, 9):
        before = game.creature(None, "hp")
        game.set_moves(0, SWING)
        game.choose(FIGHT)
        game["rng"] = state * 777
        game.choose(0)
        said = game.dismiss()
        missed = any("But it missed!" in row for row in said)
        assert missed == (game.creature(None, "hp") == before)
        assert missed == (model.Randomness(state * 777).byte() % 100 >= 50)
        outcomes.add(missed)

    assert outcomes == {True, False}


def test_the_faster_creature_strikes_first(boot: Boot) -> None:
    game = tamer_battle(boot)
    for own, foe in ((200, 10), (10, 200)):
        make_sturdy(game, 0)
        make_sturdy(game, None)
        game.set_creature(0, speed=own)
        game.set_creature(None, speed=foe)
        said = [row for row in attack(game) if row.strip() in ("Foe Drip", "Sprig")]
        first = next(row.strip() for row in said if row.startswith(" Foe") or row == " Sprig")
        assert first == ("Sprig" if own > foe else "Foe Drip")


def test_turns_are_counted(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    make_sturdy(game, None)

    assert game["turn"] == 1
    attack(game)
    attack(game)

    assert game["turn"] == 3


def test_a_move_costs_one_use(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    make_sturdy(game, None)
    game.set_moves(0, TAP, EMBER)

    attack(game, 1)

    assert game.read(game.creature_address(0, "pp"), 4) == bytes((20, 19, 0, 0))


def test_the_move_menu_shows_type_uses_and_power(boot: Boot) -> None:
    game = tamer_battle(boot)
    game.set_moves(0, EMBER, REST)

    game.choose(FIGHT)

    assert game["menu_count"] == 2
    for text in (">Ember 20/15 FLAME pow 50", "Rest 20/10 PLAIN"):
        assert game.shows(text), game.screen_text()
    game.press("B")
    assert game["sub"] == COMMAND


def test_an_empty_move_is_refused_without_losing_the_turn(boot: Boot) -> None:
    game = tamer_battle(boot)
    game.set_moves(0, TAP, EMBER)
    game.write(game.creature_address(0, "pp"), bytes((0, 5, 0, 0)))

    said = attack(game, 0)

    assert any("It is used up!" in row for row in said)
    assert game["turn"] == 1
    assert game["sub"] == COMMAND


def test_without_uses_a_plain_attack_strikes_every_type(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    make_sturdy(game, None)
    game.set_creature(None, type=3)
    game.write(game.creature_address(0, "pp"), bytes(4))

    game.choose(FIGHT)
    said = game.dismiss()

    assert any("used Tap!" in row for row in said)
    assert game.creature(None, "hp") < 900


def test_two_sides_without_uses_come_to_an_end(boot: Boot) -> None:
    game = tamer_battle(boot, own=(GHOST, 20), team=((GHOST, 20),))
    game.write(game.creature_address(0, "pp"), bytes(4))
    game.write(game.creature_address(None, "pp"), bytes(4))

    for _ in range(60):
        if not game["battle"]:
            break
        game.choose(FIGHT)
        game.dismiss()

    assert game["last_result"] in (ENUMS["RESULT_WON"], ENUMS["RESULT_LOST"])


def test_sleep_costs_turns_and_ends(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_sturdy(game, 0)
    make_sturdy(game, None)
    game.set_moves(0, TAP)
    game.set_creature(0, status=ENUMS["STATUS_SLEEP"], sleep_turns=2)

    said = [" ".join(attack(game)) for _ in range(3)]

    assert ["fast asleep" in turn for turn in said] == [True, True, False]
    assert "woke up!" in said[2]
    assert game.creature(0, "status") == 0


def test_a_lullaby_puts_to_sleep_once(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_sturdy(game, 0)
    game.set_creature(0, speed=200)
    game.set_moves(0, LULLABY)

    said = " ".join(attack(game))
    assert "fell asleep!" in said
    assert game.creature(None, "status") == ENUMS["STATUS_SLEEP"]
    assert 0 <= game.creature(None, "sleep_turns") <= 4

    game.set_creature(None, sleep_turns=4)
    assert "But it failed!" in " ".join(attack(game))


def test_poison_hurts_every_turn(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.set_creature(None, hp=800, max_hp=800, status=ENUMS["STATUS_POISON"])
    game.set_moves(0, LEER)

    said = " ".join(attack(game))

    assert "is hurt by poison." in said
    assert game.creature(None, "hp") == 700


def test_poison_can_faint(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.set_creature(None, hp=3, status=ENUMS["STATUS_POISON"])
    game.set_moves(0, LEER)

    attack(game)

    assert game["last_result"] == ENUMS["RESULT_WON"]


@pytest.mark.parametrize(("move", "status"), [(VENOM, "STATUS_POISON"), (NUMB, "STATUS_PARALYSIS")])
def test_moves_of_status_work_nine_times_in_ten(boot: Boot, move: int, status: str) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.set_creature(0, speed=200)
    worked = 0
    for state in range(1, 11):
        make_sturdy(game, None)
        game.set_creature(None, status=0)
        game.set_moves(0, move)
        game.choose(FIGHT)
        game["rng"] = state * 4099
        game.choose(0)
        game.dismiss()
        expected = model.Randomness(state * 4099).byte() < 230
        assert (game.creature(None, "status") == ENUMS[status]) == expected
        worked += expected

    assert worked >= 7


def test_paralysis_costs_a_quarter_of_the_turns(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.set_creature(0, speed=200, status=ENUMS["STATUS_PARALYSIS"])
    for state in range(1, 9):
        make_sturdy(game, None)
        game.choose(FIGHT)
        game["rng"] = state * 7001
        game.choose(0)
        said = " ".join(game.dismiss())
        assert ("cannot move!" in said) == (model.Randomness(state * 7001).byte() < 64)


def test_recover_heals_half(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_harmless(game)
    game.set_creature(0, hp=10, max_hp=100)
    game.set_moves(0, REST)

    attack(game)
    assert game.creature(0, "hp") == 60
    attack(game)

    assert game.creature(0, "hp") == 100


def test_the_enemy_prefers_what_hurts(boot: Boot) -> None:
    game = tamer_battle(boot, own=(BIG_SPRIG, 20))
    used = []
    for _ in range(4):
        make_sturdy(game, 0)
        make_sturdy(game, None)
        game.set_moves(None, TAP, SPLASH, LEER)
        used += [row.strip() for row in attack(game) if "used" in row]

    assert used.count("used Splash!") == 4


def test_the_enemy_uses_up_its_moves(boot: Boot) -> None:
    game = tamer_battle(boot)
    make_sturdy(game, 0)
    make_sturdy(game, None)
    game.set_moves(None, LEER)
    game.write(game.creature_address(None, "pp"), bytes((1, 0, 0, 0)))

    first = " ".join(attack(game))
    second = " ".join(attack(game))

    assert "used Leer!" in first
    assert "used Leer!" not in second
    assert second.count("used Tap!") == 2
