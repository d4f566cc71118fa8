"""Towns: plots along streets, buildings on some of them, something green on the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from pokebench.tallgrass.generator.builder import GenerationError
from pokebench.tallgrass.generator.grid import flood, may_block
from pokebench.tallgrass.generator.interiors import link_door
from pokebench.tallgrass.generator.journey import OPPOSITE
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Tile
from pokebench.tallgrass.world import Cell, Facing, Map, MapKind, Sign

_PLOT: Final = 7
_STREET_ROW: Final = 5
"""Row of a plot where its street begins; buildings stand above."""
_AVENUE_WIDTH: Final = 2
_HOUSE_WIDTH: Final = 5


@unique
class Theme(StrEnum):
    """What a town is known for; its empty plots show it."""

    GREEN = "green"
    FOREST = "forest"
    LAKE = "lake"
    GARDEN = "garden"
    FARM = "farm"
    STONE = "stone"


@dataclass(frozen=True, slots=True)
class Building:
    """A building to be set into a town: what is inside, its roof, its sign."""

    inside: Map
    roof: Tile
    sign: str | None = None
    is_large: bool = False
    has_flowers: bool = False


@dataclass(frozen=True, slots=True)
class Town:
    """A finished town: its map, theme, and the edge cells where ways leave."""

    area: Map
    theme: Theme
    exits: dict[Facing, Cell]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The grid of a town: plots, the avenue beside them, the size that follows."""

    columns: int
    rows: int
    avenue_after: int

    @property
    def size(self) -> tuple[int, int]:
        return 2 + _PLOT * self.columns + _AVENUE_WIDTH, 3 + _PLOT * self.rows

    @property
    def avenue_x(self) -> int:
        return 1 + _PLOT * self.avenue_after

    def plot(self, column: int, row: int) -> Cell:
        """Return the top left cell of a plot."""
        shift = _AVENUE_WIDTH if column >= self.avenue_after else 0
        return Cell(1 + _PLOT * column + shift, 1 + _PLOT * row)

    def street_y(self, row: int) -> int:
        return 1 + _PLOT * row + _STREET_ROW


def build_town(
    setting: Setting,
    rng: Pcg32,
    name: str,
    theme: Theme,
    buildings: Sequence[Building],
    ways: Sequence[Facing],
) -> Town:
    """Add a town with its buildings, and an opening on the side of each of `ways`."""
    layout = _draw_layout(rng, len(buildings))
    border = rng.choice((Tile.TREE, Tile.PINE))
    area = setting.builder.map(name, MapKind.TOWN, layout.size, border, border)
    width, height = layout.size
    area.fill(1, 1, width - 2, height - 2, Tile.LAWN)
    exits = {way: _open_way(rng, area, layout, way) for way in ways}
    _pave(area, layout)
    plots = [
        layout.plot(column, row) for row in range(layout.rows) for column in range(layout.columns)
    ]
    rng.shuffle(plots)
    doors = [
        _place_building(setting, rng, area, plot, building)
        for plot, building in zip(plots, buildings, strict=False)
    ]
    for plot in plots[len(buildings) :]:
        _FILLERS[theme](rng, area, plot)
    _post_town_sign(setting, area, exits[ways[0]], ways[0], theme)
    _scatter(rng, area, theme, border)
    _check_ways(area, exits, doors)
    return Town(area, theme, exits)


def _draw_layout(rng: Pcg32, building_count: int) -> _Layout:
    """Return a grid with at least one plot more than buildings."""
    shapes = [(3, 2), (4, 2), (2, 3), (3, 3)]
    fitting = [(columns, rows) for columns, rows in shapes if columns * rows > building_count]
    columns, rows = rng.choice([shape for shape in fitting if shape[0] * shape[1] <= 8] or fitting)
    return _Layout(columns, rows, rng.between(0, columns))


def _open_way(rng: Pcg32, area: Map, layout: _Layout, way: Facing) -> Cell:
    """Open the town's edge on one side and pave the way in; return the edge cell."""
    width, height = layout.size
    if way in (Facing.LEFT, Facing.RIGHT):
        edge = Cell(0 if way is Facing.LEFT else width - 1, layout.street_y(rng.below(layout.rows)))
    else:
        edge = Cell(layout.avenue_x, 0 if way is Facing.UP else height - 1)
        first = 0 if way is Facing.UP else layout.street_y(layout.rows - 1)
        last = layout.street_y(0) if way is Facing.UP else height - 1
        area.fill(edge.x, first, 1, last - first + 1, Tile.PATH)
    area.put(*edge, Tile.PATH)
    return edge


def _pave(area: Map, layout: _Layout) -> None:
    """Lay the streets below the plots and the avenue that joins them."""
    for row in range(layout.rows):
        area.fill(1, layout.street_y(row), area.width - 2, 1, Tile.PATH)
    first, last = layout.street_y(0), layout.street_y(layout.rows - 1)
    area.fill(layout.avenue_x, first, _AVENUE_WIDTH, last - first + 1, Tile.PATH)


