"""Set-length tasks in a report, from what `pokebench suite score --json` really prints."""

import copy
import json
import re
from pathlib import Path
from typing import Any

from pokebench.cli.suite_report import SuiteReport, report_json
from pokebench.report.axis import Axis
from pokebench.report.chart import Series, scatter_chart
from pokebench.report.curves import Group
from pokebench.report.report import write_report
from pokebench.report.suites import suite_view
from pokebench.score import score
from pokebench.suite.content import FrozenSuite
from pokebench.suite.result import agent_results
from pokebench.verify import verify
from tests.report.test_report import SUITE, Words
from tests.suite.made_up import LENGTHS, made_up, outcome


def test_a_skill_that_an_agent_has_no_horizon_of_leaves_its_cell_empty(tmp_path: Path) -> None:
    horizons: dict[str, dict[str, float | None]] = {
        "a": {"battle": 3.0, "memory": None}, "b": {}, "c": {"battle": 1.25},
    }  # fmt: skip
    data: Any = copy.deepcopy(SUITE)
    (like,) = data["agents"]
    data["agents"] = [
        like
        | {
            "agent": name,
            "skills": {"skills": [{"skill": s, "h50_minutes": m} for s, m in found.items()]},
        }
        for name, found in horizons.items()
    ]
    page = Words(write_report([], tmp_path, data).read_text()).words
    cells = page.split("h50 by skill, oracle minutes")[1].split("Runs")[0].split()

    assert "".join(cells) == "abcbattle3\N{EN DASH}1.2"


def test_a_report_reads_what_suite_score_prints(tmp_path: Path) -> None:
    suite = made_up()
    results = [
        result
        for agent, most in (("all", 99), ("some", 5), ("none", 0))
        for result in agent_results(
            suite, [outcome(i, length <= most, agent=agent) for i, length in enumerate(LENGTHS)]
        )
    ]
    report = SuiteReport(FrozenSuite(tmp_path, suite, "0" * 64), tuple(results), None)
    printed = json.dumps(report_json(report), allow_nan=False)
    files: dict[str, str] = {}
    view = suite_view(json.loads(printed), files)

    assert [agent.found.horizon.h50.text[0] for agent in view.agents] == [">", "4", "<"]
    assert " to " in view.agents[1].found.horizon.h50.ends
    assert "Success against length" in view.svg
    assert len(files["suite-tasks.csv"].splitlines()) == 1 + 3 * len(LENGTHS)


def test_agents_have_the_names_and_colours_that_they_have_elsewhere(random_run: Path) -> None:
    data: Any = copy.deepcopy(SUITE)
    agents = [
        data["agents"][0] | {"agent": name, "book": book}
        for name, book in (("stranger", "closed"), ("random", "closed"), ("random", "open"))
    ]
    groups = (Group("Oracle", 0, ()), Group("Random buttons", 1, (score(verify(random_run)),)))

    view = suite_view(data | {"agents": agents}, {}, groups)

    assert [(agent.name, agent.colour) for agent in view.agents] == [
        ("stranger", 2),
        ("Random buttons, closed book", 1),
        ("Random buttons, open book", 3),
    ]


def test_dots_of_one_place_stand_beside_each_other() -> None:
    axis = Axis("x", 0, 1)
    one = Series("one", 0, []), Series("two", 1, [])
    drawn = scatter_chart("t", axis, axis, one, [[(0.5, 1.0)], [(0.5, 1.0)]])

    places = re.findall(r'cx="([0-9.]+)" cy="([0-9.]+)"', drawn)
    assert len(set(places)) == len(places) == 4
