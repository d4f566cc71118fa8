"""Eyes, mouths, snouts and beaks; creatures look a little to the left."""

from typing import Final

from pokebench.tallgrass.portraits.family import Drawing, Frame
from pokebench.tallgrass.portraits.sketch import WHITE, Material

Rows = tuple[str, ...]
Stamps = tuple[Rows, Rows, Rows]
"""A picture for each stage. The eye on the left is drawn; the other is its mirror image."""

EYES: Final[dict[str, Stamps]] = {
    "glossy": (
        ("-##-", "#  #", "# ##", "####", "-##-"),
        ("-##-", "#  #", "# ##", "####", "-##-"),
        ("###--", "#  ##", "# ###", "-###-"),
    ),
    "round": (
        ("-###-", "#   #", "# ###", "# ###", "-###-"),
        ("-###-", "#   #", "# ###", "-###-"),
        ("##---", "#-##-", "#   #", "# ###", "-###-"),
    ),
    "bead": (
        ("##", "##", "##"),
        ("-##", "# #", "###", "-##"),
        ("##--", "-###", "-# #", "-###"),
    ),
    "bold": (
        ("-###-", "#  ##", "# ###", "#  ##", "-###-"),
        ("####-", "#  ##", "# ###", "-###-"),
        ("##----", "-###--", "-#  ##", "-# ###", "--###-"),
    ),
    "sleepy": (
        ("-####-", "######", "# ## #", "-####-"),
        ("#####", "## ##", "-###-"),
        ("######", "-# ##-", "--###-"),
    ),
    "fierce": (
        ("##--", "# ##", "# ##", "-##-"),
        ("##---", "# ##-", "# ###", "-###-"),
        ("##----", "# ##--", "#  ###", "-# ##-"),
    ),
    "cat": (
        ("-##-", "# ##", "# ##", "# ##", "-##-"),
        ("###--", "# ##-", "# # #", "-###-"),
        ("##---", "# ##-", "# # #", "-###-"),
    ),
}

MOUTHS: Final[dict[str, Stamps]] = {
    "smile": (
        ("#---#", "-###-"),
        ("#----#", "-####-"),
        ("#-----#", "-#####-", "--   --"),
    ),
    "cat": (
        ("#-#-#", "-#-#-"),
        ("#--#--#", "-##-##-"),
        ("#--#--#", "-##-##-", "- --- -"),
    ),
    "fang": (
        ("#####", "-# #-", "--#--"),
        ("######", "# ## #", "-#--#-"),
        ("########", "# #### #", "#-#--#-#"),
    ),
    "grin": (
        ("#####", "#   #", "-###-"),
        ("######", "# ## #", "-####-"),
        ("########", "# # # ##", "-######-"),
    ),
    "gape": (
        ("-##-", "#oo#", "-##-"),
        ("-###-", "#ooo#", "-###-"),
        ("-####-", "# ## #", "#oooo#", "-####-"),
    ),
    "line": (
        ("####",),
        ("-####", "#----"),
        ("-#####-", "#-----#"),
    ),
}
NOSE: Final = ("###", "-#-")
BILLS: Final = ("beak", "snout")


def mirrored(rows: Rows) -> Rows:
    """Return a stamp seen in a mirror."""
    return tuple(row[::-1] for row in rows)


def draw_face(drawing: Drawing, head: Frame) -> None:
    """Draw eyes and a mouth on `head`, a frame whose units are the head's radii."""
    mouth = drawing.family.mouth
    if mouth == "snout":
        _draw_snout(drawing, head, drawing.family.second)
    lift = drawing.grown(0, 8, 10) + (16 if mouth in BILLS else 0)
    draw_eyes(drawing, head, (-62, -lift), (28, -lift))
    if mouth == "beak":
        _draw_beak(drawing, head)
    elif mouth != "snout":
        draw_mouth(drawing, head, (-18, 50))


def draw_eyes(drawing: Drawing, head: Frame, left: tuple[int, int], right: tuple[int, int]) -> None:
    """Set down the two eyes."""
    eye = EYES[drawing.family.eyes][drawing.stage]
    drawing.sketch.stamp(head.at(left), eye)
    drawing.sketch.stamp(head.at(right), mirrored(eye))


def draw_mouth(drawing: Drawing, head: Frame, place: tuple[int, int]) -> None:
    """Set down the mouth; a family with a snout or beak elsewhere has a plain one here."""
    mouth = drawing.family.mouth
    rows = MOUTHS[mouth if mouth in MOUTHS else "line"][drawing.stage]
    drawing.sketch.stamp(head.at(place), rows)


def _draw_beak(drawing: Drawing, head: Frame) -> None:
    length, depth = drawing.grown(-95, -115, -138), drawing.grown(24, 30, 34)
    bill = head.facet((-50, 18 - depth), (-5, 20), (-50, 22 + depth), (length, 34))
    drawing.sketch.part(WHITE, bill)


def _draw_snout(drawing: Drawing, head: Frame, material: Material) -> None:
    width, height = drawing.grown(40, 48, 56), drawing.grown(32, 36, 38)
    drawing.sketch.part(material, head.oval((-44, 40), width, height))
    drawing.sketch.stamp(head.at((-50 - width // 3, 22)), NOSE)
