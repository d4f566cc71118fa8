"""The live line of a run: game clock, milestones, speed, last actions."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from pokebench.cli.console import game_clock, progress_bar
from pokebench.runner import Progress, RunConfig, RunResult
from pokebench.types import FRAMES_PER_SECOND

Play = Callable[[RunConfig, Callable[[Progress], None], Callable[[], bool]], RunResult]
_LAST_LETTERS = 12


def play_live(config: RunConfig, play: Play) -> RunResult:
    """Play under a live line; Ctrl-C asks the run to stop."""
    total = len(config.cartridge.milestones)
    with stop_on_interrupt() as stop_requested, progress_bar() as bar:
        name = f"{config.agent.card.id} plays {config.cartridge.spec}"
        task = bar.add_task(name, total=total, note="")

        def show(progress: Progress) -> None:
            done = len(progress.milestones)
            bar.update(task, completed=done, note=_note(progress, total))

        return play(config, show, stop_requested)


def _note(progress: Progress, total: int) -> str:
    """Return what stands beside the bar."""
    clocks = progress.clocks
    latest = progress.milestones[-1] if progress.milestones else ""
    parts = [f"{game_clock(clocks.frames)}  {len(progress.milestones)}/{total} {latest}"]
    if progress.is_replaying:
        parts.append("following the record")
    if clocks.calls:
        spent = clocks.usd_known + clocks.usd_uncertain
        parts.append(f"{clocks.calls} calls, {progress.cache_share:.0%} cached, ${spent:.2f}")
    else:
        speed = clocks.frames / FRAMES_PER_SECOND / max(clocks.wall_s, 0.001)
        parts.append(f"{speed:.0f}x")
    parts.append(progress.did[-_LAST_LETTERS:])
    return "  ".join(parts)


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a request to stop; a second one interrupts at once."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
