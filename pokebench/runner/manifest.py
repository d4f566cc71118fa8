"""Writes down what a run is, before its first frame."""

import importlib.metadata
import platform
import subprocess
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pokebench.emulator import EMULATOR_NAME, emulator_version
from pokebench.milestone import Cartridge
from pokebench.runner.config import RunConfig, code_version
from pokebench.tallgrass.build import BuiltWorld, engine_sha256
from pokebench.tallgrass.generator import GENERATOR_VERSION
from pokebench.trajectory import Manifest
from pokebench.trajectory.manifest import (
    AgentPart,
    CodePart,
    EmulatorPart,
    GamePart,
    ParentPart,
    RecordingPart,
    TimingPart,
    WorldPart,
)

RAM_HASH_FRAMES: Final = 1200
"""A hash of RAM is recorded after a turn, at most this often: some 20 seconds of game time."""
STATE_HASH_FRAMES: Final = 36_000
"""A hash of the whole machine is recorded this often: some ten minutes of game time."""
_RECORDED_PACKAGES: Final = ("pokebench", "pyboy", "numpy", "gymnasium")
_MODEL_PACKAGES: Final = ("anthropic", "openai")


def make_manifest(
    config: RunConfig,
    api_host: str | None,
    prompts_sha256: str | None,
    parent: ParentPart | None = None,
) -> Manifest:
    """Return the manifest of a run that is about to begin, or to branch off from `parent`."""
    table, agent = config.cartridge.table, config.agent
    settings = table.emulator.settings()
    return Manifest(
        run_id=uuid.uuid4().hex,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=config.seed,
        tier=agent.card.tier,
        game=_game_part(config.cartridge),
        emulator=EmulatorPart(name=EMULATOR_NAME, version=emulator_version(), **asdict(settings)),
        timing=TimingPart(
            **table.timing.model_dump(),
            boot_frames=table.start.boot_frames,
            max_idle_frames=table.start.max_idle_frames,
        ),
        agent=AgentPart(
            id=agent.card.id,
            privileged=agent.card.privileged,
            card=agent.card.model_dump(mode="json"),
            code_sha256=agent.code_sha256,
            api_host=api_host,
            prompts_sha256=prompts_sha256,
        ),
        budget=config.budget,
        recording=RecordingPart(
            ram_hash_frames=RAM_HASH_FRAMES, state_hash_frames=STATE_HASH_FRAMES
        ),
        code=_code_part(),
        prefix=config.prefix.part() if config.prefix else None,
        task=config.task,
        parent=parent,
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
        version=code_version(),
        commit=commit,
        dirty=None if changes is None else bool(changes),
        python=platform.python_version(),
        platform=f"{platform.system()}-{platform.machine()}",
        packages=_packages(),
    )


def _git(*arguments: str) -> str | None:
    """Return what git says of the checkout that this package lies in; None outside of one."""
    checkout = Path(__file__).resolve().parents[2]
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


def _packages() -> dict[str, str]:
    versions = {name: importlib.metadata.version(name) for name in _RECORDED_PACKAGES}
    for name in _MODEL_PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
