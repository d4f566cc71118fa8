"""How strong everybody is along the journey.

One well-kept creature with modest training carries a player through: levels rise by five a leg,
and a chief stands about five above the tamers of the route that leads there.
"""

from typing import Final

STARTER_LEVEL: Final = 5
_LEVELS_PER_LEG: Final = 5


def route_level(leg: int) -> int:
    """Return the level of tamers on a route; wild creatures are a little below it."""
    return 4 + _LEVELS_PER_LEG * leg


def cave_level(leg: int) -> int:
    """Return the level of wild creatures in a cave off a route."""
    return route_level(leg) + 1


def chief_level(hall: int) -> int:
    """Return the level of a chief's strongest creature."""
    return 9 + _LEVELS_PER_LEG * hall


def chief_team_size(hall: int) -> int:
    """Return how many creatures a chief has: two to five."""
    return 2 + (hall > 1) + (hall > 4) + (hall > 6)


def champion_level(badges: int) -> int:
    """Return the level of the champion's first creature; each next one is a level higher."""
    return 6 + _LEVELS_PER_LEG * badges


def tamer_reward(leg: int) -> int:
    """Return the coins for beating a tamer of a route."""
    return 60 + 40 * leg


def chief_reward(hall: int) -> int:
    """Return the coins for beating a chief."""
    return 300 + 150 * hall


CHAMPION_REWARD: Final = 5000
