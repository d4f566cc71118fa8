"""`pokebench suite`: tasks of a set length. This module lists and builds; others play and score."""

import os
import shutil
from pathlib import Path

import click
from rich.table import Table

from pokebench.cli.console import cache_folder, json_option, print_json, progress_bar, results, talk
from pokebench.cli.suite_run import run_command
from pokebench.cli.suite_score import check_command, score_command
from pokebench.errors import ConfigError
from pokebench.suite.build import Played, build_suite
from pokebench.suite.content import FrozenSuite, load_plan, load_suite, suite_names
from pokebench.suite.form import Segment


@click.group("suite")
def command() -> None:
    """Tasks of a set length: list, play and score them; build and check suites."""


command.add_command(run_command)
command.add_command(score_command)
command.add_command(check_command)


@command.command("list")
@click.argument("name", metavar="[SUITE]", required=False)
@json_option
def list_command(name: str | None, as_json: bool) -> None:
    """List the suites, or the segments of one.

    SUITE is a name, or the folder of one of your own.
    """
    suites = [load_suite(name)] if name else [load_suite(known) for known in suite_names()]
    if as_json:
        print_json([_suite_json(frozen) for frozen in suites])
    elif name:
        _print_segments(suites[0])
    else:
        for frozen in suites:
            click.echo(_headline(frozen))


@command.command("build")
@click.argument("plan", type=click.Path(path_type=Path, exists=True))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the suite.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    show_default="in the cache",
    help="Folder for the oracle's games; a build that was cut off goes on from them.",
)
@click.option("--jobs", default=os.cpu_count() or 1, type=click.IntRange(1), help="Processes.")
@click.option(
    "--held-back",
    "secret_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with a secret that novel worlds and seeds are drawn from.",
)
def build_command(
    plan: Path, out: Path, work: Path | None, jobs: int, secret_file: Path | None
) -> None:
    """Build a suite from PLAN, a TOML file: the oracle plays every world under every seed.

    Equal plans give equal suites, byte for byte. With --held-back nobody can know the novel worlds
    who does not know the secret; the suite names its hash, which can be given out beforehand.
    """
    wanted = load_plan(plan)
    secret = secret_file.read_text().strip() if secret_file else ""
    if secret_file and len(secret) < 16:
        raise ConfigError(f"{secret_file}: a secret has 16 characters at least")
    games = len(wanted.worlds) * len(wanted.seeds)
    work = work or cache_folder() / "suites" / wanted.name
    with progress_bar() as bar:
        task = bar.add_task(f"building {wanted.name}", total=games, note="")

        def show(game: Played) -> None:
            bar.update(task, advance=1, note=f"{game.world}, seed {game.seed}")

        suite = build_suite(wanted, out, work, jobs, show, secret)
    if plan.is_file() and plan.resolve() != (out / "plan.toml").resolve():
        shutil.copyfile(plan, out / "plan.toml")
    frozen = load_suite(str(out))
    click.echo(_headline(frozen))
    talk.print(f"Edition {suite.edition}. Next: pokebench suite check {out}")


def _headline(frozen: FrozenSuite) -> str:
    suite = frozen.suite
    lengths = [segment.reference.minutes for segment in suite.segments]
    families = len({segment.family for segment in suite.segments})
    return (
        f"{suite.name}: {len(suite.segments)} segments in {families} families, "
        f"{min(lengths):.1f} to {max(lengths):.1f} oracle minutes, {len(suite.play_seeds)} seeds, "
        f"budget {suite.factor:g} times the oracle's time. SHA-256 {frozen.sha256}"
    )


def _print_segments(frozen: FrozenSuite) -> None:
    suite = frozen.suite
    table = Table("segment", "family", "skill", "from", "to", title=_headline(frozen))
    table.add_column("oracle min (IQR)", justify="right")
    table.add_column("human-equivalent min", justify="right")
    for segment in suite.segments:
        reference = segment.reference
        table.add_row(
            segment.id,
            segment.family,
            segment.skill,
            ", ".join(segment.after) or "power-on",
            segment.goal,
            f"{reference.minutes:.1f} ({_minutes(reference.q1_frames)}-"
            f"{_minutes(reference.q3_frames)})",
            f"{reference.minutes * suite.human_factor:.0f}",
        )
    results.print(table)
    results.print(
        f"Minutes are emulated ones of the oracle, the median of {len(suite.seeds)} seeds. "
        f"Human-equivalent: times {suite.human_factor:g} ({suite.human_factor_is})."
    )


def _minutes(frames: int) -> str:
    return f"{frames / (60 * 59.7275):.1f}"


def _suite_json(frozen: FrozenSuite) -> dict[str, object]:
    suite = frozen.suite
    return {
        "name": suite.name,
        "title": suite.title,
        "sha256": frozen.sha256,
        "edition": suite.edition,
        "factor": suite.factor,
        "human_factor": suite.human_factor,
        "human_factor_is": suite.human_factor_is,
        "play_seeds": suite.play_seeds,
        "segments": [_segment_json(frozen, segment) for segment in suite.segments],
    }


def _segment_json(frozen: FrozenSuite, segment: Segment) -> dict[str, object]:
    world = frozen.suite.world(segment.world)
    data = segment.model_dump(mode="json", exclude={"starts"})
    return data | {
        "game": world.game,
        "status": world.status,
        "oracle_minutes": segment.reference.minutes,
    }
