from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from pokebench.score import CLOCKS, fraction_at, score, step_curve
from pokebench.score.plot import plot_curves
from pokebench.trajectory import read_trajectory
from pokebench.types import Clocks
from pokebench.verify import verify
from pokebench.viewer.filmstrip import save_filmstrip, scene_frames
from tests.score.made_up import made_up


@pytest.mark.parametrize(
    ("time", "fraction"), [(0, 0), (9, 0), (10, 0.25), (19.9, 0.25), (20, 0.5), (100, 0.5)]
)
def test_the_curve_is_a_right_continuous_step(time: float, fraction: float) -> None:
    assert fraction_at(made_up([10, 20]), CLOCKS["frames"], time) == fraction


def test_the_curve_runs_from_nothing_to_the_end() -> None:
    times, fractions = step_curve(made_up([10, 20]), CLOCKS["frames"])

    assert times == [0, 10, 20, 100]
    assert fractions == [0, 0.25, 0.5, 0.5]


def test_a_clock_may_add_up_several_counters() -> None:
    clocks = Clocks(tokens_in=1, tokens_cache_read=10, tokens_cache_write=100, tokens_out=1000)

    assert CLOCKS["tokens"].value(clocks) == 1111
    assert CLOCKS["usd"].value(Clocks(usd_known=1.0, usd_uncertain=0.5)) == 1.5
    assert CLOCKS["game"].value(Clocks(frames=215019)) == pytest.approx(60.0, abs=1e-3)


def test_a_verified_run_is_scored_by_what_was_recomputed(oracle_run: Path) -> None:
    verification = verify(oracle_run)
    run = score(verification)

    assert run.privileged
    assert run.fraction == len(verification.milestones) / len(run.titles)
    assert run.badges == 1
    assert run.clocks_of("champion") == verification.milestones[-1].clocks
    assert run.clocks_of("nothing") is None
    assert [m["id"] for m in run.to_json()["milestones"]] == list(run.titles)


def test_curves_are_drawn_as_png_and_svg(oracle_run: Path, tmp_path: Path) -> None:
    run = score(verify(oracle_run))
    paths = [tmp_path / "curve.png", tmp_path / "curve.svg"]
    plot_curves([run, replace(run, agent="other", privileged=False)], CLOCKS["game"], paths)

    with Image.open(paths[0]) as image:
        assert image.size == (1350, 750)
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 10
    assert "<svg" in paths[1].read_text()


def test_a_filmstrip_shows_the_recorded_screens(oracle_run: Path, tmp_path: Path) -> None:
    frames = scene_frames(read_trajectory(oracle_run))
    verification = verify(oracle_run, screens_at=frames)
    save_filmstrip(verification, tmp_path / "strip.png")

    assert len(verification.screens) == len(frames)
    with Image.open(tmp_path / "strip.png") as image:
        first = image.crop((12, 44, 12 + 320, 44 + 288)).resize((160, 144), 0)
        start = min(frames)
        assert first.tobytes() == verification.screens[start].tobytes()
