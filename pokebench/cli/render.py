"""`pokebench render`: draw a run."""

from pathlib import Path

import click

from pokebench.cli.console import rom_option, talk, verify_with_progress
from pokebench.trajectory import read_trajectory
from pokebench.viewer.filmstrip import save_filmstrip, scene_frames


@click.command("render")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out",
    default="filmstrip.png",
    type=click.Path(path_type=Path),
    help="Picture to write (.png).",
)
@rom_option
def command(run: Path, out: Path, rom: Path | None) -> None:
    """Draw a run as a filmstrip: its start, every milestone, its end.

    The screens are made by re-simulating the run.
    """
    frames = scene_frames(read_trajectory(run))
    save_filmstrip(verify_with_progress(run, rom, frames), out)
    talk.print(f"wrote {out}")
