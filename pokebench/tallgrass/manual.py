"""The manual that a boxed game would come with: the facts of one world, and no way through it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pokebench.tallgrass.duel import PLAIN_ATTACK
from pokebench.tallgrass.format import Effect, ItemKind, Key
from pokebench.tallgrass.gazetteer import ENCOUNTER_SLOTS, Chief, Gazetteer, Place, Wild
from pokebench.tallgrass.rom import Item, Move, Species, WorldRom

_TEMPLATE: Final = Path(__file__).parent / "data" / "manual.txt"
"""The rules, the same in every world as the engine is; names in braces are filled in."""
_FIRST_COINS: Final = 500
_FIRST_ITEMS: Final = ((1, 3), (2, 5))
"""Rows of the item table and how many of each a new game has (`title.c`)."""
_EFFECTS: Final[dict[int, str]] = {
    Effect.POISON: "PSN",
    Effect.SLEEP: "SLP",
    Effect.LOWER_ATTACK: "lowers attack",
    Effect.LOWER_DEFENSE: "lowers defense",
    Effect.RECOVER: "user recovers",
    Effect.PARALYSE: "PAR",
}
_FACTORS: Final = {20: "x2", 5: "x1/2", 0: "x0"}
"""How the manual writes tenths of effectiveness, in the order of a row; 10 is not written."""


def manual_text(rom: bytes) -> str:
    """Return the manual of the world in `rom`: plain ASCII, the same for the same bytes.

    It states rules, tables and a gazetteer; it tells no cell, no errand and nothing hidden.

    Raises:
        RomError: the ROM holds no world, or a damaged one.
    """
    world = WorldRom(rom)
    gazetteer = Gazetteer(world)
    facts = _facts_of(world) | _facts_of_places(world, gazetteer)
    return _TEMPLATE.read_text("ascii").format_map(facts)


def _facts_of(world: WorldRom) -> dict[str, str | int]:
    return {
        "title": world.title,
        "badge_count": world.badge_count,
        "coins": _FIRST_COINS,
        "first_items": ", ".join(_count(n, world.items[row].name) for row, n in _FIRST_ITEMS),
        "plain": world.moves[PLAIN_ATTACK].name,
        "types": "\n".join(_type_row(world, attacker) for attacker in range(world.type_count)),
        "species": "\n".join(_species_rows(world)),
        "moves": "\n".join(_move_row(world, move) for move in world.moves[1:]),
        "items": "\n".join(_item_row(item) for item in world.items[1:]),
    }


def _facts_of_places(world: WorldRom, gazetteer: Gazetteer) -> dict[str, str | int]:
    towns = [place for place in gazetteer.places if place.has_rest]
    roads = [place for place in gazetteer.places if not place.has_rest]
    champion = gazetteer.champion
    gifts = [f"{world.species[row].name} L{level}" for row, level in gazetteer.gifts]
    chiefs = sorted(gazetteer.chiefs.items())
    return {
        "start": gazetteer.start,
        "gifts": ", ".join(gifts),
        "obstacles": "\n".join(_obstacles(gazetteer.tools)),
        "towns": "\n".join(_place_row(world, town) for town in towns),
        "roads": "\n".join(_place_row(world, road) for road in roads),
        "halls": "\n".join(f"{badge + 1} | {_chief_row(world, chief)}" for badge, chief in chiefs),
        "champion": world.trainers[champion.trainer].name,
        "champion_row": _chief_row(world, champion),
        "needed_badges": _count(champion.needed_badges, "badge"),
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _obstacles(keys: frozenset[int]) -> Iterator[str]:
    """Yield what thorns and water are, with the tools that this world has for them."""
    if Key.CUTTER in keys:
        yield (
            "Thorn bushes: with the cutter, face one and press A; it grows again once you leave "
            "the place."
        )
    if Key.RAFT in keys:
        yield "Water: with the raft, walk onto it."
    else:
        yield "Water: nobody crosses it."
    if keys:
        yield "Tools are found, not bought, and work by being owned; STATUS lists them."


def _type_row(world: WorldRom, attacker: int) -> str:
    """Return one attacker's line of the chart, like `Moss: Dune, Volt x2; Gale x1/2`."""
    chart = world.type_chart[attacker]
    groups = []
    for tenths, factor in _FACTORS.items():
        names = [name for name, hit in zip(world.type_names, chart, strict=True) if hit == tenths]
        if names:
            groups.append(f"{', '.join(names)} {factor}")
    return f"{world.type_names[attacker]}: {'; '.join(groups) or 'all x1'}"


