"""A person plays by the same tiers; keys are pushed into SDL's queue, without a display."""

import ctypes
import importlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from pokebench.agent.human import HumanAgent
from pokebench.agent.model_card import HarnessPart
from pokebench.agent.tiers import TierName
from pokebench.agent.toolbox import Toolbox
from pokebench.types import Action, Observation, Policy, View
from pokebench.window import PANEL_WIDTH, SCALE, composed

SCREEN = np.zeros((144, 160, 3), np.uint8)
VIEW = View(
    place=3, name="Mill Town", column=5, row=5, facing="down", left=1, top=1,
    rows=("..........",) * 9, walkable=("1111111111",) * 9,
)  # fmt: skip


@pytest.fixture
def sdl(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells which SDL it found
        module = importlib.import_module("sdl2")
    yield module
    module.SDL_Quit()


def person(tier: TierName, observation: Observation) -> HumanAgent:
    harness = HarnessPart(tier=tier)
    toolbox = Toolbox(harness.allows, harness.max_buttons)
    toolbox.see(observation)
    return HumanAgent(toolbox, harness)


def press(sdl: Any, key: int) -> None:
    event = sdl.SDL_Event()
    event.type = sdl.SDL_KEYDOWN
    event.key.keysym.sym = key
    sdl.SDL_PushEvent(ctypes.byref(event))


def click(sdl: Any, x: int, y: int) -> None:
    event = sdl.SDL_Event()
    event.type = sdl.SDL_MOUSEBUTTONDOWN
    event.button.x, event.button.y = x * SCALE, y * SCALE
    sdl.SDL_PushEvent(ctypes.byref(event))


@pytest.mark.parametrize(
    ("key", "action"), [("SDLK_UP", Action.UP), ("SDLK_a", Action.A), ("SDLK_RETURN", Action.START)]
)
def test_a_key_is_one_careful_press(key: str, action: Action, sdl: Any) -> None:
    observation = Observation(screen=SCREEN)
    agent = person("pixels", observation)
    press(sdl, getattr(sdl, key))
    turn = agent.act(observation)

    assert (turn.actions, turn.policy) == ((action,), Policy.CAREFUL)


def test_in_the_tier_assisted_a_click_walks_and_tab_reads_on(sdl: Any) -> None:
    observation = Observation(screen=SCREEN, text="words", view=VIEW, is_reading=True)
    agent = person("assisted", observation)
    press(sdl, sdl.SDLK_m)
    click(sdl, 7 * 16 + 3, 4 * 16 + 3)
    walk = agent.act(observation)
    press(sdl, sdl.SDLK_TAB)

    assert (walk.policy, set(walk.actions)) == (Policy.WALK, {Action.RIGHT})
    assert agent.act(observation).policy is Policy.TEXT


@pytest.mark.parametrize(
    "ask", [lambda sdl: press(sdl, sdl.SDLK_TAB), lambda sdl: click(sdl, 9, 9)]
)
def test_what_the_tier_does_not_offer_does_nothing(ask: Callable[[Any], None], sdl: Any) -> None:
    observation = Observation(screen=SCREEN, text="words", view=VIEW, is_reading=True)
    agent = person("text", observation)
    ask(sdl)
    press(sdl, sdl.SDLK_s)

    assert agent.act(observation).actions == (Action.B,)


def test_closing_the_window_ends_the_game(sdl: Any) -> None:
    agent = person("pixels", Observation(screen=SCREEN))
    event = sdl.SDL_Event()
    event.type = sdl.SDL_QUIT
    sdl.SDL_PushEvent(ctypes.byref(event))

    assert agent.act(Observation(screen=SCREEN)).actions == ()


def test_words_stand_beside_the_screen() -> None:
    blank = composed(SCREEN, "")
    written = composed(SCREEN, "Place: Mill Town\n" + "long " * 100 + "\n\u20ac")

    assert composed(SCREEN, None).shape == (144 * SCALE, 160 * SCALE, 3)
    assert blank.shape == written.shape == (144 * SCALE, 160 * SCALE + PANEL_WIDTH, 3)
    assert (blank[:, : 160 * SCALE] == written[:, : 160 * SCALE]).all()
    assert (blank != written).any()
