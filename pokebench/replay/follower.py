"""Follows a record line by line: presses its buttons, and stops at what does not come true.

Verification, indexing and the viewer all follow a record through this class and no other.
"""

import copy
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from pokebench.episode import Episode, StepResult
from pokebench.errors import DesyncError
from pokebench.milestone import Cartridge
from pokebench.replay.standing import Standing
from pokebench.trajectory import (
    CheckpointEvent,
    DoneEvent,
    Event,
    InheritedEvent,
    Ledger,
    Line,
    Manifest,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    TurnEvent,
)
from pokebench.trajectory.ledger import COUNTED
from pokebench.types import Action, Clocks, EndReason, actions_of

_OWN_CLOCKS = ("frames", "presses", "steps", "turns", *COUNTED)
"""Clocks that are recomputed, by re-simulation and by adding up the recorded answers of models.
Seconds are the recorder's word, as is what an answer cost."""
_DOLLAR_TOLERANCE = 1e-6
_PRESSING_TIERS = frozenset({"pixels", "text"})
"""Tiers in which a turn is a list of presses and nothing else."""


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
class Flagged:
    """A flag that re-simulation raised.

    Attributes:
        id: which.
        title: what is wrong, for people.
        frame: when it was raised.
    """

    id: str
    title: str
    frame: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Where an agent took over from a prefix, as re-simulation found it.

    Attributes:
        clocks: then, without seconds.
        ram: hash of RAM.
    """

    clocks: Clocks
    ram: str


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What is known where following a record ended.

    Attributes:
        began: the record's start was followed.
        clocks: recomputed, but for seconds, which are as at the outcome.
        state: SHA-256 of the whole machine.
        invalid_because: why the run does not count so far, or "".
    """

    began: bool
    clocks: Clocks
    state: str
    invalid_because: str


class Watcher(Protocol):
    """Looks on while a record is followed."""

    def wants_screen(self, frame: int) -> bool:
        """Return whether the screen of `frame`, a step's last, is to be drawn."""
        ...

    def see(self, episode: Episode) -> None:
        """Look at the game after the start and after each step."""
        ...


class _Nobody:
    def wants_screen(self, frame: int) -> bool:
        return False

    def see(self, episode: Episode) -> None:
        pass


