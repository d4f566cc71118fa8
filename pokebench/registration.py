"""Makes `gymnasium.make("pokebench/Tallgrass-v1")` work: one environment id for each game table."""

import gymnasium as gym

from pokebench.content import content_dir

NAMESPACE = "pokebench"


def env_name(game_id: str) -> str:
    """Return the environment's name without namespace: `pokemon_red` becomes `PokemonRed-v1`."""
    return "".join(part.capitalize() for part in game_id.split("_")) + "-v1"


def register() -> None:
    """Register all games with Gymnasium; done once, however often it is called."""
    for path in sorted(content_dir("milestones").glob("*.toml")):
        env_id = f"{NAMESPACE}/{env_name(path.stem)}"
        if env_id not in gym.registry:
            gym.register(env_id, "pokebench.env:make_env", kwargs={"game": path.stem})
