"""Bodies with a backbone: on four legs, on two, feathered, coiled, and of stone.

The ground is at height 0; what stands on it has negative heights.
"""

from pokebench.tallgrass.portraits.family import SIDES, Drawing, Frame, on_side
from pokebench.tallgrass.portraits.sketch import (
    BLACK,
    DARK,
    GREY,
    WHITE,
    Ellipse,
    Limb,
    Part,
    Point,
)
from pokebench.tallgrass.portraits.trimmings import (
    draw_back,
    draw_head,
    draw_tail,
    draw_wings,
    mark_body,
)


def _leg(hip: Point, thick: int) -> tuple[Limb, Ellipse]:
    """Return a leg from `hip` down to the ground, with its paw."""
    knee, ankle = Point(hip.x + 9, hip.y // 2), Point(hip.x - 4, -thick)
    paw = Ellipse(Point(hip.x - 12, -18), thick + 9, 18)
    return Limb(hip, knee, ankle, thick + 6, thick), paw


def draw_quadruped(drawing: Drawing) -> None:
    """Draw a beast on four legs."""
    family, grown = drawing.family, drawing.grown
    length, depth = grown(88, 118, 142), family.wide(grown(60, 72, 86))
    body = Frame(40, -family.long(grown(40, 66, 90)) - depth * 2 // 3, length, depth)
    thick = family.wide(grown(25, 29, 35))
    draw_tail(drawing, *body.at((80, 0)))
    for place in (-40, 72):
        leg, _ = _leg(body.at((place, 0)), thick)
        drawing.sketch.part(DARK, leg)
    draw_back(drawing, *body.at((10, -100)), length * 3 // 4)
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    part.add(body.limb((-50, 0), (-75, -90), (-82, -grown(110, 140, 155)), 64, 50))
    part.add(*_leg(body.at((-68, 0)), thick), *_leg(body.at((46, 0)), thick))
    mark_body(part, family, body)
    if family.back == "shell":
        _draw_shell(drawing, body)
    draw_head(drawing, *body.at((-88, -grown(118, 150, 165))), grown(98, 104, 114))


def _draw_shell(drawing: Drawing, body: Frame) -> None:
    shell = body.inner((8, -34), 92, 96)
    part = drawing.sketch.part(drawing.family.second, shell.oval((0, 0), 100, 100))
    for place in ((-52, -10), (0, -46), (52, -10), (0, 34)):
        part.mark(GREY, shell.oval(place, 22, 26))


def draw_biped(drawing: Drawing) -> None:
    """Draw a beast that stands upright."""
    family, grown = drawing.family, drawing.grown
    width, height = family.wide(grown(62, 80, 98)), grown(66, 86, 104)
    leg, thick = family.long(grown(34, 48, 62)), grown(24, 28, 34)
    body = Frame(0, -leg - height * 3 // 4, width, height)
    draw_tail(drawing, *body.at((66, 50)))
    draw_back(drawing, *body.at((20, -60)), width)
    arm = Frame(*body.at((84, -50)), grown(52, 70, 92), grown(52, 70, 92))
    drawing.sketch.part(family.main, arm.limb((0, 0), (90, 30), (72, 96), 40, 30))
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    for side in SIDES:
        part.add(*_leg(body.at((side * 56, 40)), thick + 5))
    mark_body(part, family, body)
    _draw_near_arm(drawing, Frame(*body.at((-80, -50)), arm.unit_x, arm.unit_y))
    draw_head(drawing, -8, body.at((0, -100)).y - grown(34, 36, 44), grown(100, 104, 112))


def _draw_near_arm(drawing: Drawing, shoulder: Frame) -> None:
    hand = (-92, 70)
    drawing.sketch.part(drawing.family.main, shoulder.limb((0, 0), (-80, 0), hand, 40, 30))
    if drawing.stage == 2:
        for lift in (-26, -2, 22):
            claw = shoulder.facet((-104, 62 + lift), (-100, 80 + lift), (-140, 78 + lift))
            drawing.sketch.part(WHITE, claw)


def draw_winged(drawing: Drawing) -> None:
    """Draw an upright beast with wings from the start."""
    draw_wings(drawing, 0, -drawing.grown(110, 170, 215), drawing.grown(170, 215, 260))
    draw_biped(drawing)


def draw_bird(drawing: Drawing) -> None:
    """Draw a bird: folded wings while young, spread ones when grown."""
    family, grown = drawing.family, drawing.grown
    leg = family.long(grown(28, 42, 54))
    length, depth = grown(82, 98, 110), family.wide(grown(72, 82, 90))
    body = Frame(20, -leg - depth, length, depth)
    _draw_tail_feathers(drawing, body)
    if drawing.stage == 2:
        _draw_spread_wing(drawing, Frame(*body.at((20, -30)), 200, 200))
    for place in (-24, 28):
        _draw_bird_leg(drawing, body.at((place, 50)))
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    neck = (-62, -grown(104, 128, 150))
    part.add(body.limb((-34, -34), (-56, -100), neck, 66, 48))
    mark_body(part, family, body)
    if drawing.stage < 2:
        _draw_folded_wing(drawing, body)
    else:
        _draw_spread_wing(drawing, Frame(*body.at((-4, -10)), 170, 170))
    draw_head(drawing, *body.at(neck), grown(88, 88, 90))


def _draw_tail_feathers(drawing: Drawing, body: Frame) -> None:
    reach = drawing.grown(150, 172, 190)
    for tip in (-52, -20, 12):
        feather = body.limb((50, 0), (100, 0), (reach, tip), 30, 22)
        drawing.sketch.part(drawing.family.second, feather)


def _draw_bird_leg(drawing: Drawing, hip: Point) -> None:
    shin = Limb(hip, Point(hip.x, hip.y // 2), Point(hip.x, -12), 11, 10)
    toes = Limb(Point(hip.x - 30, -8), Point(hip.x, -14), Point(hip.x + 22, -8), 9, 9)
    drawing.sketch.part(BLACK, shin)
    drawing.sketch.part(BLACK, toes)


def _draw_folded_wing(drawing: Drawing, body: Frame) -> None:
    wing = drawing.sketch.part(drawing.family.second)
    wing.add(body.limb((-10, -24), (50, 56), (118, 6), drawing.grown(44, 50, 50), 12))
    wing.mark(drawing.family.main, body.limb((0, 4), (50, 52), (100, 18), 9, 5))


def _draw_spread_wing(drawing: Drawing, root: Frame) -> None:
    for tip in ((66, -92), (92, -66), (102, -34), (90, -6)):
        feather = root.limb((0, 0), (tip[0] // 2, tip[1] + 10), tip, 18, 9)
        drawing.sketch.part(drawing.family.second, feather)
    drawing.sketch.part(drawing.family.main, root.limb((0, 6), (22, -34), (50, -66), 18, 11))


def draw_serpent(drawing: Drawing) -> None:
    """Draw a coiled snake; the grown one spreads a hood."""
    family, grown = drawing.family, drawing.grown
    thick, width = family.wide(grown(40, 44, 48)), grown(95, 116, 132)
    draw_tail(drawing, width - 20, -thick)
    coils = 1 + drawing.stage
    for i in range(coils):
        coil = Frame(10 - i * 8, -thick - i * thick * 5 // 4, width - i * 22, thick)
        mark_body(drawing.sketch.part(family.main, coil.oval((0, 0), 100, 100)), family, coil)
    top = -thick - coils * thick * 5 // 4
    head = Frame(-40 - 8 * drawing.stage, top - grown(70, 90, 100), 100, 100)
    if drawing.stage == 2:
        draw_back(drawing, 10, top - 40, 60)
        hood = head.facet((0, 165), (-132, 70), (-98, -50), (98, -50), (132, 70))
        drawing.sketch.part(family.second, hood)
    neck = Frame(head.x, head.y, 100, top + thick - head.y)
    part = drawing.sketch.part(family.main)
    part.add(Limb(neck.at((70, 100)), neck.at((130, 50)), neck.at((6, 0)), thick, thick * 9 // 10))
    third = thick // 3
    part.mark(
        family.second, Limb(neck.at((48, 100)), neck.at((100, 46)), neck.at((-18, 8)), third, third)
    )
    draw_head(drawing, head.x, head.y, grown(90, 94, 100))


def draw_golem(drawing: Drawing) -> None:
    """Draw a giant of stone."""
    family, grown = drawing.family, drawing.grown
    width, height = family.wide(grown(70, 92, 114)), grown(60, 80, 98)
    leg = family.long(grown(30, 46, 60))
    body = Frame(0, -leg - height, width, height)
    for side in SIDES:
        foot = on_side(Frame(side * width * 6 // 10, 0, grown(28, 36, 44), leg + 20), side)
        drawing.sketch.part(family.main, foot.facet((-100, -100), (100, -100), (150, 0), (-124, 0)))
    draw_back(drawing, *body.at((0, -100)), width * 3 // 4)
    trunk = body.facet((-100, -50), (-50, -100), (50, -100), (100, -50), (80, 100), (-80, 100))
    mark_body(drawing.sketch.part(family.main, trunk), family, body)
    for side in SIDES:
        _draw_fist(drawing, body, side)
    draw_head(drawing, -6, body.at((0, -100)).y - grown(28, 26, 26), grown(86, 88, 94))


def _draw_fist(drawing: Drawing, body: Frame, side: int) -> None:
    size = drawing.grown(36, 50, 62)
    hand = Frame(side * (body.unit_x + size // 2), body.at((0, 32)).y, size, size)
    shoulder = body.at((side * 80, -50))
    arm = Limb(
        shoulder, Point(hand.x, shoulder.y), Point(hand.x, hand.y), size * 6 // 10, size // 2
    )
    drawing.sketch.part(drawing.family.main, arm)
    block = hand.facet((-100, 0), (-60, -62), (60, -62), (100, 0), (82, 100), (-82, 100))
    part: Part = drawing.sketch.part(drawing.family.second, block)
    part.mark(DARK, hand.limb((-30, 60), (-30, 80), (-30, 120), 9, 9))
    part.mark(DARK, hand.limb((26, 60), (26, 80), (26, 120), 9, 9))
