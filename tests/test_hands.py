"""Careful turns on the real game."""

from dataclasses import replace

import numpy as np
import pytest

from pokebench.agent.oracle import Oracle
from pokebench.episode import Episode, StepResult
from pokebench.hands import STILL_STEPS, Hands
from pokebench.milestone import Cartridge
from pokebench.reader import Scene, Situation, TallgrassReader
from pokebench.types import Action, Effect, Observation, Policy, RamPort, Turn


class Strange(TallgrassReader):
    """Reads a game as if it gave no sign that it waits, and turned before it walked."""

    def situation(self, ram: RamPort) -> Situation:
        now = super().situation(ram)
        return replace(now, is_ready=False, is_ready_when_still=True, may_turn_first=True)


class Play:
    """A game under careful hands."""

    def __init__(
        self, cartridge: Cartridge, reader: type[TallgrassReader] = TallgrassReader
    ) -> None:
        self.episode = Episode(cartridge, 1, 10**9)
        self.reader = reader(cartridge.rom.data)
        self.hands = Hands(self.episode, self.reader, draws=False)
        self.steps: list[StepResult] = []

    def do(
        self, *actions: Action, policy: Policy = Policy.CAREFUL
    ) -> tuple[str, tuple[Effect, ...], str]:
        trace = self.hands.perform(Turn(actions, policy=policy), self.steps.append)
        return trace.done, trace.effects, trace.stopped


@pytest.fixture
def play(micro: Cartridge) -> Play:
    return Play(micro)


def test_presses_have_effects_as_a_person_sees_them(play: Play) -> None:
    done, effects, stopped = play.do(Action.A)
    assert done.startswith("A")
    assert effects == (Effect.CHANGED,)
    assert stopped == ""
    assert play.hands.situation().scene is Scene.WORLD


def test_walking_into_a_wall_stops_after_two_presses_without_effect(play: Play) -> None:
    play.do(Action.A)
    done, effects, stopped = play.do(*[Action.UP] * 8)

    assert stopped == "2 presses in a row had no effect"
    assert effects[-2:] == (Effect.NOTHING, Effect.NOTHING)
    assert len(done) < 8


def test_a_map_change_stops_and_waits_until_the_game_is_ready(play: Play) -> None:
    play.do(Action.A)
    oracle = Oracle(play.episode.emulator, play.episode.cartridge.rom.data)
    place = play.hands.situation().place
    stopped = ""
    for _ in range(60):
        actions = oracle.act(Observation()).actions
        _, _, stopped = play.do(*actions, Action.WAIT)
        if play.hands.situation().place != place:
            break
    assert stopped == "you are in another place"
    assert play.hands.situation().is_ready


def test_a_turn_stops_when_a_dialogue_begins_and_text_is_read_to_its_end(play: Play) -> None:
    oracle = Oracle(play.episode.emulator, play.episode.cartridge.rom.data)
    reasons = []
    for _ in range(300):
        if play.hands.situation().scene is Scene.TEXT:
            break
        _, _, stopped = play.do(*oracle.act(Observation()).actions, Action.WAIT)
        reasons.append(stopped)
    assert reasons[-1] == "a dialogue began"
    _, _, stopped = play.do(*[Action.A] * 12, policy=Policy.TEXT)

    assert stopped in ("a choice is asked", "there is no more text", "a battle began")
    assert not play.hands.situation().has_text


def test_exact_turns_do_everything(play: Play) -> None:
    done, effects, stopped = play.do(*[Action.UP] * 5, Action.WAIT, policy=Policy.EXACT)

    assert (done, effects, stopped) == ("UUUUU.", (), "")


def test_done_is_what_the_episode_took(play: Play) -> None:
    letters = ""
    generator = np.random.default_rng(2)
    for _ in range(40):
        actions = tuple(Action(int(n)) for n in generator.integers(9, size=4))
        letters += play.do(*actions)[0]

    assert len(letters) == play.episode.steps == len(play.steps)


def test_a_game_without_a_sign_is_ready_once_it_stands_still(micro: Cartridge) -> None:
    play = Play(micro, Strange)
    play.do(Action.A)
    play.do(Action.B)
    done, _, _ = play.do(Action.B)
    assert done == "B" + "." * STILL_STEPS


@pytest.mark.parametrize(
    ("reader", "effects"),
    [(TallgrassReader, (Effect.TURNED,)), (Strange, (Effect.TURNED, Effect.NOTHING))],
)
def test_a_walk_presses_again_where_a_press_may_only_have_turned(
    micro: Cartridge, reader: type[TallgrassReader], effects: tuple[Effect, ...]
) -> None:
    play = Play(micro, reader)
    play.do(Action.A)
    play.do(Action.UP)
    play.do(*[Action.RIGHT] * 8)
    beside_a_table = (Action.UP, Action.LEFT, Action.UP, Action.DOWN)
    play.do(*beside_a_table)
    assert play.hands.situation().scene is Scene.WORLD

    done = play.do(Action.LEFT, policy=Policy.WALK)
    assert done[1] == effects
