import json
from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.agent.model_card import HarnessPart
from pokebench.agent.sight import is_walking, things_in_line
from pokebench.agent.toolbox import Toolbox
from pokebench.agent.wall_follower import WallFollower
from pokebench.env import Sees
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, run
from pokebench.runner.player import Player
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Action, Effect, Observation, Trace

ROOM = """Place: Mill Town, column 5, row 6, facing down.
..........
....D.....
....#.....
....".....
.P..@.#...
....#.....
(# wall, tree or thing, . free, @ you, P person)
Party: nobody. Coins: 500."""
PIXELS = HarnessPart(tier="pixels")


def follower(seed: int = 1, harness: HarnessPart = PIXELS) -> WallFollower:
    return WallFollower(seed, Toolbox(harness.allows, harness.max_buttons), harness)


def after(effect: Effect, text: str | None = None) -> Observation:
    return Observation(text=text, trace=Trace("U", (effect,)))


def test_what_stands_in_a_straight_line_is_read_off_the_text() -> None:
    seen = {thing.way: (thing.glyph, thing.distance) for thing in things_in_line(ROOM)}

    assert seen == {
        Action.UP: ("#", 2),
        Action.RIGHT: ("#", 2),
        Action.DOWN: ("#", 1),
        Action.LEFT: ("P", 3),
    }
    assert [t.name for t in things_in_line(ROOM) if t.glyph == "P"] == ["Mill Town 2 6"]


@pytest.mark.parametrize(
    "text", ["", "On screen:\n| NEW GAME |", "Place: X, column 1, row 1, facing up."]
)
def test_text_without_a_map_shows_nothing(text: str) -> None:
    assert things_in_line(text) == []


def test_words_on_the_screen_mean_that_nobody_walks() -> None:
    assert is_walking(ROOM)
    assert not is_walking(ROOM + "\nOn screen:\n|Hello.|")


def test_who_sees_a_person_goes_there_and_talks() -> None:
    agent = follower(harness=HarnessPart(tier="text"))
    beside = ROOM.replace(".P..@", "...P@")

    assert agent.act(Observation(text=ROOM)).actions == (Action.LEFT,)
    assert agent.act(after(Effect.MOVED, ROOM)).actions == (Action.LEFT,)
    assert agent.act(after(Effect.TURNED, beside)).actions == (Action.A,)


def test_in_a_corridor_the_right_hand_stays_on_the_wall() -> None:
    agent = follower()
    agent.act(Observation())
    pressed = [agent.act(after(Effect.MOVED)).actions[0]]
    for _ in range(3):
        pressed += agent.act(after(Effect.TURNED)).actions

    walked = [action for action in pressed if action is not Action.A]
    assert walked[:2] == [Action.UP, Action.LEFT]


def test_equal_seeds_play_alike_and_others_do_not(micro: Cartridge, tmp_path: Path) -> None:
    agent = AgentSpec.parse("wall-follower")
    budget = BudgetPart(frames=frames_of_minutes(0.5))
    letters = []
    for number, seed in enumerate((7, 7, 8)):
        folder = tmp_path / str(number)
        run(RunConfig(micro, agent, seed, budget, folder))
        letters.append("".join(turn.a for turn in read_trajectory(folder).turns))

    assert letters[0] == letters[1] != letters[2]


def test_no_picture_is_drawn_for_who_goes_by_words(micro: Cartridge, tmp_path: Path) -> None:
    agent = AgentSpec.parse("wall-follower")
    config = RunConfig(micro, agent, 7, BudgetPart(frames=frames_of_minutes(1)), tmp_path / "run")

    with Player(config, lambda: False) as player:
        assert player.sees == Sees(text=True, is_careful=True)


def test_its_memory_is_json_and_goes_on_alike() -> None:
    first, second = follower(3), follower(4)
    observations = [after(effect) for effect in (Effect.MOVED, Effect.TURNED, Effect.CHANGED) * 20]
    for observation in observations:
        first.act(observation)
    second.restore(json.loads(json.dumps(first.state())))

    assert [first.act(o) for o in observations] == [second.act(o) for o in observations]


@pytest.mark.slow
def test_it_gets_further_than_random_buttons(micro: Cartridge, tmp_path: Path) -> None:
    budget = BudgetPart(frames=frames_of_minutes(6))
    reached = {
        name: run(RunConfig(micro, AgentSpec.parse(name), 1, budget, tmp_path / name)).milestones
        for name in ("random", "wall-follower")
    }

    assert reached == {"random": ("new_game",), "wall-follower": ("new_game", "starter")}
