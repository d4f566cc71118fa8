"""Fixtures of the engine's tests."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from tests.tallgrass.console import DATA, Game
from tests.tallgrass.mini import MiniWorld


class Boot(Protocol):
    """Boots a world: to the map of a new game, or with `title` only to the title."""

    def __call__(
        self, world: MiniWorld | None = None, *, title: bool = False, save: bytes | None = None
    ) -> Game:
        """Return the running game; the fixture closes it."""
        ...


@pytest.fixture(scope="session")
def engine_image() -> bytes:
    return (DATA / "engine.bin").read_bytes()


@pytest.fixture
def boot(engine_image: bytes) -> Iterator[Boot]:
    """Boot a world, by default up to the map of a new game."""
    games: list[Game] = []

    def start(
        world: MiniWorld | None = None, *, title: bool = False, save: bytes | None = None
    ) -> Game:
        game = Game((world or MiniWorld()).rom(engine_image), save)
        games.append(game)
        game.settle()
        if not title:
            game.press("A")
            while not game.is_mode("WORLD"):
                game.tick()
            game.settle()
        return game

    yield start
    for game in games:
        game.close()
