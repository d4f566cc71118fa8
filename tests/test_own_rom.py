"""For those who have a ROM: the whole start, and all that a self-check looks at."""

import os
from pathlib import Path

import pytest

from pokebench.cli.checks import State
from pokebench.cli.selfcheck import self_check
from pokebench.milestone import GameSpec, game_ids, load_table, open_game
from pokebench.rom import Library

WITH_ROM = [game for game in game_ids() if load_table(game).rom]


@pytest.mark.rom
@pytest.mark.parametrize("game", WITH_ROM)
def test_a_game_passes_its_self_check(game: str) -> None:
    accepted = {dump.sha1 for dump in load_table(game).rom}
    path = Library.of(os.environ, Path.cwd()).find(accepted)
    if path is None:
        pytest.skip(f"no ROM of {game} here; `pokebench rom add PATH` remembers one")
    checks = list(self_check(open_game(GameSpec.parse(game), path)))

    assert [check for check in checks if check.state is State.BAD] == []
