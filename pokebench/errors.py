"""Our exceptions.

PokebenchError
├── ConfigError            a flag, card, table or ROM is wrong                        exit 2
│   └── RomError           the ROM is missing, damaged, or not one the table knows
├── StartError             a game's start script did not lead to the first turn       exit 1
├── AgentError             a person's own agent raised, or returned what is no turn   exit 1
├── TrajectoryError        a run folder is malformed or of another version            exit 1
│   └── DesyncError        a trajectory re-simulates to something else
└── SubmissionError        a submission is malformed, forged, or not to be ranked     exit 1
    └── RomNeededError     a submission's game needs the verifier's own ROM

Running out of budget is an outcome, not an error.
"""


class PokebenchError(Exception):
    """Base of every error that pokebench raises on purpose; the message says what to do."""

    exit_code = 1


class ConfigError(PokebenchError):
    """What the caller asked for cannot work; the message says what to change."""

    exit_code = 2


class RomError(ConfigError):
    """The ROM is missing, damaged, or its SHA-1 is not one that the game's table knows."""


class StartError(PokebenchError):
    """The start script did not lead where the table says; the message names its line."""


class AgentError(PokebenchError):
    """An agent raised an error or returned something that is no turn; the run's record says so."""


class TrajectoryError(PokebenchError):
    """A run folder is malformed, corrupt, or of a format that this version does not read."""


class DesyncError(TrajectoryError):
    """Re-simulating a trajectory gives another result than the trajectory claims."""


class SubmissionError(PokebenchError):
    """A submission cannot be taken: the message names the file and what is wrong with it."""


class RomNeededError(SubmissionError):
    """A submission holds so far; to re-simulate it, the verifier's own ROM is needed."""
