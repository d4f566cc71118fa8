"""Tamers who want to battle, and things that lie around to be picked up."""

from typing import Final

from pokebench.tallgrass.generator.balance import route_level, tamer_reward
from pokebench.tallgrass.generator.setting import VOICES, Setting
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.tiles import Person
from pokebench.tallgrass.world import Cell, Facing, Map, Npc, Trigger

_TITLES: Final = {
    Person.ELDER: "Old",
    Person.GIRL: "Scout",
    Person.GUARD: "Guard",
    Person.TAMER: "Tamer",
}
_TAMERS: Final = (Person.TAMER, Person.TAMER, Person.TAMER, Person.GIRL, Person.GUARD, Person.ELDER)
_LONGEST_NAME: Final = 5


def tamer_name(setting: Setting, title: str) -> str:
    """Return a title and a new name, together at most eleven letters."""
    return f"{title} {setting.builder.names.name(2, _LONGEST_NAME)}"


def add_tamer(
    setting: Setting,
    rng: Pcg32,
    area: Map,
    leg: int,
    cell: Cell,
    facing: Facing,
    watched: list[Cell],
) -> None:
    """Put a tamer of a route onto a map, who also battles whoever steps on a `watched` cell."""
    person = rng.choice(_TAMERS)
    size = 1 + (leg > 2) + rng.chance(2, 5)
    team = setting.creatures.team(size, route_level(leg))
    name = tamer_name(setting, _TITLES[person])
    trainer = setting.builder.trainer(name, team, tamer_reward(leg))
    voice = VOICES[person]
    add_fighter(
        setting,
        area,
        Npc(cell.x, cell.y, person, facing, 0),
        watched,
        trainer,
        (
            setting.say(f"tamer_open.{voice}"),
            setting.say(f"tamer_beaten.{voice}"),
            setting.say(f"tamer_after.{voice}"),
        ),
    )


def add_fighter(
    setting: Setting,
    area: Map,
    who: Npc,
    watched: list[Cell],
    trainer: int,
    lines: tuple[str, str, str],
) -> None:
    """Put somebody onto a map who battles once; `lines` are said before, after a win, and later."""
    builder = setting.builder
    opening, beaten, later = lines
    flag = builder.flag()
    talk = builder.script().if_flag(flag, "later").say(opening).battle(trainer).set_flag(flag)
    talk.say(beaten).end().label("later").say(later)
    area.npcs.append(Npc(who.x, who.y, who.sprite, who.facing, builder.add(talk)))
    if watched:
        spotted = builder.script().say(opening).battle(trainer).set_flag(flag).say(beaten)
        script = builder.add(spotted)
        area.triggers += [Trigger(cell.x, cell.y, script, flag) for cell in watched]


def add_chest(setting: Setting, rng: Pcg32, area: Map, cell: Cell, leg: int) -> None:
    """Put something useful onto a map, to be taken once."""
    builder = setting.builder
    flag = builder.flag()
    script = builder.script()
    if rng.chance(1, 4):
        amount = 100 + 50 * leg
        script.say(setting.say("find.coins", amount=amount)).money(amount)
    else:
        item, count = rng.choice(((1, 2), (1, 1), (2, 2), (3, 1)))
        name = builder.world.items[item].name
        phrase = f"{count} {name}s" if count > 1 else f"a {name}"
        script.say(setting.say("find.item", item=phrase)).give(item, count)
    chest = builder.add(script.set_flag(flag))
    area.npcs.append(Npc(cell.x, cell.y, Person.CHEST, Facing.DOWN, chest, flag))
