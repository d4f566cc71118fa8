import warnings
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from gymnasium.wrappers import RecordVideo

from pokebench.env import PokebenchEnv
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge, game_ids
from pokebench.registration import env_name
from pokebench.types import Action

ENV_ID = "pokebench/Tallgrass-v1"


def make(**options: Any) -> gymnasium.Env[Any, Any]:
    return gymnasium.make(ENV_ID, preset="micro", world=1, **options)


def test_every_game_is_registered() -> None:
    assert {f"pokebench/{env_name(game)}" for game in game_ids()} <= set(gymnasium.registry)
    assert env_name("pokemon_red") == "PokemonRed-v1"


@pytest.mark.parametrize(
    "observation",
    [
        pytest.param("screen", marks=pytest.mark.slow),
        pytest.param("text", marks=pytest.mark.slow),
        "both",
    ],
)
def test_the_checker_finds_nothing(observation: str) -> None:
    env = make(observation=observation, render_mode="rgb_array")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env.unwrapped, skip_render_check=False)


@pytest.mark.parametrize("observation", ["screen", "text", "both"])
def test_observations_lie_in_the_space(observation: str) -> None:
    env = make(observation=observation)
    seen, _ = env.reset(seed=1)
    assert env.observation_space.contains(seen)
    for action in (Action.A, Action.A, Action.DOWN, Action.START, Action.B, Action.RIGHT) * 5:
        seen, *_ = env.step(action)
        assert env.observation_space.contains(seen)
    env.close()


def test_two_copies_agree_step_by_step() -> None:
    one, two = make(), make()
    actions = np.random.default_rng(3).integers(9, size=80)
    first, _ = one.reset(seed=9)
    second, _ = two.reset(seed=9)
    assert np.array_equal(first, second)
    for action in actions:
        a, b = one.step(action), two.step(action)
        assert np.array_equal(a[0], b[0])
        assert a[1:] == b[1:]
    one.close()
    two.close()


def test_the_seed_perturbs_the_start() -> None:
    env = make()
    idle = {env.reset(seed=seed)[1]["idle_frames"] for seed in range(6)}
    env.close()

    assert len(idle) == 6


def test_an_episode_is_truncated_at_its_budget(micro: Cartridge) -> None:
    env = PokebenchEnv(micro, "text", budget_minutes=0.2)
    env.reset(seed=1)
    truncated = False
    while not truncated:
        _, _, terminated, truncated, info = env.step(np.int64(Action.WAIT))
        assert not terminated
    env.close()

    assert info["frames"] >= 717
    assert info["presses"] == 0


def test_a_milestone_is_a_reward_and_in_info(micro: Cartridge) -> None:
    env = PokebenchEnv(micro, "text")
    env.reset(seed=1)
    rewards, latched = 0.0, tuple[str, ...]()
    for _ in range(6):
        _, reward, _, _, info = env.step(np.int64(Action.A))
        rewards += reward
        latched += info["latched"]
    env.close()

    assert latched == ("new_game",)
    assert rewards == 1.0


@pytest.mark.parametrize("observation", ["screen", "text", "both"])
def test_vector_environments_agree(observation: str) -> None:
    def build() -> gymnasium.Env[Any, Any]:
        return make(observation=observation)

    sync = SyncVectorEnv([build, build])
    parallel = AsyncVectorEnv([build, build], shared_memory=True)
    first, _ = sync.reset(seed=5)
    second, _ = parallel.reset(seed=5)
    for action in (Action.A, Action.A, Action.RIGHT, Action.WAIT):
        first, *_ = sync.step(np.array([action, action]))
        second, *_ = parallel.step(np.array([action, action]))
    sync.close()
    parallel.close()

    if observation == "screen":
        assert np.array_equal(first, second)
        assert first.shape == (2, 144, 160, 3)
    elif observation == "text":
        assert tuple(first) == tuple(second)
        assert "On screen" in first[0] or "Place" in first[0]
    else:
        assert np.array_equal(first["screen"], second["screen"])
        assert tuple(first["text"]) == tuple(second["text"])


def test_video_is_recorded(tmp_path: Path) -> None:
    env = RecordVideo(
        make(observation="text", render_mode="rgb_array"),
        str(tmp_path / "videos"),
        disable_logger=True,
    )
    env.reset(seed=1)
    for _ in range(6):
        env.step(Action.A)
    env.close()  # type: ignore[no-untyped-call]

    videos = list(tmp_path.glob("videos/*.mp4"))
    assert len(videos) == 1
    assert videos[0].stat().st_size > 1000


def test_a_window_opens_and_closes(micro: Cartridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    env = PokebenchEnv(micro, "text", render_mode="human")
    env.reset(seed=1)
    env.step(np.int64(Action.A))
    env.render()
    env.close()


def test_stepping_writes_no_ram(micro: Cartridge) -> None:
    env = PokebenchEnv(micro, "both", render_mode="rgb_array")
    env.reset(seed=4)
    plain = PokebenchEnv(micro, "text")
    plain.reset(seed=4)
    for action in (Action.A, Action.A, Action.LEFT, Action.START, Action.B):
        env.step(np.int64(action))
        env.render()
        plain.step(np.int64(action))

    assert env.episode.emulator.state_hash() == plain.episode.emulator.state_hash()
    env.close()
    plain.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"observation": "smell"}, "observation 'smell'"),
        ({"render_mode": "ascii"}, "render_mode 'ascii'"),
        ({"observation": "none"}, "is for the runner"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], message: str, micro: Cartridge) -> None:
    with pytest.raises(ConfigError, match=message):
        PokebenchEnv(micro, **options)


def test_reset_comes_first(micro: Cartridge) -> None:
    with pytest.raises(ConfigError, match=r"call reset\(\)"):
        PokebenchEnv(micro).step(np.int64(0))
