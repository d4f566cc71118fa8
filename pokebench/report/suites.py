"""Set-length tasks in a report: success against length, horizons, skills.

The numbers come from what `pokebench suite score --json` printed.
"""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pokebench.content import explain
from pokebench.errors import ConfigError
from pokebench.report.axis import Axis
from pokebench.report.chart import Series, scatter_chart
from pokebench.report.curves import Group, safe

_POINTS: Final = 60
Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[float, Field(gt=0, lt=1e9)]
OfLine = Annotated[
    float | None, BeforeValidator(lambda value: None if value in ("inf", "-inf") else value)
]
"""A number of a line; where all tasks or none are done, there is no line."""


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class _Interval(_Read):
    low: float
    high: float


class _Ends(_Read):
    low: float | Literal["inf"]
    high: float | Literal["inf"]


class _Horizon(_Read):
    minutes: float | None
    text: str
    interval: _Ends | None = None

    @property
    def ends(self) -> str:
        """The interval in words, like `0.7 to ∞`; "" if there is none, or a bound only."""
        if self.interval is None or self.minutes is None:
            return ""
        ends = (self.interval.low, self.interval.high)
        return " to ".join("∞" if end == "inf" else f"{end:.2g}" for end in ends)


class _Fit(_Read):
    slope: OfLine = None
    intercept: OfLine = None
    tasks: int
    families: int
    h50: _Horizon
    h80: _Horizon


class _Task(_Read):
    task_id: str
    family: str
    reference_minutes: Minutes
    successes: Annotated[float, Field(ge=0)]
    runs: Annotated[int, Field(gt=0)]


class _Completion(_Read):
    length_minutes: Minutes
    runs: int
    raw: Share | None
    raw_interval: _Interval | None
    fitted: Share | None
    fitted_interval: _Interval | None


class _Skill(_Read):
    skill: str
    h50_minutes: float | None


class _Skills(_Read):
    skills: tuple[_Skill, ...]
    jaggedness_doublings: float | None = None


class _Agent(_Read):
    agent: str
    book: str = "closed"
    tier: str
    privileged: bool
    control: bool
    trials: int
    horizon: _Fit
    completions: tuple[_Completion, ...]
    skills: _Skills
    results: tuple[_Task, ...]


class _Suite(_Read):
    suite: str
    agents: tuple[_Agent, ...]


@dataclass(frozen=True, slots=True)
class SuiteAgent:
    """One agent on a suite; `found` is what was scored."""

    name: str
    colour: int
    is_reference: bool
    found: _Agent

    def skill_minutes(self, skill: str) -> float | None:
        """Return the horizon of a skill; None if the agent has none of it."""
        return next((s.h50_minutes for s in self.found.skills.skills if s.skill == skill), None)


@dataclass(frozen=True, slots=True)
class SuiteView:
    """A suite's part of a report.

    Attributes:
        name: the suite.
        agents: those that played it.
        svg: success against length.
        lengths: of the set lengths, in human-equivalent minutes.
        skills: all skills that some agent has a horizon of.
    """

    name: str
    agents: tuple[SuiteAgent, ...]
    svg: str
    lengths: tuple[float, ...]
    skills: tuple[str, ...]


def suite_view(
    data: Mapping[str, Any], files: dict[str, str], groups: Sequence[Group] = ()
) -> SuiteView:
    """Return a suite's part of a report, and add the numbers of its figure to `files`.

    Args:
        data: what `pokebench suite score --json` printed.
        files: gets the numbers of the figure.
        groups: what the report tells of besides; the same agents have the same names and colours.

    Raises:
        ConfigError: the data have another form; the message names the key.
    """
    try:
        suite = _Suite.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"suite data: {explain(error)}") from error
    agents = _named(suite.agents, groups)
    files["suite-tasks.csv"] = _tasks_csv(agents)
    known = (s for one in suite.agents for s in one.skills.skills if s.h50_minutes is not None)
    names = dict.fromkeys(s.skill for s in known)
    lengths = suite.agents[0].completions if suite.agents else ()
    return SuiteView(
        name=suite.suite,
        agents=agents,
        svg=_chart(agents),
        lengths=tuple(found.length_minutes for found in lengths),
        skills=tuple(names),
    )


def _named(found: Sequence[_Agent], groups: Sequence[Group]) -> tuple[SuiteAgent, ...]:
    by_id = {run.agent: group for group in groups for run in group.runs}
    rows = {(one.agent, one.book) for one in found}
    colours = count(len(groups))
    agents = []
    for one in found:
        group = by_id.get(one.agent)
        name = group.name if group else one.agent
        if {(one.agent, "closed"), (one.agent, "open")} <= rows:
            name += f", {one.book} book"
        colour = group.colour if group and one.book == "closed" else next(colours)
        is_reference = one.privileged or one.control
        agents.append(SuiteAgent(name, colour, is_reference, one))
    return tuple(agents)


def _chart(agents: Sequence[SuiteAgent]) -> str:
    tasks = [task for agent in agents for task in agent.found.results]
    if not tasks:
        return ""
    shortest = min(task.reference_minutes for task in tasks)
    longest = max(task.reference_minutes for task in tasks)
    low, high = shortest / 1.3, max(longest * 1.3, shortest * 2)
    x = Axis("minutes that the oracle needs", low, high, is_log=True)
    y = Axis("trials that reached the goal", 0.0, 1.0, is_share=True)
    series, points = [], []
    for agent in agents:
        fit = agent.found.horizon
        line = []
        if fit.slope is not None and fit.intercept is not None and fit.slope < 0:
            for step in range(_POINTS + 1):
                minutes = low * (high / low) ** (step / _POINTS)
                line.append((minutes, _logistic(fit.intercept + fit.slope * math.log2(minutes))))
        series.append(Series(agent.name, agent.colour, line, is_reference=agent.is_reference))
        points.append([(t.reference_minutes, t.successes / t.runs) for t in agent.found.results])
    return scatter_chart("Success against length of the task", x, y, series, points)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def _tasks_csv(agents: Sequence[SuiteAgent]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["agent", "task", "family", "oracle_minutes", "successes", "runs"])
    for agent in agents:
        for task in agent.found.results:
            writer.writerow(
                [safe(agent.name), safe(task.task_id), safe(task.family), task.reference_minutes,
                 task.successes, task.runs]
            )  # fmt: skip
    return text.getvalue()
