"""Puts a world together: plan, places, ways, people."""

from collections.abc import Sequence
from typing import Final

from pokebench.tallgrass.format import ItemKind, MilestoneBit
from pokebench.tallgrass.generator.balance import route_level
from pokebench.tallgrass.generator.builder import Builder, Subject
from pokebench.tallgrass.generator.caves import dig_cave
from pokebench.tallgrass.generator.creatures import Creatures
from pokebench.tallgrass.generator.folk import Townsfolk
from pokebench.tallgrass.generator.halls import build_hall
from pokebench.tallgrass.generator.interiors import rest_house, shop
from pokebench.tallgrass.generator.journey import OPPOSITE, Journey, plan_journey
from pokebench.tallgrass.generator.kinds import draw_kinds
from pokebench.tallgrass.generator.milestones import list_milestones
from pokebench.tallgrass.generator.presets import preset_named
from pokebench.tallgrass.generator.routes import cave_mouth, draw_route
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.generator.story import (
    build_elders_house,
    build_home,
    build_summit,
    post_watch,
)
from pokebench.tallgrass.generator.towns import Building, Theme, Town, build_town
from pokebench.tallgrass.generator.wayside import people_route
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Tile
from pokebench.tallgrass.world import Cell, Facing, Item, Map, Warp, World

_GOODS: Final = (
    Item("-"),
    Item("Salve", 100, ItemKind.HEAL, 30),
    Item("Orb", 150, ItemKind.ORB),
    Item("Tonic", 80, ItemKind.CURE),
    Item("Balm", 300, ItemKind.HEAL, 90),
)
"""Items of every world; the things of quests follow."""


def generate(preset_name: str, seed: int, attempt: int = 0) -> World:
    """Return the world of a preset and seed; further attempts are drawn anew.

    Raises:
        ConfigError: there is no such preset.
        GenerationError: this attempt did not work out.
    """
    builder = Builder(preset_named(preset_name), seed, attempt)
    setting = _plan(builder)
    has_partner = builder.flag()
    towns = _build_towns(setting, has_partner)
    _build_routes(setting, towns)
    first_way = setting.journey.headings[0]
    edge = towns[0].exits[first_way]
    post_watch(setting, towns[0].area, edge, OPPOSITE[first_way], has_partner)
    list_milestones(setting)
    return builder.world


def _plan(builder: Builder) -> Setting:
    """Draw everything that is known before maps are drawn."""
    kinds = draw_kinds(builder.rng(Subject.KINDS))
    world = builder.world
    world.type_names = list(kinds.names)
    world.type_chart = [list(row) for row in kinds.chart]
    world.moves = list(kinds.moves)
    creatures = Creatures(builder, kinds)
    journey = plan_journey(builder, len(_GOODS))
    things = [quest.thing for quest in journey.quests if quest.key is None]
    world.items = [*_GOODS, *(Item(thing) for thing in things)]
    setting = Setting(builder, kinds, creatures, journey)
    creatures.encounters(3)
    return setting


def _build_towns(setting: Setting, has_partner: int) -> list[Town]:
    """Add all towns with everything in them."""
    rng = setting.builder.rng(Subject.TOWNS)
    rooms = setting.builder.rng(Subject.INTERIORS)
    halls = setting.builder.rng(Subject.HALLS)
    themes: list[Theme] = []
    while len(themes) < len(setting.journey.towns):
        themes += rng.sample(list(Theme), len(Theme))
    towns = []
    for index, name in enumerate(setting.journey.towns):
        folk = Townsfolk(setting, rooms, index, themes[index])
        buildings = _public_buildings(setting)
        if index == 0:
            buildings += _first_buildings(setting, rooms, has_partner)
        else:
            buildings += _hall_and_houses(setting, rooms, halls, folk, index)
        if index == len(setting.journey.towns) - 1:
            sign = setting.say("sign.summit")
            buildings.append(Building(build_summit(setting), Tile.HALL_ROOF, sign, is_large=True))
        ways = _ways_of(setting.journey, index)
        town = build_town(setting, rng, name, themes[index], buildings, ways)
        if index > 0:
            town.area.milestone = MilestoneBit.TOWN + index - 1
        folk.people_street(town)
        towns.append(town)
    return towns


def _public_buildings(setting: Setting) -> list[Building]:
    """Add what every town has: a rest house and a shop."""
    return [
        Building(rest_house(setting), Tile.REST_ROOF, setting.say("sign.rest")),
        Building(shop(setting), Tile.SHOP_ROOF, setting.say("sign.shop")),
    ]


def _first_buildings(setting: Setting, rng: Pcg32, has_partner: int) -> list[Building]:
    """Add what only the first town has: the player's home and the elder's house."""
    sign = setting.say("sign.elder", elder=setting.journey.elder)
    elders = build_elders_house(setting, rng, has_partner)
    return [
        Building(build_home(setting, rng, has_partner), Tile.ROOF),
        Building(elders, Tile.ROOF, sign, has_flowers=True),
    ]


def _hall_and_houses(
    setting: Setting, rooms: Pcg32, halls: Pcg32, folk: Townsfolk, index: int
) -> list[Building]:
    """Add a town's hall and one or two houses."""
    hall = setting.journey.halls[index - 1]
    sign = setting.say(
        "sign.hall",
        town=setting.journey.towns[index],
        chief=hall.chief,
        kind=setting.kind_name(hall.kind),
    )
    inside = build_hall(setting, halls, index - 1)
    buildings = [Building(inside, Tile.HALL_ROOF, sign, is_large=True)]
    for _ in range(rooms.between(1, 2)):
        name = setting.builder.names.name(2, 7)
        buildings.append(Building(folk.build_house(name), Tile.ROOF))
    return buildings


def _ways_of(journey: Journey, index: int) -> Sequence[Facing]:
    """Return the sides on which ways leave a town: back and on."""
    back = [OPPOSITE[journey.headings[index - 1]]] if index > 0 else []
    on = [journey.headings[index]] if index < len(journey.headings) else []
    return [*back, *on]


def _build_routes(setting: Setting, towns: Sequence[Town]) -> None:
    """Add all routes with their caves, and connect them with the towns."""
    rng = setting.builder.rng(Subject.ROUTES)
    cave_rng = setting.builder.rng(Subject.CAVES)
    for leg, hall in enumerate(setting.journey.halls):
        route = draw_route(setting, rng, leg)
        level = route_level(leg)
        route.area.encounter = setting.creatures.encounters(level, useful_against=hall.kind)
        people_route(setting, rng, route)
        quest = setting.journey.cave_on(leg)
        if quest is not None:
            dig_cave(setting, cave_rng, quest, route.area, cave_mouth(rng, route))
        heading = route.lane.heading
        _connect(towns[leg], heading, route.area, route.start, heading)
        _connect(towns[leg + 1], OPPOSITE[heading], route.area, route.end, OPPOSITE[heading])


def _connect(town: Town, way: Facing, route: Map, edge: Cell, inwards: Facing) -> None:
    """Connect a town's edge with a route's; `inwards` leads from the edge into the route."""
    town_edge = town.exits[way]
    landing, town_landing = inwards.ahead(edge), OPPOSITE[way].ahead(town_edge)
    town.area.warps.append(Warp(town_edge.x, town_edge.y, route.index, landing.x, landing.y))
    route.warps.append(Warp(edge.x, edge.y, town.area.index, town_landing.x, town_landing.y))
