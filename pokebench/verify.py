"""Re-simulates a run from power-on with no agent, and compares everything that the run claims.

Nothing of the run but its inputs reaches the emulator; ROM, game table and hashes are the
verifier's own.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pokebench.episode import Episode
from pokebench.errors import TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.origin import own_cartridge
from pokebench.replay.follower import Flagged, Follower, Handover, Reached, Watcher
from pokebench.trajectory import Trajectory, read_trajectory
from pokebench.types import Clocks, EndReason, Frame

__all__ = ["Flagged", "Handover", "Reached", "Verification", "verify"]

_PROGRESS_TURNS = 50


@dataclass(frozen=True, slots=True)
class Verification:
    """A run that holds from power-on to its last event.

    Attributes:
        trajectory: the run.
        cartridge: the verifier's own.
        milestones: in the order in which they latched.
        flags: states that honest play does not bring about, as re-simulation found them.
        reason: why the episode ended; None if the record was cut off before its end.
        clocks: at the end of what is recorded.
        state: SHA-256 of the whole machine at the end.
        invalid_because: why the run does not count although it holds, or "".
        screens: screens that were asked for, by frame.
        handover: where the agent took over from a prefix; None if it played from power-on.
    """

    trajectory: Trajectory
    cartridge: Cartridge
    milestones: tuple[Reached, ...]
    flags: tuple[Flagged, ...]
    reason: EndReason | None
    clocks: Clocks
    state: str
    invalid_because: str
    screens: dict[int, Frame]
    handover: Handover | None = None


def verify(
    folder: Path,
    rom_path: Path | None = None,
    *,
    table_path: Path | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
    screens_at: Collection[int] = (),
    watchers: Sequence[Watcher] = (),
) -> Verification:
    """Re-simulate the run in `folder`.

    Args:
        folder: the run folder.
        rom_path: the verifier's ROM, for games that are not generated.
        table_path: the verifier's table, for games that pokebench has none of.
        on_progress: called now and then with the frames re-simulated so far.
        screens_at: frames whose screens to keep, where they are a step's last frame or the start.
        watchers: look on; they change nothing.

    Raises:
        TrajectoryError: the record is damaged; the message names the place.
        DesyncError: re-simulation gives something else; the message names the line and what
            differs.
        ConfigError: the game, ROM or emulator to verify with is not here.
    """
    trajectory = read_trajectory(folder)
    cartridge = own_cartridge(trajectory.manifest, rom_path, table_path)
    keeper = _ScreenKeeper(screens_at, watchers)
    follower = Follower(trajectory.manifest, cartridge, keeper)
    try:
        for line in trajectory.lines:
            follower.check(line)
            if follower.turns % _PROGRESS_TURNS == 0:
                on_progress(follower.episode.frames)
        return _result(trajectory, cartridge, follower, keeper.screens)
    finally:
        follower.close()


class _ScreenKeeper:
    """Keeps the screens that were asked for, and lets others look on."""

    def __init__(self, frames: Collection[int], others: Sequence[Watcher]) -> None:
        self._frames = frozenset(frames)
        self._others = others
        self.screens: dict[int, Frame] = {}

    def wants_screen(self, frame: int) -> bool:
        """Return whether the screen of `frame` was asked for."""
        return frame in self._frames or any(other.wants_screen(frame) for other in self._others)

    def see(self, episode: Episode) -> None:
        """Keep the screen, if it was asked for."""
        if episode.frames in self._frames:
            self.screens[episode.frames] = episode.emulator.screen()
        for other in self._others:
            other.see(episode)


def _result(
    trajectory: Trajectory, cartridge: Cartridge, follower: Follower, screens: dict[int, Frame]
) -> Verification:
    """Return what was verified.

    Raises:
        TrajectoryError: the record holds no start.
    """
    if not follower.began:
        raise TrajectoryError(f"{trajectory.folder}: the run never began")
    outcome = trajectory.outcome
    return Verification(
        trajectory=trajectory,
        cartridge=cartridge,
        milestones=tuple(follower.reached),
        flags=tuple(follower.flagged),
        reason=outcome.reason if outcome else None,
        clocks=follower.clocks(outcome.clocks if outcome else Clocks()),
        state=follower.state(),
        invalid_because=follower.invalid_because,
        screens=screens,
        handover=follower.handover,
    )
