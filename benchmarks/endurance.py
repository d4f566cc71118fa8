"""What thousands of turns with a model cost the harness: memory, time and bytes, first to last.

A real adapter and SDK ask a provider in another process over loopback; its player presses buttons
by a fixed rule, so that nothing but the harness takes time. Times are taken from outside: turns by
the progress that a run reports, answers by what it records of them, the emulator around its door.
The machine's own speed drifts over minutes, so each thousand turns stand in the table, and overhead
also as a share of what the answers took, which drifts alike. A second, shorter run is sampled to
see where the time goes.

    python -m benchmarks.endurance --turns 10000
"""

import argparse
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks.sampler import Sampler
from pokebench.agent import AgentSpec
from pokebench.agent.card import AgentCard
from pokebench.emulator import Emulator
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import Progress, RunConfig, resume, run
from pokebench.testing import FakeProvider, ScriptedReply, ScriptPlayer
from pokebench.trajectory import ResultEvent, Trajectory, TurnEvent, read_trajectory
from pokebench.trajectory.manifest import BudgetPart

ROOT = Path(__file__).parents[1]
GAME = "tallgrass:short@1"
SEED = 1
MINUTES = 1e5
BUTTONS = ("up", "down", "left", "right", "a", "b", "up", "left", "a", "down", "right", "start")
MOST_BUTTONS = 4
ADAPTERS = {"anthropic": "", "openai": "/v1", "openai_compatible": "/v1"}
KEY_ENV = "POKEBENCH_BENCHMARK_KEY"
RSS_MARKS = 10
BLOCK = 1000


@dataclass(frozen=True)
class Overhead:
    """Milliseconds of one turn, medians over a block of turns.

    Attributes:
        turn_ms: all of it.
        query_ms: the model's answer, SDK and loopback included.
        emulator_ms: the emulator.
        overhead_ms: what is left.
        share: what is left, over the time of the answer.
    """

    turn_ms: float
    query_ms: float
    emulator_ms: float
    overhead_ms: float
    share: float


class TimedEmulator:
    """Adds up the seconds that the emulator takes, in place, as a context manager."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._step = Emulator.step

    def __enter__(self) -> Self:
        step = self._step

        def timed(*arguments: Any, **options: Any) -> None:
            began = time.perf_counter()
            step(*arguments, **options)
            self.seconds += time.perf_counter() - began

        Emulator.step = timed  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        Emulator.step = self._step  # type: ignore[method-assign]


class Clock:
    """Takes the time and the memory after each turn."""

    def __init__(self, turns: int, emulator: TimedEmulator) -> None:
        """Note memory about every tenth of `turns`, and what `emulator` took of each."""
        self._every = max(turns // RSS_MARKS, 1)
        self._emulator = emulator
        self.ended = [time.perf_counter()]
        self.emulated = [0.0]
        self.rss_mib: dict[int, float] = {}

    def note(self, progress: Progress) -> None:
        """Take note of a turn."""
        self.emulated.append(self._emulator.seconds)
        self.ended.append(time.perf_counter())
        if len(self.ended) % self._every == 2:
            self.rss_mib[progress.clocks.turns] = rss_mib()

    def seconds(self) -> list[float]:
        """Return the seconds of each turn; the first begins with imports."""
        return differences(self.ended)

    def emulator_s(self) -> list[float]:
        """Return the seconds that the emulator took of each turn."""
        return differences(self.emulated)


def differences(values: list[float]) -> list[float]:
    """Return by how much each value is greater than the one before."""
    return [after - before for before, after in itertools.pairwise(values)]


def serve() -> None:
    """Be the provider, until the other end of the pipe is closed."""

    def press(number: int, _texts: list[str]) -> ScriptedReply:
        count = 1 + number * 7 % MOST_BUTTONS
        chosen = [BUTTONS[(number * 5 + index * index) % len(BUTTONS)] for index in range(count)]
        return ScriptedReply(f"Turn {number}.", "press_buttons", {"buttons": chosen})

    with FakeProvider(ScriptPlayer(press)) as provider:
        print(provider.url, flush=True)
        sys.stdin.read()


def rss_mib() -> float:
    """Return the memory of this process that is in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / (1 << 20), 1)


