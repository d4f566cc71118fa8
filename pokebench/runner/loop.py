"""The one loop: observe, act, record, do, look."""

import hashlib
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from pokebench.agent.ports import RunStopped
from pokebench.diagnostics import Diagnostics
from pokebench.env import Observer
from pokebench.episode import Episode, StepResult
from pokebench.errors import AgentError, TrajectoryError
from pokebench.hands import Hands
from pokebench.reader import reader_of
from pokebench.replay.store import Keyframe
from pokebench.runner.budget import Budgets
from pokebench.runner.checkpoint import Checkpoint, CheckpointStore
from pokebench.runner.config import Progress, RunConfig, RunResult, code_version
from pokebench.runner.journal import Journal
from pokebench.runner.manifest import RAM_HASH_FRAMES, STATE_HASH_FRAMES
from pokebench.runner.player import Player
from pokebench.trajectory import (
    CheckpointEvent,
    DiagnosticEvent,
    DoneEvent,
    Inflight,
    InheritedEvent,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    TurnEvent,
)
from pokebench.types import (
    Clocks,
    Effect,
    EndReason,
    JsonObject,
    Policy,
    Trace,
    Turn,
    actions_of,
    letters_of,
)

OnProgress = Callable[[Progress], None]
StopRequested = Callable[[], bool]


