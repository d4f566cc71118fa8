"""Portraits of creatures, made up from random numbers: the same numbers, the same creature."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pokebench.tallgrass.portraits import beasts, oddities, swarm
from pokebench.tallgrass.portraits.faces import EYES
from pokebench.tallgrass.portraits.family import Drawing, Family
from pokebench.tallgrass.portraits.sketch import (
    DARK,
    DEEP,
    GREY,
    LIGHT,
    PALE,
    WHITE,
    Sketch,
    tiles_of,
)
from pokebench.tallgrass.rng import Pcg32

STAGES: Final = 3
BOXES: Final = ((28, 28), (35, 35), (40, 40))
"""Width and height in pixels that each stage may fill."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a kind of body is drawn, and what may grow on it."""

    draw: Callable[[Drawing], None]
    crowns: tuple[str, ...]
    mouths: tuple[str, ...]
    tails: tuple[str, ...] = ("none",)
    backs: tuple[str, ...] = ("none",)


BEAST_CROWNS: Final = (
    "round_ears", "cat_ears", "long_ears", "floppy_ears", "horn", "twin_horns", "ram_horns",
    "antlers", "mane", "flame", "sprout", "crest", "fin",
)  # fmt: skip
ODD_CROWNS: Final = ("bald", "horn", "twin_horns", "antennae", "sprout", "flower", "flame", "cap")
BUG_CROWNS: Final = ("antennae", "antennae", "horn", "antlers", "twin_horns")
PLAIN_MOUTHS: Final = ("smile", "cat", "fang", "grin", "gape", "line")
BEAST_TAILS: Final = ("whip", "brush", "club", "leaf", "thick", "stub")
BEAST_BACKS: Final = ("none", "none", "none", "spikes", "sail", "wings", "crystals", "bush")

PLANS: Final = {
    "quadruped": Plan(
        beasts.draw_quadruped,
        BEAST_CROWNS,
        ("snout", "snout", *PLAIN_MOUTHS),
        BEAST_TAILS,
        (*BEAST_BACKS, "shell", "shell"),
    ),
    "biped": Plan(
        beasts.draw_biped,
        (*BEAST_CROWNS, "cap"),
        ("snout", "beak", *PLAIN_MOUTHS),
        BEAST_TAILS,
        BEAST_BACKS,
    ),
    "winged": Plan(
        beasts.draw_winged,
        ("cat_ears", "twin_horns", "horn", "crest", "long_ears"),
        ("fang", "snout", "beak", "cat"),
        ("whip", "club", "thick"),
        ("none", "spikes"),
    ),
    "bird": Plan(
        beasts.draw_bird,
        ("crest", "crest", "bald", "horn", "flame", "sprout", "cat_ears"),
        ("beak",),
    ),
    "serpent": Plan(
        beasts.draw_serpent,
        ("bald", "horn", "twin_horns", "fin", "crest", "antlers", "mane"),
        ("fang", "cat", "snout", "smile"),
        ("none", "club", "leaf"),
        ("none", "wings", "spikes"),
    ),
    "golem": Plan(
        beasts.draw_golem,
        ("bald", "horn", "twin_horns", "ram_horns", "sprout", "flame"),
        ("fang", "line", "grin", "gape"),
        backs=("none", "spikes", "crystals", "bush"),
    ),
    "wasp": Plan(swarm.draw_wasp, BUG_CROWNS, ("smile", "line", "fang", "gape")),
    "beetle": Plan(
        swarm.draw_beetle,
        ("horn", "antlers", "twin_horns", "antennae"),
        ("smile", "line", "cat"),
        backs=("none", "none", "spikes", "crystals", "bush"),
    ),
    "moth": Plan(swarm.draw_moth, ("antennae", "antennae", "crest", "mane"), PLAIN_MOUTHS),
    "spider": Plan(
        swarm.draw_spider, ("bald", "horn", "twin_horns", "cap"), ("line", "cat", "grin")
    ),
    "crab": Plan(swarm.draw_crab, ("bald",), PLAIN_MOUTHS),
    "fish": Plan(
        oddities.draw_fish,
        ("bald", "bald", "antennae", "horn"),
        ("gape", "fang", "smile", "line", "grin"),
    ),
    "squid": Plan(oddities.draw_squid, ("bald", "fin", "horn", "crest", "cap"), PLAIN_MOUTHS),
    "blob": Plan(oddities.draw_blob, ODD_CROWNS, PLAIN_MOUTHS),
    "plant": Plan(
        oddities.draw_plant, ("sprout", "flower", "flower", "cap", "mane", "antlers"), PLAIN_MOUTHS
    ),
    "spirit": Plan(
        oddities.draw_spirit,
        ("bald", "flame", "twin_horns", "long_ears", "crest", "antennae", "cat_ears"),
        PLAIN_MOUTHS,
        backs=("none", "none", "wings"),
    ),
}
PLAN_DECK: Final = (
    "quadruped", "quadruped", "quadruped", "quadruped", "biped", "biped", "biped", "winged",
    "bird", "bird", "serpent", "serpent", "golem", "wasp", "beetle", "moth", "spider", "crab",
    "fish", "squid", "blob", "plant", "spirit",
)  # fmt: skip
"""Plans as often as they come up."""
MAIN_MATERIALS: Final = (LIGHT, LIGHT, PALE, GREY, DARK, DEEP)
ACCENTS: Final = (WHITE, WHITE, LIGHT, GREY)
MARKINGS: Final = ("none", "belly", "belly", "stripes", "spots", "mask", "blaze", "rings")


def portrait(rng: Pcg32, stage: int) -> bytes:
    """Return a portrait of 5 x 5 tiles, row by row, 400 bytes.

    Args:
        rng: a fresh generator; the same seed gives the same family at each stage.
        stage: 0 small, 1 middle, 2 large.

    Raises:
        ValueError: there is no such stage.
    """
    if not 0 <= stage < STAGES:
        raise ValueError(f"stage must be 0 to {STAGES - 1}, not {stage}")
    family = draw_family(rng)
    sketch = Sketch()
    PLANS[family.plan].draw(Drawing(sketch, family, stage))
    return tiles_of(sketch.render(*BOXES[stage]))


def draw_family(rng: Pcg32) -> Family:
    """Draw the traits that all stages of a creature share."""
    plan = rng.choice(PLAN_DECK)
    traits = PLANS[plan]
    main = rng.choice(MAIN_MATERIALS)
    is_dark = main in (GREY, DARK, DEEP)
    return Family(
        plan=plan,
        main=main,
        second=rng.choice((WHITE, PALE) if is_dark else (DARK, DEEP, WHITE)),
        accent=rng.choice(ACCENTS),
        eyes=rng.choice(tuple(EYES)),
        mouth=rng.choice(traits.mouths),
        crown=rng.choice(traits.crowns),
        tail=rng.choice(traits.tails),
        back=rng.choice(traits.backs),
        marking=rng.choice(MARKINGS),
        bulk=rng.between(88, 114),
        legs=rng.between(70, 135),
    )
