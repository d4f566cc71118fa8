"""Records that are cut off, damaged or untrue are shown as far as they are good, and say so."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pokebench.trajectory import Manifest, TrajectoryWriter, TurnEvent, read_trajectory
from tests.viewer.conftest import Seen, keep, served, until

pytestmark = pytest.mark.slow
Look = Callable[..., Seen]
RUN = "Pokebench.page.state.run"


def test_a_record_that_does_not_come_true_is_shown_up_to_there(
    look: Look, random_run: Path, tmp_path: Path
) -> None:
    record = read_trajectory(random_run)
    manifest = Manifest.model_validate_json((random_run / "manifest.json").read_bytes())
    changed = next(
        line.number
        for line in record.lines
        if isinstance(line.event, TurnEvent) and line.event.f > 1000
    )
    with TrajectoryWriter.create(tmp_path / "run", manifest) as writer:
        for line in record.lines:
            event = line.event
            if line.number == changed:
                event = event.model_copy(update={"a": "S" * 5 + event.model_dump()["a"][5:]})
            writer.append(event)

    with served(tmp_path / "cache", tmp_path / "run") as (address, _):
        page = look().open(address)
        until(page, f"{RUN}.simulation.state === 'desync'")
        page.evaluate(f"Pokebench.page.state.playhead.seek({RUN}.simulation.frame)")
        until(page, "Pokebench.page.screens[0].shown > 0")

        assert "desync" in (page.text_content("#simulation") or "")
        assert "does not come true" in (page.text_content("#fault") or "")
        assert 0 < page.evaluate(f"{RUN}.simulation.frame") < record.turns[-1].f
        keep(page, "desktop-desync")


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_record_is_shown_as_far_as_it_is_whole(
    damage: str, look: Look, oracle_run: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(oracle_run, folder)
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    spoilt = lines[100][:30] if damage == "cut" else lines[100].replace(b'"f":', b'"f":1', 1)
    rest = [] if damage == "cut" else lines[101:]
    (folder / "events.jsonl").write_bytes(b"".join([*lines[:100], spoilt, *rest]))

    with served(tmp_path / "cache", folder) as (address, _):
        page = look().open(address)
        page.keyboard.press("End")
        until(page, f"Pokebench.page.screens[0].shown === {RUN}.lastFrame")

        assert page.evaluate(f"{RUN}.line") == 100
        status = page.evaluate(f"{RUN}.status")
        if damage == "cut":
            assert "line 101: cut off in the middle" in status["torn"]
        else:
            assert "line 101" in (page.text_content("#fault") or "")
            assert page.text_content("#status") == "record damaged"
            until(page, f"{RUN}.simulation.state === 'holds'")
            proof = page.locator("#simulation")
            assert "re-simulated up to 0:0" in (proof.text_content() or "")
            assert proof.get_attribute("class") == "badge "