def peak_mib() -> float:
    """Return the most memory that this process ever used."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def config(cartridge: Cartridge, adapter: str, url: str, folder: Path, turns: int) -> RunConfig:
    """Return a run of `turns`."""
    os.environ[KEY_ENV] = "none"
    model = {
        "provider": adapter,
        "base_url": url + ADAPTERS[adapter],
        "model": "scripted",
        "api_key_env": KEY_ENV,
    }
    card = {"id": "endurance", "title": "Endurance", "adapter": "model", "model": model}
    budget = BudgetPart(frames=frames_of_minutes(MINUTES), turns=turns)
    agent = AgentSpec(AgentCard.model_validate(card))
    return RunConfig(cartridge, agent, SEED, budget, folder)


def queries_s(trajectory: Trajectory) -> list[float]:
    """Return the seconds that models took in each turn that asked one."""
    taken: list[float] = []
    pending: list[float] = []
    for line in trajectory.lines:
        if isinstance(line.event, ResultEvent):
            pending.append(line.event.seconds)
        elif isinstance(line.event, TurnEvent) and pending:
            taken.append(sum(pending))
            pending.clear()
    return taken


def overhead(turns: list[float], queries: list[float], emulators: list[float]) -> Overhead:
    """Return medians; what is left is the median of differences, not a difference of medians."""
    parts = list(zip(turns, queries, emulators, strict=True))
    left = [turn - query - emulator for turn, query, emulator in parts]
    rows = (turns, queries, emulators, left)
    share = statistics.median((turn - emulator) / query for turn, query, emulator in parts) - 1
    turn, query, emulator, rest = (round(statistics.median(row) * 1e3, 2) for row in rows)
    return Overhead(turn, query, emulator, rest, round(share, 3))


def blocks(turns: list[float], queries: list[float], emulators: list[float]) -> list[Overhead]:
    """Return the medians of each thousand turns; the first turn of all does not count."""
    starts = range(1, len(turns), BLOCK)
    cuts = (slice(start, start + BLOCK) for start in starts)
    return [overhead(turns[cut], queries[cut], emulators[cut]) for cut in cuts]


def play(cartridge: Cartridge, adapter: str, url: str, folder: Path, turns: int) -> dict[str, Any]:
    """Play the long run and return its figures."""
    with TimedEmulator() as emulator:
        clock = Clock(turns, emulator)
        result = run(config(cartridge, adapter, url, folder, turns), clock.note)
    peak = peak_mib()
    trajectory = read_trajectory(folder)
    queries = queries_s(trajectory)
    took = clock.seconds()[-len(queries) :]
    emulators = clock.emulator_s()[-len(queries) :]
    clocks = result.clocks
    read = clocks.tokens_cache_read
    return {
        "adapter": adapter,
        "turns": clocks.turns,
        "reason": result.reason,
        "minutes": round(sum(took) / 60, 2),
        "rss_mib": clock.rss_mib,
        "peak_rss_mib": peak,
        "thousands": [asdict(block) for block in blocks(took, queries, emulators)],
        "bytes_a_turn": round((folder / "events.jsonl").stat().st_size / clocks.turns),
        "cache_share": round(read / (read + clocks.tokens_in + clocks.tokens_cache_write), 4),
    }


def resume_again(asked: RunConfig) -> dict[str, float]:
    """Cut off a run's last line and return what going on with it takes."""
    events = asked.folder / "events.jsonl"
    raw = events.read_bytes()
    events.write_bytes(raw[: raw.rindex(b"\n", 0, len(raw) - 1) + 1])
    began = time.perf_counter()
    trajectory = read_trajectory(asked.folder)
    read_s = time.perf_counter() - began
    resume(asked, trajectory)
    taken_s = time.perf_counter() - began
    return {"read_s": round(read_s, 1), "resume_s": round(taken_s, 1), "peak_rss_mib": peak_mib()}


def sample(asked: RunConfig) -> dict[str, float]:
    """Return where the milliseconds of a turn go, over a whole run."""
    with Sampler() as sampler:
        turns = run(asked).clocks.turns
    rows = sorted(sampler.seconds.items(), key=lambda row: -row[1])
    return {name: round(seconds * 1e3 / turns, 2) for name, seconds in rows}


def show(figures: dict[str, Any]) -> None:
    """Print the figures for people."""
    print(f"{figures['adapter']}, {figures['turns']} turns, {figures['minutes']} minutes")
    for turn, mib in figures["rss_mib"].items():
        print(f"  memory after turn {turn:>6}  {mib:>8.1f} MiB")
    print(f"  peak memory              {figures['peak_rss_mib']:>8.1f} MiB   <= 300")
    print("  medians of a turn, ms      all  answer  emulator  overhead (<= 5)  overhead/answer")
    for number, block in enumerate(figures["thousands"], 1):
        row = (block[name] for name in ("turn_ms", "query_ms", "emulator_ms", "overhead_ms"))
        turn, query, emulator, left = row
        line = f"    thousand {number:<12} {turn:>8.2f} {query:>7.2f} {emulator:>9.2f} {left:>9.2f}"
        print(f"{line} {block['share']:>23.3f}")
    print(f"  events.jsonl, bytes a turn {figures['bytes_a_turn']:>8}")
    print(f"  read from the cache        {figures['cache_share']:>8.1%}")
    for part, value in figures["resumed"].items():
        print(f"  resumed at the end: {part:<16} {value:>8.1f}")
    for part, value in figures["sampled_ms"].items():
        print(f"  {part:<38} {value:>8.2f} ms a turn")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000, help="of the long run")
    parser.add_argument("--sampled-turns", type=int, default=500, help="of the sampled run")
    parser.add_argument("--adapter", choices=ADAPTERS, default="anthropic")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument("--serve", action="store_true", help="be the provider")
    chosen = parser.parse_args()
    if chosen.serve:
        serve()
        return
    cartridge = open_game(GameSpec.parse(GAME))
    command = [sys.executable, "-m", "benchmarks.endurance", "--serve"]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as provider,
    ):
        assert provider.stdout is not None
        url, place = provider.stdout.readline().strip(), Path(folder)
        figures = play(cartridge, chosen.adapter, url, place / "long", chosen.turns)
        asked = config(cartridge, chosen.adapter, url, place / "long", chosen.turns)
        figures["resumed"] = resume_again(asked)
        figures["sampled_ms"] = sample(
            config(cartridge, chosen.adapter, url, place / "sampled", chosen.sampled_turns)
        )
        provider.kill()
    print(json.dumps(figures, indent=1)) if chosen.json else show(figures)


if __name__ == "__main__":
    main()
