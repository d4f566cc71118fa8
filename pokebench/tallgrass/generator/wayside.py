"""What awaits a traveller on a route: the gate, tamers, signs, things to find."""

from pokebench.tallgrass.generator.grid import may_block
from pokebench.tallgrass.generator.journey import HEADING_NAMES, OPPOSITE, Gate, route_name
from pokebench.tallgrass.generator.people import add_chest, add_tamer
from pokebench.tallgrass.generator.presets import GateKind
from pokebench.tallgrass.generator.routes import Route, free_spot
from pokebench.tallgrass.generator.setting import Setting, badges_phrase
from pokebench.tallgrass.generator.towns import put_sign
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import Cell, Facing, Npc

_MOST_WALL_TAMERS = 2


def people_route(setting: Setting, rng: Pcg32, route: Route) -> None:
    """Close the gate and put everything onto a route that stands or lies there."""
    gate = setting.journey.gates[route.leg]
    if gate is not None:
        _close_gate(setting, rng, route, gate)
    _post_signs(setting, route)
    _post_wall_tamers(setting, rng, route)
    for section in route.sections[1:-1]:
        if rng.chance(2, 3):
            _post_field_tamer(setting, rng, route, free_spot(rng, route, section, off_trail=True))
    chest_section = rng.choice(route.sections)
    spot = free_spot(rng, route, chest_section, off_trail=True)
    if spot is not None:
        add_chest(setting, rng, route.area, spot, route.leg)


def _close_gate(setting: Setting, rng: Pcg32, route: Route, gate: Gate) -> None:
    """Close the opening of the gate's wall."""
    assert route.gate is not None
    cell = route.opening(route.gate)
    route.reserved.add(cell)
    if gate.kind in (GateKind.BUSH, GateKind.WATER):
        route.area.put(*cell, Tile.BUSH if gate.kind is GateKind.BUSH else Tile.WATER)
        if gate.kind is GateKind.WATER:
            beyond = route.lane.cell(route.gate.along + 1, route.gate.across)
            route.area.put(*beyond, Tile.WATER)
        _post_gate_sign(setting, rng, route, gate)
        return
    script, flag = (
        _guard_script(setting, gate) if gate.quest is None else _fetch_script(setting, gate)
    )
    person = Person.GUARD if gate.quest is None else rng.choice((Person.ELDER, Person.GIRL))
    facing = OPPOSITE[route.lane.heading]
    route.area.npcs.append(Npc(cell.x, cell.y, person, facing, script, flag))


def _guard_script(setting: Setting, gate: Gate) -> tuple[int, int]:
    """Return the script and flag of a guard who counts badges."""
    builder = setting.builder
    flag = builder.flag()
    badges = badges_phrase(gate.leg)
    script = builder.script().unless_badges(gate.leg, "refuse")
    script.say(setting.say("guard.passes", badges=badges)).set_flag(flag).end()
    script.label("refuse").say(setting.say("guard.refuses", badges=badges))
    return builder.add(script), flag


def _fetch_script(setting: Setting, gate: Gate) -> tuple[int, int]:
    """Return the script and flag of somebody who wants a thing back."""
    quest = gate.quest
    assert quest is not None
    builder = setting.builder
    flag = builder.flag()
    script = builder.script().unless_item(quest.item, "refuse")
    script.say(setting.say("fetch.thanks", thing=quest.thing)).take(quest.item).set_flag(flag).end()
    wants = setting.say(
        "fetch.wants", thing=quest.thing, cave=quest.cave, route=route_name(quest.cave_leg)
    )
    return builder.add(script.label("refuse").say(wants)), flag


def _post_gate_sign(setting: Setting, rng: Pcg32, route: Route, gate: Gate) -> None:
    """Put a sign beside thorns or a river, on the near side, that says what is needed."""
    assert route.gate is not None
    wall = route.gate
    text = setting.say("sign.bush" if gate.kind is GateKind.BUSH else "sign.water")
    for side in rng.sample((-1, 1), 2):
        cell = route.lane.cell(wall.along - 1, wall.across + side)
        if may_block(route.area, *cell):
            put_sign(setting, route.area, cell, text)
            return


def _post_signs(setting: Setting, route: Route) -> None:
    """Put a sign near either end that names the towns."""
    towns = setting.journey.towns
    heading = route.lane.heading
    text = setting.say(
        "sign.route",
        route=route_name(route.leg),
        forward=HEADING_NAMES[heading].capitalize(),
        next=towns[route.leg + 1],
        back=HEADING_NAMES[OPPOSITE[heading]].capitalize(),
        previous=towns[route.leg],
    )
    first, last = route.sections[0], route.sections[-1]
    for along, across in ((first.first, first.enter), (last.last, last.leave)):
        _post_sign_beside(setting, route, along, across, text)


def _post_sign_beside(setting: Setting, route: Route, along: int, across: int, text: str) -> None:
    """Put a sign beside a place of the trail, or nowhere if it would close a way."""
    area = route.area
    for side in (-1, 1):
        cell = route.lane.cell(along, across + side)
        is_free = cell not in area.occupied() and area.get(*cell) is not Tile.PATH
        if is_free and (not area.is_walkable(*cell) or may_block(area, *cell)):
            put_sign(setting, area, cell, text)
            return


def _post_wall_tamers(setting: Setting, rng: Pcg32, route: Route) -> None:
    """Let tamers watch the openings of walls: nobody gets past them without a battle."""
    walls = [wall for wall in route.walls if wall is not route.gate]
    for wall in rng.sample(walls, min(_MOST_WALL_TAMERS, len(walls))):
        side = rng.choice((-1, 1))
        cell = route.lane.cell(wall.along, wall.across + side)
        route.area.put(*cell, Tile.LAWN)
        facing = route.lane.facing(0, -side)
        add_tamer(setting, rng, route.area, route.leg, cell, facing, [route.opening(wall)])


def _post_field_tamer(setting: Setting, rng: Pcg32, route: Route, spot: Cell | None) -> None:
    """Let a tamer stand in the open and watch up to two cells ahead."""
    if spot is None:
        return
    area = route.area
    facing = rng.choice(list(Facing))
    watched: list[Cell] = []
    cell = spot
    for _ in range(2):
        cell = facing.ahead(cell)
        if not area.is_walkable(*cell) or cell in area.occupied() | route.reserved:
            break
        watched.append(cell)
    add_tamer(setting, rng, area, route.leg, spot, facing, watched)
