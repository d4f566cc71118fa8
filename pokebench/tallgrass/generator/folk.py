"""The people of a town and what they know: rumours, hints, and where they live."""

from collections.abc import Callable, Iterator
from typing import Final

from pokebench.tallgrass.generator.grid import may_block
from pokebench.tallgrass.generator.interiors import house
from pokebench.tallgrass.generator.journey import route_name
from pokebench.tallgrass.generator.setting import VOICES, Setting, badges_phrase
from pokebench.tallgrass.generator.towns import Theme, Town
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import Cell, Facing, Map, Npc

Saying = Callable[[str], str]
"""Makes a text in one of the voices."""

_STREET_PEOPLE: Final = 3


def sayings(setting: Setting, rng: Pcg32, index: int, theme: Theme) -> Iterator[Saying]:
    """Return what people of town `index` have to say, what matters most first."""
    yield from _gate_sayings(setting, index)
    yield from _hall_sayings(setting, rng, index)
    while True:
        yield lambda voice: setting.say(f"lore_{theme}.{voice}")
        yield _random_rumour(setting, rng)
        yield lambda voice: setting.say(f"tips.{voice}")


def _gate_sayings(setting: Setting, index: int) -> Iterator[Saying]:
    """Return hints about the gate on the way out of a town: what it needs, where that is."""
    journey = setting.journey
    gate = journey.gates[index] if index < len(journey.gates) else None
    if gate is None:
        return
    route, quest = route_name(gate.leg), gate.quest
    thing = "" if quest is None else quest.thing
    badges = badges_phrase(gate.leg)
    text = setting.say(f"gate_hint.{gate.kind}", route=route, thing=thing, badges=badges)
    yield lambda voice: text
    if quest is not None:
        cave, cave_route = quest.cave, route_name(quest.cave_leg)
        yield lambda voice: setting.say(
            f"cave_hint.{voice}", cave=cave, thing=thing, route=cave_route
        )


def _hall_sayings(setting: Setting, rng: Pcg32, index: int) -> Iterator[Saying]:
    """Return hints about the chief of a town; in the first town, about the next one's."""
    hall = setting.journey.halls[max(0, index - 1)]
    kind = setting.kind_name(hall.kind)
    strong = setting.kind_names(setting.kinds.strong_against(hall.kind))
    weak = setting.kind_name(rng.choice(setting.kinds.weak_against(hall.kind)))
    yield lambda voice: setting.say(f"rumour.{voice}", kind=kind, strong=strong)
    if index > 0:
        yield lambda voice: setting.say(f"chief_hint.{voice}", chief=hall.chief, kind=kind)
    yield lambda voice: setting.say(f"warning.{voice}", kind=kind, weak=weak)


def _random_rumour(setting: Setting, rng: Pcg32) -> Saying:
    """Return a rumour about any kind but Plain."""
    kind = rng.between(1, len(setting.kinds.names) - 1)
    strong = setting.kind_names(setting.kinds.strong_against(kind))
    name = setting.kind_name(kind)
    return lambda voice: setting.say(f"rumour.{voice}", kind=name, strong=strong)


class Townsfolk:
    """Hands the sayings of a town to its people, each said once."""

    def __init__(self, setting: Setting, rng: Pcg32, index: int, theme: Theme) -> None:
        self._setting = setting
        self._rng = rng
        self._sayings = sayings(setting, rng, index, theme)
        self._people: list[Person] = []

    def build_house(self, family_name: str) -> Map:
        """Add a house with one or two people."""
        people = [self._next() for _ in range(self._rng.between(1, 2))]
        return house(self._setting, self._rng, f"{family_name}'s House", people)

    def people_street(self, town: Town) -> None:
        """Put people into the streets of a town, where they close no way."""
        for _ in range(_STREET_PEOPLE):
            cell = self._free_cell(town)
            if cell is None:
                return
            person, script = self._next()
            facing = self._rng.choice(list(Facing))
            town.area.npcs.append(Npc(cell.x, cell.y, person, facing, script))

    def _next(self) -> tuple[Person, int]:
        """Return the next person with a script of what they say."""
        if not self._people:
            self._people = self._rng.sample(list(VOICES), len(VOICES))
        person = self._people.pop()
        text = next(self._sayings)(VOICES[person])
        return person, self._setting.builder.talk(text)

    def _free_cell(self, town: Town) -> Cell | None:
        """Return a cell of lawn near a street, not in front of a door or a way out."""
        area = town.area
        taken = area.occupied()
        for _ in range(200):
            cell = Cell(self._rng.between(2, area.width - 3), self._rng.between(2, area.height - 3))
            around = [facing.ahead(cell) for facing in Facing]
            is_quiet = not any(beside in taken for beside in around)
            by_street = any(area.get(*beside) is Tile.PATH for beside in around)
            is_free = area.get(*cell) in (Tile.LAWN, Tile.FLOWERS) and cell not in taken
            if is_free and is_quiet and by_street and may_block(area, *cell, area.standing()):
                return cell
        return None
