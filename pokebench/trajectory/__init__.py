"""The record of a run: an immutable manifest, then hash-chained events, one JSON object a line.

Everything that is shown or scored is derived from these two files and the ROM.
"""

from pokebench.trajectory.events import (
    AcceptedEvent,
    AgentEvent,
    CheckpointEvent,
    DiagnosticEvent,
    DoneEvent,
    Event,
    FailedEvent,
    InheritedEvent,
    IntentEvent,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    ResultEvent,
    SessionEvent,
    TurnEvent,
    UnknownEvent,
)
from pokebench.trajectory.inflight import Inflight
from pokebench.trajectory.ledger import Ledger
from pokebench.trajectory.line import Line
from pokebench.trajectory.manifest import FORMAT, Manifest
from pokebench.trajectory.reader import Trajectory
from pokebench.trajectory.scrub import Scrubber
from pokebench.trajectory.tail import Known, Tail, read_trajectory
from pokebench.trajectory.writer import TrajectoryWriter

__all__ = [
    "FORMAT",
    "AcceptedEvent",
    "AgentEvent",
    "CheckpointEvent",
    "DiagnosticEvent",
    "DoneEvent",
    "Event",
    "FailedEvent",
    "Inflight",
    "InheritedEvent",
    "IntentEvent",
    "Known",
    "Ledger",
    "Line",
    "Manifest",
    "MilestoneEvent",
    "OutcomeEvent",
    "ResetEvent",
    "ResultEvent",
    "Scrubber",
    "SessionEvent",
    "Tail",
    "Trajectory",
    "TrajectoryWriter",
    "TurnEvent",
    "UnknownEvent",
    "read_trajectory",
]
