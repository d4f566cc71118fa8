"""Draw shaded and outlined figures in four shades on 40 x 40 pixels, in integers only.

A figure is a list of parts, drawn back to front. A part is a union of shapes with one outline;
light falls from the upper left. Shapes are given in free units; rendering fits the whole figure
into a box that stands on the lower edge of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Final, NamedTuple

SIZE: Final = 40
TILE: Final = 8
TILES_ACROSS: Final = SIZE // TILE
SUBPIXELS: Final = 16
OUTLINE: Final = 3
TRANSPARENT: Final = "-"
SHADES: Final = " .o#"

Light = dict[int, int]
"""Pixel index (row * 40 + column) to how far it turns from the light, about -60 to 60."""


class Point(NamedTuple):
    """A place, rightwards and downwards."""

    x: int
    y: int


class Box(NamedTuple):
    """A rectangle by its edges."""

    left: int
    top: int
    right: int
    bottom: int


class Fit(NamedTuple):
    """A scale and an offset from free units to sixteenths of a pixel."""

    numerator: int
    denominator: int
    x: int
    y: int

    def length(self, value: int) -> int:
        """Return `value` scaled."""
        return value * self.numerator // self.denominator

    def point(self, point: Point) -> Point:
        """Return `point` scaled and moved."""
        return Point(self.length(point.x) + self.x, self.length(point.y) + self.y)


class Material(NamedTuple):
    """Shades of a surface where it faces the light, lies across it, and turns away."""

    lit: int
    middle: int
    dark: int


WHITE: Final = Material(0, 0, 1)
PALE: Final = Material(0, 1, 1)
LIGHT: Final = Material(0, 1, 2)
GREY: Final = Material(1, 1, 2)
DARK: Final = Material(1, 2, 2)
DEEP: Final = Material(2, 2, 3)
BLACK: Final = Material(2, 3, 3)


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An upright ellipse."""

    center: Point
    radius_x: int
    radius_y: int

    def box(self) -> Box:
        """Return the rectangle around it."""
        (x, y), rx, ry = self.center, self.radius_x, self.radius_y
        return Box(x - rx, y - ry, x + rx, y + ry)

    def fill(self, light: Light, fit: Fit) -> None:
        """Add its pixels to `light`."""
        x, y = fit.point(self.center)
        rx = max(fit.length(self.radius_x), 10)
        ry = max(fit.length(self.radius_y), 10)
        for row in _pixels(y - ry, y + ry):
            dy = row * SUBPIXELS + 8 - y
            half = isqrt(max(ry * ry - dy * dy, 0)) * rx // ry
            down = dy * 48 // ry
            for column in _pixels(x - half, x + half):
                across = (column * SUBPIXELS + 8 - x) * 32 // rx
                light[row * SIZE + column] = across + down


