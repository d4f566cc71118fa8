"""What of a run is made again from its inputs for the page: screens, films, words, the map."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from PIL import Image

from pokebench.errors import TrajectoryError
from pokebench.milestone import Cartridge, Generated
from pokebench.origin import own_cartridge
from pokebench.replay import Replay
from pokebench.replay.store import Store
from pokebench.trajectory import Manifest, Trajectory
from pokebench.types import Frame, JsonObject
from pokebench.viewer.answers import answer
from pokebench.viewer.maps import MapPicture, map_picture
from pokebench.viewer.screens import encode

MOST_SCREENS: Final = 1024
"""Screens in one film."""
MOST_EVERY: Final = 64
"""Frames that two screens of a film may be apart."""
_GENERATED: Final = "generated 1"
"""The name and form of what is kept of a generated game."""
T = TypeVar("T")


class Pictures:
    """The run on a console of one's own; its methods may be called from any thread."""

    def __init__(
        self, record: Callable[[], Trajectory], rom: Path | None, cache: Path, table: Path | None
    ) -> None:
        """Get the game; nothing is played yet.

        Args:
            record: returns all that was recorded so far.
            rom: the person's ROM, for games that are not generated.
            cache: the person's own cache folder.
            table: the person's table, for games that pokebench has none of.

        Raises:
            PokebenchError: game, ROM or emulator is not here, or another one than the run's.
        """
        self._record = record
        self._rom = rom
        self._table = table
        self._cache = cache
        trajectory = record()
        self._manifest: Manifest = trajectory.manifest
        self._cartridge = self._own_cartridge(trajectory.root)
        self._stills = _Desk(self._replay)
        self._films = _Desk(self._replay)

    @property
    def titles(self) -> dict[str, str]:
        """A title for each milestone."""
        return dict(self._cartridge.titles)

    def screen(self, frame: int) -> bytes:
        """Return the screen of a frame as PNG, exact to the pixel.

        Raises:
            PokebenchError: it cannot be shown.
        """
        return self._stills.do(lambda replay: _png(replay.screen(frame)))

    def film(self, start: int, every: int, count: int) -> bytes:
        """Return `count` screens from frame `start` on, `every` frames apart, as one chunk.

        Raises:
            PokebenchError: they cannot be shown.
        """
        every = min(max(every, 1), MOST_EVERY)
        count = min(max(count, 1), MOST_SCREENS)

        def shoot(replay: Replay) -> bytes:
            stop = min(start + count * every, replay.last_frame + 1)
            if start >= stop:
                raise TrajectoryError(f"frame {start}: the record ends at {replay.last_frame}")
            return encode(replay.screens(start, stop, every), level=1)

        return self._films.do(shoot)

    def read(self, frame: int) -> str:
        """Return what the screen of a frame says in words.

        Raises:
            PokebenchError: it cannot be re-simulated.
        """
        return self._stills.do(lambda replay: _read(replay, frame))

    def answer(self, frame: int, parts: list[JsonObject]) -> str:
        """Return what a model was told of a turn of these parts, which began at a frame.

        Raises:
            PokebenchError: it cannot be re-simulated.
        """
        return self._stills.do(lambda replay: answer(replay, frame, parts))

    @cached_property
    def map(self) -> MapPicture | None:
        """The map's picture; None if this game has none."""
        return map_picture(own_cartridge(self._manifest, self._rom, self._table))

    def close(self) -> None:
        """Switch the consoles off."""
        self._stills.close()
        self._films.close()

    def _own_cartridge(self, root: str) -> Cartridge:
        """Return the cartridge; a game is generated once only, and then known without its world."""
        store = Store(self._cache, root)
        try:
            kept = store.made(_GENERATED)
            generated = Generated.of_bytes(kept) if kept else None
            cartridge = own_cartridge(self._manifest, self._rom, self._table, generated)
            if (made := cartridge.generated()) is not None:
                store.keep_made(_GENERATED, made.to_bytes())
        finally:
            store.close()
        return cartridge

    def _replay(self, known: Replay | None) -> Replay:
        """Return a replay of all that was recorded so far; `known` if that is one already."""
        now = self._record()
        if known is None:
            return Replay(now, self._cartridge, self._cache)
        if known.trajectory.count != now.count:
            known.take(now)
        return known


class _Desk:
    """A replay that is used by one thread of its own, one request after another."""

    def __init__(self, opened: Callable[[Replay | None], Replay]) -> None:
        """Use the replay that `opened` returns, given the one that it returned before."""
        self._opened = opened
        self._replay: Replay | None = None
        self._thread = ThreadPoolExecutor(1)

    def do(self, action: Callable[[Replay], T]) -> T:
        """Return what `action` makes of the replay.

        Raises:
            PokebenchError: the run cannot be re-simulated.
        """
        return self._thread.submit(self._with_replay, action).result()

    def close(self) -> None:
        """Switch off."""
        self._thread.shutdown(cancel_futures=True)
        if self._replay is not None:
            self._replay.close()

    def _with_replay(self, action: Callable[[Replay], T]) -> T:
        self._replay = self._opened(self._replay)
        return action(self._replay)


def _png(screen: Frame) -> bytes:
    file = io.BytesIO()
    Image.fromarray(screen).save(file, "png", compress_level=1)
    return file.getvalue()


def _read(replay: Replay, frame: int) -> str:
    with replay.machine(frame) as ram:
        return replay.reader.read(ram)
