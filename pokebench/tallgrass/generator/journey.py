"""The plan of a world before any map exists: places, ways, gates, quests, halls."""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from pokebench.tallgrass.format import Key
from pokebench.tallgrass.generator.builder import Builder, Subject
from pokebench.tallgrass.generator.kinds import KINDS_PER_WORLD
from pokebench.tallgrass.generator.presets import GateKind
from pokebench.tallgrass.names import NameMaker
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.world import Facing

_TOWN_PATTERNS: Final = (
    "{} Town", "{}ton", "{}wick", "{}ford", "{}by", "{}ham", "{} Green", "{} Cross", "{}stead",
    "{} Well", "{}dale", "{} Hill",
)  # fmt: skip
_CAVE_PATTERNS: Final = ("{} Cave", "{} Hollow", "{} Grotto", "{} Den", "{} Burrow")
_FETCH_THINGS: Final = (
    "Copper Bell", "Bone Flute", "Blue Lamp", "Brass Key", "Silver Ring", "Red Kite", "Toy Boat",
    "Star Map", "Glass Eye", "Tin Medal", "Music Box", "Wool Cap", "Jade Comb", "Sun Dial",
)  # fmt: skip
_TOOLS: Final = {GateKind.BUSH: ("Cutter", Key.CUTTER), GateKind.WATER: ("Raft", Key.RAFT)}
HEADING_NAMES: Final = {
    Facing.UP: "north", Facing.DOWN: "south", Facing.LEFT: "west", Facing.RIGHT: "east",
}  # fmt: skip
OPPOSITE: Final = {
    Facing.UP: Facing.DOWN,
    Facing.DOWN: Facing.UP,
    Facing.LEFT: Facing.RIGHT,
    Facing.RIGHT: Facing.LEFT,
}


@unique
class PuzzleKind(StrEnum):
    """What stands between the door of a hall and its chief."""

    GAUNTLET = "gauntlet"
    PADS = "pads"
    ICE = "ice"
    SWITCHES = "switches"


@dataclass(frozen=True, slots=True)
class Quest:
    """A thing to find in a cave; it opens gate `leg`. A tool is a key, the rest are items."""

    number: int
    thing: str
    key: Key | None
    item: int
    leg: int
    cave: str
    cave_leg: int
    floors: int


@dataclass(frozen=True, slots=True)
class Gate:
    """What closes the route of a leg; a guard has no quest."""

    kind: GateKind
    leg: int
    quest: Quest | None


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall: its puzzle, the kind of its chief's team, and the chief's name."""

    puzzle: PuzzleKind
    kind: int
    chief: str


@dataclass(frozen=True, slots=True)
class Journey:
    """The whole plan. Leg i leads from town i to town i + 1, where hall i stands."""

    region: str
    towns: tuple[str, ...]
    headings: tuple[Facing, ...]
    gates: tuple[Gate | None, ...]
    quests: tuple[Quest, ...]
    halls: tuple[Hall, ...]
    elder: str
    champion: str
    home_name: str

    def cave_on(self, leg: int) -> Quest | None:
        """Return the quest whose cave hangs off the route of a leg."""
        return next((quest for quest in self.quests if quest.cave_leg == leg), None)


def route_name(leg: int) -> str:
    """Return what signs call the route of a leg."""
    return f"Route {leg + 1}"


def plan_journey(builder: Builder, first_quest_item: int) -> Journey:
    """Draw the plan."""
    rng = builder.rng(Subject.JOURNEY)
    legs = builder.preset.badges
    patterns = list(_TOWN_PATTERNS)
    rng.shuffle(patterns)
    names = builder.names
    towns = tuple(names.name(2, 7, patterns[index % len(patterns)]) for index in range(legs + 1))
    gates = _draw_gates(rng, names, builder, first_quest_item)
    return Journey(
        region=builder.world.title,
        towns=towns,
        headings=_draw_headings(rng, legs),
        gates=gates,
        quests=tuple(gate.quest for gate in gates if gate is not None and gate.quest is not None),
        halls=_draw_halls(rng, names, legs),
        elder=names.name(2, 7),
        champion=names.name(2, 7),
        home_name=names.name(2, 7),
    )


def _draw_headings(rng: Pcg32, legs: int) -> tuple[Facing, ...]:
    """Return where each leg leads: east, or for a while north or south, but never back."""
    headings: list[Facing] = []
    for _ in range(legs):
        choices = [Facing.RIGHT, Facing.RIGHT, Facing.UP, Facing.DOWN]
        if headings:
            choices = [choice for choice in choices if choice != OPPOSITE[headings[-1]]]
        headings.append(rng.choice(choices))
    return tuple(headings)


def _draw_gates(
    rng: Pcg32, names: NameMaker, builder: Builder, first_item: int
) -> tuple[Gate | None, ...]:
    """Return the gate of each leg; the first leg has none."""
    kinds = [rng.choice(pool) for pool in builder.preset.gates]
    rng.shuffle(kinds)
    things = rng.sample(_FETCH_THINGS, len(kinds))
    free_legs = [0]
    gates: list[Gate | None] = [None]
    item = first_item
    number = 0
    for leg, kind in enumerate(kinds, start=1):
        free_legs.append(leg)
        if kind is GateKind.GUARD:
            gates.append(Gate(kind, leg, None))
            continue
        thing, key = _TOOLS.get(kind, (things[leg - 1], None))
        cave_leg = free_legs.pop(rng.below(len(free_legs)))
        cave = names.name(2, 7, rng.choice(_CAVE_PATTERNS))
        floors = rng.between(1, builder.preset.most_cave_floors)
        quest = Quest(
            number, thing, key, 0 if key is not None else item, leg, cave, cave_leg, floors
        )
        gates.append(Gate(kind, leg, quest))
        item += key is None
        number += 1
    return tuple(gates)


def _draw_halls(rng: Pcg32, names: NameMaker, count: int) -> tuple[Hall, ...]:
    """Return the halls; every puzzle comes before one comes again, and so do kinds."""
    puzzles: list[PuzzleKind] = []
    kinds: list[int] = []
    while len(puzzles) < count:
        puzzles += rng.sample(list(PuzzleKind), len(PuzzleKind))
    while len(kinds) < count:
        kinds += rng.sample(range(1, KINDS_PER_WORLD), KINDS_PER_WORLD - 1)
    return tuple(Hall(puzzles[index], kinds[index], names.name(2, 5)) for index in range(count))
