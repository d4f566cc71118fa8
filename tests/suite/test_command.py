import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pokebench.cli import main
from pokebench.suite.content import DEFAULT_SUITE, FrozenSuite, load_suite
from pokebench.suite.controls import CONTROLS, load_controls
from pokebench.trajectory import read_trajectory


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["suite", *(str(argument) for argument in arguments)])


def test_suites_and_segments_are_listed_for_people_and_programs(tiny: FrozenSuite) -> None:
    listed = json.loads(invoke("list", tiny.folder, "--json").output)[0]

    assert DEFAULT_SUITE in invoke("list").output
    assert listed["sha256"] == tiny.sha256
    assert [segment["id"] for segment in listed["segments"]] == ["known-begin", "known-badge"]
    assert "human-equivalent" in invoke("list", tiny.folder).output


def test_a_dry_run_with_a_model_forecasts_both_bounds_and_both_books(tiny: FrozenSuite) -> None:
    result = invoke("run", tiny.folder, "--agent", "claude", "--dry-run", "--seeds", 1)

    assert result.exit_code == 0
    assert result.stdout.split() == [
        "known-begin_3_closed", "known-begin_3_open", "known-badge_3_closed", "known-badge_3_open",
    ]  # fmt: skip
    assert "if each takes as long as the oracle" in result.stderr
    assert "if each uses its whole budget" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--segment", "nothing"], "--segment nothing: tiny-1 has known-badge, known-begin"),
        (["--family", "nothing"], "--family nothing: tiny-1 has hall, opening"),
        (["--longest", "0.01"], "no segment of tiny-1 is as these flags ask"),
        (["--seeds", "3"], "the suite tiny-1 has 2"),
        (["--book", "open"], "only models are told the manual"),
    ],
)
def test_choosing_what_there_is_not_says_what_there_is(
    arguments: list[str], message: str, tiny: FrozenSuite, tmp_path: Path
) -> None:
    result = invoke("run", tiny.folder, "--agent", "random", "--out", tmp_path / "o", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "o").exists()


def test_a_folder_that_suite_run_did_not_make_cannot_be_scored(tmp_path: Path) -> None:
    result = invoke("score", tmp_path)

    assert result.exit_code == 2
    assert "no suite-run.json of `suite run` in it" in result.stderr


def test_a_run_that_was_changed_is_named_and_the_rest_is_scored(
    tiny: FrozenSuite, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = ("run", tiny.folder, "--agent", "random", "--max-turns", 2, "--out", out)
    assert invoke(*run, "--segment", "known-begin").exit_code == 0
    events = out / "known-begin_3_closed" / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b'"a":"', b'"a":"U', 1))
    result = invoke("score", out, "--suite", tiny.folder, "--json", "--jobs", 1)

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert "its hash does not fit" in result.stderr
    assert len(report["trials"]) == 1
    assert [Path(fault["run"]).name for fault in report["faults"]] == ["known-begin_3_closed"]


@pytest.mark.slow
def test_a_killed_suite_run_goes_on_and_loses_nothing(tiny: FrozenSuite, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable, "-W", "ignore", "-m", "pokebench", "suite", "run", str(tiny.folder),
        "--agent", "wall-follower", "--factor", "3", "--jobs", "2", "--out", str(out),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    events = out / "known-badge_3_closed" / "events.jsonl"
    deadline = time.monotonic() + 120
    while not (events.exists() and events.stat().st_size > 20_000):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    recorded = events.read_bytes()
    time.sleep(2)
    again = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    assert again.returncode == 0, again.stderr
    assert "4 of 4 trials are done" in again.stdout
    assert events.read_bytes().startswith(recorded[: recorded.rindex(b"\n")])
    assert invoke("score", out, "--suite", tiny.folder, "--jobs", 1).exit_code == 0
    assert not read_trajectory(events.parent).torn


@pytest.mark.slow
def test_the_check_plays_blind_replay_and_saves_what_it_found(
    tiny: FrozenSuite, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny.folder, tmp_path / "suite"))
    result = invoke("check", folder, "--out", tmp_path / "out", "--save", "--jobs", 1, "--json")
    report = json.loads(result.stdout)

    assert result.exit_code == 0
    assert report["agents"][0]["agent"] == "replay"
    assert (folder / "controls.json").is_file()
    assert load_suite(str(folder)).sha256 == tiny.sha256


@pytest.mark.slow
def test_the_oracle_reaches_the_goal_of_shipped_segments(tmp_path: Path) -> None:
    suite = load_suite(DEFAULT_SUITE).suite
    sampled = [segment for segment in suite.segments if segment.reference.minutes < 4][::6]
    chosen = [word for segment in sampled for word in ("--segment", segment.id)]
    out = tmp_path / "out"
    result = invoke("run", DEFAULT_SUITE, "--agent", "oracle", "--seeds", 1, "--out", out, *chosen)
    report = json.loads(invoke("score", out, "--json", "--jobs", 1).stdout)

    assert result.exit_code == 0
    assert len(sampled) >= 3
    assert all(trial["succeeded"] for trial in report["trials"])


def test_the_shipped_suite_is_as_the_docs_say() -> None:
    suite = load_suite(DEFAULT_SUITE).suite
    lengths = [segment.reference.minutes for segment in suite.segments]
    octaves = {length.bit_length() for length in map(int, lengths)}

    assert len(suite.segments) >= 24
    assert len({segment.family for segment in suite.segments}) >= 8
    assert {suite.world(segment.world).status for segment in suite.segments} == {"famous", "novel"}
    assert max(lengths) > 30
    assert len(octaves) >= 6
    for world in suite.worlds:
        for seed in suite.play_seeds:
            load_suite(DEFAULT_SUITE).letters(world.id, seed)


def test_every_control_was_played_on_every_segment_of_the_shipped_suite() -> None:
    frozen = load_suite(DEFAULT_SUITE)
    controls = load_controls(frozen)

    assert controls is not None
    for control in CONTROLS:
        played = {trial.segment for trial in controls.trials if trial.agent == control}
        assert played == {segment.id for segment in frozen.suite.segments}, control
