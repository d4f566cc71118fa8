"""Pictures of maps show what lies on them, and a poster shows every map."""

import pytest

from pokebench.tallgrass.art import load_art
from pokebench.tallgrass.build import BuiltWorld, build_world
from pokebench.tallgrass.picture import (
    CELL,
    GREYS,
    Painter,
    Poster,
    decode_tile,
    journey,
    map_picture,
    world_picture,
)
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import Facing, Map, MapKind, Npc


@pytest.fixture(scope="module")
def built() -> BuiltWorld:
    return build_world("micro", 1)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(palette=GREYS)


def meadow(*tiles: Tile) -> Map:
    """Return a map of one row."""
    cells = bytearray(tiles)
    return Map(0, "Meadow", MapKind.ROUTE, len(tiles), 1, cells, Tile.TREE, 0)


def test_a_tile_decodes_to_its_shades() -> None:
    tile = bytes([0b01010101, 0b00110011] * 8)

    assert decode_tile(tile) == [0, 1, 2, 3] * 16


def test_a_map_is_drawn_cell_by_cell(painter: Painter) -> None:
    picture = map_picture(meadow(Tile.LAWN, Tile.WATER), painter)

    right = picture.crop((CELL, 0, 2 * CELL, CELL))
    assert picture.size == (2 * CELL, CELL)
    assert right.tobytes() == painter.metatiles[Tile.WATER].tobytes()


def test_people_stand_on_their_cells(painter: Painter) -> None:
    area = meadow(Tile.LAWN, Tile.LAWN)
    empty = map_picture(area, painter)
    area.npcs.append(Npc(1, 0, Person.ELDER, Facing.DOWN, 0))

    picture = map_picture(area, painter)
    assert picture.crop((0, 0, CELL, CELL)).tobytes() == empty.crop((0, 0, CELL, CELL)).tobytes()
    assert picture.tobytes() != empty.tobytes()


def test_a_person_who_looks_right_is_mirrored(painter: Painter) -> None:
    left = painter.person(Person.GIRL, Facing.LEFT)
    right = painter.person(Person.GIRL, Facing.RIGHT)

    assert [left.getpixel((x, 6)) for x in range(CELL)] == [
        right.getpixel((CELL - 1 - x, 6)) for x in range(CELL)
    ]


def test_text_is_drawn_in_the_games_letters(painter: Painter) -> None:
    glyph = load_art().ui[16 * ord("G") : 16 * ord("G") + 16]

    picture = painter.text("G").convert("L")
    assert list(picture.tobytes()) == [255 - 85 * shade for shade in decode_tile(glyph)]


def test_the_journey_owns_every_map_once(built: BuiltWorld) -> None:
    legs = journey(built.world)

    shown = [area.index for leg in legs for area in (leg.area, *leg.inside)]
    assert sorted(shown) == [area.index for area in built.world.maps]
    assert legs[0].area.kind is MapKind.TOWN


def test_maps_on_a_poster_do_not_overlap(built: BuiltWorld, painter: Painter) -> None:
    boxes = Poster(built, painter).boxes()

    assert len(boxes) == len(built.world.maps)
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_poster_is_the_same_every_time(built: BuiltWorld) -> None:
    first, second = world_picture(built), world_picture(built)

    assert first.mode == "RGB"
    assert first.tobytes() == second.tobytes()
