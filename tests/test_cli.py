import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pokebench.cli import main
from pokebench.milestone import Cartridge, game_ids

ROOT = Path(__file__).parents[1]


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """All commands there are, as words on the command line."""
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*prefix, name))
        if isinstance(command, click.Group):
            found += commands(command, (*prefix, name))
    return found


@pytest.mark.parametrize("words", commands(main), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    result = invoke(*words, "--help")

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_help_lists_every_command() -> None:
    output = invoke("--help").output

    assert all(f"  {name} " in output for (name,) in (w for w in commands(main) if len(w) == 1))


def test_games_and_agents_are_listed_for_people_and_programs() -> None:
    assert "tallgrass:micro|mini|short@SEED" in invoke("games").output
    assert [game["id"] for game in json.loads(invoke("games", "--json").output)] == list(game_ids())
    assert "never ranked" in invoke("agents").output
    agents = {card["id"]: card for card in json.loads(invoke("agents", "--json").output)}
    assert agents["oracle"]["privileged"]
    controls = {name for name, card in agents.items() if card["control"]}
    assert controls == {"oracle", "random", "replay", "wall-follower", "scripted"}
    assert {"human", "claude", "gpt", "local"} <= agents.keys()


def test_a_run_is_played_verified_scored_drawn_and_entered(tmp_path: Path) -> None:
    played = invoke(
        "run", "--game", "tallgrass:micro@1", "--agent", "oracle", "--seed", 2,
        "--out", tmp_path, "--json",
    )  # fmt: skip
    assert played.exit_code == 0, played.output
    run = json.loads(played.stdout)
    assert run["reason"] == "finished"
    folder, board = run["run"], tmp_path / "leaderboard.json"

    verified = invoke("verify", folder, "--json")
    assert verified.exit_code == 0
    assert json.loads(verified.stdout)[0]["milestones"] == run["milestones"]

    scored = invoke("score", folder, "--out", tmp_path / "score")
    assert scored.exit_code == 0
    assert "reads RAM: a reference, never ranked" in scored.stdout
    assert (tmp_path / "score" / "curve.png").stat().st_size > 10_000
    assert (tmp_path / "score" / "curve.svg").exists()
    numbers = json.loads(invoke("score", folder, "--out", tmp_path / "score", "--json").stdout)
    assert numbers["runs"][0]["milestones"][0]["id"] == "new_game"
    assert numbers["runs"][0]["coherence"]["presses"] > 100
    assert numbers["groups"][0]["summary"]["linear"]["normalised"]["value"] == 1.0

    assert invoke("render", folder, "--out", tmp_path / "strip.png").exit_code == 0
    assert (tmp_path / "strip.png").exists()

    submission = tmp_path / "mine"
    handed_in = invoke("submit", folder, "--name", "Me", "--out", submission)
    assert handed_in.exit_code == 0, handed_in.output
    assert "It does not show who pressed the buttons" in handed_in.stdout
    assert invoke("leaderboard", "add", submission, "--file", board).exit_code == 0
    assert "reference" in invoke("leaderboard", "rank", "--file", board).stdout
    again = invoke("leaderboard", "add", submission, "--file", board)
    assert again.exit_code == 1
    assert "is on the leaderboard already" in again.stderr


def test_a_world_is_shown_as_map_and_json(tmp_path: Path) -> None:
    result = invoke("world", "tallgrass:micro@3", "--out", tmp_path / "w.png", "--json")
    world = json.loads(result.stdout)

    assert result.exit_code == 0
    assert world["seed"] == 3
    assert world["badges"] == 1
    assert (tmp_path / "w.png").stat().st_size > 1000


def test_a_worlds_manual_is_written_where_asked(tmp_path: Path, micro: Cartridge) -> None:
    result = invoke(
        "world", "tallgrass:micro@1", "--out", tmp_path / "w.png", "--manual", tmp_path / "m.txt"
    )

    assert result.exit_code == 0
    assert (tmp_path / "m.txt").read_text("ascii") == micro.manual()


def test_a_manual_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    result = invoke("world", "tallgrass:micro@1", "--out", tmp_path / "w.png", "--manual", tmp_path)

    assert result.exit_code == 2
    assert "cannot write manual" in result.stderr


def test_the_demo_shows_everything(tmp_path: Path) -> None:
    result = invoke(
        "demo", "--game", "tallgrass:micro@1", "--budget-minutes", 15, "--out", tmp_path / "demo"
    )

    assert result.exit_code == 0, result.output
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {"curve.png", "curve.svg", "filmstrip.png"} <= names
    assert "What to try next" in result.stderr


BAD = {
    "unknown game": (["run", "--agent", "random", "--game", "chess"], "no game 'chess'", 2),
    "unknown preset": (
        ["run", "--agent", "random", "--game", "tallgrass:huge"],
        "presets are micro, mini, short",
        2,
    ),
    "malformed game": (
        ["run", "--agent", "random", "--game", "../x"],
        "write it like tallgrass:short@7",
        2,
    ),
    "unknown agent": (["run", "--agent", "gpt-9"], "no agent 'gpt-9'; there are", 2),
    "no agent file": (["run", "--agent", "gone.py:Me"], "no file gone.py", 2),
    "replay of nothing": (["run", "--agent", "replay"], "needs the run to play again", 2),
    "replay with another agent": (
        ["run", "--agent", "random", "--replay", "x"],
        "goes with --agent replay only",
        2,
    ),
    "rom for a generated game": (
        ["run", "--agent", "random", "--rom", "x.gb"],
        "takes no --rom",
        2,
    ),
    "negative budget": (["run", "--agent", "random", "--budget-minutes", "-1"], "Invalid value", 2),
    "an endless budget": (
        ["run", "--agent", "random", "--budget-minutes", "inf"],
        "inf is not a finite number",
        2,
    ),
    "no such run": (["verify", "nowhere"], "manifest.json: no such file", 1),
    "no run to score": (["score", "nowhere"], "manifest.json: no such file", 1),
    "no run to render": (["render", "nowhere"], "manifest.json: no such file", 1),
    "a world that is none": (["world", "tallgrass:tiny@1"], "presets are", 2),
}


def test_a_folder_of_runs_and_a_run_handed_in_say_what_to_name(random_run: Path) -> None:
    above = invoke("verify", random_run.parent)
    handed_in = invoke("leaderboard", "check", random_run)

    assert f"not a run, but a folder of runs like {random_run}" in above.stderr
    assert "this is a run; `pokebench submit` makes a submission of it" in handed_in.stderr


@pytest.mark.slow
def test_a_reference_that_nothing_can_be_measured_by_is_refused(
    random_run: Path, oracle_run: Path, tmp_path: Path
) -> None:
    played = invoke(
        "run", "--agent", "random", "--game", "tallgrass:mini@1", "--budget-minutes", 0.1,
        "--out", tmp_path,
    )  # fmt: skip
    assert played.exit_code == 0, played.output
    (other,) = tmp_path.iterdir()
    of_another_game = invoke("score", other, "--reference", oracle_run)
    of_no_oracle = invoke("score", oracle_run, "--reference", random_run)

    assert of_another_game.exit_code == of_no_oracle.exit_code == 2
    assert "that run is of tallgrass:micro@1; play one" in of_another_game.stderr
    assert "--agent oracle --game tallgrass:mini@1" in of_another_game.stderr
    assert "is by random, which is no oracle" in of_no_oracle.stderr


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_one_clear_message(name: str, tmp_path: Path) -> None:
    arguments, message, code = BAD[name]
    if arguments[0] == "run":
        arguments = [*arguments, "--out", str(tmp_path)]
    result = invoke(*arguments)

    assert message in result.stderr
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    result = invoke("run", "--agent", "random", "--game", "tallgrass:micro", "--out", blocker / "x")

    assert result.exit_code == 2
    assert "cannot write run folder" in result.stderr


def test_what_cannot_be_started_leaves_no_folder(tmp_path: Path) -> None:
    result = invoke("run", "--agent", "replay", "--game", "tallgrass:micro", "--out", tmp_path)

    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_playing_by_hand_without_a_display_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.setenv("DISPLAY", ":987")
    result = invoke("run", "--agent", "human", "--game", "tallgrass:micro", "--out", tmp_path)

    assert result.exit_code == 2
    assert "playing by hand needs a display" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["verify", "score"])
