"""Makes a playable world: generate, pack, prove, and take the first attempt that holds."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha1, sha256
from pathlib import Path
from typing import Final

from pokebench.errors import ConfigError
from pokebench.tallgrass.art import Art, load_art, portrait
from pokebench.tallgrass.generator import PRESETS, GenerationError, generate, preset_named
from pokebench.tallgrass.pack import pack
from pokebench.tallgrass.solver import Solution, solve
from pokebench.tallgrass.world import World

MOST_ATTEMPTS: Final = 50
HIGHEST_SEED: Final = 2**32 - 1
_ENGINE: Final = Path(__file__).parent / "data" / "engine.bin"


@dataclass(frozen=True, slots=True)
class BuiltWorld:
    """A proven world with its ROM; `attempt` counts the draws before it that did not hold."""

    world: World
    rom: bytes
    sha1: str
    attempt: int
    solution: Solution


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets, smallest first."""
    return tuple(PRESETS)


@cache
def engine_sha256() -> str:
    """Return the SHA-256 of the engine that goes into every ROM."""
    return sha256(_engine()).hexdigest()


def build_world(preset: str, seed: int) -> BuiltWorld:
    """Return the world of a preset ("micro", "mini", "short") and seed, always the same.

    Raises:
        ConfigError: there is no such preset, or the seed is out of range.
    """
    preset_named(preset)
    if not 0 <= seed <= HIGHEST_SEED:
        raise ConfigError(f"a world seed is 0 to {HIGHEST_SEED}, not {seed}")
    for attempt in range(MOST_ATTEMPTS):
        built = _try_attempt(preset, seed, attempt)
        if built is not None:
            return built
    raise ConfigError(f"no world holds for {preset!r}, seed {seed}; choose another seed")


def holds(world: World, solution: Solution) -> bool:
    """Return whether a world can be completed, locks nobody up, and reaches its milestones."""
    expected = {milestone.bit for milestone in world.milestones}
    return solution.is_sound and expected <= solution.reached_milestones


def _try_attempt(preset: str, seed: int, attempt: int) -> BuiltWorld | None:
    """Return one attempt's world, or None if it does not hold."""
    try:
        world = generate(preset, seed, attempt)
    except GenerationError:
        return None
    rom = pack(world, _engine(), _art(), portrait)
    solution = solve(rom)
    if not holds(world, solution):
        return None
    return BuiltWorld(world, rom, sha1(rom).hexdigest(), attempt, solution)


@cache
def _engine() -> bytes:
    return _ENGINE.read_bytes()


@cache
def _art() -> Art:
    return load_art()
