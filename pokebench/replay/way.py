"""The way that the player walked."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

_COLUMNS: Final = 4


class Spot(NamedTuple):
    """Where the player stood after a step.

    Attributes:
        frame: the step's last frame.
        place: number of the map.
        x: column on it.
        y: row on it.
    """

    frame: int
    place: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Way:
    """Where the player stood, one entry for each step after which that was another place.

    Attributes:
        frames: `(n,) int64`, ascending: the last frame of each such step.
        places: `(n,) int64`: number of the map.
        xs: `(n,) int64`: column on it.
        ys: `(n,) int64`: row on it.
    """

    frames: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    xs: npt.NDArray[np.int64]
    ys: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.frames)

    def at(self, frame: int) -> Spot | None:
        """Return where the player stood at `frame`; None before the reader could tell."""
        index = bisect_right(self.frames, frame) - 1
        if index < 0:
            return None
        return Spot(
            int(self.frames[index]),
            int(self.places[index]),
            int(self.xs[index]),
            int(self.ys[index]),
        )

    @classmethod
    def of(cls, spots: Sequence[Spot]) -> "Way":
        """Return a way of spots in order of their frames."""
        table = np.array(spots, np.int64).reshape(-1, _COLUMNS)
        return cls(*(np.ascontiguousarray(table[:, column]) for column in range(_COLUMNS)))

    @classmethod
    def joined(cls, ways: Sequence["Way"]) -> "Way":
        """Return stretches, one after another, as one."""
        table = [np.stack([w.frames, w.places, w.xs, w.ys], axis=1) for w in ways]
        whole = np.concatenate(table) if table else np.empty((0, _COLUMNS), np.int64)
        _, first = np.unique(whole[:, 0], return_index=True)
        return cls(*(np.ascontiguousarray(whole[first, column]) for column in range(_COLUMNS)))

    def to_bytes(self) -> bytes:
        """Return the way in a form that compresses well."""
        table = [np.diff(self.frames, prepend=0), self.places, self.xs, self.ys]
        return np.stack(table).tobytes()

    @classmethod
    def of_bytes(cls, raw: bytes) -> "Way":
        """Return what `to_bytes` wrote.

        Raises:
            ValueError: it has another form.
        """
        steps, places, xs, ys = np.frombuffer(raw, np.int64).reshape(_COLUMNS, -1)
        return cls(np.cumsum(steps), places, xs, ys)
