"""Set-length tasks in a report, from what `pokebench suite score --json` really prints."""

import copy
import json
from pathlib import Path
from typing import Any

from pokebench.cli.suite_report import SuiteReport, report_json
from pokebench.report.report import write_report
from pokebench.report.suites import suite_view
from pokebench.suite.content import FrozenSuite
from pokebench.suite.result import agent_results
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
