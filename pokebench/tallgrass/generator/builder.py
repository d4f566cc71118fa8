"""What every part of the generator works with: the world so far, random streams, phrases."""

from enum import IntEnum, unique
from typing import Final

from pokebench.tallgrass.format import FLAG_COUNT, LEADER_FLAG
from pokebench.tallgrass.generator.presets import Preset
from pokebench.tallgrass.names import NameMaker
from pokebench.tallgrass.phrases import Phrases
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.script import Script
from pokebench.tallgrass.text import lay_out
from pokebench.tallgrass.tiles import Tile
from pokebench.tallgrass.world import Cell, Map, MapKind, Member, Milestone, Trainer, World

_FIRST_FREE_FLAG: Final = LEADER_FLAG + 8
_ATTEMPT_STRIDE: Final = 0x9E3779B97F4A7C15
_SUBJECTS_PER_PRESET: Final = 64
MAX_TABLE_ROWS: Final = 256


class GenerationError(Exception):
    """This attempt found no room for something; the next attempt draws anew."""


@unique
class Subject(IntEnum):
    """One random stream each, so that a change in one part leaves the others alone."""

    ENGINE = 0
    NAMES = 1
    KINDS = 2
    CREATURES = 3
    JOURNEY = 4
    TEAMS = 5
    TOWNS = 6
    INTERIORS = 7
    ROUTES = 8
    CAVES = 9
    HALLS = 10
    PHRASES = 11
    STORY = 12
    PORTRAITS = 13


class Builder:
    """A world under construction: interns texts, hands out flags and milestones, adds rows."""

    def __init__(self, preset: Preset, seed: int, attempt: int) -> None:
        self.preset = preset
        self._seed = seed + attempt * _ATTEMPT_STRIDE
        self.names = NameMaker(self.rng(Subject.NAMES))
        self.phrases = Phrases(self.rng(Subject.PHRASES))
        engine_seed = self.rng(Subject.ENGINE).between(1, 0xFFFF)
        title = self.names.name(2, 8)
        self.world = World(preset.name, seed, attempt, title, engine_seed, preset.badges)
        self._next_flag = _FIRST_FREE_FLAG
        self._text_ids: dict[str, int] = {}

    def rng(self, subject: Subject) -> Pcg32:
        """Return a fresh generator for a subject; ask once per subject."""
        return Pcg32(self._seed, self.preset.number * _SUBJECTS_PER_PRESET + subject)

    def text(self, text: str) -> int:
        """Return the id of a text, which is laid out and added if it is new."""
        laid_out = lay_out(text)
        if laid_out not in self._text_ids:
            self._text_ids[laid_out] = len(self.world.texts)
            self.world.texts.append(laid_out)
        return self._text_ids[laid_out]

    def flag(self) -> int:
        """Return a flag that nothing uses yet."""
        if self._next_flag >= FLAG_COUNT:
            raise GenerationError("out of story flags")
        self._next_flag += 1
        self.world.flag_count = self._next_flag
        return self._next_flag - 1

    def script(self) -> Script:
        """Begin a script whose texts go into this world."""
        return Script(self.text)

    def add(self, script: Script) -> int:
        """Add a finished script and return its id."""
        self.world.scripts.append(script.assemble())
        return len(self.world.scripts) - 1

    def talk(self, text: str) -> int:
        """Add a script that only shows a text, and return its id."""
        return self.add(self.script().say(text))

    def milestone(self, bit: int, milestone_id: str, title: str) -> None:
        """Append to the milestones of this world."""
        self.world.milestones.append(Milestone(bit, milestone_id, title))

    def trainer(self, name: str, team: tuple[Member, ...], reward: int) -> int:
        """Add a trainer and return their row."""
        trainers = self.world.trainers
        if len(trainers) >= MAX_TABLE_ROWS - 1:
            raise GenerationError("out of trainers")
        trainers.append(Trainer(name, team, reward))
        return len(trainers) - 1

    def map(self, name: str, kind: MapKind, size: tuple[int, int], tile: Tile, border: Tile) -> Map:
        """Add a map full of `tile`."""
        return self.world.add_map(name, kind, size, tile, border, self.text(name))

    def start_at(self, map_index: int, cell: Cell) -> None:
        """Say where a new game begins."""
        self.world.start_map = map_index
        self.world.start_x, self.world.start_y = cell
