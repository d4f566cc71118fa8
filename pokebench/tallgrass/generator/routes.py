"""Routes between towns: walls with one opening each, ground between them, people along the way."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pokebench.tallgrass.generator.builder import GenerationError
from pokebench.tallgrass.generator.grid import flood, is_fill, may_block
from pokebench.tallgrass.generator.ground import Ground, draw_ground
from pokebench.tallgrass.generator.journey import route_name
from pokebench.tallgrass.generator.lane import Lane, Section, Wall
from pokebench.tallgrass.generator.presets import GateKind
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Tile
from pokebench.tallgrass.world import Cell, Facing, Map, MapKind

_SECTION_LENGTH: Final = 11
_WALL_DEPTH: Final = 2
_TREES: Final = (Tile.TREE, Tile.PINE)
_LEDGE_LENGTHS: Final = (3, 5)


@dataclass(slots=True)
class Route:
    """A route under construction.

    `reserved` are cells that nothing may be put on; `walls` are the inner ones, in order.
    """

    leg: int
    lane: Lane
    walls: list[Wall]
    sections: list[Section]
    start: Cell
    end: Cell
    gate: Wall | None = None
    reserved: set[Cell] = field(default_factory=set)

    @property
    def area(self) -> Map:
        """The route's map."""
        return self.lane.area

    def opening(self, wall: Wall) -> Cell:
        """Return the cell where a wall is passed."""
        return self.lane.cell(wall.along, wall.across)

    def near_side(self) -> set[Cell]:
        """Return what can be walked to from the start while the gate is closed."""
        blocked = () if self.gate is None else (self.opening(self.gate),)
        return flood(self.area, self.start, blocked)


def draw_route(setting: Setting, rng: Pcg32, leg: int) -> Route:
    """Add a route's map with all its ground, its gate still open; nobody is on it yet."""
    route = _lay_walls(setting, rng, leg)
    grounds = _draw_grounds(rng, len(route.sections))
    belt = rng.below(len(route.sections))
    for index, (section, ground) in enumerate(zip(route.sections, grounds, strict=True)):
        draw_ground(rng, route.lane, section, ground, has_belt=index == belt)
    _close_walls(setting, route)
    _fill_pockets(route)
    for _ in range(2):
        _try_ledge(rng, route)
    return route


