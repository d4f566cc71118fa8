"""A whole run of a game with a start script and flags: played, proved and marked."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pokebench.cli import main
from pokebench.rom import Rom
from pokebench.testing.cartridge import A_PRESSES, DOWN_PRESSES, button_rom

ROM = button_rom(title="HOMEBREW")
TABLE = f"""
schema = 1
game = {{ id = "homebrew", title = "Homebrew", reader = "red" }}
rom = [{{ sha1 = "{Rom.of(ROM).sha1}", region = "World" }}]
timing = {{ step_frames = 20, hold_frames = 8 }}
end = {{ milestone = "never" }}
[start]
boot_frames = 60
max_idle_frames = 100
[[start.script]]
to = "the third press"
press = "a"
until = {{ symbol = "a", equals = 3 }}
within_frames = 600
[symbols]
a = {{ address = {A_PRESSES}, source = "here" }}
down = {{ address = {DOWN_PRESSES}, source = "here" }}
[[milestones]]
id = "started"
title = "Started"
skill = "memory"
when = {{ symbol = "a", at_least = 3 }}
[[milestones]]
id = "never"
title = "Never"
skill = "memory"
when = {{ all = [{{ symbol = "a", equals = 0 }}, {{ symbol = "a", equals = 1 }}] }}
[[flags]]
id = "too_low"
title = "too far down"
severity = "invalid"
when = {{ symbol = "down", at_least = 2 }}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "homebrew.toml").write_text(TABLE)
    (tmp_path / "roms").mkdir()
    (tmp_path / "roms" / "homebrew.gb").write_bytes(ROM)
    monkeypatch.setenv("POKEBENCH_GAMES", str(tmp_path))
    monkeypatch.setenv("POKEBENCH_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("POKEBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_with_a_grave_flag_holds_and_does_not_count(home: Path) -> None:
    invoke = CliRunner().invoke
    game = ["--game", "homebrew", "--agent", "random", "--budget-minutes", "0.4", "--json"]
    played = json.loads(invoke(main, ["run", *game]).stdout)
    folder = played["run"]
    proved = json.loads(invoke(main, ["verify", folder, "--json"]).stdout)[0]
    events = [json.loads(line) for line in (Path(folder) / "events.jsonl").read_text().splitlines()]

    assert played["milestones"] == ["started"]
    assert played["invalid_because"] == proved["invalid_because"] == "too far down"
    assert proved["verified"] is True
    assert [flag["id"] for flag in proved["flags"]] == ["too_low"]
    assert [e["detail"] for e in events if e["t"] == "diagnostic"] == ["too far down"]
    reset = next(event for event in events if event["t"] == "reset")
    assert reset["f"] > 60 + reset["idle_frames"]


def test_another_start_does_not_verify(home: Path) -> None:
    invoke = CliRunner().invoke
    game = ["--game", "homebrew", "--agent", "random", "--budget-minutes", "0.2", "--json"]
    folder = json.loads(invoke(main, ["run", *game]).stdout)["run"]
    (home / "homebrew.toml").write_text(TABLE.replace("equals = 3", "equals = 4"))
    result = invoke(main, ["verify", folder])

    assert result.exit_code == 1
    assert "table_sha256" in result.stderr
