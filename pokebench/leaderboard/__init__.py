"""The leaderboard: verified entries in one file, and the boards that are derived from it."""

from pokebench.leaderboard.board import BoardRow, boards
from pokebench.leaderboard.entry import Entry, EntryRun, Leaderboard, entry_of
from pokebench.leaderboard.store import add_runs, load, save

__all__ = [
    "BoardRow",
    "Entry",
    "EntryRun",
    "Leaderboard",
    "add_runs",
    "boards",
    "entry_of",
    "load",
    "save",
]