class Run:
    """One run under way."""

    def __init__(
        self,
        config: RunConfig,
        player: Player,
        journal: Journal,
        episode: Episode,
        checkpoints: CheckpointStore,
    ) -> None:
        """Let `player` play `episode`.

        Args:
            config: what the run is asked to be.
            player: who plays.
            journal: the record.
            episode: the game, at its start or where a checkpoint was taken.
            checkpoints: keeps where the run stands.
        """
        self._config = config
        self._journal = journal
        self._player = player
        self._checkpoints = checkpoints
        self._inflight = Inflight(config.folder)
        self._checked_at = time.monotonic()
        self._turns = 0
        self._turns_at_milestone = 0
        self._said = ""
        self._did = ""
        self._over: EndReason | None = None
        self._latched: list[tuple[str, Clocks]] = []
        self._flagged: list[str] = []
        self._next_ram_hash = self._next_state_hash = 0
        self._trace: Trace | None = None
        self._frame_before = 0
        self._is_begun = False
        self._episode = episode
        cartridge = config.cartridge
        reader = reader_of(cartridge.table, cartridge.rom.data)
        self._observer = Observer(reader, player.sees)
        self._hands = Hands(self._episode, reader, draws=player.sees.screen)
        self._diagnostics = Diagnostics()
        self._budgets = Budgets(config.budget)
        self._agent = player.connect(
            ram=self._episode.emulator,
            journal=journal,
            inflight=self._inflight,
            budgets=self._budgets,
            frames=lambda: self._episode.frames,
        )

    def restore(self, memory: JsonObject) -> None:
        """Take back the memory of a checkpoint; the episode stands there already."""
        self._turns, self._turns_at_milestone = memory["turns"], memory["turns_at_milestone"]
        self._next_ram_hash, self._next_state_hash = memory["next_hashes"]
        self._trace = _trace_of(memory["trace"])
        self._diagnostics.restore(memory["diagnostics"])
        self._player.restore(memory["line"])
        self._agent.restore(memory["agent"])
        self._is_begun = True

    def play(self, on_progress: OnProgress, stop_requested: StopRequested) -> RunResult:
        """Play to the end and record how it came.

        Raises:
            AgentError: the agent failed; the record says so.
            DesyncError: following the record gives something else.
            TrajectoryError: the record cannot be written further.
        """
        try:
            if not self._is_begun:
                self._record_reset()
                self._press_prefix()
                self._inherit()
                self._trace = self._settle()
            result = self._play(on_progress, stop_requested)
        finally:
            self._episode.close()
            self._inflight.close()
        if not result.reason.is_resumable:
            self._inflight.clear()
            self._checkpoints.drop()
        return result

    def _play(self, on_progress: OnProgress, stop_requested: StopRequested) -> RunResult:
        while self._over is None:
            try:
                since_milestone = self._turns - self._turns_at_milestone
                own_turns = self._turns - bool(self._config.prefix)
                self._budgets.check_before_turn(self._journal, own_turns, since_milestone)
                turn = self._ask(self._trace)
            except RunStopped as stop:
                return self._finish(stop.reason, stop.detail)
            if not turn.actions:
                return self._finish(turn.ended or EndReason.AGENT_STOPPED, turn.text[:200])
            self._trace = self._do(turn)
            on_progress(self._progress())
            if self._over is None:
                self._over = self._outside_reason(stop_requested)
                self._keep_checkpoint()
        return self._finish(self._over)

    def _keep_checkpoint(self) -> None:
        """Keep where the run stands, now and then and when it is about to be interrupted."""
        now, place = time.monotonic(), self._journal.place
        is_due = self._over is not None or now - self._checked_at >= self._config.checkpoint_s
        if place is None or not is_due or not self._checkpoints.keeps:
            return
        self._checked_at = now
        emulator = self._episode.emulator
        memory = {
            "episode": self._episode.state(),
            "turns": self._turns,
            "turns_at_milestone": self._turns_at_milestone,
            "next_hashes": [self._next_ram_hash, self._next_state_hash],
            "trace": asdict(self._trace) if self._trace else None,
            "diagnostics": self._diagnostics.state(),
            "line": self._player.state(),
            "agent": self._agent.state(),
        }
        self._checkpoints.save(
            Checkpoint(
                version=code_version(),
                count=place[0],
                head=place[1],
                machine=emulator.save_state(),
                state=emulator.state_hash(),
                memory=memory,
            )
        )

    def _press_prefix(self) -> None:
        """Press the prefix's buttons, if there is one; it is recorded as the first turn."""
        if self._config.prefix is None:
            return
        letters = self._config.prefix.letters
        self._turns += 1
        self._record_turn(letters, "")
        self._hands.perform(Turn(actions_of(letters)), self._on_step)
        self._record_milestones()
        if self._over is None:
            self._record_hashes()

    def _inherit(self) -> None:
        """Do the turns that a branch begins with; its record holds them, and hashes of its own."""
        while isinstance(self._journal.peek(), InheritedEvent):
            event = self._journal.take(InheritedEvent)
            self._turns += 1
            self._hands.perform(Turn(actions_of(event.a)), self._on_step)
            self._turns_at_milestone = self._turns
            self._record_milestones()
            frames, emulator = self._episode.frames, self._episode.emulator
            if isinstance(self._journal.peek(), CheckpointEvent):
                self._journal.commit(CheckpointEvent(f=frames, state=emulator.state_hash()))
            if isinstance(self._journal.peek(), DoneEvent):
                self._journal.commit(DoneEvent(f=frames, ram=emulator.ram_hash()))
            self._next_ram_hash = frames + RAM_HASH_FRAMES
            self._next_state_hash = frames + STATE_HASH_FRAMES
        if self._flagged:
            self._record_flags()

    def _settle(self) -> Trace | None:
        """Before the first turn of a careful agent: wait until the game takes a button."""
        if not self._observer.sees.is_careful:
            return None
        before = self._episode.frames
        trace = self._hands.settle(self._on_step)
        if trace.done:
            self._turns += 1
            self._record_turn(trace.done, "", before)
            self._record_milestones()
        return trace

    def _outside_reason(self, stop_requested: StopRequested) -> EndReason | None:
        """Return why the run should end for reasons that are not in the game, or None."""
        if self._journal.is_replaying:
            return None
        if self._journal.is_full:
            return EndReason.DISK_FULL
        return EndReason.INTERRUPTED if stop_requested() else None

    def _ask(self, trace: Trace | None) -> Turn:
        """Return the agent's turn; an agent that fails ends the run, on the record.

        Raises:
            AgentError: the agent raised, or returned what is no turn.
        """
        observation = self._observer.observe(self._episode, trace)
        try:
            turn = self._agent.act(observation)
        except (TrajectoryError, RunStopped):
            raise
        except AgentError as error:
            self._finish(EndReason.ERROR, str(error))
            raise
        except (Exception, SystemExit) as error:
            fault = f"{type(error).__name__}: {error}"
            self._finish(EndReason.ERROR, fault)
            raise AgentError(f"the agent failed in {_where(error)}: {fault}") from error
        return turn

    def _do(self, turn: Turn) -> Trace | None:
        """Do a turn and record it, an exact one before it is done."""
        self._said = turn.text or self._said
        self._turns += 1
        is_exact = turn.policy is Policy.EXACT
        if is_exact:
            self._record_turn(letters_of(turn.actions), turn.text)
        else:
            self._frame_before = self._episode.frames
        trace = self._hands.perform(turn, self._on_step)
        self._did = trace.done
        if not is_exact:
            self._record_turn(trace.done, turn.text, self._frame_before)
        self._record_milestones()
        self._look(turn, trace)
        if self._over is None:
            self._record_hashes()
        return None if is_exact else trace

    def _on_step(self, result: StepResult) -> None:
        clocks = self._clocks() if result.latched else None
        if clocks is not None:
            self._turns_at_milestone = self._turns
            self._latched += [(milestone, clocks) for milestone in result.latched]
        self._flagged += result.flagged
        if result.is_over:
            by_game = EndReason.FINISHED if result.terminated else EndReason.BUDGET_FRAMES
            self._over = by_game

    def _record_reset(self) -> None:
        episode = self._episode
        event = ResetEvent(
            f=episode.frames,
            seed=episode.seed,
            idle_frames=episode.idle_frames,
            ram=episode.emulator.ram_hash(),
        )
        self._journal.commit(event, durable=True)
        self._next_ram_hash = episode.frames + RAM_HASH_FRAMES
        self._next_state_hash = episode.frames + STATE_HASH_FRAMES

    def _record_turn(self, letters: str, text: str, frame: int | None = None) -> None:
        before = self._episode.frames if frame is None else frame
        event = TurnEvent(f=before, a=letters, text=text, w=self._journal.elapsed())
        self._journal.commit(event)

    def _record_milestones(self) -> None:
        for milestone, clocks in self._latched:
            event = MilestoneEvent(f=clocks.frames, id=milestone, clocks=clocks)
            self._journal.commit(event, durable=True)
        self._latched.clear()
        self._record_flags()

    def _record_flags(self) -> None:
        titles = {flag.id: flag.title for flag in self._episode.flags}
        for flag in self._flagged:
            event = DiagnosticEvent(
                f=self._episode.frames, what=flag, turn=self._turns, detail=titles[flag]
            )
            self._journal.commit(event)
        self._flagged.clear()

    def _record_hashes(self) -> None:
        frames, emulator = self._episode.frames, self._episode.emulator
        if frames >= self._next_state_hash:
            place, machine = self._journal.place, emulator.machine()
            event = CheckpointEvent(f=frames, state=hashlib.sha256(machine).hexdigest())
            self._journal.commit(event, durable=True)
            if place is not None:
                self._checkpoints.keep_state(Keyframe.of(*place, machine, self._episode.state()))
            self._next_state_hash = frames + STATE_HASH_FRAMES
        if frames >= self._next_ram_hash:
            self._journal.commit(DoneEvent(f=frames, ram=emulator.ram_hash()))
            self._next_ram_hash = frames + RAM_HASH_FRAMES

    def _look(self, turn: Turn, trace: Trace) -> None:
        """Let the detectors see a careful turn; exact ones come from agents that need no doctor."""
        if turn.policy is Policy.EXACT:
            return
        situation = self._hands.situation()
        found = self._diagnostics.update(
            self._turns,
            situation.fingerprint.hex(),
            turn.actions,
            trace,
            situation.scene,
            len(self._episode.milestones),
            self._journal.ledger.cut_off,
        )
        for diagnostic in found:
            event = DiagnosticEvent(
                f=self._episode.frames,
                what=diagnostic.kind,
                turn=diagnostic.turn,
                detail=diagnostic.detail,
            )
            self._journal.commit(event)

    def _finish(self, reason: EndReason, detail: str = "") -> RunResult:
        clocks = self._clocks()
        event = OutcomeEvent(
            f=clocks.frames,
            reason=reason,
            detail=detail,
            clocks=clocks,
            state=self._episode.emulator.state_hash(),
        )
        self._journal.commit(event, durable=True)
        milestones = self._episode.milestones
        own = self._journal.ledger.invalid_because or self._episode.invalid_because
        because = own or self._config.uncounted_because
        return RunResult(self._config.folder, reason, detail, clocks, milestones, because)

    def _clocks(self) -> Clocks:
        episode, elapsed = self._episode, self._journal.elapsed()
        ledger = self._journal.ledger
        clocks = Clocks(
            frames=episode.frames,
            presses=episode.presses,
            steps=episode.steps,
            turns=self._turns,
            work_s=round(max(elapsed - ledger.waited_s, 0.0), 3),
            wall_s=elapsed,
        )
        return ledger.on(clocks)

    def _progress(self) -> Progress:
        return Progress(
            clocks=self._clocks(),
            milestones=self._episode.milestones,
            said=self._said,
            did=self._did,
            cache_share=self._journal.ledger.cache_share,
            has_unknown_prices=self._journal.ledger.has_unknown_prices,
            is_replaying=self._journal.is_replaying,
        )


def _trace_of(data: JsonObject | None) -> Trace | None:
    if data is None:
        return None
    effects = tuple(Effect(effect) for effect in data["effects"])
    return Trace(data["done"], effects, data["stopped"])


def _where(error: BaseException) -> str:
    """Return the place in the agent's code where an error arose."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name} line {frame.lineno}"
