"""Plays one episode and records it: the only loop, and the only place that reads a clock."""

import importlib.metadata
import platform
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pokebench.agent import Agent, AgentSpec, Privileges, build_agent
from pokebench.emulator import EMULATOR_NAME, Emulator, emulator_version
from pokebench.env import Observer
from pokebench.episode import Episode
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.tallgrass.build import BuiltWorld, engine_sha256
from pokebench.tallgrass.generator import GENERATOR_VERSION
from pokebench.trajectory import (
    CheckpointEvent,
    DoneEvent,
    Manifest,
    MilestoneEvent,
    OutcomeEvent,
    ResetEvent,
    SessionEvent,
    TrajectoryWriter,
    TurnEvent,
)
from pokebench.trajectory.manifest import (
    AgentPart,
    BudgetPart,
    CodePart,
    EmulatorPart,
    GamePart,
    RecordingPart,
    TimingPart,
    WorldPart,
)
from pokebench.types import Clocks, EndReason, RamPort, Turn, letters_of

RAM_HASH_FRAMES = 1200
"""A hash of RAM is recorded after a turn, at most this often: some 20 seconds of game time."""
STATE_HASH_FRAMES = 36_000
"""A hash of the whole machine is recorded this often: some ten minutes of game time."""
_RECORDED_PACKAGES = ("pokebench", "pyboy", "numpy", "gymnasium")


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that a run is asked to be.

    Attributes:
        cartridge: what is played.
        agent: who plays.
        seed: start perturbation, and seed of agents that draw.
        budget_frames: frames after which the episode is truncated.
        folder: the run folder to make.
    """

    cartridge: Cartridge
    agent: AgentSpec
    seed: int
    budget_frames: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, for a progress bar.

    Attributes:
        clocks: as of now.
        milestones: latched so far, in order.
        said: what the agent said last.
    """

    clocks: Clocks
    milestones: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended.

    Attributes:
        folder: the run folder.
        reason: why the episode ended.
        clocks: at the end.
        milestones: latched, in order.
    """

    folder: Path
    reason: EndReason
    clocks: Clocks
    milestones: tuple[str, ...]


def run(
    config: RunConfig,
    on_progress: Callable[[Progress], None] = lambda _: None,
    stop_requested: Callable[[], bool] = lambda: False,
) -> RunResult:
    """Play an episode to its end and record it in `config.folder`.

    Args:
        config: what to play.
        on_progress: called after every turn.
        stop_requested: asked after every turn; True ends the run as `interrupted`.

    Raises:
        ConfigError: the folder cannot be written, or the agent cannot be built.
        TrajectoryError: the record cannot be written further.
    """
    port = _Port()
    agent = build_agent(config.agent, config.seed, Privileges(port, config.cartridge.rom.data))
    with TrajectoryWriter(config.folder, make_manifest(config)) as writer:
        recorder = _Recorder(config, agent, writer)
        port.connect(recorder.emulator)
        try:
            return recorder.play(on_progress, stop_requested)
        finally:
            recorder.close()


class _Port:
    """The RAM port of a console that is switched on after the agent was built.

    An agent that cannot be built must leave no run folder behind.
    """

    def __init__(self) -> None:
        self._ram: RamPort | None = None

    def connect(self, ram: RamPort) -> None:
        """Read from `ram` from now on."""
        self._ram = ram

    def read(self, address: int, size: int) -> bytes:
        """Return `size` bytes from `address`."""
        if self._ram is None:
            raise ConfigError("an agent reads RAM before its first turn; read it in act()")
        return self._ram.read(address, size)


class _Recorder:
    """One run under way."""

    def __init__(self, config: RunConfig, agent: Agent, writer: TrajectoryWriter) -> None:
        self._config = config
        self._agent = agent
        self._writer = writer
        self._started = time.monotonic()
        self._turns = 0
        self._said = ""
        self._next_ram_hash = self._next_state_hash = 0
        version = importlib.metadata.version("pokebench")
        writer.append(SessionEvent(f=0, reason="start", version=version), durable=True)
        self._episode = Episode(config.cartridge, config.seed, config.budget_frames)
        self._observer = Observer(config.cartridge, config.agent.card.observation)
        self._record_reset()

    @property
    def emulator(self) -> Emulator:
        """The console that the game runs on."""
        return self._episode.emulator

    def close(self) -> None:
        """Switch the console off."""
        self._episode.close()

    def play(
        self, on_progress: Callable[[Progress], None], stop_requested: Callable[[], bool]
    ) -> RunResult:
        """Play to the end and record how it came."""
        reason = None
        while reason is None:
            turn = self._ask()
            reason = self._play_turn(turn) if turn.actions else EndReason.AGENT_STOPPED
            on_progress(Progress(self._clocks(), self._episode.milestones, self._said))
            if reason is None and stop_requested():
                reason = EndReason.INTERRUPTED
        return self._finish(reason)

    def _ask(self) -> Turn:
        """Return the agent's turn; an agent that fails ends the run, on the record."""
        observation = self._observer.observe(self._episode)
        try:
            return self._agent.act(observation)
        except Exception as error:
            self._finish(EndReason.ERROR, f"{type(error).__name__}: {error}")
            raise

    def _play_turn(self, turn: Turn) -> EndReason | None:
        """Record a turn, then do it: what was done is never more than what is recorded."""
        self._said = turn.text or self._said
        self._turns += 1
        letters = letters_of(turn.actions)
        self._writer.append(
            TurnEvent(f=self._episode.frames, a=letters, text=turn.text, w=self._elapsed())
        )
        last = len(turn.actions) - 1
        for index, action in enumerate(turn.actions):
            result = self._episode.step(
                action, render=self._observer.needs_screen and index == last
            )
            for milestone in result.latched:
                self._record_milestone(milestone)
            if result.is_over:
                return EndReason.FINISHED if result.terminated else EndReason.BUDGET_FRAMES
        self._record_hashes()
        return None

    def _record_reset(self) -> None:
        episode = self._episode
        event = ResetEvent(
            f=episode.frames,
            seed=episode.seed,
            idle_frames=episode.idle_frames,
            ram=episode.emulator.ram_hash(),
        )
        self._writer.append(event, durable=True)
        self._next_ram_hash = episode.frames + RAM_HASH_FRAMES
        self._next_state_hash = episode.frames + STATE_HASH_FRAMES

    def _record_milestone(self, milestone: str) -> None:
        event = MilestoneEvent(f=self._episode.frames, id=milestone, clocks=self._clocks())
        self._writer.append(event, durable=True)

    def _record_hashes(self) -> None:
        frames, emulator = self._episode.frames, self._episode.emulator
        if frames >= self._next_state_hash:
            event = CheckpointEvent(f=frames, state=emulator.state_hash())
            self._writer.append(event, durable=True)
            self._next_state_hash = frames + STATE_HASH_FRAMES
        if frames >= self._next_ram_hash:
            self._writer.append(DoneEvent(f=frames, ram=emulator.ram_hash()))
            self._next_ram_hash = frames + RAM_HASH_FRAMES

    def _finish(self, reason: EndReason, detail: str = "") -> RunResult:
        clocks = self._clocks()
        event = OutcomeEvent(
            f=clocks.frames,
            reason=reason,
            detail=detail,
            clocks=clocks,
            state=self._episode.emulator.state_hash(),
        )
        self._writer.append(event, durable=True)
        return RunResult(self._config.folder, reason, clocks, self._episode.milestones)

    def _clocks(self) -> Clocks:
        episode, elapsed = self._episode, self._elapsed()
        return Clocks(
            frames=episode.frames,
            presses=episode.presses,
            steps=episode.steps,
            turns=self._turns,
            work_s=elapsed,
            wall_s=elapsed,
        )

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._started, 3)


