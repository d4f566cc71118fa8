"""Re-simulation of recorded runs: follow a record, index it, and show any moment of it."""

from pokebench.replay.follower import Follower, Reached, Watcher
from pokebench.replay.index import Index
from pokebench.replay.run import Replay
from pokebench.replay.way import Spot, Way

__all__ = ["Follower", "Index", "Reached", "Replay", "Spot", "Watcher", "Way"]
