"""The six tables against facts that were written down apart from them."""

import numpy as np
import pytest

from pokebench.milestone import Tracker
from tests.milestone.ram import GAMES, Ram, conditions_of, facts, table_of


@pytest.mark.parametrize("game", GAMES)
def test_each_milestone_is_true_exactly_when_it_should_be(game: str) -> None:
    for fact in (fact for fact in facts() if fact.game == game):
        test = conditions_of(game)[fact.id]
        assert not test(Ram().read), fact.id
        for choice in fact.choices:
            ram = Ram()
            for atom in choice:
                atom.make(ram)
            assert test(ram.read), fact.id
            for atom in choice:
                for _ in atom.near_misses(ram):
                    assert test(ram.read) == fact.holds(ram), (fact.id, atom.text)
            assert test(ram.read), fact.id


@pytest.mark.parametrize("game", GAMES)
def test_a_milestone_is_false_when_all_but_its_own_bits_are_set(game: str) -> None:
    bits_only = [
        (fact, fact.choices[0])
        for fact in facts()
        if fact.game == game
        and len(fact.choices) == 1
        and all(atom.parts[1] for atom in fact.choices[0])
    ]
    assert len(bits_only) > 40
    for fact, choice in bits_only:
        for atom in choice:
            ram = Ram()
            ram.data[0xC000:0xE000] = b"\xff" * 0x2000
            assert conditions_of(game)[fact.id](ram.read)
            ram.bit(int(atom.parts[0], 16), int(atom.parts[1]), False)

            assert not conditions_of(game)[fact.id](ram.read)


@pytest.mark.parametrize("game", GAMES)
def test_tables_and_facts_agree_on_whatever_ram_holds(game: str) -> None:
    generator = np.random.default_rng(7)
    known = [fact for fact in facts() if fact.game == game]
    seen = set()
    for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
        ram = Ram()
        bits = generator.random(0x2000 * 8) < share
        ram.data[0xC000:0xE000] = np.packbits(bits).tobytes()
        for fact in known:
            expected = fact.holds(ram)
            seen.add((fact.id, expected))

            assert conditions_of(game)[fact.id](ram.read) == expected, (fact.id, share)
    assert len(seen) > len(known) * 1.5


@pytest.mark.parametrize("game", GAMES)
def test_order_kind_and_prerequisites_are_those_of_the_facts(game: str) -> None:
    known = {fact.id: fact for fact in facts() if fact.game == game}
    milestones = table_of(game).milestones

    assert [m.id for m in milestones] == list(known)
    for milestone in milestones:
        fact = known[milestone.id]
        assert (milestone.kind, milestone.optional) == (fact.kind, fact.optional)
        assert milestone.after == fact.after


@pytest.mark.parametrize("game", GAMES)
def test_milestones_latch_in_whatever_order_they_come(game: str) -> None:
    table = table_of(game)
    known = {fact.id: fact for fact in facts() if fact.game == game}
    generator = np.random.default_rng(11)
    order = [str(name) for name in generator.permutation(list(known))]
    ram, tracker = Ram(), Tracker(table.milestones, table.symbols)
    for name in order:
        for atom in known[name].choices[0]:
            atom.make(ram)
        tracker.update(ram.read)
        tracker.update(ram.read)

        assert name in tracker.latched
    assert set(tracker.latched) == set(known)


@pytest.mark.parametrize(
    ("game", "badges", "end"),
    [
        *((game, 8, "hall_of_fame") for game in GAMES[:3]),
        *((game, 16, "red") for game in GAMES[3:]),
    ],
)
def test_every_badge_champion_and_end_are_there(game: str, badges: int, end: str) -> None:
    table = table_of(game)
    ids = [m.id for m in table.milestones]

    assert 71 <= len(ids) <= 78
    assert sum(name.startswith("badge") for name in ids) == badges
    assert {"champion" if badges == 8 else "lance", "hall_of_fame"} <= set(ids)
    assert table.end.milestone == end == ids[-1]


@pytest.mark.parametrize("game", GAMES)
def test_times_to_compare_with_name_their_source(game: str) -> None:
    table = table_of(game)
    timed = {name for m in table.milestones for name in m.reference}

    assert timed
    assert all(table.references[name].source for name in timed)


@pytest.mark.parametrize("game", GAMES)
def test_games_with_a_clock_have_it_stopped(game: str) -> None:
    is_second = game in GAMES[3:]

    assert table_of(game).emulator.clock_locked == is_second
    assert table_of(game).emulator.cgb == (is_second or game == "pokemon_yellow")


@pytest.mark.parametrize("game", ["pokemon_red", "pokemon_yellow", "pokemon_crystal"])
def test_what_the_game_clears_again_still_counts(game: str) -> None:
    """Elite Four events go in the lobby and in the Hall of Fame; then the console resets itself."""
    table = table_of(game)
    known = {fact.id: fact for fact in facts() if fact.game == game}
    last = [name for name, fact in known.items() if fact.kind == "latch"][-7:]
    ram, tracker = Ram(), Tracker(table.milestones, table.symbols)
    for name in last:
        for atom in known[name].choices[0]:
            atom.make(ram)
        for _ in range(2):  # two thirds of a second of game time
            tracker.update(ram.read)
        ram.data[:] = bytes(len(ram.data))
        tracker.update(ram.read)

    assert set(last) <= set(tracker.latched)
    assert table.end.milestone in tracker.latched
