import pytest

from pokebench.tallgrass.duel import CAUTION, PLAIN_SLOT, Duels, Fighter
from pokebench.tallgrass.rom import WorldRom
from tests.tallgrass.sketch import Sketch


@pytest.fixture(scope="module")
def duels() -> Duels:
    sketch = Sketch(trainers=[[(1, 5), (2, 7)]])
    sketch.map("###\n#@#\n###")
    return Duels(WorldRom(sketch.pack()))


def worn(fighter: Fighter) -> Fighter:
    fighter.pp[:] = [0, 0, 0, 0]
    return fighter


def test_a_creature_is_made_as_the_engine_makes_it(duels: Duels) -> None:
    fighter = duels.fighter_at(1, 10)

    assert (fighter.hp, fighter.max_hp) == (29, 29)
    assert (fighter.attack, fighter.defense, fighter.speed) == (14, 14, 14)
    assert (fighter.moves, fighter.pp) == ((1, 2, 0, 0), [35, 30, 0, 0])


def test_damage_counts_level_type_and_kinship(duels: Duels) -> None:
    mossy, plain = duels.fighter_at(1, 10), duels.fighter_at(0, 10)

    assert duels.damage(mossy, plain, 1) == pytest.approx(18 * 236 / 255)
    assert duels.damage(plain, mossy, 0) == pytest.approx(4 * 236 / 255)


def test_attacks_come_strongest_first(duels: Duels) -> None:
    attacks = duels.attacks(duels.fighter_at(1, 10), duels.fighter_at(0, 10))

    assert [attack.slot for attack in attacks] == [1, 0]


def test_without_uses_the_plain_attack_is_left(duels: Duels) -> None:
    attacks = duels.attacks(worn(duels.fighter_at(0, 10)), duels.fighter_at(1, 10))

    assert [attack.slot for attack in attacks] == [PLAIN_SLOT]
    assert attacks[0].damage > 0


def test_growing_teaches_and_evolves(duels: Duels) -> None:
    young = duels.fighter_at(1, 5)

    grown = duels.raised(young, 16)

    assert (young.species, young.moves) == (1, (1, 0, 0, 0))
    assert (grown.species, grown.level, grown.moves) == (2, 16, (1, 2, 0, 0))


def test_a_much_stronger_creature_is_forecast_to_win(duels: Duels) -> None:
    strong, weak = duels.fighter_at(1, 20), duels.fighter_at(1, 5)

    assert duels.forecast([strong], [weak, weak]).is_won
    assert not duels.forecast([weak], [strong]).is_won


def test_a_forecast_leaves_the_fighters_alone(duels: Duels) -> None:
    strong, weak = duels.fighter_at(1, 20), duels.fighter_at(1, 5)

    duels.forecast([strong], [weak], [30])

    assert strong == duels.fighter_at(1, 20)
    assert weak == duels.fighter_at(1, 5)


def test_salves_turn_a_forecast(duels: Duels) -> None:
    mine, other = duels.fighter_at(1, 10), duels.fighter_at(1, 10)

    assert CAUTION > 1
    assert not duels.forecast([mine], [other]).is_won
    assert duels.forecast([mine], [other], [30] * 5).is_won