@dataclass(frozen=True, slots=True)
class Limb:
    """A bent tube from `start` to `end`, drawn towards `bend`, with a radius at each end."""

    start: Point
    bend: Point
    end: Point
    start_radius: int
    end_radius: int

    def box(self) -> Box:
        """Return a rectangle around it."""
        radius = max(self.start_radius, self.end_radius)
        middle = Point(
            (self.start.x + 2 * self.bend.x + self.end.x) // 4,
            (self.start.y + 2 * self.bend.y + self.end.y) // 4,
        )
        xs = [self.start.x, middle.x, self.end.x]
        ys = [self.start.y, middle.y, self.end.y]
        return Box(min(xs) - radius, min(ys) - radius, max(xs) + radius, max(ys) + radius)

    def fill(self, light: Light, fit: Fit) -> None:
        """Add its pixels to `light`; each is lit as its nearest point of the axis says."""
        nearest: dict[int, int] = {}
        for center, radius in self._discs(fit):
            square = radius * radius
            for row in _pixels(center.y - radius, center.y + radius):
                dy = row * SUBPIXELS + 8 - center.y
                half = isqrt(max(square - dy * dy, 0))
                start = row * SIZE
                for column in _pixels(center.x - half, center.x + half):
                    dx = column * SUBPIXELS + 8 - center.x
                    index = start + column
                    distance = (dx * dx + dy * dy) * 1024 // square
                    if index not in nearest or distance < nearest[index]:
                        nearest[index] = distance
                        light[index] = (dx * 32 + dy * 48) // radius

    def _discs(self, fit: Fit) -> list[tuple[Point, int]]:
        start, bend, end = fit.point(self.start), fit.point(self.bend), fit.point(self.end)
        first = max(fit.length(self.start_radius), 10)
        last = max(fit.length(self.end_radius), 10)
        reach = abs(start.x - bend.x) + abs(start.y - bend.y)
        reach += abs(end.x - bend.x) + abs(end.y - bend.y)
        count = reach // max(min(first, last) * 2 // 3, 14) + 2
        discs = []
        for i in range(count + 1):
            a, b, c = (count - i) * (count - i), 2 * i * (count - i), i * i
            x = (a * start.x + b * bend.x + c * end.x) // (count * count)
            y = (a * start.y + b * bend.y + c * end.y) // (count * count)
            discs.append((Point(x, y), first + (last - first) * i // count))
        return discs


@dataclass(frozen=True, slots=True)
class Polygon:
    """A flat surface between corners."""

    corners: tuple[Point, ...]

    def box(self) -> Box:
        """Return the rectangle around it."""
        xs = [corner.x for corner in self.corners]
        ys = [corner.y for corner in self.corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def fill(self, light: Light, fit: Fit) -> None:
        """Add its pixels to `light`: brighter at its upper left, darker at its lower right."""
        corners = [fit.point(corner) for corner in self.corners]
        box = Polygon(tuple(corners)).box()
        width, height = max(box.right - box.left, 1), max(box.bottom - box.top, 1)
        for row in _pixels(box.top, box.bottom):
            y = row * SUBPIXELS + 8
            crossings = sorted(_crossings(corners, y))
            down = (y - box.top) * 48 // height - 24
            for left, right in zip(crossings[::2], crossings[1::2], strict=True):
                for column in _pixels(left, right):
                    across = (column * SUBPIXELS + 8 - box.left) * 32 // width - 16
                    light[row * SIZE + column] = across + down


def _crossings(corners: Sequence[Point], y: int) -> list[int]:
    """Return where the outline of a polygon crosses the line at height `y`."""
    crossings = []
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (a.y <= y) != (b.y <= y):
            crossings.append(a.x + (b.x - a.x) * (y - a.y) // (b.y - a.y))
    return crossings


def _pixels(low: int, high: int) -> range:
    """Return the pixels on the picture whose middles lie between `low` and `high`."""
    first, last = (low + 7) // SUBPIXELS, (high - 8) // SUBPIXELS
    return range(first if first > 0 else 0, last + 1 if last < SIZE else SIZE)


Shape = Ellipse | Limb | Polygon


@dataclass(slots=True)
class Decal:
    """A marking: shapes that show only inside the outline of the part they lie on."""

    material: Material
    shapes: list[Shape]


@dataclass(slots=True)
class Part:
    """A union of shapes with one outline, and its markings."""

    material: Material
    shapes: list[Shape] = field(default_factory=list)
    decals: list[Decal] = field(default_factory=list)

    def add(self, *shapes: Shape) -> "Part":
        """Add `shapes` and return the part."""
        self.shapes.extend(shapes)
        return self

    def mark(self, material: Material, *shapes: Shape) -> "Part":
        """Add a marking and return the part."""
        self.decals.append(Decal(material, list(shapes)))
        return self

    def render(self, tones: bytearray, fit: Fit) -> None:
        """Draw the part over what is there."""
        light: Light = {}
        for shape in self.shapes:
            shape.fill(light, fit)
        inside = _inside(light)
        for index in light:
            tones[index] = OUTLINE
        _shade(tones, inside, light, self.material)
        for decal in self.decals:
            covered: Light = {}
            for shape in decal.shapes:
                shape.fill(covered, fit)
            _shade(tones, [index for index in inside if index in covered], light, decal.material)


def _inside(light: Light) -> list[int]:
    """Return the pixels with neighbours on all four sides: those not on the outline."""
    return [
        index
        for index in light
        if index - 1 in light
        and index + 1 in light
        and index - SIZE in light
        and index + SIZE in light
        and 0 < index % SIZE < SIZE - 1
    ]


def _shade(tones: bytearray, indices: list[int], light: Light, material: Material) -> None:
    """Set the shades of pixels; a checkered border lies between two shades."""
    for index in indices:
        level = light[index] + (5 if (index + index // SIZE) & 1 else -5)
        if level < -21:
            tones[index] = material.lit
        elif level < 23:
            tones[index] = material.middle
        else:
            tones[index] = material.dark


@dataclass(slots=True)
class Stamp:
    """A small picture set down by its middle, pixel for pixel, such as an eye."""

    place: Point
    rows: tuple[str, ...]

    def render(self, tones: bytearray, fit: Fit) -> None:
        """Draw the stamp over what is there; its edges may leave the picture."""
        middle = fit.point(self.place)
        left = middle.x // SUBPIXELS - len(self.rows[0]) // 2
        top = middle.y // SUBPIXELS - len(self.rows) // 2
        for row, line in enumerate(self.rows, start=top):
            for column, character in enumerate(line, start=left):
                if character != TRANSPARENT and 0 <= row < SIZE and 0 <= column < SIZE:
                    tones[row * SIZE + column] = SHADES.index(character)


@dataclass(slots=True)
class Sketch:
    """A figure: parts and stamps from back to front."""

    items: list[Part | Stamp] = field(default_factory=list)

    def part(self, material: Material, *shapes: Shape) -> Part:
        """Add a part in front of what is there and return it."""
        part = Part(material, list(shapes))
        self.items.append(part)
        return part

    def stamp(self, place: Point, rows: tuple[str, ...]) -> None:
        """Add a stamp with its middle at `place` in front of what is there."""
        self.items.append(Stamp(place, rows))

    def box(self) -> Box:
        """Return the rectangle around all parts."""
        parts = [item for item in self.items if isinstance(item, Part)]
        boxes = [shape.box() for part in parts for shape in part.shapes]
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )

    def render(self, width: int, height: int) -> bytearray:
        """Return 40 x 40 shades, the figure as large as fits `width` x `height` pixels.

        It stands on the lower edge, in the middle, on the lightest shade.
        """
        box = self.box()
        across, down = max(box.right - box.left, 1), max(box.bottom - box.top, 1)
        scale = (width, across) if width * down < height * across else (height, down)
        fit = Fit(scale[0] * SUBPIXELS, scale[1], 0, 0)
        middle = fit.length(box.left + box.right) // 2
        fit = fit._replace(
            x=SIZE * SUBPIXELS // 2 - middle, y=SIZE * SUBPIXELS - fit.length(box.bottom)
        )
        tones = bytearray(SIZE * SIZE)
        for item in self.items:
            item.render(tones, fit)
        return _lowered(tones)


def _lowered(tones: bytearray) -> bytearray:
    """Return the picture moved down until something touches its lower edge.

    The box around a bent limb is only near, so a figure can end up a little too high.
    """
    filled = len(tones.rstrip(b"\0"))
    blank_rows = (SIZE * SIZE - filled) // SIZE
    return bytearray(blank_rows * SIZE) + tones[: (SIZE - blank_rows) * SIZE]


LOW_BITS: Final = bytes.maketrans(bytes(range(4)), b"0101")
HIGH_BITS: Final = bytes.maketrans(bytes(range(4)), b"0011")


def tiles_of(tones: bytearray) -> bytes:
    """Return the picture's 5 x 5 tiles, row by row, 16 bytes of two bits a pixel each."""
    low, high = tones.translate(LOW_BITS), tones.translate(HIGH_BITS)
    data = bytearray()
    for tile in range(TILES_ACROSS * TILES_ACROSS):
        start = tile // TILES_ACROSS * TILE * SIZE + tile % TILES_ACROSS * TILE
        for row in range(start, start + TILE * SIZE, SIZE):
            data.append(int(low[row : row + TILE], 2))
            data.append(int(high[row : row + TILE], 2))
    return bytes(data)
