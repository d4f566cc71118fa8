"""Exported pages: what they hold, and how they behave when opened from a file."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Page

from pokebench.agent import AgentSpec
from pokebench.cli import main
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge
from pokebench.replay import Replay
from pokebench.runner import RunConfig, run
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Frame
from pokebench.viewer.pieces import GENERATOR
from pokebench.viewer.reels import Own, reels
from tests.viewer.conftest import Seen, keep, until, violations

Look = Callable[..., Seen]
TALKER = """
from pokebench.types import Action, Turn

class Talker:
    turns = 0
    def act(self, observation):
        self.turns += 1
        words = "<img src=x onerror=alert(1)> \\u202egnihtemos all in a long breath, "
        words += "rosebud " * (self.turns == 40)
        return Turn((Action.A, Action.RIGHT)[self.turns % 2 :][:1], text=words)
    def state(self): return {"turns": self.turns}
    def restore(self, state): self.turns = state["turns"]
"""
SCREEN = """(number) => {
  const canvas = document.querySelectorAll("canvas.screen")[number];
  return Array.from(canvas.getContext("2d").getImageData(0, 0, 160, 144).data);
}"""


def export(cache: Path, *arguments: object) -> Result:
    words = ["export", *map(str, arguments)]
    return CliRunner().invoke(main, words, env={"POKEBENCH_CACHE": str(cache)})


def pixels_of(page: Page, number: int) -> Frame:
    """What a screen of the page shows."""
    rgba = np.array(page.evaluate(SCREEN, number), np.uint8).reshape(144, 160, 4)
    return rgba[:, :, :3]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def talk(micro: Cartridge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one's own code that says things."""
    folder = tmp_path_factory.mktemp("talk")
    (folder / "talker.py").write_text(TALKER)
    agent = AgentSpec.parse(f"{folder}/talker.py:Talker").with_settings(("harness.tier=text",))
    budget = BudgetPart(frames=frames_of_minutes(1), turns=120)
    run(RunConfig(micro, agent, 1, budget, folder / "run"))
    return folder / "run"


