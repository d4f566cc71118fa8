"""Creatures: families that grow, where they live wild, and the teams that tamers lead."""

from dataclasses import dataclass
from typing import Final

from pokebench.tallgrass.format import Effect
from pokebench.tallgrass.generator.builder import Builder, Subject
from pokebench.tallgrass.generator.kinds import (
    BUMP,
    KINDS_PER_WORLD,
    PLAIN,
    Kinds,
    move_of,
)
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import BaseStats, Learned, Member, Species

_STAGE_GROWTH: Final = 18
_LARGE_FAMILIES: Final = KINDS_PER_WORLD
"""The first families have three stages, one family of each kind; the others have two."""
_COMMON_SLOTS: Final = (0, 0, 0, 1, 1, 2, 2, 3)
"""Which of a place's families each of its eight encounter slots holds."""
_POOL_SIZE: Final = 4
STARTER_CHOICES: Final = 3


@dataclass(frozen=True, slots=True)
class Family:
    """A row of species that grow into each other; `first` is the youngest."""

    first: int
    kind: int
    stages: int


class Creatures:
    """The families of a world and how they are met."""

    def __init__(self, builder: Builder, kinds: Kinds) -> None:
        self._builder = builder
        self._kinds = kinds
        self._rng = builder.rng(Subject.TEAMS)
        self.species = builder.world.species
        self.families = _draw_families(builder, kinds)
        choices = self.families[PLAIN + 1 : _LARGE_FAMILIES]
        self.starters = tuple(self._rng.sample(choices, STARTER_CHOICES))
        self._wild = [family for family in self.families if family not in self.starters]

    def grown(self, family: Family, level: int) -> int:
        """Return the species that a family has grown into at a level."""
        species = family.first
        while self.species[species].evolve_level and level >= self.species[species].evolve_level:
            species = self.species[species].evolve_to
        return species

    def encounters(self, level: int, useful_against: int | None = None) -> int:
        """Add what lives wild in a place and return the row.

        One family is strong against the kind `useful_against` if any is: help lives nearby.
        """
        pool = self._rng.sample(self._wild, _POOL_SIZE)
        helpers = self._helpers(useful_against)
        if helpers and not any(family in helpers for family in pool):
            pool[self._rng.below(_POOL_SIZE - 1)] = self._rng.choice(helpers)
        slots = []
        for place in _COMMON_SLOTS:
            slot_level = max(2, level + self._rng.between(-2, 1))
            slots.append(Member(self.grown(pool[place], slot_level), slot_level))
        self._builder.world.encounters.append(tuple(slots))
        return len(self._builder.world.encounters) - 1

    def team(self, size: int, level: int, kind: int | None = None) -> tuple[Member, ...]:
        """Return a team of about `level`, of one kind if given; the last member is at `level`."""
        pool = [family for family in self.families if kind in (None, family.kind)]
        levels = [max(2, level - self._rng.below(2)) for _ in range(size - 1)] + [level]
        return tuple(
            Member(self.grown(self._rng.choice(pool), member_level), member_level)
            for member_level in levels
        )

    def champion_team(self, size: int, level: int) -> tuple[Member, ...]:
        """Return a team of different kinds whose levels rise by one."""
        families = self._rng.sample(self.families[:_LARGE_FAMILIES], size)
        return tuple(
            Member(self.grown(family, level + place), level + place)
            for place, family in enumerate(families)
        )

    def _helpers(self, kind: int | None) -> list[Family]:
        strong = [] if kind is None else self._kinds.strong_against(kind)
        return [family for family in self._wild if family.kind in strong]


def _draw_families(builder: Builder, kinds: Kinds) -> list[Family]:
    """Add every species of the world; return the families."""
    rng = builder.rng(Subject.CREATURES)
    portraits = builder.rng(Subject.PORTRAITS)
    families = []
    for index in range(builder.preset.families):
        kind = index if index < KINDS_PER_WORLD else rng.between(1, KINDS_PER_WORLD - 1)
        stages = 3 if index < _LARGE_FAMILIES else 2
        family = Family(len(builder.world.species), kind, stages)
        seed = portraits.next()
        moves = _draw_learnset(rng, kinds, kind)
        base, ages = rng.between(38, 51), (rng.between(14, 18), rng.between(30, 35))
        for stage in range(stages):
            _add_species(builder, rng, family, seed, stage, base, ages, moves)
        families.append(family)
    return families


def _add_species(
    builder: Builder,
    rng: Pcg32,
    family: Family,
    seed: int,
    stage: int,
    base: int,
    ages: tuple[int, int],
    moves: tuple[Learned, ...],
) -> None:
    """Append one stage of a family."""
    is_last = stage == family.stages - 1
    strength = base + stage * _STAGE_GROWTH
    builder.world.species.append(
        Species(
            name=builder.names.name(2 if rng.chance(3, 5) else 3),
            type=family.kind,
            stats=BaseStats(*(strength + rng.between(-8, 8) for _ in range(5))),
            catch_rate=200 - 70 * stage,
            exp=50 + 45 * stage,
            family_seed=seed,
            stage=stage,
            evolve_level=0 if is_last else ages[stage],
            evolve_to=0 if is_last else family.first + stage + 1,
            learnset=moves,
        )
    )


def _draw_learnset(rng: Pcg32, kinds: Kinds, kind: int) -> tuple[Learned, ...]:
    """Return what a family learns: its own kind's moves in time, tricks, something foreign."""
    first_trick = kinds.trick(rng.choice((Effect.LOWER_ATTACK, Effect.LOWER_DEFENSE)))
    later = (Effect.POISON, Effect.SLEEP, Effect.RECOVER, Effect.PARALYSE)
    foreign = [other for other in range(KINDS_PER_WORLD) if other != kind]
    early, late = rng.sample(foreign, 2)
    return (
        Learned(1, BUMP),
        Learned(1, first_trick),
        Learned(6, move_of(kind, 0)),
        Learned(rng.between(11, 14), kinds.trick(rng.choice(later))),
        Learned(rng.between(18, 21), move_of(kind, 1)),
        Learned(rng.between(26, 29), move_of(early, 1)),
        Learned(rng.between(34, 37), move_of(kind, 2)),
        Learned(rng.between(42, 45), move_of(late, 2)),
    )
