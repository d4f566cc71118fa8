"""The live line of a run: game clock, milestones, what it has cost and will cost, last actions."""

import logging
import math
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from pokebench.agent.words import bounded
from pokebench.cli.console import program, progress_bar, talk
from pokebench.errors import AgentError
from pokebench.milestone import GameSpec
from pokebench.runner import Progress, RunConfig, RunResult
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import FRAMES_PER_SECOND, game_clock

Play = Callable[[RunConfig, Callable[[Progress], None], Callable[[], bool]], RunResult]
INTERRUPTED = 130
_LAST_LETTERS = 12
_BAR = 8
_STOPPING = b"\nStopping after this turn; once more stops at once.\n"
_MEANINGFUL_SHARE = 0.005
"""Share of the budget from which on a projection says more than noise."""


def play_live(config: RunConfig, play: Play) -> RunResult:
    """Play under a live line; Ctrl-C asks the run to stop, a second one stops it at once."""
    total = len(config.cartridge.milestones)
    with stop_on_signal() as stop_requested, told_of_trouble(), progress_bar(_BAR) as bar:
        task = bar.add_task(config.agent.card.id, total=total, note="")

        def show(progress: Progress) -> None:
            done = len(progress.milestones)
            bar.update(task, completed=done, note=live_note(progress, total, config.budget))

        try:
            return play(config, show, stop_requested)
        except KeyboardInterrupt:
            talk.print("Stopped in the middle of a turn; what was recorded is kept.")
            talk.print(f"To go on: {resume_command_of(config)}")
            raise click.exceptions.Exit(INTERRUPTED) from None
        except AgentError:
            talk.print(f"The run ends here; its record is in {config.folder}")
            raise


def resume_command_of(config: RunConfig) -> str:
    """Return the command that goes on with a run."""
    source = config.agent.source
    agent = f" --agent {source[0]}:{source[1]}" if source else ""
    return f"{program()} resume {config.folder}{own_files(config.cartridge.spec)}{agent}"


def own_files(spec: GameSpec) -> str:
    """Return the options that name a person's own table and ROM, or "" for games that ship."""
    return f" --game {spec.folder / f'{spec.game}.toml'} --rom ROM" if spec.folder else ""


@contextmanager
def told_of_trouble() -> Iterator[None]:
    """Show what the runner warns of, such as a provider that does not answer."""
    handler = _Teller()
    root = logging.getLogger("pokebench")
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


class _Teller(logging.Handler):
    """Prints warnings above the live line."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Print one."""
        talk.print(bounded(record.getMessage(), 400), markup=False)


def live_note(progress: Progress, total: int, budget: BudgetPart) -> str:
    """Return what stands beside the bar."""
    clocks = progress.clocks
    latest = progress.milestones[-1] if progress.milestones else ""
    parts = [f"{game_clock(clocks.frames)}  {len(progress.milestones)}/{total} {latest}"]
    if progress.is_replaying:
        parts.append("following the record")
    if clocks.calls:
        tokens = clocks.tokens_in + clocks.tokens_cache_read + clocks.tokens_cache_write
        million = (tokens + clocks.tokens_out) / 1e6
        parts.append(_dollars(progress, budget))
        parts.append(f"{clocks.calls} calls")
        parts.append(f"{million:.2f} M tok {progress.cache_share:.0%} cached")
    else:
        speed = clocks.frames / FRAMES_PER_SECOND / max(clocks.wall_s, 0.001)
        parts.append(f"{speed:.0f} times real time")
    parts.append(progress.did[-_LAST_LETTERS:])
    return "  ".join(parts)


def _dollars(progress: Progress, budget: BudgetPart) -> str:
    """Return dollars so far, and what they come to when game time or dollars are used up."""
    if progress.has_unknown_prices:
        return "$ unknown"
    spent = progress.clocks.usd_known + progress.clocks.usd_uncertain
    share = progress.clocks.frames / budget.frames
    if share < _MEANINGFUL_SHARE:
        return f"${spent:.2f}"
    projected = min(spent / share, budget.usd or math.inf)
    return f"${spent:.2f}, ${projected:.2f} at the end"


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into a request to stop; another interrupts at once."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        os.write(2, _STOPPING)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
