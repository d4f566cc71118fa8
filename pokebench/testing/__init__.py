"""For those who develop agents: a provider that needs no key, and players to put behind it."""

from pokebench.testing.players import MirrorPlayer, Player, ScriptedReply, ScriptPlayer
from pokebench.testing.provider import Bill, FakeProvider, PlannedFault

__all__ = [
    "Bill",
    "FakeProvider",
    "MirrorPlayer",
    "PlannedFault",
    "Player",
    "ScriptPlayer",
    "ScriptedReply",
]
