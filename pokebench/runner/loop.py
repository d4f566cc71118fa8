"""The one loop: observe, act, record, do, look; and the two ways into it, a start and a resume."""

import importlib.metadata
import traceback
from collections.abc import Callable
from pathlib import Path

from pokebench.agent.ports import RunStopped
from pokebench.diagnostics import Diagnostics
from pokebench.env import Observer
from pokebench.episode import Episode, StepResult
from pokebench.errors import AgentError, ConfigError, DesyncError
from pokebench.hands import Hands
from pokebench.reader import text_reader
from pokebench.runner.budget import Budgets
from pokebench.runner.config import Progress, RunConfig, RunResult
from pokebench.runner.journal import Journal
from pokebench.runner.manifest import RAM_HASH_FRAMES, STATE_HASH_FRAMES, make_manifest
from pokebench.runner.player import Player
from pokebench.trajectory import (
    AgentEvent,
    CheckpointEvent,
    DiagnosticEvent,
    DoneEvent,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    Trajectory,
    TrajectoryWriter,
    TurnEvent,
)
from pokebench.trajectory.chain import Chain
from pokebench.trajectory.events import MAX_ACTIONS, MAX_TEXT
from pokebench.types import Action, Clocks, EndReason, JsonObject, Policy, Trace, Turn, letters_of

OnProgress = Callable[[Progress], None]
StopRequested = Callable[[], bool]


def run(
    config: RunConfig,
    on_progress: OnProgress = lambda _: None,
    stop_requested: StopRequested = lambda: False,
) -> RunResult:
    """Play an episode to its end and record it in `config.folder`.

    Args:
        config: what to play.
        on_progress: called after every turn.
        stop_requested: asked after every turn; True ends the run
            as `interrupted`, to be resumed later.

    Raises:
        ConfigError: the folder cannot be written, or the agent cannot be built.
        TrajectoryError: the record cannot be written further.
    """
    with Player(config, stop_requested) as player:
        manifest = make_manifest(config, player.api_host)
        with TrajectoryWriter.create(config.folder, manifest) as writer:
            writer.append(_session("start"), durable=True)
            return _Run(config, player, Journal(writer)).play(on_progress, stop_requested)


def resume(
    config: RunConfig,
    trajectory: Trajectory,
    on_progress: OnProgress = lambda _: None,
    stop_requested: StopRequested = lambda: False,
) -> RunResult:
    """Go on with a run that was cut off or interrupted.

    Everything is done again from power-on and compared with the record; where that ends, play
    goes on.

    Args:
        config: what the run was asked to be, from its manifest.
        trajectory: its record.
        on_progress: called after every turn.
        stop_requested: as for `run`.

    Raises:
        ConfigError: the run is over.
        DesyncError: doing it again gives something else; nothing was written.
        TrajectoryError: the record cannot be written further.
    """
    outcome = trajectory.outcome
    if outcome is not None and not outcome.reason.is_resumable:
        raise ConfigError(f"{config.folder}: the run is over ({outcome.reason})")
    with Player(config, stop_requested) as player, _reopened(trajectory) as writer:
        writer.append(_session("resume"), durable=True)
        recorded = [line for line in trajectory.lines if not _is_first_session(line.number)]
        return _Run(config, player, Journal(writer, recorded)).play(on_progress, stop_requested)


def _where(error: Exception) -> str:
    """Return the place in the agent's code where an error arose."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name} line {frame.lineno}"


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def turn_fault(turn: object) -> str:
    """Return why `turn`, which comes from anybody's code, cannot be done; "" if it can."""
    if not isinstance(turn, Turn):
        return f"act() returned {type(turn).__name__}, not a Turn"
    if not isinstance(turn.actions, tuple) or not isinstance(turn.text, str):
        return "a turn has a tuple of actions and a text"
    if len(turn.actions) > MAX_ACTIONS or len(turn.text) > MAX_TEXT:
        return f"a turn has at most {MAX_ACTIONS} actions and {MAX_TEXT} characters of text"
    if not turn.text.isascii() and not _is_encodable(turn.text):
        return "a turn's text must be text that can be written as UTF-8"
    strange = [action for action in turn.actions if not isinstance(action, Action)]
    return f"{strange[0]!r} is no Action" if strange else ""


def _reopened(trajectory: Trajectory) -> TrajectoryWriter:
    return TrajectoryWriter.reopen(
        trajectory.folder, trajectory.events_bytes, Chain.after(trajectory.head), trajectory.count
    )


def _session(reason: str) -> SessionEvent:
    version = importlib.metadata.version("pokebench")
    return SessionEvent(f=0, reason="start" if reason == "start" else "resume", version=version)


def _is_first_session(line_number: int) -> bool:
    return line_number == 1


class _Run:
    """One run under way."""

    def __init__(self, config: RunConfig, player: Player, journal: Journal) -> None:
        self._config = config
        self._journal = journal
        self._turns = 0
        self._turns_at_milestone = 0
        self._said = ""
        self._did = ""
        self._over: EndReason | None = None
        self._latched: list[tuple[str, Clocks]] = []
        self._next_ram_hash = self._next_state_hash = 0
        self._episode = Episode(config.cartridge, config.seed, config.budget.frames)
        cartridge = config.cartridge
        reader = text_reader(cartridge.table.game.reader, cartridge.rom.data)
        self._observer = Observer(reader, player.sees)
        self._hands = Hands(self._episode, reader, draws=player.sees.screen)
        self._diagnostics = Diagnostics()
        self._budgets = Budgets(config.budget)
        self._agent = player.connect(
            ram=self._episode.emulator,
            journal=journal,
            record=self._record_agent,
            budgets=self._budgets,
            frames=lambda: self._episode.frames,
        )

    def play(self, on_progress: OnProgress, stop_requested: StopRequested) -> RunResult:
        """Play to the end and record how it came."""
        try:
            self._record_reset()
            return self._play(on_progress, stop_requested)
        finally:
            self._episode.close()

    def _play(self, on_progress: OnProgress, stop_requested: StopRequested) -> RunResult:
        trace = self._settle()
        while self._over is None:
            try:
                since_milestone = self._turns - self._turns_at_milestone
                self._budgets.check_before_turn(self._journal, self._turns, since_milestone)
                turn = self._ask(trace)
            except RunStopped as stop:
                return self._finish(stop.reason, stop.detail)
            if not turn.actions:
                return self._finish(turn.ended or EndReason.AGENT_STOPPED, turn.text[:200])
            trace = self._do(turn)
            on_progress(self._progress())
            if self._over is None:
                self._over = self._outside_reason(stop_requested)
        return self._finish(self._over)

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
        except (DesyncError, RunStopped):
            raise
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
            self._finish(EndReason.ERROR, fault)
            raise AgentError(f"the agent failed in {_where(error)}: {fault}") from error
        fault = turn_fault(turn)
        if fault:
            self._finish(EndReason.ERROR, fault)
            raise AgentError(f"the agent returned no usable turn: {fault}")
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

    def _record_agent(self, what: str, data: JsonObject) -> None:
        self._journal.commit(AgentEvent(f=self._episode.frames, what=what, data=data))

    def _record_hashes(self) -> None:
        frames, emulator = self._episode.frames, self._episode.emulator
        if frames >= self._next_state_hash:
            event = CheckpointEvent(f=frames, state=emulator.state_hash())
            self._journal.commit(event, durable=True)
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
            trace,
            situation.scene,
            len(self._episode.milestones),
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
        return RunResult(self._config.folder, reason, detail, clocks, milestones)

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
            is_replaying=self._journal.is_replaying,
        )
