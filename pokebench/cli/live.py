"""The live line of a run: game clock, milestones, what it has cost and will cost, last actions."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from pokebench.cli.console import game_clock, program, progress_bar, talk
from pokebench.runner import Progress, RunConfig, RunResult
from pokebench.types import FRAMES_PER_SECOND

Play = Callable[[RunConfig, Callable[[Progress], None], Callable[[], bool]], RunResult]
INTERRUPTED = 130
_LAST_LETTERS = 12
_MEANINGFUL_SHARE = 0.005
"""Share of the budget from which on a projection says more than noise."""


def play_live(config: RunConfig, play: Play) -> RunResult:
    """Play under a live line; Ctrl-C asks the run to stop, a second one stops it at once."""
    total = len(config.cartridge.milestones)
    with stop_on_signal() as stop_requested, progress_bar() as bar:
        name = f"{config.agent.card.id} plays {config.cartridge.spec}"
        task = bar.add_task(name, total=total, note="")

        def show(progress: Progress) -> None:
            done = len(progress.milestones)
            bar.update(task, completed=done, note=live_note(progress, total, config.budget.frames))

        try:
            return play(config, show, stop_requested)
        except KeyboardInterrupt:
            talk.print("Stopped in the middle of a turn; what was recorded is kept.")
            talk.print(f"To go on: {program()} resume {config.folder}")
            raise click.exceptions.Exit(INTERRUPTED) from None


def live_note(progress: Progress, total: int, budget_frames: int) -> str:
    """Return what stands beside the bar."""
    clocks = progress.clocks
    latest = progress.milestones[-1] if progress.milestones else ""
    parts = [f"{game_clock(clocks.frames)}  {len(progress.milestones)}/{total} {latest}"]
    if progress.is_replaying:
        parts.append("following the record")
    if clocks.calls:
        tokens = clocks.tokens_in + clocks.tokens_cache_read + clocks.tokens_cache_write
        million = (tokens + clocks.tokens_out) / 1e6
        parts.append(f"{clocks.calls} calls")
        parts.append(f"{million:.2f} M tokens, {progress.cache_share:.0%} cached")
        parts.append(_dollars(progress, budget_frames))
    else:
        speed = clocks.frames / FRAMES_PER_SECOND / max(clocks.wall_s, 0.001)
        parts.append(f"{speed:.0f}x")
    parts.append(progress.did[-_LAST_LETTERS:])
    return "  ".join(parts)


def _dollars(progress: Progress, budget_frames: int) -> str:
    """Return dollars so far, and what they come to at the end of the budget of game time."""
    if progress.has_unknown_prices:
        return "$ unknown"
    spent = progress.clocks.usd_known + progress.clocks.usd_uncertain
    share = progress.clocks.frames / budget_frames
    if share < _MEANINGFUL_SHARE:
        return f"${spent:.2f}"
    return f"${spent:.2f} of ${spent / share:.2f}"


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into a request to stop; another interrupts at once."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
