"""The oracle plays whole worlds: the certificate that a world can be finished by buttons alone."""

import json
from dataclasses import dataclass

import pytest

from pokebench.agent.oracle import Oracle
from pokebench.emulator import Emulator, EmulatorSettings
from pokebench.tallgrass.build import BuiltWorld, build_world
from pokebench.tallgrass.state import STATE_ADDRESS, STATE_SIZE, State, decode
from pokebench.types import Observation, letters_of

HOLD_FRAMES = 8
STEP_FRAMES = 20
NOTHING_SEEN = Observation()
MAX_STEPS = {"micro": 6_000, "mini": 12_000, "short": 25_000}
SEEDS = range(1, 21)


@dataclass(frozen=True)
class Game:
    """How a world was played."""

    letters: str
    state: State
    last_words: str


def play(built: BuiltWorld, max_steps: int, *, restarts_every: int = 0) -> Game:
    """Let an oracle play until it stops; it may be replaced from its saved memory on the way."""
    letters: list[str] = []
    with Emulator(built.rom, EmulatorSettings()) as emulator:
        oracle = Oracle(emulator, built.rom)
        while sum(map(len, letters)) < max_steps:
            turn = oracle.act(NOTHING_SEEN)
            for action in turn.actions:
                emulator.step(action, HOLD_FRAMES, STEP_FRAMES)
            letters.append(letters_of(turn.actions))
            if not turn.actions:
                break
            if restarts_every and len(letters) % restarts_every == 0:
                memory = json.loads(json.dumps(oracle.state()))
                oracle = Oracle(emulator, built.rom)
                oracle.restore(memory)
        state = decode(emulator.read(STATE_ADDRESS, STATE_SIZE))
    return Game("".join(letters), state, turn.text)


def missing_milestones(built: BuiltWorld, state: State) -> list[str]:
    return [m.id for m in built.world.milestones if not state.has_milestone(m.bit)]


@pytest.fixture(scope="module")
def micro() -> BuiltWorld:
    return build_world("micro", 1)


@pytest.fixture(scope="module")
def game(micro: BuiltWorld) -> Game:
    return play(micro, MAX_STEPS["micro"])


def test_it_finishes_a_micro_world(micro: BuiltWorld, game: Game) -> None:
    assert missing_milestones(micro, game.state) == []
    assert game.state.is_valid
    assert "champion" in game.last_words


def test_it_plays_the_same_game_again(micro: BuiltWorld, game: Game) -> None:
    assert play(micro, MAX_STEPS["micro"]) == game


def test_a_restored_oracle_plays_the_same_game(micro: BuiltWorld, game: Game) -> None:
    assert play(micro, MAX_STEPS["micro"], restarts_every=7) == game


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("preset", sorted(MAX_STEPS))
def test_it_finishes_every_world(preset: str, seed: int) -> None:
    built = build_world(preset, seed)

    game = play(built, MAX_STEPS[preset])

    assert missing_milestones(built, game.state) == [], (game.last_words, len(game.letters))
