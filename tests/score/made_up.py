"""Runs that nobody played, for tests of what is computed from them."""

from pokebench.score import ScoredRun
from pokebench.types import Clocks, EndReason
from pokebench.verify import Reached


def made_up(times: list[int], *, of: int = 4, end: int = 100) -> ScoredRun:
    """A run that reached its milestones at `times`, in frames."""
    return ScoredRun(
        name="made-up",
        agent="nobody",
        privileged=False,
        game="none",
        seed=0,
        reason=EndReason.BUDGET_FRAMES,
        invalid_because="",
        budget_frames=end,
        end=Clocks(frames=end, tokens_in=20, tokens_out=1),
        titles={f"badge_{i}": f"Badge {i}" for i in range(of)},
        reached=tuple(
            Reached(f"badge_{i}", Clocks(frames=time, tokens_in=time, tokens_out=1))
            for i, time in enumerate(times)
        ),
    )
