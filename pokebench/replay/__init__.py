"""Re-simulation of recorded runs: follow a record, index it, and show any moment of it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pokebench.replay.follower import Follower, Reached, Watcher
    from pokebench.replay.index import Index
    from pokebench.replay.run import Replay
    from pokebench.replay.way import Spot, Way

__all__ = ["Follower", "Index", "Reached", "Replay", "Spot", "Watcher", "Way"]

_HOMES: Final = {
    "Follower": "follower", "Reached": "follower", "Watcher": "follower", "Index": "index",
    "Replay": "run", "Spot": "way", "Way": "way",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is asked for: who only reads the cache does not wait for the emulator."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
