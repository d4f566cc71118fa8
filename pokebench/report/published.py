"""Published results of other harnesses, as marks on axes that fit; they are never ranked."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pokebench.content import content_dir
from pokebench.errors import ConfigError
from pokebench.report.chart import Mark

_SECONDS: Final = {"wall": 3600.0}
"""Units of the file in units of our clocks, where they differ."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published point.

    Attributes:
        system: what played.
        game: the game's id.
        milestone: id of the milestone that it reached.
        clock: id of the clock.
        value: on that clock, in its unit.
        runs: how many runs it stands for.
        source: where it was published.
    """

    system: str
    game: str
    milestone: str
    clock: str
    value: float
    runs: int
    source: str


def load_published(path: Path | None = None) -> tuple[Published, ...]:
    """Return all published points.

    Raises:
        ConfigError: the file cannot be read, or a row of it is malformed.
    """
    path = path or content_dir("references") / "published.csv"
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    found = []
    for number, row in enumerate(rows, 1):
        try:
            value = float(row["value"]) * _SECONDS.get(row["clock"], 1.0)
            runs = int(row["runs"])
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"{path} row {number}: value and runs are numbers") from error
        found.append(
            Published(
                row["system"], row["game"], row["milestone"], row["clock"], value, runs,
                row["source"],
            )
        )  # fmt: skip
    return tuple(found)


def fitting(published: Sequence[Published], game: str) -> tuple[Published, ...]:
    """Return the points of a game, given as it is played: `pokemon_red`, `tallgrass:short@1`."""
    name = game.partition(":")[0]
    return tuple(point for point in published if point.game == name)


def marks_of(
    published: Sequence[Published], milestones: Sequence[str]
) -> dict[str, tuple[Mark, ...]]:
    """Return marks by clock, each at the share of milestones up to its own in the game's order."""
    found: dict[str, list[Mark]] = defaultdict(list)
    order = list(milestones)
    for point in published:
        if point.milestone in order:
            share = (order.index(point.milestone) + 1) / len(order)
            words = f"{point.system}, n = {point.runs}"
            found[point.clock].append(Mark(point.value, share, words))
    return {clock: tuple(marks) for clock, marks in found.items()}
