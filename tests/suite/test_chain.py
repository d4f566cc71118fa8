import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pokebench.cli import main
from pokebench.errors import ConfigError
from pokebench.suite.build import build_suite
from pokebench.suite.chain import chain_of, find_segment
from pokebench.suite.content import DEFAULT_SUITE, FrozenSuite, load_plan, load_suite

CATCH = """
[[tasks]]
id = "catch"
preset = "micro"
after = ["starter"]
goal = "first_catch"
family = "care"
skill = "resources"
words = "Catch one."
"""
CHAIN = ("--segment", "known-begin", "--segment", "known-catch")


@pytest.fixture(scope="module")
def linked(plan_path: Path, games: Path, tmp_path_factory: pytest.TempPathFactory) -> FrozenSuite:
    """The tiny suite with a segment between its two, so that all three are a chain."""
    folder = tmp_path_factory.mktemp("linked")
    plan = folder / "plan.toml"
    plan.write_text(plan_path.read_text() + CATCH)
    build_suite(load_plan(plan), folder / "suite", games, processes=1)
    return load_suite(str(folder / "suite"))


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["suite", *(str(argument) for argument in arguments)])


def test_a_chain_begins_with_its_first_segment_and_ends_with_its_last(linked: FrozenSuite) -> None:
    chain = find_segment(linked.suite, "known-begin+known-catch+known-badge")
    begin, badge = linked.suite.segment("known-begin"), linked.suite.segment("known-badge")

    assert chain is not None
    assert begin is not None
    assert badge is not None
    assert (chain.goal, chain.start(3).steps) == ("badge_1", 0)
    assert chain.start(4).goal_steps == badge.start(4).goal_steps
    assert chain.reference.median_frames > (
        begin.reference.median_frames + badge.reference.median_frames
    )
    assert chain.words.startswith("In this order: 1. Get your first creature. 2. Catch one. 3. ")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("known-begin",), "two segments at least"),
        (("known-begin", "known-badge"), "are no chain: the first ends with starter of known"),
        (("known-begin", "nothing"), "no segment 'nothing'"),
    ],
)
def test_what_is_no_chain_says_why(
    names: tuple[str, ...], message: str, linked: FrozenSuite
) -> None:
    with pytest.raises(ConfigError, match=message):
        chain_of(linked.suite, names)


def test_the_shipped_suite_has_chains_with_and_without_a_segment_of_the_whole() -> None:
    suite = load_suite(DEFAULT_SUITE).suite
    voyage = suite.segment("short-famous-voyage-8")
    parts = chain_of(suite, ("short-famous-stretch-4", "short-famous-tour-8"))

    assert voyage is not None
    assert (parts.goal, parts.starts) == (voyage.goal, voyage.starts)
    assert chain_of(
        suite, tuple(f"short-novel-{n}" for n in ("crossing-6", "crossing-8", "league"))
    )


def test_only_models_have_a_context_that_can_be_cut(linked: FrozenSuite) -> None:
    arm = ("run", linked.folder, "--seeds", 1, *CHAIN, "--dry-run", "--arm")
    by_model = invoke(*arm, "handover", "--agent", "claude", "--book", "closed")

    assert by_model.stdout.split() == ["known-begin+known-catch_3_closed"]
    assert "random is no model" in invoke(*arm, "handover", "--agent", "random").stderr
    assert invoke(*arm, "oracle-start", "--agent", "random").stdout.split() == [
        "known-begin_3_closed", "known-catch_3_closed",
    ]  # fmt: skip


def played(linked: FrozenSuite, folder: Path, agent: str, *limits: object) -> dict[str, Any]:
    """What scoring says of two arms that an agent has played under one seed."""
    folders = [folder / arm for arm in ("continuous", "oracle-start")]
    for out in folders:
        arguments = (*CHAIN, "--agent", agent, "--seeds", 1, "--arm", out.name, "--out", out)
        assert invoke("run", linked.folder, *arguments, *limits).exit_code == 0
    scored = invoke("score", *folders, "--suite", linked.folder, "--jobs", 1, "--json")
    assert scored.exit_code == 0
    report: dict[str, Any] = json.loads(scored.stdout)
    return report


def test_arms_are_played_and_scored_and_chains_are_no_trials_of_the_suite(
    linked: FrozenSuite, tmp_path: Path
) -> None:
    report = played(linked, tmp_path, "random", "--max-turns", 2)

    [chain] = report["chains"]
    assert [arm["arm"] for arm in chain["arms"]] == ["continuous", "oracle-start"]
    assert chain["arms"][0]["whole"] == {"successes": 0, "n": 1}
    assert chain["split"]["flag"] == "zero_cell"
    assert [row["trials"] for row in report["agents"]] == [2]
    assert [trial["pieces"] for trial in report["trials"]] == [[None, None], [], []]


@pytest.mark.slow
def test_the_oracle_does_a_chain_in_one_run_as_it_does_its_pieces(
    linked: FrozenSuite, tmp_path: Path
) -> None:
    report = played(linked, tmp_path, "oracle")

    [chain] = report["chains"]
    assert chain["arms"][0]["pieces"] == [{"successes": 1, "n": 1}] * 2
    assert chain["split"]["ratio"]["log_ratio"] == 0
    assert chain["split"]["ratio"]["variance"] == 0
    assert chain["tax"]["log2_ratio"]["value"] == pytest.approx(0, abs=1)
    whole = next(trial for trial in report["trials"] if trial["pieces"])
    assert sum(whole["pieces"]) == whole["spent"]["frames"]
