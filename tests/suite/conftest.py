"""A suite of the smallest world, built once."""

import shutil
from pathlib import Path

import pytest

from pokebench.suite.build import build_suite
from pokebench.suite.content import FrozenSuite, load_plan, load_suite

PLAN = """
schema = 1
id = "tiny"
version = 1
title = "Tiny"
seeds = [3, 4]
play_seeds = 2

[[worlds]]
id = "known"
preset = "micro"
status = "famous"
seed = 1

[[tasks]]
id = "badge"
preset = "micro"
after = ["starter", "first_catch"]
goal = "badge_1"
family = "hall"
skill = "battle"
words = "Wanted: {goal}."

[[tasks]]
id = "begin"
preset = "micro"
goal = "starter"
family = "opening"
skill = "dialogue"
words = "Get your first creature."
"""


@pytest.fixture(scope="session")
def plan_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(PLAN)
    return path


@pytest.fixture(scope="session")
def games(oracle_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A builder's work folder in which one of two games was played before."""
    folder = tmp_path_factory.mktemp("games")
    shutil.copytree(oracle_run, folder / "known_1_3")
    return folder


@pytest.fixture(scope="session")
def tiny(plan_path: Path, games: Path, tmp_path_factory: pytest.TempPathFactory) -> FrozenSuite:
    """A suite with two segments, frozen; do not change it."""
    folder = tmp_path_factory.mktemp("suite") / "tiny-1"
    build_suite(load_plan(plan_path), folder, games, processes=1)
    return load_suite(str(folder))
