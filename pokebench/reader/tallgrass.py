"""Tallgrass in words: place, visible cells, people, party, and any text."""

from typing import Final

from pokebench.reader.possessions import Possessions
from pokebench.reader.protocol import Scene, Situation
from pokebench.tallgrass.format import Key
from pokebench.tallgrass.rom import WorldRom
from pokebench.tallgrass.state import (
    ASKING,
    STATE_ADDRESS,
    STATE_SIZE,
    Battle,
    Mode,
    Status,
    Submode,
    address_of,
    decode,
    decode_creature,
    place,
)
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.types import RamPort, View

VIEW_COLUMNS: Final = 10
VIEW_ROWS: Final = 9
_LEFT_OF_PLAYER: Final = 4
_ABOVE_PLAYER: Final = 4
_TEXT_COLUMNS: Final = 20
_FULL_SCREEN_ROWS: Final = 18
_HEAD_BYTES: Final = 0x40
_CREATURE_BYTES: Final = 32
_NPC_BYTES: Final = 8
_WARP_BYTES: Final = 5
_HEAD_FIELDS: Final = (
    "mode", "sub", "ready", "map", "x", "y", "facing", "map_width", "map_height", "ui_rows",
    "cursor", "party_count", "keys", "money",
)  # fmt: skip
_SAME_MOMENT: Final = ("mode", "sub", "map", "x", "y", "facing", "cursor", "ui_rows", "party_count")
"""What distinguishes moments, besides the text on screen."""
_MILESTONE_BITS: Final = 64
_NEVER_HIDDEN: Final = 0xFFFF
_FACINGS: Final = ("down", "up", "left", "right")
_GLYPHS: Final = {
    "you": "@",
    "person": "P",
    "box on the ground": "!",
    "tall grass": '"',
    "water": "~",
    "door": "D",
    "exit mat": "M",
    "stairs": ">",
    "round pad": "O",
    "sign": "S",
    "ledge, down only": "_",
    "thorn bush": "b",
    "boulder": "B",
    "ice": "*",
    "counter": "=",
    "floor switch": "o",
    "gate": "G",
    "rubble": ",",
    "wall, tree or thing": "#",
    "free": ".",
}
_TILE_KINDS: Final = {
    Tile.TALL_GRASS: "tall grass",
    Tile.RUBBLE: "rubble",
    Tile.WATER: "water",
    Tile.DOOR: "door",
    Tile.MAT: "exit mat",
    Tile.STAIRS: "stairs",
    Tile.PAD: "round pad",
    Tile.SIGN: "sign",
    Tile.LEDGE: "ledge, down only",
    Tile.BUSH: "thorn bush",
    Tile.BOULDER: "boulder",
    Tile.ICE: "ice",
    Tile.COUNTER: "counter",
    Tile.SWITCH: "floor switch",
    Tile.GATE: "gate",
    **dict.fromkeys(
        (Tile.LAWN, Tile.PATH, Tile.FLOOR, Tile.CAVE_FLOOR, Tile.FLOWERS, Tile.RUG), "free"
    ),
}
_SCENES: Final = {
    Mode.TITLE: Scene.TITLE,
    Mode.WORLD: Scene.WORLD,
    Mode.TEXT: Scene.TEXT,
    Mode.MENU: Scene.MENU,
    Mode.BATTLE: Scene.BATTLE,
}
_ENDS_OF_WAYS: Final = b"DM>O*"
"""Cells that lead elsewhere, or that one slides over."""


def _walkable(free: bytes) -> bytes:
    """Return the translation from glyphs to how they can be walked on, as in `View`."""
    return bytes(ord("2" if i in _ENDS_OF_WAYS else "1" if i in free else "0") for i in range(256))


_ON_FOOT: Final = _walkable(b'.",o')
_WITH_RAFT: Final = _walkable(b'.",o~')
_STATUSES: Final = {
    Status.POISON: ", poisoned",
    Status.SLEEP: ", asleep",
    Status.PARALYSIS: ", paralysed",
}


def _tile_glyphs() -> bytes:
    """Return the translation from metatile ids to glyphs."""
    wall = _GLYPHS["wall, tree or thing"]
    known = {tile: _GLYPHS[kind] for tile, kind in _TILE_KINDS.items()}
    return "".join(known.get(Tile(i), wall) if i < len(Tile) else wall for i in range(256)).encode()


