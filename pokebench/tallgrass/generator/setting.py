"""What is known about a world before its maps are drawn; every map maker works from it."""

from dataclasses import dataclass
from typing import Final

from pokebench.tallgrass.generator.builder import Builder
from pokebench.tallgrass.generator.creatures import Creatures
from pokebench.tallgrass.generator.journey import Journey
from pokebench.tallgrass.generator.kinds import Kinds
from pokebench.tallgrass.text import GLUE
from pokebench.tallgrass.tiles import Person

_GLUED: Final = frozenset(("route", "badges"))
"""Names that a line must not tear apart."""

VOICES: Final = {
    Person.ELDER: "elder",
    Person.GIRL: "girl",
    Person.GUARD: "guard",
    Person.TAMER: "tamer",
}
"""How the people of the street talk: keys of the dialogue table."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The builder with the kinds, creatures and plan of its world."""

    builder: Builder
    kinds: Kinds
    creatures: Creatures
    journey: Journey

    def kind_name(self, kind: int) -> str:
        """Return what people call a kind."""
        return self.kinds.names[kind]

    def kind_names(self, kinds: list[int]) -> str:
        """Return kinds as a phrase: "A", "A and B"."""
        return " and ".join(self.kinds.names[kind] for kind in kinds)

    def say(self, key: str, **names: str | int) -> str:
        """Return a phrase; the region's name is always there to fill in."""
        for name in _GLUED.intersection(names):
            names[name] = str(names[name]).replace(" ", GLUE)
        return self.builder.phrases.pick(key, region=self.journey.region, **names)


def badges_phrase(count: int) -> str:
    """Return a number of badges in words: "1 badge", "3 badges"."""
    return f"{count} badge" if count == 1 else f"{count} badges"