@pytest.fixture(scope="module")
def exported(cache: Path, talk: Path, oracle_run: Path) -> Path:
    """Two runs as a folder."""
    out = talk.parent / "page"
    result = export(cache, talk, oracle_run, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    files = [path for path in out.rglob("*") if path.is_file()]
    assert told["total_bytes"] == sum(path.stat().st_size for path in files)
    return out


def test_a_folder_that_holds_something_else_is_refused(
    random_run: Path, cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    result = export(cache, random_run, "--out", tmp_path)

    assert result.exit_code == 2
    assert "holds something else" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_single_file_must_be_named_as_one(random_run: Path, cache: Path, tmp_path: Path) -> None:
    result = export(cache, random_run, "--out", tmp_path / "page", "--single-file")

    assert result.exit_code == 2
    assert "ends in .html" in result.output


@pytest.mark.slow
def test_a_commercial_game_is_exported_only_when_asked(
    micro: Cartridge, cache: Path, tmp_path: Path
) -> None:
    rom, out = tmp_path / "meadow.gb", tmp_path / "page"
    rom.write_bytes(micro.rom.data)
    own = ("--game", Path(__file__).parents[2] / "docs" / "examples" / "meadow.toml", "--rom", rom)
    words = ["run", *own, "--agent", "random", "--budget-minutes", "0.2", "--json", "--out"]
    result = CliRunner().invoke(main, [*map(str, words), str(tmp_path / "runs")])
    folder = json.loads(result.stdout)["run"]

    refused = export(cache, folder, *own, "--out", out)
    asked = export(cache, folder, *own, "--out", out, "--commercial")

    assert refused.exit_code == 2
    assert "belongs to its makers" in refused.output
    assert asked.exit_code == 0, asked.output
    assert "answers for it" in asked.output
    assert "belongs to its makers" in (out / "index.html").read_text()


def test_more_than_four_runs_are_refused(random_run: Path, cache: Path, tmp_path: Path) -> None:
    result = export(cache, *[random_run] * 5, "--out", tmp_path / "page")

    assert result.exit_code == 2
    assert "1 to 4" in result.output


@pytest.mark.slow
def test_an_exported_page_holds_no_rom_and_no_path(
    exported: Path, micro: Cartridge, talk: Path
) -> None:
    texts = [path.read_bytes() for path in exported.rglob("*") if path.is_file()]

    for text in texts:
        assert micro.rom.data[0x4000:0x4040] not in text
        assert str(talk.parent).encode() not in text
    assert b"noindex" in (exported / "index.html").read_bytes()


@pytest.mark.slow
def test_an_export_opens_from_a_file_plays_seeks_and_searches(
    exported: Path, oracle_run: Path, look: Look
) -> None:
    seen = look()
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.open(f"{(exported / 'index.html').as_uri()}#t=1200&run=2")

    until(page, "Pokebench.page.screens[1].shown === 1200")
    with Replay.open(oracle_run) as replay:
        for frame in (1200, 7201, 3599, 3600, 900):
            page.evaluate(f"Pokebench.page.state.playhead.seek({frame})")
            until(page, f"Pokebench.page.screens[1].shown === {frame}")
            np.testing.assert_array_equal(pixels_of(page, 1), replay.screen(frame))
    page.keyboard.press("7")
    page.keyboard.press("Space")
    until(page, "Pokebench.page.state.playhead.frame > 4000")
    page.keyboard.press("Space")
    page.evaluate("Pokebench.page.state.pick(Pokebench.page.state.runs[0])")
    page.keyboard.press("/")
    page.keyboard.type("rosebud")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#search-count').textContent === '1 of 1'")
    shares = page.evaluate(
        "{ const told = [], { source } = Pokebench.page.state.run;"
        " source.search('rosebud', undefined, (share) => told.push(share)).then(() => told) }"
    )
    before = page.text_content(".hit-words") or ""
    assert before.startswith("src=x onerror"), "a hit begins with a whole word"
    assert len(shares) > 2
    assert shares == sorted(shares)
    assert page.evaluate("document.querySelectorAll('main img').length") == 0
    page.click("#tab-map")
    until(page, "document.querySelector('#panel-map').textContent.includes('walked')")
    page.click("#tab-raw")
    until(page, "document.querySelector('#panel-raw').textContent.includes('rosebud')")
    until(page, "Pokebench.page.state.runs[1].battles.length > 0")
    keep(page, "export")
    assert asked
    assert all(address.startswith("file:") for address in asked)


@pytest.mark.slow
def test_a_single_file_holds_everything(
    oracle_run: Path, cache: Path, tmp_path: Path, look: Look
) -> None:
    out = tmp_path / "run.html"
    result = export(cache, oracle_run, "--out", out, "--single-file", "--every", 4)
    assert result.exit_code == 0, result.output
    seen = look(dark=True, phone=True)
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))

    page = seen.open(f"{out.as_uri()}#t=5000")

    until(page, "Pokebench.page.screens[0].shown === 5000")
    with Replay.open(oracle_run) as replay:
        np.testing.assert_array_equal(pixels_of(page, 0), replay.screen(5000))
        page.evaluate("Pokebench.page.state.playhead.seek(5003)")
        until(page, "Pokebench.page.screens[0].shown === 5003")
        np.testing.assert_array_equal(pixels_of(page, 0), replay.screen(5000))
    assert page.text_content("#frame") == "frame 5,003, screen 5,000"
    page.click("#simulation")
    assert "one screen in 4 frames" in (page.text_content("#proof") or "")
    assert violations(page) == {}
    page.click("#proof .close")
    assert violations(page) == {}
    keep(page, "export-phone")
    assert [address for address in asked if not address.startswith("data:")] == [out.as_uri()]


@pytest.mark.slow
def test_a_damaged_piece_is_named(exported: Path, tmp_path: Path, look: Look) -> None:
    copy = Path(shutil.copytree(exported, tmp_path / "copy"))
    for path in (copy / "data").iterdir():
        text = path.read_text()
        if len(text) > 40_000:
            path.write_text(text.replace("A", "B"))

    page = look().open(f"{(copy / 'index.html').as_uri()}#t=5000&run=2")

    note = "document.querySelector('.screen-note.is-fault:not([hidden])')?.textContent"
    assert "is damaged" in until(page, note)


@pytest.mark.slow
def test_too_large_an_export_says_what_to_do_and_leaves_nothing(
    oracle_run: Path, cache: Path, tmp_path: Path
) -> None:
    result = export(cache, oracle_run, "--out", tmp_path / "page", "--max-size", 0.2)

    assert result.exit_code == 2
    assert "--every" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_killed_export_leaves_nothing_half(oracle_run: Path, cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "page"
    command = [sys.executable, "-m", "pokebench", "export", str(oracle_run), "--out", str(out)]
    environment = os.environ | {"POKEBENCH_CACHE": str(cache)}

    process = subprocess.Popen(command, env=environment)
    while not (tmp_path / ".page.part").is_dir():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert not out.exists()
    out.mkdir()
    (out / "index.html").write_text(GENERATOR)  # an export from before
    assert export(cache, oracle_run, "--out", out, "--every", 8).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["page"]
    assert (out / "data" / "000000.js").exists()


@pytest.mark.slow
def test_several_processes_make_the_same_reels_as_one(oracle_run: Path, cache: Path) -> None:
    made = [list(reels(oracle_run, Own(None, cache), 9000, 10, jobs)) for jobs in (1, 2)]

    assert made[0] == made[1]
    assert len(made[0]) == 3
