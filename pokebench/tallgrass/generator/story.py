"""The beginning and the end: the home, the elder who gives a first partner, the champion."""

from typing import Final

from pokebench.tallgrass.format import MilestoneBit
from pokebench.tallgrass.generator.balance import CHAMPION_REWARD, STARTER_LEVEL, champion_level
from pokebench.tallgrass.generator.interiors import house, mat_of, room
from pokebench.tallgrass.generator.journey import HEADING_NAMES
from pokebench.tallgrass.generator.setting import Setting
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.script import Script
from pokebench.tallgrass.tiles import Person, Tile
from pokebench.tallgrass.world import Cell, Facing, Map, MapKind, Npc

_SUMMIT_SIZE: Final = (11, 12)


def build_home(setting: Setting, rng: Pcg32, has_partner: int) -> Map:
    """Add the house where a new game begins; `has_partner` is the flag of the first creature."""
    builder = setting.builder
    script = builder.script().if_flag(has_partner, "leaving")
    script.say(setting.say("home.parent", elder=setting.journey.elder)).end()
    script.label("leaving").say(setting.say("home.parent_after"))
    area = house(setting, rng, "Home", [(Person.GIRL, builder.add(script))])
    mat = mat_of(area)
    builder.start_at(area.index, Cell(mat.x, mat.y - 1))
    return area


def build_elders_house(setting: Setting, rng: Pcg32, has_partner: int) -> Map:
    """Add the house of the elder, who gives one of three creatures."""
    script = setting.builder.add(_elder_script(setting, has_partner))
    name = f"{setting.journey.elder}'s House"
    return house(setting, rng, name, [(Person.ELDER, script)])


def _elder_script(setting: Setting, has_partner: int) -> Script:
    """Return how the elder offers one creature after the other."""
    builder, journey = setting.builder, setting.journey
    after = setting.say("elder.after")
    script = builder.script().if_flag(has_partner, "after")
    script.say(setting.say("elder.greeting", elder=journey.elder)).say(setting.say("elder.offer"))
    for number, family in enumerate(setting.creatures.starters):
        creature = builder.world.species[family.first].name
        choice = setting.say("elder.choice", creature=creature, kind=setting.kind_name(family.kind))
        script.say(choice).ask(f"no {number}").give_creature(family.first, STARTER_LEVEL)
        script.jump("given").label(f"no {number}")
    script.say(setting.say("elder.undecided")).end()
    direction = HEADING_NAMES[journey.headings[0]]
    script.label("given").set_flag(has_partner).milestone(MilestoneBit.STARTER)
    script.say(setting.say("elder.given")).say(setting.say("elder.send_off", direction=direction))
    return script.end().label("after").say(after)


def post_watch(setting: Setting, area: Map, edge: Cell, facing: Facing, has_partner: int) -> None:
    """Let somebody stand in the way out of the first town until there is a partner."""
    text = setting.say("watch.blocked", elder=setting.journey.elder)
    script = setting.builder.talk(text)
    area.npcs.append(Npc(edge.x, edge.y, Person.GUARD, facing, script, has_partner))


def build_summit(setting: Setting) -> Map:
    """Add the house of the champion."""
    area = room(setting, "Champion's House", MapKind.SUMMIT, _SUMMIT_SIZE)
    middle = area.width // 2
    area.fill(middle, 3, 1, area.height - 4, Tile.RUG)
    for y in (4, 7):
        area.put(middle - 2, y, Tile.STATUE)
        area.put(middle + 2, y, Tile.STATUE)
    champion = setting.builder.add(_champion_script(setting))
    area.npcs.append(Npc(middle, 2, Person.CHIEF, Facing.DOWN, champion))
    witness = setting.builder.talk(
        setting.say("champion.witness", champion=setting.journey.champion)
    )
    area.npcs.append(Npc(middle + 3, 9, Person.GIRL, Facing.LEFT, witness))
    return area


def _champion_script(setting: Setting) -> Script:
    """Return what the champion says and does; only holders of all badges may fight."""
    builder, preset = setting.builder, setting.builder.preset
    names = {"champion": setting.journey.champion}
    team = setting.creatures.champion_team(preset.champion_team, champion_level(preset.badges))
    trainer = builder.trainer(setting.journey.champion, team, CHAMPION_REWARD)
    flag = builder.flag()
    script = builder.script().if_flag(flag, "after").unless_badges(preset.badges, "refuse")
    script.say(setting.say("champion.open", **names)).battle(trainer)
    script.set_flag(flag).milestone(MilestoneBit.CHAMPION)
    script.say(setting.say("champion.beaten", **names)).end()
    script.label("refuse").say(setting.say("champion.refuses")).end()
    return script.label("after").say(setting.say("champion.after"))
