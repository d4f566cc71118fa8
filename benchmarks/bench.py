"""What pokebench adds to raw PyBoy, measured in one run on one ROM with the same buttons.

Absolute rates drift with the machine's load, so every figure is a ratio to a raw loop that plays
the same frames with the same rendering, taken in turn with it: A B A B …, median of the rounds.
Rates are of processor time, which other programs disturb less than the clock on the wall.

    make bench
"""

import importlib
import io
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.films import films
from pokebench.agent import AgentSpec
from pokebench.emulator import Emulator
from pokebench.env import ObservationKind, PokebenchEnv
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.replay import Replay
from pokebench.runner import RunConfig, run
from pokebench.tallgrass.build import build_world
from pokebench.trajectory import TrajectoryWriter, read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import FRAMES_PER_SECOND, actions_of
from pokebench.verify import verify

GAME = "tallgrass:short@1"
SEED = 1
ROUNDS = 3
STEPS = 1500
LONG_HOURS = 1.0
SEEKS = 200
BUTTONS = ("up", "down", "left", "right", "a", "b", "select", "start")


@dataclass(frozen=True)
class Inputs:
    """The oracle's play, which every measurement repeats."""

    cartridge: Cartridge
    folder: Path
    actions: list[int]


def raw_loop(inputs: Inputs, steps: int, *, render: bool) -> float:
    """Return seconds that bare PyBoy takes for the first `steps` of the inputs."""
    timing, start = inputs.cartridge.table.timing, inputs.cartridge.table.start
    pyboy: Any = importlib.import_module("pyboy")
    boy = pyboy.PyBoy(
        io.BytesIO(inputs.cartridge.rom.data), window="null", sound_emulated=False, cgb=False,
        log_level="CRITICAL",
    )  # fmt: skip
    boy.set_emulation_speed(0)
    boy.tick(start.boot_frames + start.idle_frames(SEED), True, False)
    began = time.process_time()
    for action in inputs.actions[:steps]:
        if action == len(BUTTONS):
            boy.tick(timing.step_frames, render, False)
            continue
        boy.button_press(BUTTONS[action])
        boy.tick(timing.hold_frames, False, False)
        boy.button_release(BUTTONS[action])
        boy.tick(timing.step_frames - timing.hold_frames, render, False)
    seconds = time.process_time() - began
    boy.stop(save=False)
    return seconds


def env_loop(inputs: Inputs, steps: int, observation: ObservationKind) -> float:
    """Return seconds that the environment takes for the same steps, observing each."""
    env = PokebenchEnv(inputs.cartridge, observation, budget_minutes=600)
    env.reset(seed=SEED)
    began = time.process_time()
    for action in inputs.actions[:steps]:
        env.step(np.int64(action))
    seconds = time.process_time() - began
    env.close()
    return seconds


def verify_whole(inputs: Inputs) -> float:
    """Return seconds that `verify` takes for the whole run, start-up and reading included."""
    began = time.process_time()
    verify(inputs.folder)
    return time.process_time() - began


