"""Which frames of a run a film shows, at a constant rate."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pokebench.errors import ConfigError
from pokebench.types import FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class Cut:
    """Spans of a run, one after another.

    Attributes:
        spans: first frame and the frame after the last of each, ascending, apart.
        speed: seconds of the game in a second of the film.
        rate: pictures of the film in a second.
    """

    spans: tuple[tuple[int, int], ...]
    speed: float
    rate: float

    @property
    def stride(self) -> float:
        """Frames of the game from one picture to the next."""
        return self.speed * FRAMES_PER_SECOND / self.rate

    def __len__(self) -> int:
        return sum(self._count(span) for span in self.spans)

    def frames(self) -> Iterator[int]:
        """Yield the frame that each picture shows."""
        for span in self.spans:
            for index in range(self._count(span)):
                yield span[0] + int(index * self.stride)

    def _count(self, span: tuple[int, int]) -> int:
        return max(1, round((span[1] - span[0]) / self.stride))


def highlights(
    frames: Iterable[int], seconds: float, first: int, last: int
) -> tuple[tuple[int, int], ...]:
    """Return spans around moments, those that touch joined.

    Args:
        frames: the moments.
        seconds: of the game, shown before each and after.
        first: where the film may begin.
        last: the last frame that it may show.

    Raises:
        ConfigError: no moment lies between.
    """
    around = round(seconds * FRAMES_PER_SECOND)
    spans: list[tuple[int, int]] = []
    for frame in sorted(frames):
        if not first <= frame <= last:
            continue
        start, stop = max(first, frame - around), min(last + 1, frame + around + 1)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    if not spans:
        raise ConfigError("there is no milestone to show; leave --highlights out")
    return tuple(spans)
