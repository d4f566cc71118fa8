"""The page about ROMs says what the tables say."""

import csv
from pathlib import Path

import pytest

from pokebench.content import content_dir
from pokebench.milestone import game_ids, load_table

PAGE = (Path(__file__).parents[1] / "roms_README.md").read_text()


@pytest.mark.parametrize("game", [game for game in game_ids() if load_table(game).rom])
def test_every_accepted_rom_is_listed(game: str) -> None:
    for dump in load_table(game).rom:
        line = next(line for line in PAGE.splitlines() if dump.sha1 in line)

        assert f"| `{game}` |" in line
        assert f"| {dump.region} | {dump.revision} |" in line


def test_every_refused_release_is_listed() -> None:
    with (content_dir("milestones") / "shared" / "known_roms.csv").open() as file:
        for row in csv.DictReader(file):
            line = next(line for line in PAGE.splitlines() if f"`{row['sha1'][:8]}`" in line)

            assert line.startswith(f"| {row['name']} | {row['kind']} |")