def _lay_walls(setting: Setting, rng: Pcg32, leg: int) -> Route:
    """Add the map and say where its walls and sections are."""
    heading = setting.journey.headings[leg]
    length, breadth = rng.between(*setting.builder.preset.route_lengths), rng.between(16, 20)
    size = (length, breadth) if heading is Facing.RIGHT else (breadth, length)
    border = rng.choice(_TREES)
    area = setting.builder.map(route_name(leg), MapKind.ROUTE, size, border, border)
    lane = Lane(area, heading)
    count = max(2, length // _SECTION_LENGTH)
    openings = [rng.between(4, breadth - 5) for _ in range(count + 1)]
    places = [index * (length - _WALL_DEPTH) // count for index in range(count + 1)]
    walls = [Wall(along, across) for along, across in zip(places, openings, strict=True)]
    sections = [
        Section(before.along + _WALL_DEPTH, after.along - 1, before.across, after.across)
        for before, after in pairwise(walls)
    ]
    for wall in (walls[0], walls[-1]):
        for along in range(wall.along, wall.along + _WALL_DEPTH):
            lane.put(along, wall.across, Tile.PATH)
    start = lane.cell(0, openings[0])
    end = lane.cell(length - 1, openings[-1])
    route = Route(leg, lane, walls[1:-1], sections, start, end)
    if setting.journey.gates[leg] is not None:
        route.gate = rng.choice(route.walls[len(route.walls) // 2 :])
    return route


def _draw_grounds(rng: Pcg32, count: int) -> list[Ground]:
    """Return a different ground for each section as long as there are any."""
    grounds: list[Ground] = []
    while len(grounds) < count:
        grounds += rng.sample(list(Ground), len(Ground))
    return grounds[:count]


def _close_walls(setting: Setting, route: Route) -> None:
    """Draw the inner walls: trees, or a river where a raft is the gate; openings stay free."""
    gate = setting.journey.gates[route.leg]
    for wall in route.walls:
        is_river = wall is route.gate and gate is not None and gate.kind is GateKind.WATER
        _draw_wall(route, wall, Tile.WATER if is_river else route.area.border)


def _draw_wall(route: Route, wall: Wall, tile: Tile) -> None:
    lane = route.lane
    for along in range(wall.along, wall.along + _WALL_DEPTH):
        for across in range(1, lane.breadth - 1):
            lane.put(along, across, tile)
        lane.put(along, wall.across, Tile.PATH)
    for along in (wall.along - 1, wall.along + _WALL_DEPTH):
        for across in range(wall.across - 1, wall.across + 2):
            if not route.area.is_walkable(*lane.cell(along, across)):
                lane.put(along, across, Tile.LAWN)
            route.reserved.add(lane.cell(along, across))


def _fill_pockets(route: Route) -> None:
    """Plant trees wherever nobody can get to."""
    reached = flood(route.area, route.start)
    if route.end not in reached:
        raise GenerationError(f"{route.area.name} does not lead through")
    for cell in route.area.positions():
        if route.area.is_walkable(*cell) and cell not in reached:
            route.area.put(*cell, route.area.border)


def _try_ledge(rng: Pcg32, route: Route) -> None:
    """Put a ledge somewhere if a way around it remains."""
    area = route.area
    length = rng.between(*_LEDGE_LENGTHS)
    soft = (Tile.LAWN, Tile.FLOWERS, Tile.TALL_GRASS)
    for _ in range(8):
        x, y = rng.between(2, area.width - 3 - length), rng.between(3, area.height - 4)
        run = [Cell(x + offset, y) for offset in range(length)]
        around = [(cell.x, cell.y + dy) for cell in run for dy in (-1, 0, 1)]
        if not is_fill(area, around, soft) or any(cell in route.reserved for cell in run):
            continue
        reached = flood(area, route.start, run)
        if len(reached) + length == len(flood(area, route.start)):
            for cell in run:
                area.put(*cell, Tile.LEDGE)
            return


def cave_mouth(rng: Pcg32, route: Route) -> Cell:
    """Make the mouth of a cave on the near side of the gate; return the stairs' cell."""
    area = route.area
    near = route.near_side()
    taken = area.occupied() | route.reserved
    fronts = [cell for cell in sorted(near) if cell not in taken and _may_be_mouth(area, cell, 2)]
    if not fronts:
        fronts = [
            cell for cell in sorted(near) if cell not in taken and _may_be_mouth(area, cell, 1)
        ]
    if not fronts:
        raise GenerationError(f"no room for a cave on {area.name}")
    front = rng.choice(fronts)
    for y in range(max(0, front.y - 2), front.y):
        for x in range(front.x - 1, front.x + 2):
            if area.get(x, y) in _TREES:
                area.put(x, y, Tile.CAVE_WALL)
    stairs = Cell(front.x, front.y - 1)
    area.put(*stairs, Tile.STAIRS)
    route.reserved.update((front, stairs))
    return stairs


def _may_be_mouth(area: Map, front: Cell, rows: int) -> bool:
    """Return whether trees stand above a cell, in three columns and `rows` rows."""
    return is_fill(
        area,
        [(front.x + dx, front.y - dy) for dx in (-1, 0, 1) for dy in range(1, rows + 1)],
        _TREES,
    )


def free_spot(rng: Pcg32, route: Route, section: Section, off_trail: bool) -> Cell | None:
    """Return a cell of a section where a person or thing closes no way, or None."""
    area = route.area
    taken = area.occupied() | route.reserved
    for _ in range(40):
        along = rng.between(section.first + 1, section.last - 1)
        cell = route.lane.cell(along, rng.between(2, route.lane.breadth - 3))
        is_ground = area.is_walkable(*cell) and area.get(*cell) is not Tile.STAIRS
        if not is_ground or cell in taken or (off_trail and area.get(*cell) is Tile.PATH):
            continue
        if may_block(area, *cell, blocked=area.standing()):
            return cell
    return None
