from pathlib import Path

import pytest

from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.suite.build import build_suite
from pokebench.suite.content import FrozenSuite, load_plan


def test_equal_plans_give_equal_suites(
    tiny: FrozenSuite, plan_path: Path, games: Path, tmp_path: Path
) -> None:
    build_suite(load_plan(plan_path), tmp_path, games, processes=1)

    again = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.*")}
    assert again == {p.relative_to(tiny.folder): p.read_bytes() for p in tiny.folder.rglob("*.*")}


def test_starts_differ_by_seed_and_references_tell_their_spread(tiny: FrozenSuite) -> None:
    badge = tiny.suite.segment("known-badge")

    assert badge is not None
    assert badge.starts[0].ram != badge.starts[1].ram
    assert tiny.letters("known", 3) != tiny.letters("known", 4)
    assert badge.reference.seeds == 2
    reference = badge.reference
    assert reference.q1_frames <= reference.median_frames <= reference.q3_frames
    assert 1 < reference.minutes < 4


def test_a_goal_that_comes_before_the_start_cannot_be_built(
    plan_path: Path, games: Path, tmp_path: Path
) -> None:
    path = tmp_path / "plan.toml"
    text = plan_path.read_text().replace('["starter", "first_catch"]', '["champion"]')
    path.write_text(text)

    with pytest.raises(ConfigError, match="badge_1 happens before champion"):
        build_suite(load_plan(path), tmp_path / "out", games, processes=1)
    assert not (tmp_path / "out").exists()


def test_tasks_are_told_in_the_names_of_the_world(tiny: FrozenSuite, micro: Cartridge) -> None:
    badge = tiny.suite.segment("known-badge")

    assert badge is not None
    assert badge.words == f"Wanted: {micro.titles['badge_1']}."


def test_a_start_that_is_no_start_of_that_length_is_refused(
    plan_path: Path, games: Path, tmp_path: Path
) -> None:
    path = tmp_path / "plan.toml"
    text = plan_path.read_text().replace('goal = "badge_1"', 'goal = "first_heal"')
    path.write_text(text.replace('["starter", "first_catch"]', '["first_catch"]'))

    with pytest.raises(ConfigError, match="times the median; play other seeds"):
        build_suite(load_plan(path), tmp_path / "out", games, processes=1)
