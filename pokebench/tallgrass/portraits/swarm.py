"""Bodies with six legs and more: wasps, beetles, moths, spiders, crabs."""

from pokebench.tallgrass.portraits.faces import draw_eyes, draw_mouth
from pokebench.tallgrass.portraits.family import SIDES, Drawing, Frame, on_side
from pokebench.tallgrass.portraits.sketch import BLACK, DARK, GREY, WHITE, Limb, Point
from pokebench.tallgrass.portraits.trimmings import draw_back, draw_head, mark_body


def draw_wasp(drawing: Drawing) -> None:
    """Draw a grub that grows wings."""
    family, grown = drawing.family, drawing.grown
    depth = family.wide(grown(62, 64, 68))
    body = Frame(10, -family.long(grown(32, 46, 58)) - depth, 100, depth)
    _draw_thin_legs(drawing, body.at((-30, 50)), 14)
    if drawing.stage:
        _draw_clear_wings(drawing, Frame(20, body.at((0, -50)).y, 100 * drawing.stage, 90))
    for i in reversed(range(2 + drawing.stage)):
        size = depth - i * depth // 8
        ring = Frame(body.x + i * (48 + 4 * drawing.stage), body.y + i * 6, size, size)
        part = drawing.sketch.part(family.second if i % 2 else family.main)
        mark_body(part.add(ring.oval((0, 0), 100, 100)), family, ring)
    _draw_thin_legs(drawing, body.at((-50, 60)), -30)
    draw_head(drawing, -62 - 12 * drawing.stage, body.y - grown(16, 30, 44), grown(88, 90, 96))


def _draw_thin_legs(drawing: Drawing, first: Point, lean: int) -> None:
    for i in range(3):
        hip = Point(first.x + i * (40 + 14 * drawing.stage), first.y)
        foot = Point(hip.x + lean, -8)
        leg = Limb(hip, Point(hip.x + lean, hip.y), foot, 11, 9)
        drawing.sketch.part(BLACK, leg)


def _draw_clear_wings(drawing: Drawing, root: Frame) -> None:
    for tip, bend in (((104, -40), (60, -90)), ((66, -130), (30, -130))):
        wing = drawing.sketch.part(WHITE, root.limb((0, 0), bend, tip, 16, 42))
        wing.mark(GREY, root.limb((0, 0), bend, tip, 4, 6))


def draw_beetle(drawing: Drawing) -> None:
    """Draw a beetle under a domed shell."""
    family, grown = drawing.family, drawing.grown
    length, depth = grown(92, 112, 132), family.wide(grown(76, 88, 100))
    shell = Frame(30, -grown(26, 34, 42) - depth // 2, length, depth)
    _draw_thin_legs(drawing, shell.at((-60, 20)), -20)
    dome = shell.facet(
        (-104, 44), (-100, -8), (-64, -70), (0, -100), (64, -76), (104, -4), (100, 44)
    )
    drawing.sketch.part(DARK, shell.oval((0, 40), 88, 34))
    draw_back(drawing, *shell.at((10, -92)), length // 2)
    part = drawing.sketch.part(family.main, dome)
    mark_body(part, family, shell)
    part.mark(BLACK, shell.limb((-4, -110), (34, -50), (40, 60), 4, 4))
    draw_head(drawing, *shell.at((-98, 6)), grown(66, 72, 80))


def draw_moth(drawing: Drawing) -> None:
    """Draw a moth from the front; its patterned wings open as it grows."""
    family, grown = drawing.family, drawing.grown
    body = Frame(0, -grown(70, 96, 120), family.wide(grown(58, 58, 60)), grown(70, 84, 96))
    for side in SIDES:
        if drawing.stage:
            _draw_moth_wing(drawing, on_side(Frame(0, body.y, *[grown(0, 170, 230)] * 2), side))
        else:
            bud = on_side(Frame(0, body.y, 100, 100), side)
            drawing.sketch.part(family.second, bud.limb((20, -10), (70, -10), (96, 30), 26, 20))
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    mark_body(part, family, body)
    draw_head(drawing, -4, body.at((0, -100)).y - 20, grown(92, 92, 94))


def _draw_moth_wing(drawing: Drawing, wing: Frame) -> None:
    family = drawing.family
    lower = drawing.sketch.part(family.second, wing.oval((50, 28), 36, 30))
    lower.mark(family.main, wing.oval((56, 32), 14, 13))
    upper = wing.facet((8, -6), (48, -82), (104, -94), (112, -50), (84, -2), (40, 12))
    part = drawing.sketch.part(family.second, upper)
    part.mark(family.main, wing.oval((74, -48), 22, 22)).mark(BLACK, wing.oval((74, -48), 10, 10))


def draw_spider(drawing: Drawing) -> None:
    """Draw a spider with arched legs."""
    family, grown = drawing.family, drawing.grown
    size = family.wide(grown(74, 82, 92))
    reach = family.long(grown(30, 44, 60)) + grown(96, 112, 124)
    body = Frame(24, -grown(34, 56, 76) - size, size * 11 // 10, size)
    for side in SIDES:
        leg = on_side(Frame(0, body.y, reach, -body.y), side)
        for knee, foot in (((66, -4), 70), ((98, -60), 104), ((128, -124), 140)):
            drawing.sketch.part(BLACK, leg.limb((20, 0), knee, (foot, 94), 10, 7))
    part = drawing.sketch.part(family.main, body.oval((16, -16), 100, 96))
    mark_body(part, family, body)
    draw_head(drawing, -30, body.y + 16, grown(68, 72, 80))
    if drawing.stage:
        for place in (-62, -20):
            fang = Frame(place, body.y + 78, 11, 30)
            drawing.sketch.part(WHITE, fang.facet((-100, 0), (100, 0), (0, 100)))


def draw_crab(drawing: Drawing) -> None:
    """Draw a crab with eyes on stalks."""
    family, grown = drawing.family, drawing.grown
    width, height = grown(92, 106, 120), family.wide(grown(76, 90, 104))
    body = Frame(0, -grown(34, 42, 50) - height // 2, width, height)
    for side in SIDES:
        for place in (40, 66, 92):
            leg = on_side(Frame(0, 0, width, -body.y), side)
            drawing.sketch.part(
                DARK, leg.limb((place - 10, -60), (place + 30, -80), (place + 22, -8), 16, 9)
            )
    for side in SIDES:
        stalk = on_side(body, side).limb((30, -60), (32, -110), (34, -128), 18, 16)
        drawing.sketch.part(family.main, stalk)
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    mark_body(part, family, body)
    for side in SIDES:
        _draw_claw(drawing, body, side)
    draw_eyes(drawing, body, (-38, -136), (32, -136))
    draw_mouth(drawing, body, (0, 10))


def _draw_claw(drawing: Drawing, body: Frame, side: int) -> None:
    size = drawing.grown(48, 64, 78) + (10 * drawing.stage if side < 0 else 0)
    claw = on_side(
        Frame(side * (body.unit_x + size * 7 // 10), body.y - size // 2, size, size), side
    )
    arm = Limb(body.at((side * 76, 10)), Point(claw.x, body.y + 10), Point(claw.x, claw.y), 20, 18)
    drawing.sketch.part(drawing.family.main, arm)
    outer = claw.limb((0, 30), (100, -20), (10, -128), 46, 8)
    inner = claw.limb((-10, 20), (-70, -20), (-42, -110), 34, 7)
    drawing.sketch.part(drawing.family.second, inner)
    drawing.sketch.part(drawing.family.second, outer, claw.oval((-4, 24), 52, 50))
