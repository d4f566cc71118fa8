"""Re-simulates a run from power-on with no agent, and compares everything that the run claims.

Nothing of the run but its inputs reaches the emulator; ROM, game table and hashes are the
verifier's own.
"""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pokebench.episode import Episode, StepResult
from pokebench.errors import DesyncError, TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.origin import own_cartridge
from pokebench.trajectory import (
    CheckpointEvent,
    DoneEvent,
    Event,
    Ledger,
    Line,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    Trajectory,
    TurnEvent,
    read_trajectory,
)
from pokebench.trajectory.ledger import COUNTED
from pokebench.types import Action, Clocks, EndReason, Frame, actions_of

_OWN_CLOCKS = ("frames", "presses", "steps", "turns", *COUNTED)
"""Clocks that are recomputed, by re-simulation and by adding up the recorded answers of models.
Seconds are the recorder's word, as is what an answer cost."""
_DOLLAR_TOLERANCE = 1e-6
_PRESSING_TIERS = frozenset({"pixels", "text"})
"""Tiers in which a turn is a list of presses and nothing else."""
_PROGRESS_TURNS = 50


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone as re-simulation found it.

    Attributes:
        id: which.
        clocks: recomputed, but for seconds.
    """

    id: str
    clocks: Clocks


@dataclass(frozen=True, slots=True)
class Verification:
    """A run that holds from power-on to its last event.

    Attributes:
        trajectory: the run.
        cartridge: the verifier's own.
        milestones: in the order in which they latched.
        reason: why the episode ended; None if the record was cut off before its end.
        clocks: at the end of what is recorded.
        state: SHA-256 of the whole machine at the end.
        invalid_because: why the run does not count although it holds, or "".
        screens: screens that were asked for, by frame.
    """

    trajectory: Trajectory
    cartridge: Cartridge
    milestones: tuple[Reached, ...]
    reason: EndReason | None
    clocks: Clocks
    state: str
    invalid_because: str
    screens: dict[int, Frame]


def verify(
    folder: Path,
    rom_path: Path | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
    screens_at: Collection[int] = (),
) -> Verification:
    """Re-simulate the run in `folder`.

    Args:
        folder: the run folder.
        rom_path: the verifier's ROM, for games that are not generated.
        on_progress: called now and then with the frames re-simulated so far.
        screens_at: frames whose screens to keep, where they are a step's last frame or the start.

    Raises:
        TrajectoryError: the record is damaged; the message names the place.
        DesyncError: re-simulation gives something else; the message names the line and what
            differs.
        ConfigError: the game, ROM or emulator to verify with is not here.
    """
    trajectory = read_trajectory(folder)
    cartridge = own_cartridge(trajectory.manifest, rom_path)
    replay = _Replay(trajectory, cartridge, screens_at)
    try:
        for line in trajectory.lines:
            replay.check(line)
            if replay.turns % _PROGRESS_TURNS == 0:
                on_progress(replay.episode.frames)
        return replay.result()
    finally:
        replay.episode.close()


class _Replay:
    """Follows the events and stops at the first that does not come true."""

    def __init__(
        self,
        trajectory: Trajectory,
        cartridge: Cartridge,
        screens_at: Collection[int],
    ) -> None:
        manifest = trajectory.manifest
        self.turns = 0
        self.episode = Episode(cartridge, manifest.seed, manifest.budget.frames)
        self._trajectory = trajectory
        self._cartridge = cartridge
        self._screens_at = frozenset(screens_at)
        self._screens: dict[int, Frame] = {}
        self._began = False
        self._turns_at_milestone = 0
        self._over: EndReason | None = None
        self._outcome: EndReason | None = None
        self._end_state = ""
        self._ledger = Ledger()
        self._unclaimed: list[Reached] = []
        self._reached: list[Reached] = []
        self._checks: dict[type[Event], Callable[[str, Event], None]] = {
            SessionEvent: self._check_session,
            ResetEvent: self._check_reset,
            TurnEvent: self._check_turn,
            DoneEvent: self._check_done,
            CheckpointEvent: self._check_checkpoint,
            MilestoneEvent: self._check_milestone,
            OutcomeEvent: self._check_outcome,
        }

    def check(self, line: Line) -> None:
        """Do or compare what one event says."""
        place = f"events.jsonl line {line.number} ({line.event.t}, frame {line.event.f})"
        if self._outcome is not None and not isinstance(line.event, SessionEvent):
            raise DesyncError(f"{place}: an event after the outcome")
        if self._unclaimed and not isinstance(line.event, MilestoneEvent | SessionEvent):
            missing = self._unclaimed[0]
            raise DesyncError(
                f"{place}: milestone {missing.id} latched at frame {missing.clocks.frames} and is "
                "not recorded"
            )
        self._ledger.add(line.event)
        check = self._checks.get(type(line.event))
        if check is not None:
            check(place, line.event)

    def result(self) -> Verification:
        """Return what was verified.

        Raises:
            TrajectoryError: the record holds no start.
        """
        if not self._began:
            raise TrajectoryError(f"{self._trajectory.folder}: the run never began")
        outcome = self._trajectory.outcome
        recorded = outcome.clocks if outcome else Clocks()
        return Verification(
            trajectory=self._trajectory,
            cartridge=self._cartridge,
            milestones=tuple(self._reached),
            reason=outcome.reason if outcome else None,
            clocks=self._clocks(recorded),
            state=self._end_state or self.episode.emulator.state_hash(),
            invalid_because=self._ledger.invalid_because,
            screens=self._screens,
        )

    def _check_session(self, place: str, event: Event) -> None:
        """A new session may follow an outcome that allows to resume."""
        if self._outcome is not None and not self._outcome.is_resumable:
            raise DesyncError(f"{place}: a new session after the outcome {self._outcome}")
        self._outcome = None
        self._end_state = ""

    def _check_reset(self, place: str, event: Event) -> None:
        assert isinstance(event, ResetEvent)
        if self._began:
            raise DesyncError(f"{place}: the game is reset a second time")
        self._began = True
        _compare(place, "seed", event.seed, self.episode.seed)
        _compare(place, "idle_frames", event.idle_frames, self.episode.idle_frames)
        _compare(place, "frame", event.f, self.episode.frames)
        _compare(place, "RAM hash", event.ram, self.episode.emulator.ram_hash())
        self._keep_screen()

    def _check_turn(self, place: str, event: Event) -> None:
        assert isinstance(event, TurnEvent)
        if not self._began:
            raise DesyncError(f"{place}: a turn before the reset")
        if self._over is not None:
            raise DesyncError(f"{place}: a turn after the episode was over ({self._over})")
        _compare(place, "frame", event.f, self.episode.frames)
        self._check_tier(place, event)
        self.turns += 1
        step_frames = self._cartridge.table.timing.step_frames
        for action in actions_of(event.a):
            draws = self.episode.frames + step_frames in self._screens_at
            self._note(self.episode.step(action, render=draws))
            self._keep_screen()
            if self._over is not None:
                return

    def _check_tier(self, place: str, event: TurnEvent) -> None:
        """Refuse a turn that holds more presses than the tier's tools can make."""
        agent = self._trajectory.manifest.agent
        harness = agent.card.get("harness")
        if agent.privileged or self._trajectory.manifest.tier not in _PRESSING_TIERS:
            return
        most = harness.get("max_buttons") if isinstance(harness, dict) else None
        presses = len(event.a) - event.a.count(Action.WAIT.letter)
        if isinstance(most, int) and presses > most:
            raise DesyncError(f"{place}: {presses} presses in a turn whose card allows {most}")

    def _note(self, result: StepResult) -> None:
        self._unclaimed += [Reached(name, self._clocks(Clocks())) for name in result.latched]
        if result.latched:
            self._turns_at_milestone = self.turns
        if result.is_over:
            self._over = EndReason.FINISHED if result.terminated else EndReason.BUDGET_FRAMES

    def _check_milestone(self, place: str, event: Event) -> None:
        assert isinstance(event, MilestoneEvent)
        if not self._unclaimed:
            raise DesyncError(f"{place}: milestone {event.id} is claimed but did not latch")
        found = self._unclaimed.pop(0)
        _compare(place, "milestone", event.id, found.id)
        _compare(place, "frame", event.f, found.clocks.frames)
        self._compare_clocks(place, event.clocks, found.clocks)
        self._reached.append(Reached(found.id, _with_game_clocks(event.clocks, found.clocks)))

    def _check_done(self, place: str, event: Event) -> None:
        assert isinstance(event, DoneEvent)
        _compare(place, "frame", event.f, self.episode.frames)
        _compare(place, "RAM hash", event.ram, self.episode.emulator.ram_hash())

    def _check_checkpoint(self, place: str, event: Event) -> None:
        assert isinstance(event, CheckpointEvent)
        _compare(place, "frame", event.f, self.episode.frames)
        _compare(place, "state hash", event.state, self.episode.emulator.state_hash())

    def _check_outcome(self, place: str, event: Event) -> None:
        assert isinstance(event, OutcomeEvent)
        _compare(place, "frame", event.f, self.episode.frames)
        self._compare_clocks(place, event.clocks, self._clocks(Clocks()))
        self._end_state = self.episode.emulator.state_hash()
        _compare(place, "state hash", event.state, self._end_state)
        by_game = (EndReason.FINISHED, EndReason.BUDGET_FRAMES)
        if self._over is not None or event.reason in by_game:
            _compare(place, "reason", event.reason, self._over)
        self._check_limit(place, event.reason)
        self._outcome = event.reason

    def _check_limit(self, place: str, reason: EndReason) -> None:
        """Refuse a budget as the reason if it was not used up."""
        budget = self._trajectory.manifest.budget
        since_milestone = self.turns - self._turns_at_milestone
        limits: dict[EndReason, tuple[float | None, float]] = {
            EndReason.BUDGET_TURNS: (budget.turns, self.turns),
            EndReason.BUDGET_CALLS: (budget.calls, self._ledger.calls),
            EndReason.BUDGET_TOKENS: (budget.tokens, self._ledger.tokens),
            EndReason.STAGNATION: (budget.stagnation_turns, since_milestone),
        }
        limit, used = limits.get(reason, (0, 0))
        if limit is None or used < limit:
            raise DesyncError(f"{place}: the reason is {reason} at {used:g} of {limit}")

    def _compare_clocks(self, place: str, recorded: Clocks, found: Clocks) -> None:
        for name in _OWN_CLOCKS:
            claimed, own = getattr(recorded, name), getattr(found, name)
            if not (name.startswith("usd") and abs(claimed - own) <= _DOLLAR_TOLERANCE):
                _compare(place, f"clock {name}", claimed, own)

    def _clocks(self, recorded: Clocks) -> Clocks:
        """Return the clocks as of now, seconds as recorded."""
        episode = self.episode
        return replace(
            self._ledger.on(recorded),
            frames=episode.frames,
            presses=episode.presses,
            steps=episode.steps,
            turns=self.turns,
        )

    def _keep_screen(self) -> None:
        if self.episode.frames in self._screens_at:
            self._screens[self.episode.frames] = self.episode.emulator.screen()


def _with_game_clocks(recorded: Clocks, found: Clocks) -> Clocks:
    values = asdict(found)
    return replace(recorded, **{name: values[name] for name in _OWN_CLOCKS})


def _compare(place: str, what: str, recorded: object, found: object) -> None:
    if recorded != found:
        raise DesyncError(f"{place}: {what} is recorded as {recorded}, re-simulation gives {found}")