def in_turn(**measures: Callable[[], float]) -> dict[str, list[float]]:
    """Return the seconds of each measurement in `ROUNDS` rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(ROUNDS):
        for name, measure in measures.items():
            seconds[name].append(measure())
    return seconds


def ratio(base: list[float], measured: list[float]) -> str:
    """Return the median over the rounds of one time to another, and how far they lie apart."""
    ratios = sorted(b / m for b, m in zip(base, measured, strict=True))
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"


def record(folder: Path) -> Inputs:
    """Let the oracle play once; the rest repeats its buttons."""
    cartridge = open_game(GameSpec.parse(GAME))
    run(
        RunConfig(
            cartridge,
            AgentSpec.parse("oracle"),
            SEED,
            BudgetPart(frames=frames_of_minutes(60)),
            folder,
        )
    )
    letters = "".join(turn.a for turn in read_trajectory(folder).turns)
    return Inputs(cartridge, folder, [int(action) for action in actions_of(letters)])


def line(name: str, value: str, target: str = "") -> None:
    """Print one figure."""
    print(f"{name:<52} {value:>16}   {target}")


def stepping(inputs: Inputs) -> None:
    """Print environment rates beside raw PyBoy."""
    steps = min(STEPS, len(inputs.actions))
    frames = steps * inputs.cartridge.table.timing.step_frames
    raw_loop(inputs, steps, render=True)  # what comes first is slower
    seconds = in_turn(
        raw=lambda: raw_loop(inputs, steps, render=False),
        text=lambda: env_loop(inputs, steps, "text"),
        drawn=lambda: raw_loop(inputs, steps, render=True),
        screen=lambda: env_loop(inputs, steps, "screen"),
        both=lambda: env_loop(inputs, steps, "both"),
    )
    line("raw PyBoy, nothing drawn", rate(frames, seconds["raw"]))
    line("raw PyBoy, last frame of each step drawn", rate(frames, seconds["drawn"]))
    for kind, base, target in (
        ("text", "raw", ">= 0.85"), ("screen", "drawn", ">= 0.70"), ("both", "drawn", ""),
    ):  # fmt: skip
        name = f"env.step, observation {kind}, against raw {'drawn' * (base == 'drawn')}"
        line(name.strip(), ratio(seconds[base], seconds[kind]), target)
        line("", rate(frames, seconds[kind]))


def rate(frames: int, seconds: list[float]) -> str:
    """Return frames a second of processor time."""
    return f"{frames / statistics.median(seconds):,.0f} fps"


def following(inputs: Inputs) -> None:
    """Print how fast a whole run is verified and indexed, beside raw PyBoy."""
    steps = len(inputs.actions)
    frames = steps * inputs.cartridge.table.timing.step_frames
    seconds = in_turn(
        raw=lambda: raw_loop(inputs, steps, render=False),
        verify=lambda: verify_whole(inputs),
        index=lambda: index_whole(inputs),
    )
    hours = frames / FRAMES_PER_SECOND / 3600
    line(
        f"verify, {hours:.2f} emulated hours, against raw",
        ratio(seconds["raw"], seconds["verify"]), ">= 0.90",
    )  # fmt: skip
    taken = statistics.median(seconds["verify"])
    line("emulated hours verified per minute", f"{hours / taken * 60:.1f}")
    line("index the same, against raw", ratio(seconds["raw"], seconds["index"]), ">= 0.80")
    line("", rate(frames, seconds["index"]))


def index_whole(inputs: Inputs) -> float:
    """Return seconds that following the whole run takes, states and way taken down."""
    with Replay.open(inputs.folder) as replay:
        began = time.process_time()
        replay.index(jobs=1)
        return time.process_time() - began


def replays(inputs: Inputs, folder: Path) -> None:
    """Print how fast a long run of one's own is indexed, opened again, and shown at any moment."""
    long, cache = folder / "long", folder / "cache"
    agent, budget = AgentSpec.parse("random"), BudgetPart(frames=frames_of_minutes(LONG_HOURS * 60))
    run(RunConfig(inputs.cartridge, agent, SEED, budget, long, cache=cache))
    with Replay.open(long, cache=cache) as replay:
        began = time.perf_counter()
        replay.index()
        taken = time.perf_counter() - began
    speed = LONG_HOURS * 3600 * FRAMES_PER_SECOND / taken
    line(f"index {LONG_HOURS:g} h of one's own run on all cores", f"{speed:,.0f} fps")
    began = time.perf_counter()
    with Replay.open(long, cache=cache) as replay:
        replay.index()
        opened_s = time.perf_counter() - began
        frames_at = np.random.default_rng(SEED).integers(0, replay.last_frame + 1, SEEKS)
        seeks = [timed(lambda at=at: replay.screen(int(at)), 1) * 1e3 for at in frames_at]  # type: ignore[misc]
    line("open it again, without starting the command", f"{opened_s:.2f} s")
    middle, most, worst = np.percentile(seeks, [50, 95, 100])
    line("seek anywhere: p50, p95, max", f"{middle:.0f} {most:.0f} {worst:.0f} ms", "<= 150 ms")
    line("read 100,000 events anew", f"{_reading_s(folder):.2f} s")


def _reading_s(folder: Path) -> float:
    """Return seconds that reading a record of 100,000 events takes."""
    template = read_trajectory(folder / "long")
    writer = TrajectoryWriter.create(folder / "events", template.manifest)
    turns = itertools.cycle(template.turns)
    with writer:
        for _ in range(100_000):
            writer.append(next(turns))
    return timed(lambda: read_trajectory(folder / "events"), 1)


def small_costs(inputs: Inputs) -> None:
    """Print what single things cost."""
    emulator = Emulator(inputs.cartridge.rom.data, inputs.cartridge.table.emulator.settings())
    emulator.run(200)
    line("hash of RAM", f"{timed(emulator.ram_hash, 200) * 1e3:.2f} ms")
    line("hash of the whole machine", f"{timed(emulator.state_hash, 10) * 1e3:.1f} ms")
    emulator.close()
    world_s = timed(lambda: build_world("short", 7), 3)
    line("short world: made, packed and proved", f"{world_s * 1e3:.0f} ms")
    command = [sys.executable, "-m", "pokebench", "--help"]
    help_s = timed(lambda: subprocess.run(command, capture_output=True, check=True), 5)
    line("pokebench --help", f"{help_s * 1e3:.0f} ms", "<= 300 ms")


def timed(action: Callable[[], object], times: int) -> float:
    """Return the median seconds that `action` takes."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = record(Path(folder) / "run")
        settings = json.dumps({"game": GAME, "steps": len(inputs.actions), "rounds": ROUNDS})
        print(f"pokebench against raw PyBoy, medians of alternating rounds: {settings}")
        stepping(inputs)
        following(inputs)
        replays(inputs, Path(folder))
        small_costs(inputs)
        films(inputs.folder, line)


if __name__ == "__main__":
    main()
