"""What a map in the box would show of a world: its places, how they join, and who rules where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pokebench.errors import RomError
from pokebench.tallgrass.format import ENCOUNTER_BYTES, Attribute, MilestoneBit, Op
from pokebench.tallgrass.rom import GameMap, Instruction, Warp, WorldRom
from pokebench.tallgrass.tiles import Tile

_ENTRANCES: Final[dict[int, str]] = {
    Tile.DOOR: "door to",
    Tile.STAIRS: "stairs to",
    Tile.PAD: "pad to",
}
"""What leads elsewhere by its looks; an open end of a road is named by its side of the map."""

ENCOUNTER_SLOTS: Final = ENCOUNTER_BYTES // 2
"""Wild creatures of a place, each slot as likely as the others."""


@dataclass(frozen=True, slots=True)
class Place:
    """A town, a road or a floor of a cave, with the rooms that lead nowhere but back to it.

    Attributes:
        name: what the game calls it.
        ways: where it leads to, like "west Route 1" or "stairs to Dim Cave"; open roads first.
        rooms: names of its houses.
        has_rest: whether one of them is a rest house; that makes it a town.
        wild: who lives there, the most frequent first.
    """

    name: str
    ways: tuple[str, ...]
    rooms: tuple[str, ...]
    has_rest: bool
    wild: tuple["Wild", ...]


@dataclass(frozen=True, slots=True)
class Wild:
    """A species that lives somewhere: in how many slots, and at what levels."""

    species: int
    slots: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Chief:
    """A tamer whose defeat counts.

    Attributes:
        trainer: row of the trainer table.
        place: the town whose hall or house it is.
        needed_badges: how many it takes to be let into the battle.
    """

    trainer: int
    place: str
    needed_badges: int


class Gazetteer:
    """The places of a world that doors and roads lead to from where it begins.

    A map without wild creatures that leads to a single other one is a room.

    Args:
        world: the world.
    """

    def __init__(self, world: WorldRom) -> None:
        self._world = world
        self._targets = [_targets(game_map) for game_map in world.maps]
        self._maps = self._reachable()
        self._rooms = {
            index
            for index in self._maps
            if len(self._targets[index]) == 1 and not self._has_wild(world.maps[index])
        }

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All places that are no rooms, in the order of the map table."""
        return tuple(self._place(index) for index in self._maps if index not in self._rooms)

    @cached_property
    def chiefs(self) -> dict[int, Chief]:
        """Who gives which badge; badge 0 is the first."""
        return {
            instruction.arguments[0]: self._chief(index, script)
            for index, script in self._scripts
            for instruction in script
            if instruction.op == Op.BADGE
        }

    @cached_property
    def champion(self) -> Chief:
        """Who is beaten last.

        Raises:
            RomError: the world has no champion.
        """
        for index, script in self._scripts:
            if (MilestoneBit.CHAMPION,) in _arguments(script, Op.MILESTONE):
                return self._chief(index, script)
        raise RomError("the world has no champion; build it anew")

    @cached_property
    def start(self) -> str:
        """The place where a new game begins."""
        return self._name(self._outside(self._world.start_map))

    @cached_property
    def gifts(self) -> tuple[tuple[int, int], ...]:
        """Pairs of species and level of which the first creature is one."""
        pairs = [
            (arguments[0], arguments[1])
            for _, script in self._scripts
            if (MilestoneBit.STARTER,) in _arguments(script, Op.MILESTONE)
            for arguments in _arguments(script, Op.GIVE_CREATURE)
        ]
        return tuple(dict.fromkeys(pairs))

    @cached_property
    def tools(self) -> frozenset[int]:
        """The keys that can be had."""
        found = [_arguments(script, Op.KEY) for _, script in self._scripts]
        return frozenset(key for arguments in found for (key,) in arguments)

    @cached_property
    def _scripts(self) -> tuple[tuple[int, tuple[Instruction, ...]], ...]:
        """The instructions of every script, in their order, with the map that runs it."""
        return tuple(
            (index, tuple(instruction for _, instruction in sorted(script.items())))
            for index in self._maps
            for script in map(self._world.script, _script_ids(self._world.maps[index]))
        )

    def _reachable(self) -> list[int]:
        found = {self._world.start_map}
        waiting = [self._world.start_map]
        while waiting:
            for target in self._targets[waiting.pop()]:
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return sorted(found)

    def _place(self, index: int) -> Place:
        rooms = [target for target in self._targets[index] if target in self._rooms]
        warps = [
            warp
            for warp in self._world.maps[index].warps
            if warp.map != index and warp.map not in self._rooms
        ]
        warps.sort(key=lambda warp: self._entrance(index, warp) is not None)
        return Place(
            name=self._name(index),
            ways=tuple(dict.fromkeys(self._way(index, warp) for warp in warps)),
            rooms=tuple(self._name(room) for room in rooms),
            has_rest=any(self._has_rest(room) for room in rooms),
            wild=self._wild(self._world.maps[index]),
        )

    def _way(self, index: int, warp: Warp) -> str:
        entrance = self._entrance(index, warp)
        return f"{entrance or _side(self._world.maps[index], warp)} {self._name(warp.map)}"

    def _entrance(self, index: int, warp: Warp) -> str | None:
        game_map = self._world.maps[index]
        return _ENTRANCES.get(game_map.cells[warp.y * game_map.width + warp.x])

    def _has_wild(self, game_map: GameMap) -> bool:
        attributes = self._world.attributes
        return any(attributes[cell] == Attribute.GRASS for cell in set(game_map.cells))

    def _wild(self, game_map: GameMap) -> tuple[Wild, ...]:
        if not self._has_wild(game_map):
            return ()
        slots = self._world.encounter(game_map.encounter)
        found = []
        for species, count in Counter(species for species, _ in slots).most_common():
            levels = [level for row, level in slots if row == species]
            found.append(Wild(species, count, min(levels), max(levels)))
        return tuple(found)

    def _has_rest(self, room: int) -> bool:
        return any(index == room and _arguments(script, Op.HEAL) for index, script in self._scripts)

    def _chief(self, index: int, script: tuple[Instruction, ...]) -> Chief:
        trainers = _arguments(script, Op.TRAINER)
        if not trainers:
            raise RomError(f"nobody is to be beaten in {self._name(index)}; build the world anew")
        needed = [arguments[0] for arguments in _arguments(script, Op.NEED_BADGES)]
        return Chief(trainers[0][0], self._name(self._outside(index)), max(needed, default=0))

    def _outside(self, index: int) -> int:
        """Return the map that a room's door leads to; any other is its own."""
        return self._targets[index][0] if index in self._rooms else index

    def _name(self, index: int) -> str:
        return self._world.text(self._world.maps[index].name)


def _targets(game_map: GameMap) -> tuple[int, ...]:
    """Return the other maps that a map leads to."""
    return tuple(dict.fromkeys(w.map for w in game_map.warps if w.map != game_map.index))


def _side(game_map: GameMap, warp: Warp) -> str:
    if warp.x in (0, game_map.width - 1):
        return "west" if warp.x == 0 else "east"
    if warp.y in (0, game_map.height - 1):
        return "north" if warp.y == 0 else "south"
    return "way to"


def _script_ids(game_map: GameMap) -> Iterator[int]:
    scripts = [npc.script for npc in game_map.npcs]
    scripts += [sign.script for sign in game_map.signs]
    scripts += [trigger.script for trigger in game_map.triggers]
    return iter(dict.fromkeys(scripts))


def _arguments(script: tuple[Instruction, ...], op: Op) -> list[tuple[int, ...]]:
    return [instruction.arguments for instruction in script if instruction.op == op]
