"""Heads, tails, wings, what stands on a back, and markings: parts that many bodies share."""

from typing import Final

from pokebench.tallgrass.portraits.crowns import CROWNS
from pokebench.tallgrass.portraits.faces import draw_face
from pokebench.tallgrass.portraits.family import Drawing, Family, Frame, on_side
from pokebench.tallgrass.portraits.sketch import DARK, GREY, WHITE, Part, Point


def draw_head(drawing: Drawing, x: int, y: int, radius: int) -> None:
    """Draw a head around (x, y) with a face and a crown."""
    head = Frame(x, y, radius, radius)
    crown = CROWNS[drawing.family.crown]
    if crown.is_behind:
        crown.draw(drawing, head)
    part = drawing.sketch.part(drawing.family.main, head.oval((0, 0), 104, 92))
    if drawing.family.marking == "mask":
        part.mark(drawing.family.second, head.oval((-30, 45), 75, 60))
    elif drawing.family.marking == "blaze":
        part.mark(drawing.family.second, head.facet((-50, -100), (10, -100), (-15, 20)))
    draw_face(drawing, head)
    if not crown.is_behind:
        crown.draw(drawing, head)


def draw_tail(drawing: Drawing, x: int, y: int) -> None:
    """Draw a tail that grows from (x, y) to the right."""
    reach = drawing.grown(75, 105, 135)
    tail, family, sketch = Frame(x, y, reach, reach), drawing.family, drawing.sketch
    if family.tail == "whip":
        sketch.part(family.main, tail.limb((0, 0), (110, 20), (100, -100), 21, 8))
    elif family.tail == "brush":
        stem = tail.limb((0, 0), (100, 30), (100, -50), 26, 36)
        tip = tail.oval((100, -106), 50, 42)
        sketch.part(family.main, stem, tail.oval((100, -60), 44, 56)).mark(family.second, tip)
    elif family.tail == "club":
        sketch.part(family.main, tail.limb((0, 0), (100, 30), (115, -30), 24, 14))
        sketch.part(family.accent, tail.oval((115, -40), 36, 36))
    elif family.tail == "leaf":
        sketch.part(family.main, tail.limb((0, 0), (50, 0), (100, -50), 16, 10))
        blade = tail.facet((100, -38), (66, -100), (112, -150), (148, -90))
        sketch.part(family.second, blade).mark(
            GREY, tail.limb((102, -40), (104, -80), (112, -140), 5, 3)
        )
    elif family.tail == "thick":
        sketch.part(family.main, tail.limb((-20, 0), (90, 64), (140, 6), 46, 8))
    elif family.tail == "stub":
        sketch.part(family.second, tail.oval((16, -16), 34, 32))


def draw_wings(drawing: Drawing, x: int, y: int, span: int) -> None:
    """Draw a pair of leathery wings that rise from (x, y)."""
    for side, width in ((-1, 80), (1, 100)):
        wing = on_side(Frame(x, y, span * width // 100, span), side)
        skin = wing.facet(
            (0, -12),
            (40, -92),
            (104, -50),
            (84, -26),
            (92, 10),
            (62, -8),
            (54, 26),
            (30, 6),
            (0, 22),
        )
        bone = wing.limb((0, 0), (34, -50), (42, -84), 4, 3)
        drawing.sketch.part(drawing.family.second, skin).mark(GREY, bone)


SPIKES: Final = ((-42, 40), (46, 40), (34, -100))
SAIL: Final = (
    (-100, 36),
    (-66, -66),
    (-44, -50),
    (-20, -100),
    (4, -62),
    (36, -70),
    (48, -30),
    (100, 36),
)
CRYSTALS: Final = ((-62, -24, 60), (42, 34, 72), (-10, 4, 104))
"""Place, lean and height of each."""


def draw_back(drawing: Drawing, x: int, y: int, half: int) -> None:
    """Draw what stands on a back; (x, y) is its highest point, `half` half its length."""
    kind, family, sketch = drawing.family.back, drawing.family, drawing.sketch
    if kind == "spikes":
        count = 3 + drawing.stage
        for i in range(count):
            tall = drawing.grown(34, 50, 66)
            spike = Frame(x - half + (2 * i + 1) * half // count, y, 56, tall)
            sketch.part(family.accent, spike.facet(*SPIKES))
    elif kind == "sail":
        sail = Frame(x, y, half, drawing.grown(50, 84, 120))
        sketch.part(family.second, sail.facet(*SAIL))
    elif kind == "wings":
        draw_wings(drawing, x, y + 30, drawing.grown(80, 140, 200))
    elif kind == "crystals":
        _draw_crystals(drawing, Point(x, y))
    elif kind == "bush":
        bush = Frame(x, y, half, drawing.grown(40, 55, 70))
        leaves = (
            bush.oval((-50, 20), 64, 75),
            bush.oval((50, 20), 64, 75),
            bush.oval((0, -50), 64, 80),
        )
        berries = (
            bush.oval((-34, -40), 13, 20),
            bush.oval((40, 0), 13, 20),
            bush.oval((10, -90), 12, 18),
        )
        sketch.part(DARK, *leaves).mark(WHITE, *berries)


def _draw_crystals(drawing: Drawing, top: Point) -> None:
    for place, lean, height in CRYSTALS:
        tall = height * drawing.grown(40, 80, 115) // 100
        shard = Frame(top.x + place, top.y + 40, 100, tall + 40)
        left, right = (lean - 14, -74), (lean + 14, -80)
        whole = shard.facet((-22, 0), left, (lean, -100), right, (22, 0))
        drawing.sketch.part(WHITE, whole).mark(
            GREY, shard.facet((0, 0), (lean, -100), right, (22, 0))
        )


def mark_body(part: Part, family: Family, body: Frame) -> None:
    """Put the family's marking on a body that fills the frame."""
    if family.marking == "belly":
        part.mark(family.second, body.oval((-20, 33), 60, 75))
    elif family.marking == "stripes":
        for x in (-45, 0, 45):
            part.mark(family.second, body.limb((x, -100), (x - 12, -50), (x + 8, -6), 13, 5))
    elif family.marking == "spots":
        for x, y, size in ((-50, -30, 16), (-5, -52, 20), (40, -20, 22), (5, 15, 14), (65, 30, 13)):
            part.mark(family.second, body.oval((x, y), size, size * 5 // 4))
    elif family.marking == "rings":
        for y in (-20, 30, 75):
            part.mark(family.second, body.limb((-100, y), (0, y + 25), (100, y), 10, 10))
