"""The way that the player walked."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

_COLUMNS: Final = 5


class Spot(NamedTuple):
    """Where the player stood after a step.

    Attributes:
        frame: the step's last frame.
        place: number of the map.
        x: column on it.
        y: row on it.
        in_battle: 1 in a battle, else 0.
    """

    frame: int
    place: int
    x: int
    y: int
    in_battle: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """Where the player stood: an entry for each step to another place, or in or out of a battle.

    Attributes:
        frames: `(n,) int64`, ascending: the last frame of each such step.
        places: `(n,) int64`: number of the map.
        xs: `(n,) int64`: column on it.
        ys: `(n,) int64`: row on it.
        in_battle: `(n,) int64`: 1 in a battle, else 0.
    """

    frames: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    xs: npt.NDArray[np.int64]
    ys: npt.NDArray[np.int64]
    in_battle: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.frames)

    def at(self, frame: int) -> Spot | None:
        """Return where the player stood at `frame`; None before the reader could tell."""
        index = bisect_right(self.frames, frame) - 1
        if index < 0:
            return None
        return Spot(*(int(column[index]) for column in self._table))

    @property
    def battles(self) -> list[tuple[int, int]]:
        """The battles: frames of the first step in each, and of the first one after it.

        One that is not over ends where the way does.
        """
        edges = np.diff(self.in_battle, prepend=0, append=0)
        ends = np.append(self.frames, self.frames[-1:])
        begun, over = ends[np.flatnonzero(edges > 0)], ends[np.flatnonzero(edges < 0)]
        return list(zip(begun.tolist(), over.tolist(), strict=True))

    @property
    def _table(self) -> tuple[npt.NDArray[np.int64], ...]:
        return self.frames, self.places, self.xs, self.ys, self.in_battle

    @classmethod
    def of(cls, spots: Sequence[Spot]) -> "Way":
        """Return a way of spots in order of their frames."""
        table = np.array(spots, np.int64).reshape(-1, _COLUMNS)
        return cls(*(np.ascontiguousarray(table[:, column]) for column in range(_COLUMNS)))

    @classmethod
    def joined(cls, ways: Sequence["Way"]) -> "Way":
        """Return stretches, one after another, as one."""
        table = [np.stack(w._table, axis=1) for w in ways]
        whole = np.concatenate(table) if table else np.empty((0, _COLUMNS), np.int64)
        _, first = np.unique(whole[:, 0], return_index=True)
        return cls(*(np.ascontiguousarray(whole[first, column]) for column in range(_COLUMNS)))

    def to_bytes(self) -> bytes:
        """Return the way in a form that compresses well."""
        frames, *others = self._table
        return np.stack([np.diff(frames, prepend=0), *others]).tobytes()

    @classmethod
    def of_bytes(cls, raw: bytes) -> "Way":
        """Return what `to_bytes` wrote.

        Raises:
            ValueError: it has another form.
        """
        steps, *others = np.frombuffer(raw, np.int64).reshape(_COLUMNS, -1)
        return cls(np.cumsum(steps), *others)