def _screen_characters() -> bytes:
    """Return the translation from interface tile ids to printable characters."""
    table = bytearray(b" " * 256)
    table[32:127] = bytes(range(32, 127))
    table[1:9] = b"+-+||+v+"
    table[16:25] = b"    -----"
    table[21:25] = b"===="
    return bytes(table)


_TILE_TO_GLYPH: Final = _tile_glyphs()
_UI_TO_TEXT: Final = _screen_characters()
_LEGEND: Final = {glyph: f"{glyph} {kind}" for kind, glyph in _GLYPHS.items()}


class TallgrassReader:
    """Reads one world's game; keeps nothing between reads but names and addresses."""

    def __init__(self, rom: bytes) -> None:
        """Take names from the world in `rom`."""
        world = WorldRom(rom)
        self._map_names = [world.text(game_map.name) for game_map in world.maps]
        self._species_names = [species.name for species in world.species]
        self._ui = place("UI_SHADOW")
        self._cells = place("MAP_CELLS")
        self._events = place("MAP_EVENTS")
        self._flags = address_of("flags")
        self._party = address_of("party")
        self._offset = {
            name: address_of(name) - STATE_ADDRESS
            for name in _HEAD_FIELDS
        }  # fmt: skip

    def read(self, ram: RamPort) -> str:
        """Return the text of this moment."""
        head = ram.read(STATE_ADDRESS, _HEAD_BYTES)
        value = self._values(head)
        rows = value["ui_rows"]
        parts = []
        if value["mode"] > Mode.TITLE:
            if rows < _FULL_SCREEN_ROWS:
                parts += self._surroundings(ram, value)
            parts.append(self._possessions(ram, value["party_count"], head))
        if rows:
            parts.append("On screen:\n" + self._screen(ram, rows))
        return "\n".join(parts)

    def situation(self, ram: RamPort) -> Situation:
        """Return what the game is doing."""
        value = self._values(ram.read(STATE_ADDRESS, _HEAD_BYTES))
        scene = _SCENES.get(Mode(value["mode"] % len(Mode)), Scene.TRANSITION)
        if scene is Scene.TEXT and value["sub"] == ASKING:
            scene = Scene.CHOICE
        in_message = scene is Scene.BATTLE and value["sub"] == Submode.MESSAGE
        rows = value["ui_rows"]
        words = ram.read(self._ui, rows * _TEXT_COLUMNS) if rows else b""
        return Situation(
            scene=scene,
            is_ready=bool(value["ready"]),
            has_text=scene is Scene.TEXT or in_message,
            place=value["map"],
            position=(value["x"], value["y"]),
            fingerprint=bytes(value[name] for name in _SAME_MOMENT) + words,
        )

    def possessions(self, ram: RamPort) -> Possessions:
        """Return what the player owns and has done."""
        state = decode(ram.read(STATE_ADDRESS, STATE_SIZE))
        enemy = state.enemy
        opponent = enemy.species, 16 * enemy.hp // max(enemy.max_hp, 1)
        return Possessions(
            events=state.flags << _MILESTONE_BITS | state.milestones,
            items=frozenset(state.bag),
            party=tuple((creature.species, creature.level) for creature in state.party),
            opponent=opponent if state.battle != Battle.NONE else None,
        )

    def view(self, ram: RamPort) -> View | None:
        """Return the cells on screen, while the player walks about."""
        value = self._values(ram.read(STATE_ADDRESS, _HEAD_BYTES))
        if value["mode"] != Mode.WORLD:
            return None
        grid = self._grid(ram, value)
        walkable = _WITH_RAFT if value["keys"] >> Key.RAFT & 1 else _ON_FOOT
        number = value["map"]
        return View(
            place=number,
            name=self._place_name(number),
            column=value["x"],
            row=value["y"],
            facing=_FACINGS[value["facing"] & 3],
            left=value["x"] - _LEFT_OF_PLAYER,
            top=value["y"] - _ABOVE_PLAYER,
            rows=tuple(row.decode("ascii") for row in grid),
            walkable=tuple(row.translate(walkable).decode("ascii") for row in grid),
            legend=tuple(_LEGEND.values()),
        )

    def _values(self, head: bytes) -> dict[str, int]:
        return {name: head[offset] for name, offset in self._offset.items()}

    def _place_name(self, number: int) -> str:
        return self._map_names[number] if number < len(self._map_names) else "?"

    def _screen(self, ram: RamPort, rows: int) -> str:
        raw = ram.read(self._ui, rows * _TEXT_COLUMNS).translate(_UI_TO_TEXT).decode("ascii")
        lines = [raw[i : i + _TEXT_COLUMNS].rstrip() for i in range(0, len(raw), _TEXT_COLUMNS)]
        return "\n".join(line for line in lines if line)

    def _surroundings(self, ram: RamPort, value: dict[str, int]) -> list[str]:
        grid = self._grid(ram, value)
        rows = [row.decode("ascii") for row in grid]
        legend = ", ".join(_LEGEND[glyph] for glyph in sorted(set("".join(rows))))
        name = self._place_name(value["map"])
        facing = _FACINGS[value["facing"] & 3]
        return [
            f"Place: {name}, column {value['x']}, row {value['y']}, facing {facing}.",
            *rows,
            f"({legend})",
        ]

    def _grid(self, ram: RamPort, value: dict[str, int]) -> list[bytearray]:
        """Return the cells on screen as glyphs, with the people and the player on them."""
        grid = self._visible_cells(ram, value)
        self._put_people(ram, value, grid)
        grid[_ABOVE_PLAYER][_LEFT_OF_PLAYER] = ord("@")
        return grid

    def _visible_cells(self, ram: RamPort, value: dict[str, int]) -> list[bytearray]:
        """Return the visible part of the map as glyphs; what lies outside the map is a wall."""
        width, height = value["map_width"], value["map_height"]
        left, top = value["x"] - _LEFT_OF_PLAYER, value["y"] - _ABOVE_PLAYER
        first, last = max(left, 0), min(left + VIEW_COLUMNS, width)
        grid = [bytearray(b"#" * VIEW_COLUMNS) for _ in range(VIEW_ROWS)]
        for row, cells in enumerate(grid, top):
            if 0 <= row < height and first < last:
                raw = ram.read(self._cells + row * width + first, last - first)
                cells[first - left : last - left] = raw.translate(_TILE_TO_GLYPH)
        return grid

    def _put_people(self, ram: RamPort, value: dict[str, int], grid: list[bytearray]) -> None:
        """Mark the people in view; who is hidden by a story flag is not there."""
        counts = ram.read(self._events, 2)
        if not counts[1]:
            return
        start = self._events + 5 + counts[0] * _WARP_BYTES
        records = ram.read(start, counts[1] * _NPC_BYTES)
        left, top = value["x"] - _LEFT_OF_PLAYER, value["y"] - _ABOVE_PLAYER
        for at in range(0, len(records), _NPC_BYTES):
            column, row = records[at] - left, records[at + 1] - top
            if 0 <= column < VIEW_COLUMNS and 0 <= row < VIEW_ROWS:
                flag = records[at + 6] | records[at + 7] << 8
                if not self._is_set(ram, flag):
                    grid[row][column] = ord("!" if records[at + 2] == Person.CHEST else "P")

    def _is_set(self, ram: RamPort, flag: int) -> bool:
        if flag == _NEVER_HIDDEN:
            return False
        return bool(ram.read(self._flags + flag // 8, 1)[0] >> flag % 8 & 1)

    def _possessions(self, ram: RamPort, count: int, head: bytes) -> str:
        at = self._offset["money"]
        coins = int.from_bytes(head[at : at + 2], "little")
        if not count:
            return f"Party: nobody. Coins: {coins}."
        raw = ram.read(self._party, min(count, 6) * _CREATURE_BYTES)
        chunks = (raw[i : i + _CREATURE_BYTES] for i in range(0, len(raw), _CREATURE_BYTES))
        party = "; ".join(self._creature(chunk) for chunk in chunks)
        return f"Party: {party}. Coins: {coins}."

    def _creature(self, raw: bytes) -> str:
        creature = decode_creature(raw)
        known = creature.species < len(self._species_names)
        name = self._species_names[creature.species] if known else "?"
        status = _STATUSES.get(Status(creature.status & 3), "")
        return f"{name} level {creature.level}, {creature.hp}/{creature.max_hp} HP{status}"
