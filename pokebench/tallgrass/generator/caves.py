"""Caves: mazes and caverns of one or two floors, with a quest's thing at the far end."""

from typing import Final

from pokebench.tallgrass.format import MilestoneBit
from pokebench.tallgrass.generator.balance import cave_level
from pokebench.tallgrass.generator.builder import GenerationError
from pokebench.tallgrass.generator.grid import may_block, neighbours, walk_order
from pokebench.tallgrass.generator.journey import Quest
from pokebench.tallgrass.generator.people import add_chest
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.generator.towns import put_sign
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import Cell, Facing, Map, MapKind, Npc, Warp

_MAZE_CELLS: Final = (7, 9)
_MAZE_LOOPS: Final = 6
_CAVERN_SIZES: Final = (17, 21)


def dig_cave(setting: Setting, rng: Pcg32, quest: Quest, outside: Map, mouth: Cell) -> None:
    """Add all floors of a quest's cave behind a mouth, and the thing on the lowest floor."""
    upper, stairs = outside, mouth
    for floor in range(quest.floors):
        name = quest.cave if floor == 0 else f"{quest.cave} B{floor}"
        area = (
            _dig_maze(setting, rng, name) if rng.chance(1, 2) else _dig_cavern(setting, rng, name)
        )
        area.encounter = setting.creatures.encounters(cave_level(quest.cave_leg))
        landing = _join(rng, upper, stairs, area)
        far = _farthest(area, landing)
        if floor == quest.floors - 1:
            _hide_thing(setting, area, far, quest)
        else:
            area.put(*far, Tile.STAIRS)
            upper, stairs = area, far
        _hide_chest(setting, rng, area, quest.cave_leg, landing, far)
    _post_cave_sign(setting, outside, mouth, quest)


def _dig_maze(setting: Setting, rng: Pcg32, name: str) -> Map:
    """Add a maze with a few loops."""
    columns, rows = rng.between(*_MAZE_CELLS), rng.between(*_MAZE_CELLS)
    size = (columns * 2 + 1, rows * 2 + 1)
    area = setting.builder.map(name, MapKind.CAVE, size, Tile.CAVE_WALL, Tile.VOID)
    trail = [Cell(rng.below(columns), rows - 1)]
    seen = set(trail)
    while trail:
        here = trail[-1]
        area.put(here.x * 2 + 1, here.y * 2 + 1, _ground(rng))
        choices = [
            cell
            for cell in neighbours(here)
            if 0 <= cell.x < columns and 0 <= cell.y < rows and cell not in seen
        ]
        if not choices:
            trail.pop()
            continue
        there = rng.choice(choices)
        area.put(here.x + there.x + 1, here.y + there.y + 1, _ground(rng))
        seen.add(there)
        trail.append(there)
    for _ in range(_MAZE_LOOPS):
        area.put(rng.between(1, area.width - 2), rng.between(1, area.height - 2), Tile.CAVE_FLOOR)
    return area


def _dig_cavern(setting: Setting, rng: Pcg32, name: str) -> Map:
    """Add a cavern: a drunken walk from the bottom until two fifths are open."""
    width, height = rng.between(*_CAVERN_SIZES), rng.between(*_CAVERN_SIZES)
    area = setting.builder.map(name, MapKind.CAVE, (width, height), Tile.CAVE_WALL, Tile.VOID)
    cell = Cell(width // 2, height - 2)
    remaining = width * height * 2 // 5
    while remaining:
        if area.get(*cell) is Tile.CAVE_WALL:
            area.put(*cell, _ground(rng))
            remaining -= 1
        there = rng.choice(list(Facing)).ahead(cell)
        if 1 <= there.x < width - 1 and 1 <= there.y < height - 1:
            cell = there
    return area


def _ground(rng: Pcg32) -> Tile:
    """Return bare floor or rubble; wild creatures live in rubble only."""
    return Tile.RUBBLE if rng.chance(1, 3) else Tile.CAVE_FLOOR


def _join(rng: Pcg32, upper: Map, stairs: Cell, area: Map) -> Cell:
    """Connect stairs of the map above with the bottom wall of a floor; return the landing."""
    bottom = area.height - 2
    columns = [x for x in range(1, area.width - 1) if area.is_walkable(x, bottom)]
    landing = Cell(rng.choice(columns), bottom)
    reached = walk_order(area, landing)
    for cell in area.positions():
        if area.is_walkable(*cell) and cell not in reached:
            area.put(*cell, Tile.CAVE_WALL)
    area.put(*landing, Tile.CAVE_FLOOR)
    way_out = Facing.DOWN.ahead(landing)
    area.put(*way_out, Tile.STAIRS)
    front = next(cell for cell in reversed(neighbours(stairs)) if _is_front(upper, cell))
    upper.warps.append(Warp(stairs.x, stairs.y, area.index, landing.x, landing.y))
    area.warps.append(Warp(way_out.x, way_out.y, upper.index, front.x, front.y))
    return landing


def _is_front(area: Map, cell: Cell) -> bool:
    return area.is_walkable(*cell) and cell not in area.occupied()


def _farthest(area: Map, landing: Cell) -> Cell:
    """Return the farthest cell from the landing that closes no way when it is taken."""
    for cell in reversed(walk_order(area, landing)):
        if may_block(area, *cell) and area.get(*cell) is not Tile.STAIRS:
            return cell
    raise GenerationError(f"{area.name} has no end")


def _hide_thing(setting: Setting, area: Map, cell: Cell, quest: Quest) -> None:
    """Put a quest's thing into a cell, to be found once."""
    builder = setting.builder
    flag = builder.flag()
    if quest.key is None:
        script = builder.script().say(setting.say("find.thing", thing=quest.thing)).give(quest.item)
    else:
        phrase = setting.say(f"find.{quest.thing.lower()}", thing=quest.thing)
        script = builder.script().say(phrase).key(quest.key)
    script.milestone(MilestoneBit.QUEST + quest.number).set_flag(flag)
    chest = builder.add(script)
    area.npcs.append(Npc(cell.x, cell.y, Person.CHEST, Facing.DOWN, chest, flag))


def _hide_chest(
    setting: Setting, rng: Pcg32, area: Map, leg: int, landing: Cell, far: Cell
) -> None:
    """Put something useful into a dead end, if there is another one."""
    standing = area.standing()
    ends = [
        cell
        for cell in area.positions()
        if area.is_walkable(*cell)
        and sum(area.is_walkable(*cell_beside) for cell_beside in neighbours(cell)) == 1
        and abs(cell.x - far.x) + abs(cell.y - far.y) > 3
        and cell not in (landing, *standing)
        and area.get(*cell) is not Tile.STAIRS
    ]
    if ends:
        add_chest(setting, rng, area, rng.choice(ends), leg)


def _post_cave_sign(setting: Setting, outside: Map, mouth: Cell, quest: Quest) -> None:
    """Put a sign with the cave's name beside its mouth where somebody can stand to read it."""
    for side in (1, -1):
        below = Cell(mouth.x + side, mouth.y + 1)
        if outside.is_walkable(*below) and below not in outside.standing():
            text = setting.say("sign.cave", cave=quest.cave)
            put_sign(setting, outside, Cell(mouth.x + side, mouth.y), text)
            return
