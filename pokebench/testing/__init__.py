"""For those who develop agents: a provider that needs no key, and players to put behind it."""

from pokebench.testing.faults import FaultPlan, FaultRule, PlannedFault
from pokebench.testing.ledger import Bill, read_ledger
from pokebench.testing.mirror import MirrorPlayer
from pokebench.testing.players import Player, Question, Said, ScriptPlayer
from pokebench.testing.provider import FakeProvider
from pokebench.testing.reply import ScriptedReply

__all__ = [
    "Bill",
    "FakeProvider",
    "FaultPlan",
    "FaultRule",
    "MirrorPlayer",
    "PlannedFault",
    "Player",
    "Question",
    "Said",
    "ScriptPlayer",
    "ScriptedReply",
    "read_ledger",
]