def _species_rows(world: WorldRom) -> Iterator[str]:
    """Yield a line for each species; what it learns is told once for those that share it."""
    teller: dict[tuple[tuple[int, int], ...], str] = {}
    for species in world.species:
        learns = teller.get(species.learnset)
        if learns is None:
            teller[species.learnset] = f"as {species.name}"
            pairs = [f"{level} {world.moves[move].name}" for level, move in species.learnset]
            learns = ", ".join(pairs)
        yield f"{_species_values(world, species)} | {learns}"


def _species_values(world: WorldRom, species: Species) -> str:
    evolution = "-"
    if species.evolve_level:
        evolution = f"{world.species[species.evolve_to].name} at {species.evolve_level}"
    values = f"{species.hp}/{species.attack}/{species.defense}/{species.speed}"
    return (
        f"{species.name} | {world.type_names[species.type]} | {values} | {species.catch_rate} | "
        f"{species.exp} | {evolution}"
    )


def _move_row(world: WorldRom, move: Move) -> str:
    effect = _EFFECTS.get(move.effect, "-")
    return (
        f"{move.name} | {world.type_names[move.type]} | {move.power or '-'} | "
        f"{_hits_in_100(move.accuracy)} | {move.pp} | {effect}"
    )


def _hits_in_100(accuracy: int) -> int:
    """Return how often a move hits: the engine compares a random byte modulo 100."""
    return round(sum(byte % 100 < accuracy for byte in range(256)) * 100 / 256)


def _item_row(item: Item) -> str:
    price = f"{item.price} coins" if item.price and item.kind != ItemKind.QUEST else "not sold"
    return f"{item.name} | {price} | {_use(item)}"


def _use(item: Item) -> str:
    match item.kind:
        case ItemKind.HEAL:
            return f"{item.amount} HP for one that has not fainted; in battle for the one fighting"
        case ItemKind.CURE:
            return "cures PSN, SLP and PAR of one; in battle of the one fighting"
        case ItemKind.ORB:
            bonus = f", chance + {item.amount}" if item.amount else ""
            return f"tames a wild creature{bonus}"
        case _:
            return "of no use by itself; keep it"


def _place_row(world: WorldRom, place: Place) -> str:
    """Return a place's ways, houses and wild creatures."""
    parts = [", ".join(place.ways)]
    if place.rooms:
        parts.append(f"Houses: {', '.join(place.rooms)}")
    if place.wild:
        parts.append(f"Wild: {', '.join(_life(world, wild) for wild in place.wild)}")
    return f"{place.name}: {'. '.join(parts)}"


def _life(world: WorldRom, wild: Wild) -> str:
    """Return how often a species is met, and at what levels, like `Moomo 3/8 L4-6`."""
    levels = f"{wild.lowest}-{wild.highest}" if wild.lowest != wild.highest else f"{wild.lowest}"
    return f"{world.species[wild.species].name} {wild.slots}/{ENCOUNTER_SLOTS} L{levels}"


def _chief_row(world: WorldRom, chief: Chief) -> str:
    """Return a chief's town, name, types (the most frequent first) and levels."""
    trainer = world.trainers[chief.trainer]
    types = Counter(world.species[row].type for row, _ in trainer.team)
    names = "/".join(world.type_names[row] for row, _ in types.most_common())
    levels = " ".join(f"L{level}" for _, level in trainer.team)
    return f"{chief.place} | {trainer.name} | {names} | {levels}"