class Follower:
    """Follows the events and stops at the first that does not come true.

    Attributes:
        episode: the game, as re-simulated so far.
        turns: turns taken.
        reached: milestones that were claimed and found, in order.
        flagged: states found that honest play does not bring about, in order.
        handover: where the agent took over from a prefix; None without one, and before.
    """

    def __init__(
        self, manifest: Manifest, cartridge: Cartridge, watcher: Watcher | None = None
    ) -> None:
        """Power on one's own `cartridge` for the run that `manifest` names.

        Args:
            manifest: the run's.
            cartridge: one's own.
            watcher: looks on.
        """
        self.turns = 0
        self.episode = Episode(cartridge, manifest.seed, manifest.budget.frames, manifest.goal)
        self.reached: list[Reached] = []
        self.flagged: list[Flagged] = []
        self.handover: Handover | None = None
        self._manifest = manifest
        self._step_frames = cartridge.table.timing.step_frames
        self._watcher = watcher or _Nobody()
        self._branch_frame = manifest.parent.frame if manifest.parent else 0
        self._began = False
        self._turns_at_milestone = 0
        self._over: EndReason | None = None
        self._outcome: EndReason | None = None
        self._end_state = ""
        self._recorded = Clocks()
        self._ledger = Ledger()
        self._unclaimed: list[Reached] = []
        self._checks: dict[type[Event], Callable[[str, Event], None]] = {
            SessionEvent: self._check_session,
            ResetEvent: self._check_reset,
            InheritedEvent: self._check_inherited,
            TurnEvent: self._check_own_turn,
            DoneEvent: self._check_done,
            CheckpointEvent: self._check_checkpoint,
            MilestoneEvent: self._check_milestone,
            OutcomeEvent: self._check_outcome,
        }

    def check(self, line: Line) -> None:
        """Do or compare what one event says.

        Raises:
            DesyncError: it does not come true; the message names the line and what differs.
        """
        place = place_of(line)
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

    def standing(self) -> Standing | None:
        """Return where the run stands between two lines; None if it cannot be begun here."""
        if self._unclaimed or self._over is not None:
            return None
        return Standing(
            episode=self.episode.state(),
            turns=self.turns,
            turns_at_milestone=self._turns_at_milestone,
            ledger=copy.copy(self._ledger),
            began=self._began,
            outcome=self._outcome,
        )

    def restore(self, machine: bytes, standing: Standing) -> None:
        """Go on from a standing, before any line was followed; `machine` is one's own state."""
        self.episode.restore(machine, standing.episode, with_screen=False)
        self.turns = standing.turns
        self._turns_at_milestone = standing.turns_at_milestone
        self._began = standing.began
        self._outcome = standing.outcome
        self._ledger = copy.copy(standing.ledger)

    def standpoint(self) -> Standpoint:
        """Return what is known now."""
        clocks = self._clocks(self._recorded)
        own = self._ledger.invalid_because or self.episode.invalid_because
        because = own or self._manifest.uncounted_because
        return Standpoint(self._began, clocks, self.state(), because)

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

    def state(self) -> str:
        """Return SHA-256 of the whole machine as it stands now."""
        return self._end_state or self.episode.emulator.state_hash()

    def close(self) -> None:
        """Switch the console off."""
        self.episode.close()

    def _check_session(self, place: str, event: Event) -> None:
        """A new session may follow an outcome that allows to resume."""
        if self._outcome is not None and not self._outcome.is_resumable:
            raise DesyncError(f"{place}: a new session after the outcome {self._outcome}")
        self._outcome = None
        self._recorded = Clocks()
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
        self._watcher.see(self.episode)

    def _check_inherited(self, place: str, event: Event) -> None:
        """A branch begins with its parent's turns, up to the frame that it names."""
        assert isinstance(event, InheritedEvent)
        end = event.f + len(event.a) * self._step_frames
        if end > self._branch_frame:
            raise DesyncError(
                f"{place}: an inherited turn, where a run of its own begins at frame "
                f"{self._branch_frame}"
            )
        self._do_turn(place, event)
        self._turns_at_milestone = self.turns

    def _check_own_turn(self, place: str, event: Event) -> None:
        assert isinstance(event, TurnEvent)
        if event.f < self._branch_frame:
            raise DesyncError(f"{place}: a turn of its own before frame {self._branch_frame}")
        prefix = self._manifest.prefix if self.turns == 0 else None
        if prefix is not None:
            digest = hashlib.sha256(event.a.encode()).hexdigest()
            _compare(place, "prefix", digest, prefix.inputs_sha256)
        else:
            self._check_tier(place, event)
        self._do_turn(place, event)
        if prefix is not None:
            self.handover = Handover(self._clocks(Clocks()), self.episode.emulator.ram_hash())

    def _do_turn(self, place: str, event: TurnEvent) -> None:
        if not self._began:
            raise DesyncError(f"{place}: a turn before the reset")
        if self._over is not None:
            raise DesyncError(f"{place}: a turn after the episode was over ({self._over})")
        _compare(place, "frame", event.f, self.episode.frames)
        self.turns += 1
        episode, watcher = self.episode, self._watcher
        for action in actions_of(event.a):
            draws = watcher.wants_screen(episode.frames + self._step_frames)
            self._note(episode.step(action, render=draws))
            watcher.see(episode)
            if self._over is not None:
                return

    def _check_tier(self, place: str, event: TurnEvent) -> None:
        """Refuse a turn that holds more presses than the tier's tools can make."""
        agent = self._manifest.agent
        harness = agent.card.get("harness")
        if agent.privileged or self._manifest.tier not in _PRESSING_TIERS:
            return
        most = harness.get("max_buttons") if isinstance(harness, dict) else None
        presses = len(event.a) - event.a.count(Action.WAIT.letter)
        if isinstance(most, int) and presses > most:
            raise DesyncError(f"{place}: {presses} presses in a turn whose card allows {most}")

    def _note(self, result: StepResult) -> None:
        self._unclaimed += [Reached(name, self._clocks(Clocks())) for name in result.latched]
        if result.latched:
            self._turns_at_milestone = self.turns
        for flag in self.episode.flags if result.flagged else ():
            if flag.id in result.flagged:
                self.flagged.append(Flagged(flag.id, flag.title, self.episode.frames))
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
        self.reached.append(Reached(found.id, _with_game_clocks(event.clocks, found.clocks)))

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
        self._recorded = event.clocks

    def _check_limit(self, place: str, reason: EndReason) -> None:
        """Refuse a budget as the reason if it was not used up."""
        budget = self._manifest.budget
        since_milestone = self.turns - self._turns_at_milestone
        limits: dict[EndReason, tuple[float | None, float]] = {
            EndReason.BUDGET_TURNS: (budget.turns, self.turns - bool(self._manifest.prefix)),
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


def place_of(line: Line) -> str:
    """Return where a line stands, in words."""
    return f"events.jsonl line {line.number} ({line.event.t}, frame {line.event.f})"


def _with_game_clocks(recorded: Clocks, found: Clocks) -> Clocks:
    values = asdict(found)
    return replace(recorded, **{name: values[name] for name in _OWN_CLOCKS})


def _compare(place: str, what: str, recorded: object, found: object) -> None:
    if recorded != found:
        raise DesyncError(f"{place}: {what} is recorded as {recorded}, re-simulation gives {found}")
