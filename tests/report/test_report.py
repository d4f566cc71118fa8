import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pokebench.errors import ConfigError
from pokebench.report.axis import Axis, time_axis
from pokebench.report.chart import WIDE, Series, step_chart
from pokebench.report.curves import Group, curve_charts
from pokebench.report.published import fitting, load_published, marks_of
from pokebench.report.report import ReportRun, write_report
from pokebench.score import score
from pokebench.score.coherence import Coherence
from pokebench.verify import verify
from tests.report.looking import DESKTOP, PHONE, Scheme, look_at

INTERVAL = {"low": 0.2, "high": 0.8}
SUITE = {
    "suite": "tallgrass-1",
    "agents": [
        {
            "agent": "<em>model</em>", "tier": "text", "privileged": False, "control": False,
            "trials": 8,
            "horizon": {
                "slope": -1.2, "intercept": 1.5, "tasks": 3, "families": 2,
                "h50": {"minutes": 2.4, "text": "2.4 min"},
                "h80": {"minutes": 1.1, "text": "1.1 min"},
            },
            "completions": [
                {"length_minutes": 10, "runs": 4, "raw": 0.5, "raw_interval": INTERVAL,
                 "fitted": None, "fitted_interval": None},
            ],
            "skills": {"skills": [{"skill": "battle", "h50_minutes": 3.0}]},
            "results": [
                {"task_id": f"t{n}", "family": "f", "reference_minutes": n, "successes": 4 - n,
                 "runs": 4}
                for n in (1, 2, 3)
            ],
        }
    ],
}  # fmt: skip


class Words(HTMLParser):
    """A page's words and elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def runs(oracle_run: Path, random_run: Path) -> list[ReportRun]:
    found = []
    for number, folder in enumerate((oracle_run, random_run), 1):
        verified = verify(folder)
        calm = Coherence(500, 0.1 * number, 0.05 * number, 3, 0.2, 0.1, 90, 4)
        trajectory = verified.trajectory
        found.append(ReportRun(score(verified), trajectory.manifest, trajectory.head, calm))
    return found


@pytest.fixture(scope="module")
def report(runs: list[ReportRun], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(runs, tmp_path_factory.mktemp("report"), SUITE)


def test_a_report_tells_what_was_reached_and_how_sure_that_is(report: Path) -> None:
    page = Words(report.read_text())

    assert "8.0 of 8" in page.words
    assert "n = 1" in page.words
    assert "does not show who pressed the buttons" in page.words
    assert "Presses inside a loop" in report.read_text()
    assert "2.4 min" in page.words


def test_a_report_needs_no_script_and_keeps_hostile_names_as_text(report: Path) -> None:
    page = Words(report.read_text())

    assert not {"script", "em", "img", "iframe"} & set(page.tags)
    assert "<em>model</em>" in page.words


def test_the_numbers_of_every_figure_lie_beside_it(report: Path) -> None:
    names = {path.name for path in (report.parent / "data").iterdir()}
    runs = json.loads((report.parent / "data" / "runs.json").read_text())

    assert {"g1-curve-game.csv", "g1-area.csv", "g1-reached.csv", "suite-tasks.csv"} <= names
    assert [run["fraction"] for run in runs] == [1.0, 0.125]
    for link in report.read_text().split('href="data/')[1:]:
        assert link.split('"')[0] in names


def test_suite_data_of_another_form_are_named(runs: list[ReportRun], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"suite data: suite: Field required"):
        write_report(runs, tmp_path, {"agents": []})


def test_published_results_stand_only_where_game_and_clock_fit() -> None:
    published = load_published()
    red = fitting(published, "pokemon_red")
    marks = marks_of(red, ["badge1", "badge2", "badge3", "hall_of_fame"])

    assert fitting(published, "tallgrass:short@1") == ()
    assert any(mark.x == 35000 and mark.y == 0.75 for mark in marks["calls"])
    assert all(mark.words.endswith("n = 1") for mark in marks["calls"])
    assert "game" not in marks


def test_a_line_enters_a_logarithmic_axis_as_high_as_it_is_there() -> None:
    x, y = Axis("x", 1.0, 10.0, is_log=True), Axis("y", 0, 1, is_share=True)
    points = [(0.0, 0.0), (0.2, 0.25), (0.5, 0.5), (3.0, 0.75)]
    drawn = step_chart("t", x, y, [Series("a", 0, points)])
    start = re.search(r'd="M([0-9.]+) ([0-9.]+)[^"]*" class="mean"', drawn)
    bottom, top = WIDE.height - WIDE.bottom, WIDE.top

    assert start is not None
    assert float(start[1]) == WIDE.left
    assert float(start[2]) == pytest.approx((bottom + top) / 2, abs=0.1)


@pytest.mark.parametrize(("count", "bands"), [(1, 0), (2, 0), (3, 1)])
def test_a_band_needs_three_runs(runs: list[ReportRun], count: int, bands: int) -> None:
    chart = curve_charts([Group("a", 0, (runs[0].scored,) * count)])[0]

    assert chart.svg.count('class="band"') == 2 * bands


AXES = (
    time_axis("x", 20.0),
    time_axis("x", 20.0, 1.0),
    time_axis("x", 3e6, 10.0),
    Axis("y", 0, 1, is_share=True),
)


@pytest.mark.parametrize("axis", AXES)
def test_ticks_are_few_round_and_inside(axis: Axis) -> None:
    ticks = axis.ticks(5)

    assert 2 <= len(ticks) <= 9
    assert all(0 <= axis.place(value) <= 1 for value, _ in ticks)
    assert len({words for _, words in ticks}) == len(ticks)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_browser_finds_no_fault(
    report: Path, browser: Browser, scheme: Scheme, size: tuple[int, int]
) -> None:
    look_at(browser, report, scheme, size, "report")
