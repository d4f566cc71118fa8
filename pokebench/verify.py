"""Re-simulates a run from power-on with no agent, and compares everything that the run claims.

Nothing of the run but its inputs reaches the emulator; ROM, game table and hashes are the
verifier's own.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pokebench.errors import DesyncError, TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.origin import own_cartridge
from pokebench.replay.follower import Flagged, Handover, Reached, Watcher
from pokebench.replay.store import Store
from pokebench.replay.stretches import Followed, Stretch, follow, follow_all, plan
from pokebench.replay.survey import Wanted, can_load_states
from pokebench.trajectory import Trajectory, read_trajectory
from pokebench.types import Clocks, EndReason, Frame

__all__ = ["Flagged", "Handover", "Reached", "Verification", "verify"]


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
    jobs: int = 1,
    cache: Path | None = None,
) -> Verification:
    """Re-simulate the run in `folder`.

    A run that was recorded with `cache` is re-simulated in several stretches at once, from states
    of one's own, if `jobs` allows it: the verdict is that of one pass. Anybody else's run is
    re-simulated from power-on in one pass.

    Args:
        folder: the run folder.
        rom_path: the verifier's ROM, for games that are not generated.
        table_path: the verifier's table, for games that pokebench has none of.
        on_progress: called now and then with the frames re-simulated so far.
        screens_at: frames whose screens to keep, where they are a step's last frame or the start.
        watchers: look on from power-on to the end, in one pass; they change nothing.
        jobs: processes to use.
        cache: the verifier's own cache folder.

    Raises:
        TrajectoryError: the record is damaged; the message names the place.
        DesyncError: re-simulation gives something else; the message names the line and what
            differs.
        ConfigError: the game, ROM or emulator to verify with is not here.
    """
    trajectory = read_trajectory(folder)
    cartridge = own_cartridge(trajectory.manifest, rom_path, table_path)
    wanted = Wanted(screens=frozenset(screens_at), watchers=tuple(watchers))
    followed: list[Followed] = []
    if jobs > 1 and cache is not None and not watchers:
        followed = _in_stretches(trajectory, cartridge, wanted, jobs, cache, on_progress)
    if not followed:
        whole = Stretch(trajectory.manifest, cartridge, wanted, tuple(trajectory.lines), None, None)
        followed = [follow(whole, on_progress)]
    return _verdict(trajectory, cartridge, followed)


def _in_stretches(
    trajectory: Trajectory,
    cartridge: Cartridge,
    wanted: Wanted,
    jobs: int,
    cache: Path,
    on_progress: Callable[[int], None],
) -> list[Followed]:
    """Return what following a run of one's own came to; nothing if its states prove nothing."""
    store = Store(cache, trajectory.root)
    try:
        store.fit(trajectory)
        if not store.is_own or not can_load_states(cartridge):
            return []
        stretches = plan(trajectory, cartridge, store, wanted, jobs)
    finally:
        store.close()
    if len(stretches) < 2:
        return []
    followed = list(follow_all(stretches, jobs, on_progress))
    is_proof = followed and all(part.is_linked for part in followed[:-1])
    is_whole = len(followed) == len(stretches) and followed[-1].is_linked
    return followed if is_proof and (is_whole or followed[-1].mark.desync) else []


def _verdict(
    trajectory: Trajectory, cartridge: Cartridge, followed: Sequence[Followed]
) -> Verification:
    """Return what was verified.

    Raises:
        DesyncError: a stretch does not come true; all before it do.
        TrajectoryError: the record holds no start.
    """
    last = followed[-1]
    if last.mark.desync:
        raise DesyncError(last.mark.desync)
    if not last.end.began:
        raise TrajectoryError(f"{trajectory.folder}: the run never began")
    return Verification(
        trajectory=trajectory,
        cartridge=cartridge,
        milestones=tuple(reached for part in followed for reached in part.reached),
        flags=tuple(flag for part in followed for flag in part.flagged),
        reason=trajectory.outcome.reason if trajectory.outcome else None,
        clocks=last.end.clocks,
        state=last.end.state,
        invalid_because=last.end.invalid_because,
        handover=followed[0].handover,
        screens={frame: screen for part in followed for frame, screen in part.screens.items()},
    )
