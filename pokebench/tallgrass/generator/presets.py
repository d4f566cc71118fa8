"""The sizes a world comes in."""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from pokebench.errors import ConfigError


@unique
class GateKind(StrEnum):
    """What closes a route."""

    BUSH = "bush"
    WATER = "water"
    FETCH = "fetch"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class Preset:
    """One size of world.

    `number` keeps the random streams of presets apart. `gates` has one entry for each gate: the
    kinds it may be. Gates stand on every route but the first, in random order.
    """

    name: str
    number: int
    badges: int
    families: int
    gates: tuple[tuple[GateKind, ...], ...]
    route_lengths: tuple[int, int]
    most_cave_floors: int
    champion_team: int
    has_evolution: bool


_BUSH, _WATER, _FETCH, _GUARD = ((kind,) for kind in GateKind)
_OBJECT: Final = (GateKind.BUSH, GateKind.WATER, GateKind.FETCH)

PRESETS: Final = {
    preset.name: preset
    for preset in (
        Preset("micro", 1, 1, 8, (), (30, 36), 1, 2, has_evolution=False),
        Preset("mini", 2, 2, 10, (_OBJECT,), (36, 44), 1, 3, has_evolution=False),
        Preset(
            "short", 3, 8, 16, (_BUSH, _WATER, _FETCH, _FETCH, _FETCH, _GUARD, _GUARD),
            (40, 52), 2, 5, has_evolution=True,
        ),
    )
}  # fmt: skip
"""The presets by name."""


def preset_named(name: str) -> Preset:
    """Return a preset.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in PRESETS:
        raise ConfigError(f"no world preset {name!r}; choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
