"""Bodies of no beast: fish, squid, blobs, plants, spirits."""

from pokebench.tallgrass.portraits.crowns import CROWNS
from pokebench.tallgrass.portraits.faces import draw_face
from pokebench.tallgrass.portraits.family import SIDES, Drawing, Frame, on_side
from pokebench.tallgrass.portraits.sketch import DARK, GREY, Part
from pokebench.tallgrass.portraits.trimmings import draw_back, draw_head, mark_body


def draw_fish(drawing: Drawing) -> None:
    """Draw a fish."""
    family, grown = drawing.family, drawing.grown
    body = Frame(0, -100, grown(112, 130, 146), family.wide(grown(86, 90, 96)))
    fin = grown(52, 78, 104)
    tail = Frame(body.unit_x * 7 // 10, body.y, body.unit_x * 3 // 10 + fin, fin + 10)
    drawing.sketch.part(family.second, tail.facet((0, 0), (100, -100), (84, 0), (106, 100)))
    back = Frame(0, body.at((0, -66)).y, body.unit_x, body.unit_y // 3 + fin)
    drawing.sketch.part(
        family.second, back.facet((-50, 0), (-10, -92), (20, -72), (50, -84), (66, 20))
    )
    if drawing.stage:
        drawing.sketch.part(family.second, body.facet((-24, 60), (36, 145), (50, 60)))
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    part.add(body.limb((0, 0), (50, 0), (104, 0), 66, 26))
    mark_body(part, family, body.inner((24, 0), 76, 100))
    head = Frame(*body.at((-30, -10)), *[body.unit_y * 8 // 10] * 2)
    draw_face(drawing, head)
    CROWNS[family.crown].draw(drawing, head)
    side_fin = body.facet((18, 18), (72, 6), (80, 30), (48, 62))
    drawing.sketch.part(family.second, side_fin)


def draw_squid(drawing: Drawing) -> None:
    """Draw a squid: a mantle over tentacles."""
    family, grown = drawing.family, drawing.grown
    width, height = family.wide(grown(86, 90, 98)), grown(80, 104, 126)
    reach = grown(54, 88, 116)
    body = Frame(0, -reach - height // 2, width, height)
    for place in (-86, 86, -54, 54, -18, 20):
        arm = Frame(
            body.at((place * 8 // 10, 30)).x, body.at((0, 30)).y, place, reach + height // 5
        )
        drawing.sketch.part(family.main, arm.limb((0, 0), (16, 60), (74, 92), 19, 8))
    if drawing.stage:
        for side in SIDES:
            fin = on_side(body, side).facet((50, -100), (124, -66), (70, -20))
            drawing.sketch.part(family.second, fin)
    _draw_faced_body(drawing, body)


def _draw_faced_body(drawing: Drawing, body: Frame, skirt: bool = False) -> None:
    """Draw a body that is its own head."""
    crown = CROWNS[drawing.family.crown]
    top = body.inner((0, -16), 80, 100)._replace(unit_y=body.unit_x * 8 // 10)
    if crown.is_behind:
        crown.draw(drawing, top)
    part = drawing.sketch.part(drawing.family.main, body.oval((0, 0), 100, 100))
    if skirt:
        _add_skirt(part, body)
    mark_body(part, drawing.family, body)
    draw_face(drawing, Frame(body.x - 6, body.at((0, -2)).y, *[body.unit_y * 8 // 10] * 2))
    if not crown.is_behind:
        crown.draw(drawing, top)


def _add_skirt(part: Part, body: Frame) -> None:
    part.add(Frame(body.x, -34, body.unit_x + 14, 34).oval((0, 0), 100, 100))
    for place in (-80, -20, 45, 90):
        part.add(Frame(body.at((place, 0)).x, -20, 34, 20).oval((0, 0), 100, 100))


def draw_blob(drawing: Drawing) -> None:
    """Draw a blob; it grows arms."""
    grown = drawing.grown
    height = grown(84, 104, 124)
    body = Frame(0, 10 - height, drawing.family.wide(grown(96, 110, 122)), height)
    if drawing.stage:
        for side in SIDES:
            arm = on_side(Frame(body.at((side * 80, 10)).x, body.y, 100, 100), side)
            path = arm.limb((0, 10), (66, 14), (62, -30 - 22 * drawing.stage), 30, 24)
            drawing.sketch.part(drawing.family.main, path)
    _draw_faced_body(drawing, body, skirt=True)


def draw_plant(drawing: Drawing) -> None:
    """Draw a bulb on roots with leaves for arms."""
    family, grown = drawing.family, drawing.grown
    height = grown(60, 78, 92)
    body = Frame(0, -30 - height, family.wide(grown(68, 76, 86)), height)
    for place in (-50, 0, 50):
        root = Frame(place, 0, 100, 100)
        drawing.sketch.part(
            DARK, root.limb((-place // 2, -60), (0, -30), (place // 2, -12), 18, 11)
        )
    size = grown(110, 160, 205)
    for side in SIDES:
        for lift in range(drawing.stage + 1):
            stem = body.at((side * 56, 30 - lift * 42))
            leaf = on_side(Frame(*stem, size - 30 * lift, size * 7 // 10), side)
            blade = leaf.facet((0, 0), (36, -58 - 10 * lift), (100, -64 - 16 * lift), (74, 4))
            drawing.sketch.part(family.second, blade).mark(
                GREY, leaf.limb((0, 0), (40, -20), (92, -56 - 12 * lift), 4, 3)
            )
    mark_body(drawing.sketch.part(family.main, body.oval((0, 0), 100, 100)), family, body)
    draw_head(drawing, -4, body.at((0, -100)).y - grown(24, 26, 32), grown(94, 98, 104))


def draw_spirit(drawing: Drawing) -> None:
    """Draw a spirit that trails off below."""
    family, grown = drawing.family, drawing.grown
    tall = grown(110, 150, 190)
    body = Frame(0, -tall // 2, family.wide(grown(74, 84, 96)), tall // 2)
    draw_back(drawing, *body.at((10, -40)), body.unit_x)
    if drawing.stage:
        for side in SIDES:
            arm = on_side(Frame(body.at((side * 50, 0)).x, body.at((0, -20)).y, 100, 100), side)
            path = arm.limb((0, 0), (60, 20), (70 + 12 * drawing.stage, -26), 24, 26)
            drawing.sketch.part(family.main, path)
    part = drawing.sketch.part(family.main, body.oval((0, 0), 100, 100))
    thick = 66 * body.unit_x // body.unit_y
    part.add(body.limb((26, 0), (10, 70), (110, 84), thick, 10))
    part.add(body.limb((-26, 0), (-40, 60), (-28, 70), thick, 14))
    mark_body(part, family, body)
    draw_head(drawing, -6, -tall, grown(98, 102, 110))
