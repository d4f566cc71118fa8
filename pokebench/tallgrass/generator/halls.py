"""Halls: a puzzle between the door and the chief, who gives the badge."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from pokebench.tallgrass.format import LEADER_FLAG, TEXT_COLUMNS, MilestoneBit
from pokebench.tallgrass.generator.balance import chief_level, chief_reward, chief_team_size
from pokebench.tallgrass.generator.ice import draw_rocks
from pokebench.tallgrass.generator.interiors import mat_of, room
from pokebench.tallgrass.generator.journey import PuzzleKind
from pokebench.tallgrass.generator.people import add_fighter, tamer_name
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.script import Script
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import (
    Cell,
    Condition,
    Facing,
    Map,
    MapKind,
    Npc,
    Sign,
    Trigger,
    Warp,
)

_WIDTH: Final = 13
_MIDDLE: Final = _WIDTH // 2
_CHIEF: Final = Cell(_MIDDLE, 2)
_HEIGHTS: Final = {
    PuzzleKind.GAUNTLET: 16,
    PuzzleKind.PADS: 14,
    PuzzleKind.ICE: 16,
    PuzzleKind.SWITCHES: 18,
}
_BARRIER_ROWS: Final = (11, 8, 5)
_GATE_ROWS: Final = (13, 10, 7)
_PLATE_ROWS: Final = (15, 11, 8)
_PLATE_COLUMNS: Final = (2, _MIDDLE, _WIDTH - 3)
_PLATE_NAMES: Final = ("left", "middle", "right")
_CELL_SIZE: Final = 4
"""Rooms of a hall with pads are 3 x 3 cells with a wall between."""


def build_hall(setting: Setting, rng: Pcg32, index: int) -> Map:
    """Add hall `index` with its puzzle, guide and chief."""
    hall = setting.journey.halls[index]
    name = f"{setting.journey.towns[index + 1]} Hall"[:TEXT_COLUMNS]
    area = room(setting, name, MapKind.HALL, (_WIDTH, _HEIGHTS[hall.puzzle]))
    area.fill(_MIDDLE - 1, 2, 3, 2, Tile.RUG)
    if hall.puzzle is not PuzzleKind.PADS:
        for x in (_MIDDLE - 3, _MIDDLE + 3):
            area.put(x, 2, Tile.STATUE)
    _PUZZLES[hall.puzzle](setting, rng, area, index)
    _post_guide(setting, area, index)
    chief = setting.builder.add(_chief_script(setting, index))
    area.npcs.append(Npc(_CHIEF.x, _CHIEF.y, Person.CHIEF, Facing.DOWN, chief))
    return area


def _chief_script(setting: Setting, index: int) -> Script:
    """Return what the chief says and does."""
    hall = setting.journey.halls[index]
    team = setting.creatures.team(chief_team_size(index), chief_level(index), hall.kind)
    trainer = setting.builder.trainer(f"Chief {hall.chief}", team, chief_reward(index))
    names = {"chief": hall.chief, "kind": setting.kind_name(hall.kind)}
    script = setting.builder.script().if_flag(LEADER_FLAG + index, "after")
    script.say(setting.say("chief.open", **names)).battle(trainer)
    script.set_flag(LEADER_FLAG + index).badge(index).milestone(MilestoneBit.BADGE + index)
    script.say(setting.say("chief.beaten", **names)).end()
    return script.label("after").say(setting.say("chief.after", **names))


def _post_guide(setting: Setting, area: Map, index: int) -> None:
    """Let somebody by the door explain the puzzle."""
    hall = setting.journey.halls[index]
    mat = mat_of(area)
    text = setting.say(f"guide.{hall.puzzle}", chief=hall.chief, kind=setting.kind_name(hall.kind))
    script = setting.builder.talk(text)
    area.npcs.append(Npc(mat.x - 1, mat.y - 2, Person.GUARD, Facing.RIGHT, script))


def _build_gauntlet(setting: Setting, rng: Pcg32, area: Map, index: int) -> None:
    """Rows of furniture, each with one gap that a pupil watches."""
    kind = setting.journey.halls[index].kind
    barrier = rng.choice((Tile.STATUE, Tile.TABLE, Tile.SHELF))
    for y in _BARRIER_ROWS[: 2 if index < 2 else 3]:
        area.fill(1, y, _WIDTH - 2, 1, barrier)
        gap = Cell(rng.between(2, _WIDTH - 3), y)
        side = rng.choice((-1, 1))
        area.put(gap.x, y, Tile.FLOOR)
        area.put(gap.x + side, y, Tile.FLOOR)
        team = setting.creatures.team(1, chief_level(index) - 3, kind)
        name = tamer_name(setting, "Pupil")
        trainer = setting.builder.trainer(name, team, chief_reward(index) // 4)
        facing = Facing.LEFT if side > 0 else Facing.RIGHT
        lines = (
            setting.say("junior.open"),
            setting.say("junior.beaten"),
            setting.say("junior.after", kind=setting.kind_name(kind)),
        )
        who = Npc(gap.x + side, y, Person.TAMER, facing, 0)
        add_fighter(setting, area, who, [gap], trainer, lines)


def _build_pads(setting: Setting, rng: Pcg32, area: Map, index: int) -> None:
    """Nine rooms without doors: one pad of each leads on, the others back."""
    for line in (_CELL_SIZE, _CELL_SIZE * 2):
        area.fill(line, 2, 1, area.height - 3, Tile.WALL)
        area.fill(1, line + 1, _WIDTH - 2, 1, Tile.WALL)
    start, goal = Cell(1, 2), Cell(1, 0)
    others = [Cell(x, y) for y in range(3) for x in range(3) if Cell(x, y) not in (start, goal)]
    rng.shuffle(others)
    chain = [start, *others[: rng.between(4, 5)], goal]
    decoy = others[-1]
    for place, (here, there) in enumerate(pairwise(chain)):
        back = decoy if here == start else rng.choice(chain[:place])
        corners = rng.sample(_corners(here), 2)
        _put_pad(area, corners[0], _centre(there))
        _put_pad(area, corners[1], _centre(back))
    for dead_end in (decoy, goal):
        corner = rng.choice(_corners(dead_end)[2:])
        _put_pad(area, corner, _centre(start))
    for unused in others[len(chain) - 2 : -1]:
        area.fill(*_top_left(unused), 3, 3, Tile.WALL)


def _top_left(room_place: Cell) -> Cell:
    """Return the first cell of a room by its column and row."""
    return Cell(1 + _CELL_SIZE * room_place.x, 2 + _CELL_SIZE * room_place.y)


def _centre(room_place: Cell) -> Cell:
    """Return where one arrives in a room."""
    corner = _top_left(room_place)
    return Cell(corner.x + 1, corner.y + 1)


def _corners(room_place: Cell) -> list[Cell]:
    """Return the corners of a room, upper ones first."""
    x, y = _top_left(room_place)
    return [Cell(x, y), Cell(x + 2, y), Cell(x, y + 2), Cell(x + 2, y + 2)]


def _put_pad(area: Map, cell: Cell, to: Cell) -> None:
    area.put(*cell, Tile.PAD)
    area.warps.append(Warp(cell.x, cell.y, area.index, to.x, to.y))


def _build_ice(setting: Setting, rng: Pcg32, area: Map, index: int) -> None:
    """A field of ice with statues; a pad beside the chief leads back to the door."""
    left, top, width, height = 1, 4, _WIDTH - 2, 9
    door = Cell(_MIDDLE, top + height)
    rocks = draw_rocks(rng, left, top, width, height, door)
    area.fill(left, top, width, height, Tile.ICE)
    for rock in rocks:
        area.put(*rock, Tile.STATUE)
    _put_pad(area, Cell(_WIDTH - 2, 2), Cell(_MIDDLE, door.y + 1))


def _build_switches(setting: Setting, rng: Pcg32, area: Map, index: int) -> None:
    """Three rooms with three plates each; one of them opens the gate, and a verse says which."""
    right_plates = [rng.below(3) for _ in range(3)]
    for gate_y, plate_y, right in zip(_GATE_ROWS, _PLATE_ROWS, right_plates, strict=True):
        area.fill(1, gate_y, _WIDTH - 2, 1, Tile.WALL)
        area.put(_MIDDLE, gate_y, Tile.GATE)
        opened = setting.builder.flag()
        area.conditions.append(Condition(_MIDDLE, gate_y, Tile.FLOOR, opened))
        for plate, x in enumerate(_PLATE_COLUMNS):
            _put_plate(setting, area, Cell(x, plate_y), opened if plate == right else None)
    first, second, third = (_PLATE_NAMES[plate] for plate in right_plates)
    verse = setting.say("verse.line", first=first.capitalize(), second=second, third=third)
    mat = mat_of(area)
    area.put(mat.x + 1, mat.y - 1, Tile.SIGN)
    area.signs.append(Sign(mat.x + 1, mat.y - 1, setting.builder.talk(verse)))


def _put_plate(setting: Setting, area: Map, cell: Cell, opened: int | None) -> None:
    """Put down a plate that sets the flag `opened`, or one that does nothing."""
    builder = setting.builder
    area.put(*cell, Tile.SWITCH)
    flag = builder.flag() if opened is None else opened
    text = setting.say("verse.dud" if opened is None else "verse.click")
    script = builder.add(builder.script().say(text).set_flag(flag))
    area.triggers.append(Trigger(cell.x, cell.y, script, flag))


_PUZZLES: Final[dict[PuzzleKind, Callable[[Setting, Pcg32, Map, int], None]]] = {
    PuzzleKind.GAUNTLET: _build_gauntlet,
    PuzzleKind.PADS: _build_pads,
    PuzzleKind.ICE: _build_ice,
    PuzzleKind.SWITCHES: _build_switches,
}