def test_a_flipped_bit_fails_with_the_place(kind: str, random_run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(random_run, tmp_path / "run"))
    events = folder / "events.jsonl"
    raw = bytearray(events.read_bytes())
    raw[raw.index(b"\n", 900) + 30] ^= 4
    line = bytes(raw[:1000]).count(b"\n")
    events.write_bytes(bytes(raw))
    result = invoke(kind, folder)

    assert result.exit_code == 1
    assert f"events.jsonl line {line + 1}" in result.stderr or f"line {line}" in result.stderr


def test_a_cut_off_run_says_how_far_it_holds(random_run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(random_run, tmp_path / "run"))
    events = folder / "events.jsonl"
    events.write_bytes(events.read_bytes()[:-60])
    result = invoke("verify", folder)

    assert result.exit_code == 1
    assert "cut off in the middle; the run was cut off. What is whole holds" in result.stderr
    handed_in = invoke("submit", folder, "--name", "Me", "--out", tmp_path / "mine")
    assert handed_in.exit_code == 1
    assert "the run has no end" in handed_in.stderr
    assert not (tmp_path / "mine").exists()


def test_ctrl_c_ends_a_run_on_the_record(tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "pokebench", "run", "--game", "tallgrass:micro@1", "--agent",
        "random", "--budget-minutes", "600", "--out", str(tmp_path),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    events = tmp_path / "tallgrass-micro-1_random_seed1" / "events.jsonl"
    deadline = time.monotonic() + 60
    while not (events.exists() and events.stat().st_size > 3000):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "interrupted after" in output
    assert invoke("verify", events.parent).exit_code == 0


def test_a_cut_off_replay_goes_on_with_the_inputs_it_began_with_and_no_others(
    oracle_run: Path, random_run: Path, tmp_path: Path
) -> None:
    game = ("--game", "tallgrass:micro@1", "--seed", 4, "--budget-minutes", 2)
    begun = invoke("run", *game, "--agent", "replay", "--replay", oracle_run, "--out", tmp_path)
    folder = tmp_path / "tallgrass-micro-1_replay_seed4"
    events = folder / "events.jsonl"
    whole = events.read_bytes()
    events.write_bytes(whole[: len(whole) // 2])
    refused = [
        invoke("resume", folder),
        invoke("resume", folder, "--replay", random_run),
    ]
    resumed = invoke("resume", folder, "--replay", oracle_run)

    assert begun.exit_code == resumed.exit_code == 0
    assert [result.exit_code for result in refused] == [2, 2]
    assert "--replay RUN" in refused[0].stderr
    assert invoke("verify", folder).exit_code == 0


@pytest.mark.parametrize(
    "damage", ["[game]\nid = 3", "schema = 1\n[timing]\nstep_frames = 'x'", "not toml ["]
)
def test_a_malformed_table_names_the_key(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.toml").write_text(damage)
    monkeypatch.setenv("POKEBENCH_GAMES", str(tmp_path))
    result = invoke("games")

    assert result.exit_code == 2
    assert "broken.toml" in result.stderr


def test_the_readme_names_only_commands_there_are(micro: Cartridge) -> None:
    known = {" ".join(words) for words in commands(main)}
    for document in ("README.md", "ARCHITECTURE.md", "roms_README.md"):
        for text in (ROOT / document).read_text().split("pokebench ")[1:]:
            word = text.split()[0].strip("`.,;:)") if text.split() else ""
            if word in {"run", "verify", "score", "render", "leaderboard", "world", "games"}:
                assert word in known
