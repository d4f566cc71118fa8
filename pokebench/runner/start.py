"""The two ways into the loop: a new run, and going on with one that was cut off."""

import logging
import os

from pokebench.episode import Episode
from pokebench.errors import ConfigError
from pokebench.runner.checkpoint import Checkpoint, CheckpointStore
from pokebench.runner.config import RunConfig, RunResult, code_version
from pokebench.runner.journal import Journal
from pokebench.runner.loop import OnProgress, Run, StopRequested
from pokebench.runner.manifest import make_manifest
from pokebench.runner.player import Player
from pokebench.trajectory import Scrubber, SessionEvent, Trajectory, TrajectoryWriter

logger = logging.getLogger(__name__)


def run(
    config: RunConfig,
    on_progress: OnProgress = lambda _: None,
    stop_requested: StopRequested = lambda: False,
) -> RunResult:
    """Play an episode to its end and record it in `config.folder`.

    Args:
        config: what to play.
        on_progress: called after every turn.
        stop_requested: asked after every turn; True ends the run as `interrupted`, to be resumed
            later.

    Raises:
        AgentError: the agent failed; the record says so.
        ConfigError: the folder cannot be written, or the agent cannot be built.
        TrajectoryError: the record cannot be written further.
    """
    with Player(config, stop_requested) as player:
        manifest = make_manifest(config, player.api_host, player.prompts_sha256)
        with TrajectoryWriter.create(config.folder, manifest) as writer:
            writer.append(session("start"), durable=True)
            journal = Journal(writer, _scrubber(config))
            checkpoints = CheckpointStore(config.cache, manifest.run_id, writer.root)
            episode = _power_on(config)
            return Run(config, player, journal, episode, checkpoints).play(
                on_progress, stop_requested
            )


def resume(
    config: RunConfig,
    trajectory: Trajectory,
    on_progress: OnProgress = lambda _: None,
    stop_requested: StopRequested = lambda: False,
) -> RunResult:
    """Go on with a run that was cut off or interrupted.

    From the newest checkpoint, or else from power-on, everything is done again and compared with
    the record; where that ends, play goes on.

    Args:
        config: what the run was asked to be, from its manifest.
        trajectory: its record.
        on_progress: called after every turn.
        stop_requested: as for `run`.

    Raises:
        AgentError: the agent failed; the record says so.
        ConfigError: the run is over, or is written by somebody else.
        DesyncError: doing it again gives something else; nothing was written.
        TrajectoryError: the record cannot be written further.
    """
    outcome = trajectory.outcome
    if outcome is not None and not outcome.reason.is_resumable:
        raise ConfigError(f"{config.folder}: the run is over ({outcome.reason})")
    with Player(config, stop_requested) as player, TrajectoryWriter.reopen(trajectory) as writer:
        _check_same(player, trajectory)
        checkpoints = CheckpointStore(config.cache, trajectory.manifest.run_id, writer.root)
        episode, checkpoint = _stand(config, checkpoints.load(), trajectory)
        writer.append(session("resume"), durable=True)
        recorded = trajectory.lines[1:]
        known = checkpoint.count if checkpoint else 0
        journal = Journal(writer, _scrubber(config), recorded, known)
        again = Run(config, player, journal, episode, checkpoints)
        if checkpoint is not None:
            again.restore(checkpoint.memory)
        return again.play(on_progress, stop_requested)


def _check_same(player: Player, trajectory: Trajectory) -> None:
    """Refuse to go on as somebody else than the manifest says.

    Raises:
        ConfigError: the model would be told other things, or is asked elsewhere.
    """
    agent = trajectory.manifest.agent
    if player.prompts_sha256 != agent.prompts_sha256:
        raise ConfigError(
            f"{trajectory.folder}: prompts, tools or manual are not those that the run began with; "
            "resume it with the same version of pokebench and its prompts"
        )
    if player.api_host != agent.api_host:
        raise ConfigError(
            f"{trajectory.folder}: the run asks {agent.api_host}, and this would ask "
            f"{player.api_host}; is a variable such as OPENAI_BASE_URL set?"
        )


def _stand(
    config: RunConfig, checkpoint: Checkpoint | None, trajectory: Trajectory
) -> tuple[Episode, Checkpoint | None]:
    """Return the game where a checkpoint was taken, with it; at its start, if none is of use."""
    episode = _power_on(config)
    if checkpoint is None or not checkpoint.fits(trajectory, code_version()):
        return episode, None
    episode.restore(checkpoint.machine, checkpoint.memory["episode"])
    if episode.emulator.state_hash() == checkpoint.state:
        return episode, checkpoint
    logger.warning("the newest checkpoint does not load as it was; playing again from power-on")
    episode.close()
    return _power_on(config), None


def _power_on(config: RunConfig) -> Episode:
    goal = config.task.goal if config.task else None
    return Episode(config.cartridge, config.seed, config.budget.frames, goal)


def session(reason: str) -> SessionEvent:
    """Return the event with which a process begins to write."""
    is_start = reason == "start"
    return SessionEvent(f=0, reason="start" if is_start else "resume", version=code_version())


def _scrubber(config: RunConfig) -> Scrubber:
    model = config.agent.card.model
    return Scrubber.of_environment(os.environ, model.api_key_env if model else "")