def make_manifest(config: RunConfig) -> Manifest:
    """Return the manifest of a run that is about to begin."""
    table, agent = config.cartridge.table, config.agent
    settings = table.emulator.settings()
    return Manifest(
        run_id=uuid.uuid4().hex,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=config.seed,
        observation=agent.card.observation,
        game=_game_part(config.cartridge),
        emulator=EmulatorPart(name=EMULATOR_NAME, version=emulator_version(), **asdict(settings)),
        timing=TimingPart(**table.timing.model_dump(), **table.start.model_dump()),
        agent=AgentPart(
            id=agent.card.id,
            privileged=agent.card.privileged,
            card=agent.card.model_dump(mode="json"),
            code_sha256=agent.code_sha256,
        ),
        budget=BudgetPart(frames=config.budget_frames),
        recording=RecordingPart(
            ram_hash_frames=RAM_HASH_FRAMES, state_hash_frames=STATE_HASH_FRAMES
        ),
        code=_code_part(),
    )


def _game_part(cartridge: Cartridge) -> GamePart:
    return GamePart(
        spec=str(cartridge.spec),
        id=cartridge.table.game.id,
        title=cartridge.table.game.title,
        rom_sha1=cartridge.rom.sha1,
        rom_bytes=len(cartridge.rom.data),
        table_sha256=cartridge.table_sha256,
        milestones=tuple(milestone.id for milestone in cartridge.milestones),
        world=_world_part(cartridge.world) if cartridge.world else None,
    )


def _world_part(built: BuiltWorld) -> WorldPart:
    return WorldPart(
        preset=built.world.preset,
        seed=built.world.seed,
        attempt=built.attempt,
        generator_version=GENERATOR_VERSION,
        engine_sha256=engine_sha256(),
    )


def _code_part() -> CodePart:
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain") if commit else None
    return CodePart(
        version=importlib.metadata.version("pokebench"),
        commit=commit,
        dirty=None if changes is None else bool(changes),
        python=platform.python_version(),
        platform=f"{platform.system()}-{platform.machine()}",
        packages={name: importlib.metadata.version(name) for name in _RECORDED_PACKAGES},
    )


def _git(*arguments: str) -> str | None:
    """Return what git says of the checkout that this package lies in; None outside of one."""
    checkout = Path(__file__).resolve().parents[1]
    if not (checkout / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(checkout), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
