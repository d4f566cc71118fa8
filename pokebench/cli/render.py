"""`pokebench render`: draw a run, as a filmstrip or as a film."""

from dataclasses import dataclass
from pathlib import Path

import click

from pokebench.cli.console import (
    asked_table,
    cache_folder,
    progress_bar,
    rom_option,
    table_option,
    talk,
    verify_with_progress,
)
from pokebench.errors import ConfigError, DesyncError
from pokebench.replay import Replay
from pokebench.trajectory import read_trajectory
from pokebench.types import game_clock
from pokebench.viewer.cut import Cut, highlights
from pokebench.viewer.film import KINDS, check_film, rate_of, save_film
from pokebench.viewer.filmstrip import save_filmstrip, scene_frames
from pokebench.viewer.moment import FORMS, frame_of
from pokebench.viewer.overlay import Overlay

_SCALES = {".mp4": 4, ".gif": 2, ".webp": 3}


@dataclass(frozen=True, slots=True)
class _Wish:
    """What film a person asks for."""

    first: str
    last: str
    speed: float
    scale: int | None
    fps: float | None
    highlights: float | None


@click.command("render")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out",
    default="filmstrip.png",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .png is a filmstrip; .mp4, .gif and .webp are films.",
)
@click.option(
    "--from", "first", default="start", metavar="MOMENT", help=f"Where to begin: {FORMS}."
)
@click.option("--to", "last", default="end", metavar="MOMENT", help="Where to end, likewise.")
@click.option(
    "--speed",
    default=1.0,
    type=click.FloatRange(0.05, 1000),
    help="Seconds of the game in a second of the film.",
)
@click.option(
    "--highlights",
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    help="Show only the milestones, each with so much game time before and after.",
)
@click.option(
    "--scale",
    type=click.IntRange(1, 12),
    show_default="4 in .mp4, 3 in .webp, 2 in .gif",
    help="Size of a Game Boy pixel; an even one keeps small letters sharp in .mp4.",
)
@click.option(
    "--fps",
    type=click.FloatRange(1, 60),
    show_default="the console's 59.73 in .mp4, else 20",
    help="Pictures a second.",
)
@rom_option
@table_option
def command(
    run: Path,
    out: Path,
    first: str,
    last: str,
    speed: float,
    highlights: float | None,
    scale: int | None,
    fps: float | None,
    rom: Path | None,
) -> None:
    """Draw a run: a filmstrip of its milestones (.png), or a film (.mp4, .gif, .webp).

    The screens are made by re-simulating the run. A film shows clocks and milestones around the
    screen. An .mp4 needs the extra `video`: pip install -c constraints.txt -e
    '.[video]' in the checkout.
    """
    kind = out.suffix.lower()
    if kind == ".png":
        _render_strip(run, out, first, last, rom)
    elif kind in KINDS:
        _render_film(run, out, _Wish(first, last, speed, scale, fps, highlights), rom)
    else:
        raise ConfigError(f"--out {out}: write .png (filmstrip), {', '.join(KINDS)}")
    talk.print(f"wrote {out} ({out.stat().st_size / 1e6:,.1f} MB)")


def _render_strip(run: Path, out: Path, first: str, last: str, rom: Path | None) -> None:
    trajectory = read_trajectory(run)
    end = trajectory.outcome.f if trajectory.outcome else 1 << 48
    between = frame_of(first, trajectory, end), frame_of(last, trajectory, end)
    save_filmstrip(verify_with_progress(run, rom, scene_frames(trajectory)), out, between)


def _render_film(run: Path, out: Path, wish: _Wish, rom: Path | None) -> None:
    opened = Replay.open(run, rom, table_path=asked_table(), cache=cache_folder())
    with opened as replay, progress_bar() as progress:
        cut = _cut(replay, wish, out.suffix.lower())
        check_film(out, cut)
        task = progress.add_task("re-simulating", total=replay.last_frame, note="")
        index = replay.index(
            lambda frames: progress.update(task, completed=frames, note=game_clock(frames))
        )
        if index.desync:
            raise DesyncError(index.desync)
        overlay = Overlay(
            replay.trajectory,
            replay.cartridge.titles,
            replay.last_frame,
            scale=wish.scale or _SCALES[out.suffix.lower()],
            speed=wish.speed,
        )
        progress.update(task, description="drawing", total=len(cut), completed=0, note="")
        save_film(
            out,
            cut,
            lambda frame: overlay.draw(frame, replay.screen(frame)),
            overlay.size,
            lambda done: progress.update(
                task, completed=done, note=f"{done:,} of {len(cut):,} pictures"
            ),
        )


def _cut(replay: Replay, wish: _Wish, kind: str) -> Cut:
    first = frame_of(wish.first, replay.trajectory, replay.last_frame)
    last = frame_of(wish.last, replay.trajectory, replay.last_frame)
    if first > last:
        raise ConfigError(f"--from {wish.first} comes after --to {wish.last}")
    spans: tuple[tuple[int, int], ...] = ((first, last + 1),)
    if wish.highlights is not None:
        moments = [event.f for event in replay.trajectory.milestones]
        spans = highlights(moments, wish.highlights, first, last)
    return Cut(spans, wish.speed, rate_of(kind, wish.fps))
