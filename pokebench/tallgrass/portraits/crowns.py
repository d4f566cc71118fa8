"""What grows on a head: ears, horns, crests, leaves, flames."""

from collections.abc import Callable
from typing import Final, NamedTuple

from pokebench.tallgrass.portraits.family import SIDES, Drawing, Frame, on_side
from pokebench.tallgrass.portraits.sketch import BLACK, DARK, DEEP, GREY, WHITE, Shape


def _bald(drawing: Drawing, head: Frame) -> None:
    """Draw nothing."""


def _round_ears(drawing: Drawing, head: Frame) -> None:
    size = drawing.grown(40, 42, 44)
    for side in SIDES:
        ear = on_side(head, side)
        drawing.sketch.part(drawing.family.main, ear.oval((72, -72), size, size)).mark(
            drawing.family.second, ear.oval((72, -66), size // 2, size // 2)
        )


def _cat_ears(drawing: Drawing, head: Frame) -> None:
    tall = -drawing.grown(130, 145, 165)
    for side in SIDES:
        ear = on_side(head, side)
        drawing.sketch.part(drawing.family.main, ear.facet((97, -30), (12, -75), (84, tall))).mark(
            drawing.family.second, ear.facet((84, -40), (40, -70), (78, tall + 26))
        )


def _long_ears(drawing: Drawing, head: Frame) -> None:
    tall = -drawing.grown(165, 190, 215)
    for side, lean in ((-1, 75), (1, 115)):
        ear = on_side(head, side)
        path = ((45, -65), (45, tall * 3 // 4), (lean, tall))
        drawing.sketch.part(drawing.family.main, ear.limb(*path, 27, 21)).mark(
            drawing.family.second, ear.limb(*path, 11, 8)
        )


def _floppy_ears(drawing: Drawing, head: Frame) -> None:
    drop = drawing.grown(10, 25, 40)
    for side in SIDES:
        ear = on_side(head, side)
        flap = ear.limb((72, -62), (125, -75), (122, drop), 24, 32)
        drawing.sketch.part(drawing.family.second, flap)


def _horn(drawing: Drawing, head: Frame) -> None:
    tall = drawing.grown(-120, -160, -205)
    horn = head.facet((-46, -66), (-4, -72), (-46, tall))
    band = head.facet((-46, -95), (0, -95), (-20, -112), (-46, -112))
    drawing.sketch.part(drawing.family.accent, horn).mark(GREY, band)


def _twin_horns(drawing: Drawing, head: Frame) -> None:
    tall = -drawing.grown(115, 145, 185)
    for side in SIDES:
        horn = on_side(head, side).limb((50, -62), (125, tall // 2 - 20), (92, tall), 24, 6)
        drawing.sketch.part(drawing.family.accent, horn)


def _ram_horns(drawing: Drawing, head: Frame) -> None:
    size = drawing.grown(34, 42, 52)
    for side in SIDES:
        curl = on_side(head, side).inner((84, -42), size, size)
        drawing.sketch.part(drawing.family.accent, curl.oval((0, 0), 100, 100)).mark(
            DARK, curl.oval((6, 12), 68, 68)
        ).mark(WHITE, curl.oval((0, 14), 36, 36))


def _antlers(drawing: Drawing, head: Frame) -> None:
    tall = -drawing.grown(115, 165, 215)
    for side in SIDES:
        antler = on_side(head, side)
        tip = 90 + 15 * drawing.stage
        shapes: list[Shape] = [antler.limb((40, -66), (tip, -90), (tip, tall), 12, 11)]
        for branch in range(1, drawing.stage + 1):
            at = -66 + (tall + 66) * branch // (drawing.stage + 1)
            shapes.append(antler.limb((tip, at), (tip - 20, at), (tip - 62, at - 50), 11, 9))
            shapes.append(antler.limb((tip, at), (tip + 20, at), (tip + 46, at - 34), 11, 9))
        drawing.sketch.part(drawing.family.accent, *shapes)


def _antennae(drawing: Drawing, head: Frame) -> None:
    tall = -drawing.grown(120, 140, 165)
    for side in SIDES:
        feeler = on_side(head, side)
        drawing.sketch.part(BLACK, feeler.limb((28, -58), (32, tall), (84, tall), 9, 9))
        drawing.sketch.part(drawing.family.accent, feeler.oval((88, tall), 21, 21))


def _crest(drawing: Drawing, head: Frame) -> None:
    for feather in range(drawing.stage + 2):
        x, top = -14 + 32 * feather, 24 * feather - drawing.grown(140, 158, 180)
        plume = head.limb((x, -58), (x, top), (x + 40 + 22 * feather, top), 21, 13)
        drawing.sketch.part(drawing.family.second, plume)


def _sprout(drawing: Drawing, head: Frame) -> None:
    drawing.sketch.part(DEEP, head.limb((0, -75), (0, -90), (0, -118), 10, 9))
    size = drawing.grown(55, 62, 70)
    for side in SIDES[0 if drawing.stage else 1 :]:
        leaf = on_side(head, side).inner((0, -118), size, size)
        blade = leaf.facet((0, 12), (50, -52), (150, -34), (80, 30))
        drawing.sketch.part(drawing.family.second, blade).mark(
            GREY, leaf.limb((0, 12), (60, -10), (130, -28), 8, 6)
        )
    if drawing.stage == 2:
        drawing.sketch.part(drawing.family.accent, head.oval((0, -140), 28, 34))


def _flower(drawing: Drawing, head: Frame) -> None:
    size = drawing.grown(30, 40, 52)
    bloom = head.inner((0, -95), size, size)
    for place in ((-100, -35), (100, -35), (-62, 70), (62, 70), (0, -105)):
        drawing.sketch.part(drawing.family.accent, bloom.oval(place, 70, 70))
    drawing.sketch.part(DARK, bloom.oval((0, 0), 52, 52))


def _cap(drawing: Drawing, head: Frame) -> None:
    cap = head.inner((0, -62), drawing.grown(128, 140, 155), drawing.grown(80, 86, 92))
    part = drawing.sketch.part(
        drawing.family.second, cap.oval((0, 0), 100, 58), cap.oval((0, -34), 74, 64)
    )
    for place, size in (((-44, -32), 16), ((16, -62), 20), ((56, -12), 14), ((-8, 4), 11)):
        part.mark(WHITE, cap.oval(place, size, size + 6))


def _fin(drawing: Drawing, head: Frame) -> None:
    tall = drawing.grown(-135, -158, -190)
    comb = head.facet(
        (-42, -66),
        (8, tall),
        (28, tall * 3 // 4),
        (72, tall * 3 // 4),
        (66, -90),
        (100, -64),
        (72, -20),
    )
    drawing.sketch.part(drawing.family.second, comb)


COMPASS: Final = (
    (0, -100), (38, -92), (71, -71), (92, -38), (100, 0), (92, 38), (71, 71), (38, 92),
    (0, 100), (-38, 92), (-71, 71), (-92, 38), (-100, 0), (-92, -38), (-71, -71), (-38, -92),
)  # fmt: skip
"""Sixteen directions on a circle."""


def _mane(drawing: Drawing, head: Frame) -> None:
    reach = (drawing.grown(106, 110, 114), drawing.grown(126, 140, 152))
    corners = [
        (x * reach[i % 2] // 100, y * reach[i % 2] // 100) for i, (x, y) in enumerate(COMPASS)
    ]
    drawing.sketch.part(drawing.family.second, head.facet(*corners))


def _flame(drawing: Drawing, head: Frame) -> None:
    fire = head.inner((0, -55), 100, drawing.grown(80, 105, 135))
    outer = ((-62, 0), (-76, -52), (-34, -36), (0, -100), (22, -52), (62, -78), (62, 0))
    inner = ((-34, 0), (-34, -24), (0, -62), (34, -28), (34, 0))
    drawing.sketch.part(drawing.family.accent, fire.facet(*outer)).mark(DARK, fire.facet(*inner))


class Crown(NamedTuple):
    """How something on a head is drawn, and whether the head hides its base."""

    draw: Callable[[Drawing, Frame], None]
    is_behind: bool


CROWNS: Final = {
    "bald": Crown(_bald, True),
    "round_ears": Crown(_round_ears, True),
    "cat_ears": Crown(_cat_ears, True),
    "long_ears": Crown(_long_ears, True),
    "floppy_ears": Crown(_floppy_ears, False),
    "horn": Crown(_horn, False),
    "twin_horns": Crown(_twin_horns, True),
    "ram_horns": Crown(_ram_horns, False),
    "antlers": Crown(_antlers, True),
    "antennae": Crown(_antennae, True),
    "crest": Crown(_crest, True),
    "sprout": Crown(_sprout, True),
    "flower": Crown(_flower, False),
    "cap": Crown(_cap, False),
    "fin": Crown(_fin, True),
    "mane": Crown(_mane, True),
    "flame": Crown(_flame, True),
}
