"""The record of a run: an immutable manifest, then hash-chained events, one JSON object a line.

Everything that is shown or scored is derived from these two files and the ROM.
"""

from pokebench.trajectory.events import (
    CheckpointEvent,
    DoneEvent,
    Event,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    TurnEvent,
)
from pokebench.trajectory.manifest import FORMAT, Manifest
from pokebench.trajectory.reader import Line, Trajectory, read_trajectory
from pokebench.trajectory.writer import TrajectoryWriter

__all__ = [
    "FORMAT",
    "CheckpointEvent",
    "DoneEvent",
    "Event",
    "Line",
    "Manifest",
    "MilestoneEvent",
    "OutcomeEvent",
    "ResetEvent",
    "SessionEvent",
    "Trajectory",
    "TrajectoryWriter",
    "TurnEvent",
    "read_trajectory",
]
