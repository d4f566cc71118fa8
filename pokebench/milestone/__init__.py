"""Games and their milestones: the table, the predicates over RAM, the tracker, the cartridge."""

from pokebench.milestone.game import Cartridge, GameSpec, game_ids, load_table, open_game
from pokebench.milestone.table import GameTable, Milestone, Timing
from pokebench.milestone.tracker import Tracker

__all__ = [
    "Cartridge",
    "GameSpec",
    "GameTable",
    "Milestone",
    "Timing",
    "Tracker",
    "game_ids",
    "load_table",
    "open_game",
]
