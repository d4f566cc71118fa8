"""Pictures of maps and posters of whole worlds, drawn with the game's own tiles and letters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from pokebench.tallgrass.art import Art, load_art
from pokebench.tallgrass.build import BuiltWorld
from pokebench.tallgrass.tiles import Person
from pokebench.tallgrass.world import Facing, Map, MapKind, Npc, World

if TYPE_CHECKING:
    from PIL import Image

CELL: Final = 16
TILE: Final = 8
TILE_BYTES: Final = 16
FIRST_PERSON_TILE: Final = 24
TILES_A_PERSON: Final = 12
SPRITE_LIFT: Final = 4
"""The engine draws people this many pixels above their cell."""

Color = tuple[int, int, int]
Palette = tuple[Color, Color, Color, Color]
"""Colours of the shades from lightest to darkest."""

GREYS: Final[Palette] = ((255, 255, 255), (170, 170, 170), (85, 85, 85), (0, 0, 0))
GREENS: Final[Palette] = ((236, 244, 214), (170, 204, 138), (86, 136, 92), (26, 48, 44))


def decode_tile(data: bytes) -> list[int]:
    """Return the 64 shades of a tile of 16 bytes, row by row."""
    rows = zip(data[::2], data[1::2], strict=True)
    return [
        (low >> bit & 1) | (high >> bit & 1) << 1 for low, high in rows for bit in range(7, -1, -1)
    ]


class Painter:
    """Turns the game's tiles into images of one palette."""

    def __init__(self, art: Art | None = None, palette: Palette = GREENS) -> None:
        self._art = art or load_art()
        self.palette = palette

    def _tile(self, pixels: bytes, index: int) -> "Image.Image":
        from PIL import Image

        data = decode_tile(pixels[index * TILE_BYTES : (index + 1) * TILE_BYTES])
        image = Image.new("L", (TILE, TILE))
        image.putdata(data)
        return image

    def _square(self, pixels: bytes, indices: Sequence[int]) -> "Image.Image":
        """Return four tiles (top left, top right, bottom left, bottom right) as shades."""
        from PIL import Image

        image = Image.new("L", (CELL, CELL))
        for place, index in enumerate(indices):
            image.paste(self._tile(pixels, index), (place % 2 * TILE, place // 2 * TILE))
        return image

    def colored(self, shades: "Image.Image") -> "Image.Image":
        """Return an image of shades 0 to 3 in the palette's colours."""
        image = shades.convert("P")
        image.putpalette([channel for color in self.palette for channel in color])
        return image.convert("RGB")

    @cached_property
    def metatiles(self) -> "list[Image.Image]":
        """The 64 cells of the tileset, 16 x 16 pixels each."""
        ids, pixels = self._art.tileset[64:320], self._art.tileset[320:]
        corners = [[tile_id & 0x7F for tile_id in ids[i : i + 4]] for i in range(0, 256, 4)]
        return [self.colored(self._square(pixels, indices)) for indices in corners]

    def person(self, person: Person, facing: Facing) -> "Image.Image":
        """Return a person as RGBA, 16 x 16 pixels; faces are white, as on a light ground."""
        face = Facing.LEFT if facing is Facing.RIGHT else facing
        first = FIRST_PERSON_TILE + TILES_A_PERSON * person + 4 * face
        shades = self._square(self._art.sprites, [first, first + 2, first + 1, first + 3])
        mask = shades.point([0, *[255] * 255])
        image = self.colored(shades.point([0, 0, 2, 3, *[0] * 252]))
        image.putalpha(mask)
        from PIL import ImageOps

        return ImageOps.mirror(image) if facing is Facing.RIGHT else image

    def text(self, text: str, scale: int = 1) -> "Image.Image":
        """Return one line of ASCII in the game's letters, 8 pixels a character times `scale`."""
        from PIL import Image

        image = Image.new("L", (max(len(text), 1) * TILE, TILE))
        for i, character in enumerate(text):
            image.paste(self._tile(self._art.ui, ord(character) & 0x7F), (i * TILE, 0))
        enlarged = image.resize(
            (image.width * scale, image.height * scale), Image.Resampling.NEAREST
        )
        return self.colored(enlarged)

    def logo(self) -> "Image.Image":
        """Return the picture part of the title screen, 160 x 72 pixels."""
        from PIL import Image

        pixels, ids = self._art.title[:2048], self._art.title[2048:]
        image = Image.new("L", (20 * TILE, 9 * TILE))
        for place, tile_id in enumerate(ids[: 20 * 9]):
            if tile_id >= 0x80:
                spot = (place % 20 * TILE, place // 20 * TILE)
                image.paste(self._tile(pixels, tile_id & 0x7F), spot)
        return self.colored(image)


def map_picture(area: Map, painter: Painter | None = None) -> "Image.Image":
    """Return one map as a new game finds it, with its people, 16 pixels a cell, as RGB."""
    from PIL import Image

    painter = painter or Painter()
    image = Image.new("RGB", (area.width * CELL, area.height * CELL), painter.palette[0])
    cells = {(x, y): area.get(x, y) for x, y in area.positions()}
    cells |= {(spot.x, spot.y): spot.tile for spot in area.conditions if spot.when_clear}
    for (x, y), tile in cells.items():
        image.paste(painter.metatiles[tile], (x * CELL, y * CELL))
    for npc in sorted(area.npcs, key=_depth):
        person = painter.person(npc.sprite, npc.facing)
        image.paste(person, (npc.x * CELL, npc.y * CELL - SPRITE_LIFT), person)
    return image


def _depth(npc: Npc) -> int:
    return npc.y


MARGIN: Final = 40
GAP: Final = 28
CAPTION: Final = 14
HEADER: Final = 190
MOST_PIXELS: Final = 4_000_000
"""A poster of more pixels than this is drawn at half size."""
WAY: Final[Color] = (196, 84, 60)
"""Colour of the lines between maps."""
LINE_OPACITY: Final = 110
OUTDOORS: Final = frozenset((MapKind.TOWN, MapKind.ROUTE))


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop of the journey: a town or a route, and all that lies behind its doors."""

    area: Map
    inside: tuple[Map, ...]


class Spot(NamedTuple):
    """Where a map's picture lies on the poster: left, top."""

    x: int
    y: int


def journey(world: World) -> list[Leg]:
    """Return towns and routes in the order in which ways lead away from the start."""
    owner: dict[int, int] = {}
    order: list[int] = []
    queue = [_first_outdoors(world)]
    while queue:
        index = queue.pop(0)
        if index in order:
            continue
        order.append(index)
        owner[index] = index
        queue += [other for other in _behind(world, index, owner) if other not in order]
    inside: dict[int, list[Map]] = {index: [] for index in order}
    for index, host in owner.items():
        if index != host:
            inside[host].append(world.maps[index])
    return [Leg(world.maps[index], tuple(inside[index])) for index in order]


def _first_outdoors(world: World) -> int:
    """Return the town or route around the place where a new game begins."""
    seen = [world.start_map]
    for index in seen:
        if world.maps[index].kind in OUTDOORS:
            return index
        seen += [warp.map for warp in world.maps[index].warps if warp.map not in seen]
    return world.start_map


def _behind(world: World, index: int, owner: dict[int, int]) -> list[int]:
    """Claim every map behind the doors of `index`; return the towns and routes it leads to."""
    outdoors: list[int] = []
    queue = [index]
    while queue:
        for warp in world.maps[queue.pop(0)].warps:
            if world.maps[warp.map].kind in OUTDOORS:
                outdoors.append(warp.map)
            elif warp.map not in owner:
                owner[warp.map] = index
                queue.append(warp.map)
    return outdoors


class Poster:
    """Places the maps of a world and draws them, their names, and the ways between them."""

    def __init__(self, built: BuiltWorld, painter: Painter) -> None:
        self._built = built
        self._painter = painter
        self._legs = journey(built.world)
        cells = sum(area.width * area.height for area in built.world.maps)
        self._divisor = 2 if cells * CELL * CELL > MOST_PIXELS else 1
        self._spots: dict[int, Spot] = {}
        self._width = self._height = 0
        self._place()

    @property
    def spots(self) -> Mapping[int, Spot]:
        """Where the picture of each map lies, by the map's index."""
        return self._spots

    @property
    def unit(self) -> int:
        """Pixels of a cell to each side."""
        return CELL // self._divisor

    @property
    def header(self) -> int:
        """Pixels above the maps, for title and legend."""
        return HEADER - CAPTION

    def _size(self, area: Map) -> tuple[int, int]:
        """Return the width and height on the poster, with room for the caption."""
        unit = CELL // self._divisor
        width = max(area.width * unit, len(area.name) * TILE)
        return width, area.height * unit + CAPTION

    def _place(self) -> None:
        """Lay the legs out in rows, like lines of text."""
        columns = [self._column(leg) for leg in self._legs]
        total = sum((width + GAP) * (height + GAP) for _, width, height in columns)
        limit = max(isqrt(total * 2), *(width for _, width, _ in columns), 160 * 4)
        x, y, row_height = MARGIN, HEADER, 0
        for spots, width, height in columns:
            if x > MARGIN and x + width > limit + MARGIN:
                x, y, row_height = MARGIN, y + row_height + 2 * GAP, 0
            for index, spot in spots.items():
                self._spots[index] = Spot(x + spot.x, y + spot.y)
            x += width + 2 * GAP
            row_height = max(row_height, height)
            self._width = max(self._width, x - 2 * GAP + MARGIN)
        self._width = max(self._width, 160 * 4 + 2 * MARGIN)
        self._height = y + row_height + MARGIN

    def _column(self, leg: Leg) -> tuple[dict[int, Spot], int, int]:
        """Place a leg's insides in rows below it; return the spots, the width and the height."""
        width, bottom = self._size(leg.area)
        limit = max(width, 24 * CELL // self._divisor)
        spots = {leg.area.index: Spot(0, CAPTION)}
        x, y, row_height = 0, bottom + GAP, 0
        for area in leg.inside:
            across, down = self._size(area)
            if x and x + across > limit:
                x, y, row_height = 0, y + row_height + GAP, 0
            spots[area.index] = Spot(x, y + CAPTION)
            x += across + GAP
            width = max(width, x - GAP)
            row_height = max(row_height, down)
        return spots, width, y + row_height

    def boxes(self) -> list[tuple[int, int, int, int]]:
        """Return left, top, right and bottom of each map with its caption."""
        boxes = []
        for index, (x, y) in self._spots.items():
            width, height = self._size(self._built.world.maps[index])
            boxes.append((x, y - CAPTION, x + width, y - CAPTION + height))
        return boxes

    def paint(self) -> "Image.Image":
        """Return the poster as RGB."""
        from PIL import Image

        image = Image.new("RGB", (self._width, self._height), self._painter.palette[0])
        self._paint_header(image)
        for index, spot in self._spots.items():
            self._paint_map(image, self._built.world.maps[index], spot)
        self._paint_ways(image)
        return image

    def _paint_header(self, image: "Image.Image") -> None:
        world, painter = self._built.world, self._painter
        logo = painter.logo()
        image.paste(logo.resize((logo.width * 2, logo.height * 2), 0), (MARGIN, 24))
        left = MARGIN + logo.width * 2 + 32
        image.paste(painter.text(world.title, 4), (left, 32))
        badges = "1 badge" if world.badge_count == 1 else f"{world.badge_count} badges"
        lines = (
            f"{world.preset} world, seed {world.seed}",
            f"{len(world.maps)} maps, {badges}, {len(world.species)} creatures",
            f"ROM {self._built.sha1[:16]}",
            "A line joins the two ends of a way.",
        )
        for row, line in enumerate(lines):
            image.paste(painter.text(line, 1), (left, 88 + 20 * row))

    def _paint_map(self, image: "Image.Image", area: Map, spot: Spot) -> None:
        from PIL import ImageDraw

        picture = map_picture(area, self._painter)
        if self._divisor > 1:
            picture = picture.reduce(self._divisor)
        image.paste(self._painter.text(area.name), (spot.x, spot.y - CAPTION + 3))
        image.paste(picture, spot)
        box = (spot.x - 1, spot.y - 1, spot.x + picture.width, spot.y + picture.height)
        ImageDraw.Draw(image).rectangle(box, outline=self._painter.palette[3])

    def _paint_ways(self, image: "Image.Image") -> None:
        from PIL import Image, ImageDraw

        ways = list(self._ways())
        veil = Image.new("L", image.size)
        lines = ImageDraw.Draw(veil)
        for way in ways:
            lines.line(way, fill=LINE_OPACITY, width=2)
        image.paste(WAY, None, veil)
        draw = ImageDraw.Draw(image)
        for x, y in (end for way in ways for end in way):
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=WAY)

    def _ways(self) -> Iterator[tuple[Spot, Spot]]:
        """Yield the ends of each way from one map to another, once for both directions."""
        seen: set[tuple[int, int]] = set()
        for area in self._built.world.maps:
            for warp in area.warps:
                pair = (min(area.index, warp.map), max(area.index, warp.map))
                if area.index != warp.map and pair not in seen and set(pair) <= set(self._spots):
                    seen.add(pair)
                    yield (
                        self._middle(area.index, warp.x, warp.y),
                        self._middle(warp.map, warp.to_x, warp.to_y),
                    )

    def _middle(self, index: int, x: int, y: int) -> Spot:
        unit = CELL // self._divisor
        spot = self._spots[index]
        return Spot(spot.x + x * unit + unit // 2, spot.y + y * unit + unit // 2)


def world_picture(built: BuiltWorld, palette: Palette = GREENS) -> "Image.Image":
    """Return a poster of a whole world as RGB.

    Towns and routes follow each other as on the journey, line by line; what lies behind their
    doors stands below them. Thin lines join the two ends of each way.
    """
    return Poster(built, Painter(palette=palette)).paint()
