"""Kinds of creatures and moves, what beats what, and all moves of a world."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pokebench.tallgrass.format import Effect
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import Move

KINDS_PER_WORLD: Final = 8
MOVES_PER_KIND: Final = 3
PLAIN: Final = 0
"""The kind that every kind takes as it comes: an attack of it always works."""
BUMP: Final = 1
"""The move that everybody knows from the start."""
_FIRST_KIND_MOVE: Final = 2
FIRST_TRICK: Final = _FIRST_KIND_MOVE + KINDS_PER_WORLD * MOVES_PER_KIND

NO_EFFECT, WEAK, NEUTRAL, STRONG = 0, 5, 10, 20

_DATA: Final = Path(__file__).parent.parent / "data" / "kinds.toml"


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of one world: names, moves and the chart `chart[attacker][defender]` in tenths."""

    names: tuple[str, ...]
    chart: tuple[tuple[int, ...], ...]
    moves: tuple[Move, ...]

    def strong_against(self, kind: int) -> list[int]:
        """Return the kinds whose attacks hurt `kind` twice."""
        return [attacker for attacker, row in enumerate(self.chart) if row[kind] == STRONG]

    def weak_against(self, kind: int) -> list[int]:
        """Return the other kinds whose attacks hurt `kind` half or not at all."""
        return [
            attacker
            for attacker, row in enumerate(self.chart)
            if row[kind] < NEUTRAL and attacker != kind
        ]

    def trick(self, effect: Effect) -> int:
        """Return the move that does nothing but `effect`."""
        return next(
            index
            for index, move in enumerate(self.moves)
            if index >= FIRST_TRICK and move.effect == effect
        )


def move_of(kind: int, tier: int) -> int:
    """Return the move of a kind, tier 0 (weak) to 2 (strong)."""
    return _FIRST_KIND_MOVE + kind * MOVES_PER_KIND + tier


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_DATA.read_text("ascii"))


def draw_kinds(rng: Pcg32) -> Kinds:
    """Draw a world's kinds, their chart and their moves."""
    plain, *others = _data()["kind"]
    chosen = [plain, *rng.sample(others, KINDS_PER_WORLD - 1)]
    return Kinds(
        tuple(kind["name"] for kind in chosen), draw_chart(rng), tuple(_draw_moves(rng, chosen))
    )


def draw_chart(rng: Pcg32) -> tuple[tuple[int, ...], ...]:
    """Draw what beats what, equally hard for all: each kind but Plain is strong against two.

    The kinds stand in a hidden circle; what an attack does depends on the way round it only.
    """
    circle = list(range(1, KINDS_PER_WORLD))
    rng.shuffle(circle)
    strong_1, strong_2, weak_1, weak_2, other_1, other_2 = rng.sample(range(1, len(circle)), 6)
    by_distance = {0: WEAK, strong_1: STRONG, strong_2: STRONG, weak_1: WEAK, weak_2: WEAK}
    by_distance |= {other_1: NEUTRAL, other_2: NEUTRAL}
    chart = [[NEUTRAL] * KINDS_PER_WORLD for _ in range(KINDS_PER_WORLD)]
    for place, attacker in enumerate(circle):
        for distance, effect in by_distance.items():
            chart[attacker][circle[(place + distance) % len(circle)]] = effect
    for place in rng.sample(range(len(circle)), 2):
        chart[circle[place]][circle[(place + other_1) % len(circle)]] = NO_EFFECT
    return tuple(tuple(row) for row in chart)


def _draw_moves(rng: Pcg32, kinds: list[dict[str, Any]]) -> list[Move]:
    """Return all moves: none, the plain attack, three for each kind, the tricks."""
    moves = [Move("-", 0, 0, 0, 0), Move("Bump", PLAIN, 35, 100, 35)]
    for index, kind in enumerate(kinds):
        for tier, name in zip(_data()["tier"], kind["moves"], strict=True):
            is_middle = name == kind["moves"][1]
            effects = (Effect.NONE, Effect.NONE, Effect.POISON, Effect.PARALYSE)
            effect = rng.choice(effects) if is_middle else Effect.NONE
            moves.append(Move(name, index, tier["power"], tier["accuracy"], tier["pp"], effect))
    for trick in _data()["trick"]:
        moves.append(Move(trick["name"], PLAIN, 0, trick["accuracy"], 15, Effect[trick["effect"]]))
    return moves
