"""Games and their milestones: the table, the predicates over RAM, the tracker, the cartridge."""

from pokebench.milestone.examine import Reading, examine
from pokebench.milestone.game import Cartridge, GameSpec, Generated, open_game
from pokebench.milestone.identity import Identity, identify
from pokebench.milestone.image import RamImage
from pokebench.milestone.opening import play_opening
from pokebench.milestone.table import Flag, GameTable, Milestone, Timing
from pokebench.milestone.tables import game_ids, load_table
from pokebench.milestone.tracker import Tracker

__all__ = [
    "Cartridge",
    "Flag",
    "GameSpec",
    "GameTable",
    "Generated",
    "Identity",
    "Milestone",
    "RamImage",
    "Reading",
    "Timing",
    "Tracker",
    "examine",
    "game_ids",
    "identify",
    "load_table",
    "open_game",
    "play_opening",
]