def _place_building(
    setting: Setting, rng: Pcg32, area: Map, plot: Cell, building: Building
) -> Cell:
    """Set a building onto a plot, link its door, put up its sign; return the door."""
    left = plot.x + 1
    height = 4 if building.is_large else 3
    bottom = plot.y + _STREET_ROW - 1
    area.fill(left, bottom - height + 1, _HOUSE_WIDTH, 2, building.roof)
    for y in range(bottom - height + 3, bottom + 1):
        area.fill(left, y, _HOUSE_WIDTH, 1, Tile.HOUSE_WALL)
        area.put(left + 1, y, Tile.WINDOW)
        area.put(left + _HOUSE_WIDTH - 2, y, Tile.WINDOW)
    door = Cell(left + _HOUSE_WIDTH // 2, bottom)
    area.put(*door, Tile.DOOR)
    link_door(area, door, building.inside)
    if building.has_flowers:
        for x in (left, left + 1, left + 3, left + 4):
            area.put(x, bottom + 1, Tile.FLOWERS)
    if building.sign is not None:
        put_sign(
            setting, area, Cell(rng.choice((left - 1, left + _HOUSE_WIDTH)), bottom), building.sign
        )
    return door


def put_sign(setting: Setting, area: Map, cell: Cell, text: str) -> None:
    """Put up a sign that shows a text."""
    area.put(*cell, Tile.SIGN)
    area.signs.append(Sign(cell.x, cell.y, setting.builder.talk(text)))


def _post_town_sign(setting: Setting, area: Map, edge: Cell, way: Facing, theme: Theme) -> None:
    """Put up a sign with the town's name and motto beside a way in."""
    here = edge
    for _ in range(3):
        here = OPPOSITE[way].ahead(here)
        for side in Facing:
            cell = side.ahead(here)
            if area.get(*cell) is Tile.LAWN and may_block(area, *cell):
                motto = setting.say(f"motto.{theme}")
                text = setting.say("sign.town", town=area.name, motto=motto)
                put_sign(setting, area, cell, text)
                return


def _pond(rng: Pcg32, area: Map, plot: Cell) -> None:
    area.fill(plot.x + 1, plot.y + 1, 5, 3, Tile.WATER)
    for x in (plot.x + 1, plot.x + 5):
        area.put(x, plot.y + rng.choice((1, 3)), Tile.FLOWERS)


def _garden(rng: Pcg32, area: Map, plot: Cell) -> None:
    for y in range(plot.y + 1, plot.y + 5):
        for x in range(plot.x + 1, plot.x + 6):
            if (x - plot.x) % 2 or rng.chance(1, 3):
                area.put(x, y, Tile.FLOWERS)


def _field(rng: Pcg32, area: Map, plot: Cell) -> None:
    """A fenced bed of flowers with a gap to walk in."""
    area.fill(plot.x + 1, plot.y + 1, 5, 4, Tile.FENCE)
    area.fill(plot.x + 2, plot.y + 2, 3, 2, Tile.FLOWERS)
    area.put(plot.x + rng.between(2, 4), plot.y + 4, Tile.LAWN)


def _grove(rng: Pcg32, area: Map, plot: Cell) -> None:
    for y in (plot.y + 1, plot.y + 3):
        for x in (plot.x + 1, plot.x + 3, plot.x + 5):
            area.put(x, y, rng.choice((Tile.TREE, Tile.PINE)))


def _statues(rng: Pcg32, area: Map, plot: Cell) -> None:
    area.fill(plot.x + 1, plot.y + 1, 5, 4, Tile.PATH)
    for x in rng.choice(((2, 4), (1, 3, 5), (3,))):
        area.put(plot.x + x, plot.y + 2, Tile.STATUE)


def _lawn(rng: Pcg32, area: Map, plot: Cell) -> None:
    for _ in range(5):
        area.put(plot.x + rng.below(_PLOT), plot.y + rng.below(_STREET_ROW), Tile.FLOWERS)


_FILLERS: Final[dict[Theme, Callable[[Pcg32, Map, Cell], None]]] = {
    Theme.GREEN: _lawn,
    Theme.FOREST: _grove,
    Theme.LAKE: _pond,
    Theme.GARDEN: _garden,
    Theme.FARM: _field,
    Theme.STONE: _statues,
}
_SCATTERED: Final = {
    Theme.GREEN: (Tile.FLOWERS, Tile.FLOWERS, Tile.TREE),
    Theme.FOREST: (Tile.TREE, Tile.PINE),
    Theme.LAKE: (Tile.FLOWERS, Tile.TREE),
    Theme.GARDEN: (Tile.FLOWERS, Tile.FLOWERS),
    Theme.FARM: (Tile.TREE, Tile.FLOWERS),
    Theme.STONE: (Tile.BOULDER, Tile.FLOWERS, Tile.PINE),
}


def _scatter(rng: Pcg32, area: Map, theme: Theme, border: Tile) -> None:
    """Dot the lawn with flowers, and with trees where they close no way."""
    taken = area.occupied()
    for _ in range(area.width * area.height // 24):
        cell = Cell(rng.between(1, area.width - 2), rng.between(1, area.height - 2))
        tile = rng.choice(_SCATTERED[theme])
        if area.get(*cell) is not Tile.LAWN or cell in taken:
            continue
        if tile is Tile.FLOWERS or (is_off_street(area, cell) and may_block(area, *cell)):
            area.put(*cell, tile)


def is_off_street(area: Map, cell: Cell) -> bool:
    """Return whether no street runs beside a cell."""
    return all(area.get(*facing.ahead(cell)) is not Tile.PATH for facing in Facing)


def _check_ways(area: Map, exits: dict[Facing, Cell], doors: Sequence[Cell]) -> None:
    """Make sure that every door and edge can be walked to, and fill what cannot."""
    start = doors[0]
    reached = flood(area, start)
    if not all(cell in reached for cell in (*exits.values(), *doors)):
        raise GenerationError(f"{area.name} falls apart")
    for cell in area.positions():
        if area.is_walkable(*cell) and cell not in reached:
            area.put(*cell, Tile.TREE)
