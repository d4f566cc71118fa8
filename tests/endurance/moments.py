"""When to kill, and what else goes wrong: drawn by a seed."""

from typing import Final

import numpy as np

from pokebench.testing import PlannedFault

_START_S: Final = 0.06
_REPLAY_S: Final = 0.006
_LIVE_S: Final = 0.03
"""About what it takes to begin a session, to follow a recorded turn, and to take a new one."""
_SPREAD: Final = 0.9
"""The share of the turns over which the kills are spread, so that none is left over at the end."""
_FAULTS: Final = (
    PlannedFault("status", 429, headers=(("retry-after", "0.05"),)),
    PlannedFault("status", 529),
    PlannedFault("status", 500),
    PlannedFault("drop_after_billing"),
    PlannedFault("truncate_stream"),
)


class Moments:
    """Draws when to kill: in start-up, while the record is followed, or live.

    How long a live session is left alone follows from the turns and kills that remain, so that
    kills spread over the whole run; a session that recorded no turn buys the next ones more time,
    so that the run gets ahead however slow it is.
    """

    def __init__(self, seed: int, turns: int, kills: int) -> None:
        """Draw by `seed`, for a run of `turns` that is killed `kills` times."""
        self._generator = np.random.default_rng(seed)
        self._turns, self._kills = turns, kills
        self._done = 0
        self._strain = 1.0

    def draw(self) -> str:
        """Return where the next kill shall fall."""
        return str(self._generator.choice(["start-up", "replay", "live"], p=[0.15, 0.25, 0.6]))

    def delay_s(self, where: str, killed: int) -> float:
        """Return seconds from the start of a session, or from its first live event."""
        pace = max(_SPREAD * self._turns - self._done, 0.2) / max(self._kills - killed, 1)
        longest = {
            "start-up": _START_S,
            "replay": 2 * _START_S + _REPLAY_S * self._done,
            "live": 2 * _LIVE_S * pace * self._strain,
        }
        return float(self._generator.uniform(0.0, longest[where]))

    def note(self, where: str, done: int) -> None:
        """Take in how many turns are on record after a kill."""
        if where == "live":
            self._strain = 1.0 if done > self._done else self._strain * 1.3
        self._done = done

    def faults(self) -> list[PlannedFault | None]:
        """Return what goes wrong with the next requests; mostly nothing."""
        count = int(self._generator.integers(0, 3))
        chosen = [_FAULTS[int(self._generator.integers(len(_FAULTS)))] for _ in range(count)]
        pauses = [int(self._generator.integers(0, 6)) for _ in chosen]
        planned: list[PlannedFault | None] = []
        for pause, fault in zip(pauses, chosen, strict=True):
            planned += [None] * pause
            planned.append(fault)
        return planned
