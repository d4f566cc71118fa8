"""A thousand forged and broken submissions: none may be entered, crash, hang or leave a file.

Every kind of `tests/leaderboard/forgeries.py` is drawn equally often, each time from another seed.
The check runs as for a pull request; what needs playing is re-simulated in a child process.

    python -m benchmarks.forgeries --count 1000 --jobs 2
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from rich.progress import track

from pokebench.agent import AgentSpec
from pokebench.leaderboard.check import check
from pokebench.leaderboard.entry import Leaderboard
from pokebench.leaderboard.pack import pack, write
from pokebench.leaderboard.submission import Declaration, Submitter
from pokebench.milestone import GameSpec, open_game
from pokebench.runner import RunConfig, run
from pokebench.trajectory.manifest import BudgetPart
from tests.leaderboard.forger import read_draft
from tests.leaderboard.forgeries import FORGERIES
from tests.leaderboard.trial import Trial, attempt, peak_megabytes

FRAMES: Final = 7200


def main() -> int:
    """Forge, check and print a table; return 1 if anything went through."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="forgeries")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--only", help="one kind")
    arguments = parser.parse_args()
    names = [arguments.only] if arguments.only else sorted(FORGERIES)
    with tempfile.TemporaryDirectory(prefix="forgeries-") as folder:
        place = Path(folder)
        honest = _honest(place)
        work = [
            (name, seed, honest, place)
            for seed, name in enumerate(islice(cycle(names), arguments.count))
        ]
        with ProcessPoolExecutor(arguments.jobs) as pool:
            trials = list(track(pool.map(_try, work), "forging", len(work)))
    _print(trials)
    return int(not all(trial[0].is_refused for trial in trials))


def _honest(place: Path) -> Path:
    """Play two minutes of the smallest world, and hand them in."""
    cartridge = open_game(GameSpec.parse("tallgrass:micro@1"))
    agent, folder = AgentSpec.parse("oracle"), place / "run"
    run(RunConfig(cartridge, agent, 7, BudgetPart(frames=FRAMES), folder))
    declaration = Declaration(runs_declared=1, runs_started=1)
    write(pack([folder], Submitter(name="Ada"), declaration, {}), place / "honest")
    return place / "honest"


_boards: dict[Path, Leaderboard] = {}


def _try(work: tuple[str, int, Path, Path]) -> tuple[Trial, float]:
    name, seed, honest, place = work
    if honest not in _boards:
        _boards[honest] = Leaderboard(entries=(check(honest),))
    own = place / f"{seed:05d}"
    own.mkdir()
    return attempt(name, seed, read_draft(honest), _boards[honest], own / "try"), peak_megabytes()


def _print(trials: list[tuple[Trial, float]]) -> None:
    kinds: dict[str, list[Trial]] = defaultdict(list)
    for trial, _ in trials:
        kinds[trial.name].append(trial)
    print(f"{'forgery':32} tried refused  median s     max s  said, for instance")
    for name, group in sorted(kinds.items()):
        seconds = [trial.seconds for trial in group]
        refused = sum(trial.is_refused for trial in group)
        said = group[-1].verdict.replace("\n", " ")
        print(
            f"{name:32} {len(group):5} {refused:7} {statistics.median(seconds):9.2f} "
            f"{max(seconds):9.2f}  {said[:110]!r}"
        )
    everything = [trial for trial, _ in trials]
    for trial in everything:
        if not trial.is_refused:
            print(f"NOT REFUSED {trial}")
    refused = sum(trial.is_refused for trial in everything)
    crashed = sum(bool(trial.crash) for trial in everything)
    strays = sum(bool(trial.strays) for trial in everything)
    slowest = max(trial.seconds for trial in everything)
    print(
        f"{len(everything)} forgeries of {len(kinds)} kinds: {refused} refused, "
        f"{sum(not t.verdict and not t.crash for t in everything)} entered, {crashed} crashed, "
        f"{sum(t.is_unjudged for t in everything)} not judged to the end, "
        f"{strays} left a file; slowest {slowest:.1f} s, at most "
        f"{max(memory for _, memory in trials):.0f} MB in the checking process"
    )


if __name__ == "__main__":
    sys.exit(main())
