"""What a creature is like, and the frame in which its parts are measured."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from pokebench.tallgrass.portraits.sketch import Ellipse, Limb, Material, Point, Polygon, Sketch

Place = tuple[int, int]
"""Right and down from a frame's origin, in hundredths of its units."""


@dataclass(frozen=True, slots=True)
class Family:
    """What all stages of a creature share."""

    plan: str
    main: Material
    second: Material
    accent: Material
    eyes: str
    mouth: str
    crown: str
    tail: str
    back: str
    marking: str
    bulk: int
    """Width of the body in hundredths of the usual."""
    legs: int
    """Length of the legs in hundredths of the usual."""

    def wide(self, length: int) -> int:
        """Return `length` as stout or slender as the family is."""
        return length * self.bulk // 100

    def long(self, length: int) -> int:
        """Return the length of a leg for this family."""
        return length * self.legs // 100


class Frame(NamedTuple):
    """An origin and units; a negative `unit_x` mirrors what is drawn in it."""

    x: int
    y: int
    unit_x: int
    unit_y: int

    def at(self, place: Place) -> Point:
        """Return the point at `place`."""
        return Point(self.x + place[0] * self.unit_x // 100, self.y + place[1] * self.unit_y // 100)

    def inner(self, place: Place, size_x: int, size_y: int) -> "Frame":
        """Return a frame at `place` whose units are hundredths of these."""
        x, y = self.at(place)
        return Frame(x, y, self.unit_x * size_x // 100, self.unit_y * size_y // 100)

    def mirrored(self) -> "Frame":
        """Return the frame with left and right swapped."""
        return self._replace(unit_x=-self.unit_x)

    def oval(self, place: Place, width: int, height: int) -> Ellipse:
        """Return an ellipse with its half axes in hundredths of the units."""
        radius_x, radius_y = abs(self.unit_x) * width // 100, self.unit_y * height // 100
        return Ellipse(self.at(place), radius_x, radius_y)

    def limb(self, start: Place, bend: Place, end: Place, thick: int, thin: int) -> Limb:
        """Return a bent tube; its radii are hundredths of the vertical unit."""
        first, last = self.unit_y * thick // 100, self.unit_y * thin // 100
        return Limb(self.at(start), self.at(bend), self.at(end), first, last)

    def facet(self, *corners: Place) -> Polygon:
        """Return a polygon."""
        return Polygon(tuple(self.at(corner) for corner in corners))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A creature while it is drawn."""

    sketch: Sketch
    family: Family
    stage: int
    """0 young, 1 middle, 2 grown."""

    def grown(self, young: int, middle: int, old: int) -> int:
        """Return the number for this stage."""
        return (young, middle, old)[self.stage]


SIDES: Final = (-1, 1)


def on_side(frame: Frame, side: int) -> Frame:
    """Return `frame` for the right side (1) or mirrored for the left one (-1)."""
    return frame if side > 0 else frame.mirrored()
