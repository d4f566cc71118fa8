"""A run is followed while it is played, across its own death and the server's."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pokebench.testing import FakeProvider
from pokebench.trajectory import read_trajectory
from tests.viewer.conftest import Seen, keep, served, until
from tests.viewer.playing import Thinker, command, environment, folder_in

pytestmark = pytest.mark.slow
RUN = "Pokebench.page.state.run"
HEAD = "Pokebench.page.state.playhead"


def test_a_run_is_followed_across_its_death_and_resumption(
    look: Callable[..., Seen], tmp_path: Path
) -> None:
    with FakeProvider(Thinker(), reply_seconds=0.1) as provider:
        asked = command(tmp_path, provider, "--max-turns", "70")
        runner = subprocess.Popen(asked, env=environment(tmp_path))
        folder = folder_in(tmp_path)
        with served(tmp_path / "viewer", folder) as (address, _):
            page = look().open(address)
            until(page, f"{RUN}.turnCount > 8 && {HEAD}.isLive")
            assert page.text_content("#live") == "● Live"
            keep(page, "desktop-live")
            runner.send_signal(signal.SIGKILL)
            runner.wait()
            killed_at = page.evaluate(f"{RUN}.turnCount")
            page.keyboard.press("Home")
            assert not page.evaluate(f"{HEAD}.isLive")
            resume = [sys.executable, "-W", "ignore", "-m", "pokebench", "resume", str(folder)]
            subprocess.run(
                resume, env=environment(tmp_path), check=True, capture_output=True, timeout=300
            )
            until(page, f"{RUN}.status.is_over")
            record = read_trajectory(folder)

            assert killed_at < len(record.turns)
            assert page.evaluate(f"{RUN}.columns.frame") == [turn.f for turn in record.turns]
            assert page.evaluate(f"{RUN}.marks.filter((m) => m.lane === 'session').length") == 1
            assert page.evaluate(f"{HEAD}.frame") == page.evaluate(f"{RUN}.firstFrame")
            until(page, f"{RUN}.simulation.state === 'holds'")


def test_each_line_comes_to_the_page_and_its_end_is_followed_again(
    look: Callable[..., Seen], oracle_run: Path, tmp_path: Path
) -> None:
    folder = grown(oracle_run, tmp_path, lines=20)
    with served(tmp_path / "viewer", folder) as (address, _):
        page = look().open(address)
        until(page, f"{HEAD}.isLive")
        page.keyboard.press("Home")
        page.keyboard.press("End")
        assert page.evaluate(f"{HEAD}.isLive")
        lines = (oracle_run / "events.jsonl").read_bytes().splitlines(keepends=True)
        for number in range(20, 32):
            with (folder / "events.jsonl").open("ab") as file:
                file.write(lines[number])
            until(page, f"{RUN}.line === {number + 1}")

        assert page.evaluate(f"{HEAD}.frame") == page.evaluate(f"{RUN}.lastFrame")


def test_a_server_that_is_killed_and_started_again_goes_on_where_the_page_is(
    look: Callable[..., Seen], oracle_run: Path, tmp_path: Path
) -> None:
    folder = grown(oracle_run, tmp_path, lines=20)
    lines = (oracle_run / "events.jsonl").read_bytes().splitlines(keepends=True)
    with served(tmp_path / "viewer", folder) as (address, server):
        page = look().open(address)
        until(page, f"{RUN}.line === 20")
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
    (folder / "events.jsonl").write_bytes(b"".join(lines[:50]))
    port = urlsplit(address).port
    with served(tmp_path / "viewer", folder, "--port", str(port)):
        until(page, f"{RUN}.line === 50")

        frames = [turn.f for turn in read_trajectory(folder).turns]
        assert page.evaluate(f"{RUN}.columns.frame") == frames
        assert page.text_content("#status") == "in progress"


def test_a_run_that_was_cut_off_is_called_quiet_and_its_torn_line_is_told(
    look: Callable[..., Seen], oracle_run: Path, tmp_path: Path
) -> None:
    folder = grown(oracle_run, tmp_path, lines=20)
    events = folder / "events.jsonl"
    with served(tmp_path / "viewer", folder) as (address, _):
        page = look().open(address)
        assert page.text_content("#status") == "in progress"
        with events.open("ab") as file:
            file.write(b'{"i":20,"t":"tu')
        until(page, f"{RUN}.status.torn !== ''")
        assert page.is_hidden("#fault"), "a line may be under way"
        an_hour_ago = events.stat().st_mtime - 3600
        os.utime(events, (an_hour_ago, an_hour_ago))
        page.reload()
        page.wait_for_selector("body[data-ready]")

        assert (page.text_content("#status") or "").startswith("no outcome, quiet for 1:00:")
        assert "line 21: cut off in the middle" in (page.text_content("#fault") or "")
        keep(page, "desktop-quiet")


def grown(oracle_run: Path, tmp_path: Path, lines: int) -> Path:
    """Return a run that was recorded up to a line."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "manifest.json").write_bytes((oracle_run / "manifest.json").read_bytes())
    whole = (oracle_run / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join(whole[:lines]))
    return folder
