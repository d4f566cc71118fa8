"""How much is proven of an entry, in words that every page shows."""

from enum import StrEnum, unique
from typing import Final

WARNING: Final = (
    "Re-simulated means that the inputs produce this result. It does not show who pressed the "
    "buttons."
)


@unique
class Level(StrEnum):
    """What stands behind an entry, weakest first."""

    CLAIMED = "claimed"
    LOGGED = "logged"
    REPLAYED = "replayed"
    ATTRIBUTED = "attributed"
    REPRODUCED = "reproduced"

    @property
    def order(self) -> int:
        """0 for the weakest."""
        return list(Level).index(self)

    @property
    def evidence(self) -> str:
        """What was looked at."""
        return _EVIDENCE[self]

    @property
    def proves(self) -> str:
        """What that shows, and what it does not."""
        return _PROVES[self]

    @property
    def is_ranked(self) -> bool:
        """Whether entries of this level compete."""
        return self.order >= Level.REPLAYED.order


_EVIDENCE: Final = {
    Level.CLAIMED: "somebody's numbers",
    Level.LOGGED: "a whole record whose hash chain holds and whose counts add up",
    Level.REPLAYED: "every input pressed again from power-on, on the verifier's own console",
    Level.ATTRIBUTED: "the model's logged answers, held against inputs, tokens and the provider",
    Level.REPRODUCED: "the same agent, run by somebody else, also on worlds nobody had seen",
}
_PROVES: Final = {
    Level.CLAIMED: "Proves nothing. Shown beside the boards at most, never ranked.",
    Level.LOGGED: (
        "Proves that the record was not changed after it was sealed; whoever sealed it may have "
        "written anything. Listed, never ranked: games with a ROM stay here until somebody who "
        "owns it re-simulates them."
    ),
    Level.REPLAYED: (
        "Proves that these inputs reach these milestones at these frames on this ROM. It does not "
        "show who chose them: a model, a person or a script."
    ),
    Level.ATTRIBUTED: (
        "A named reviewer traced the inputs to answers of the named model and found no help from "
        "outside. This rests on the reviewer's word and the evidence that is linked."
    ),
    Level.REPRODUCED: (
        "A named third party ran the agent and got a result within the interval. This is the "
        "strongest level: it needs neither the submitter's word nor the submitter's machine."
    ),
}
