"""Rooms behind doors: rest houses, shops, and the houses that people live in."""

from collections.abc import Sequence
from typing import Final

from pokebench.tallgrass.generator.grid import may_block
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import Cell, Facing, Map, MapKind, Npc, Sign, Warp

WALL_ROWS: Final = 2
"""Rows of wall at the top of every room."""


def room(setting: Setting, name: str, kind: MapKind, size: tuple[int, int]) -> Map:
    """Add an empty room: walls around, a mat in the middle of the bottom row."""
    width, height = size
    area = setting.builder.map(name, kind, size, Tile.WALL, Tile.VOID)
    area.fill(1, WALL_ROWS, width - 2, height - WALL_ROWS - 1, Tile.FLOOR)
    area.put(*mat_of(area), Tile.MAT)
    return area


def mat_of(area: Map) -> Cell:
    """Return where the mat of a room lies."""
    return Cell(area.width // 2, area.height - 1)


def link_door(outside: Map, door: Cell, inside: Map) -> None:
    """Connect a door with a room's mat; one leaves to the cell below the door."""
    mat = mat_of(inside)
    outside.warps.append(Warp(door.x, door.y, inside.index, mat.x, mat.y - 1))
    inside.warps.append(Warp(mat.x, mat.y, outside.index, door.x, door.y + 1))


def rest_house(setting: Setting) -> Map:
    """Add a rest house: a healer behind the counter."""
    area = room(setting, "Rest House", MapKind.REST, (10, 8))
    area.fill(3, 3, 5, 1, Tile.COUNTER)
    area.put(3, 2, Tile.MACHINE)
    area.put(2, 1, Tile.WINDOW)
    area.put(7, 1, Tile.WINDOW)
    area.fill(8, 2, 1, 1, Tile.SHELF)
    area.fill(4, 5, 3, 2, Tile.RUG)
    script = setting.builder.script().say(setting.say("healer.welcome")).heal()
    script.say(setting.say("healer.done"))
    healer = setting.builder.add(script)
    area.npcs.append(Npc(5, 2, Person.HEALER, Facing.DOWN, healer))
    return area


def shop(setting: Setting) -> Map:
    """Add a shop: a clerk behind the counter, shelves around."""
    area = room(setting, "Shop", MapKind.SHOP, (9, 8))
    area.fill(1, 3, 4, 1, Tile.COUNTER)
    area.fill(6, 2, 2, 1, Tile.SHELF)
    area.fill(7, 4, 1, 2, Tile.SHELF)
    area.put(2, 1, Tile.WINDOW)
    script = setting.builder.script().say(setting.say("clerk.welcome")).shop()
    clerk = setting.builder.add(script.say(setting.say("clerk.bye")))
    area.npcs.append(Npc(3, 2, Person.CLERK, Facing.DOWN, clerk))
    return area


def house(setting: Setting, rng: Pcg32, name: str, people: Sequence[tuple[Person, int]]) -> Map:
    """Add a house where `people` (who, and what script they run) live."""
    area = room(setting, name, MapKind.HOUSE, (rng.between(8, 10), rng.between(7, 8)))
    _furnish(setting, rng, area)
    for person, script in people:
        cell = free_cell(rng, area)
        facing = rng.choice((Facing.DOWN, Facing.LEFT, Facing.RIGHT))
        area.npcs.append(Npc(cell.x, cell.y, person, facing, script))
    return area


def free_cell(rng: Pcg32, area: Map) -> Cell:
    """Return a floor cell where somebody may stand without closing a way; keep the mat clear."""
    taken = area.occupied()
    mat = mat_of(area)
    cells = [
        cell
        for cell in area.positions()
        if area.is_walkable(*cell)
        and cell not in taken
        and abs(cell.x - mat.x) + abs(cell.y - mat.y) > 2
        and may_block(area, *cell, blocked=area.standing())
    ]
    return rng.choice(cells)


def _furnish(setting: Setting, rng: Pcg32, area: Map) -> None:
    """Put windows, shelves, a table and a rug into a house."""
    width, height = area.width, area.height
    for x in (2, width - 3):
        area.put(x, 1, Tile.WINDOW)
    shelf_x = rng.choice((1, width - 3))
    area.fill(shelf_x, WALL_ROWS, 2, 1, Tile.SHELF)
    area.signs.append(Sign(shelf_x, WALL_ROWS, _comment(setting, "house.shelf")))
    table = Cell(rng.between(3, width - 4), 4)
    area.put(*table, Tile.TABLE)
    area.signs.append(Sign(table.x, table.y, _comment(setting, "house.table")))
    area.fill(width // 2 - 1, height - 2, 3, 1, Tile.RUG)


def _comment(setting: Setting, key: str) -> int:
    return setting.builder.talk(setting.say(key))
