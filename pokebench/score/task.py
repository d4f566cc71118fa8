"""Attempts at tasks of a set length, and what they add up to: the input of horizons and C(L)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pokebench.types import Censoring, Clocks


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of one task by one agent.

    Attributes:
        task_id: which task.
        family: tasks of one region or mechanic; they are not independent.
        reference_minutes: length of the task; say elsewhere whose minutes.
        succeeded: the goal held within the budget.
        end: how the attempt ended.
        clocks: spent, from the task's start to the goal or to the end.
        skill: the task's primary skill, or "".
    """

    task_id: str
    family: str
    reference_minutes: float
    succeeded: bool
    end: Censoring
    clocks: Clocks = field(default_factory=Clocks)
    skill: str = ""

    @property
    def counts(self) -> bool:
        """Whether the attempt says something of the agent: infrastructure did not end it."""
        return self.succeeded or self.end is not Censoring.INFRASTRUCTURE


@dataclass(frozen=True, slots=True)
class TaskResult:
    """All attempts of one agent at one task.

    Attributes:
        task_id: which task.
        family: its family.
        reference_minutes: its length.
        runs: attempts that count.
        successes: how many of them reached the goal; not whole where tasks give part marks.
        skill: its primary skill, or "".
    """

    task_id: str
    family: str
    reference_minutes: float
    runs: int
    successes: float
    skill: str = ""

    def __post_init__(self) -> None:
        if not (0 <= self.successes <= self.runs and self.runs > 0):
            raise ValueError(f"task {self.task_id}: {self.successes} of {self.runs} is no result")
        if not 0 < self.reference_minutes < float("inf"):
            raise ValueError(f"task {self.task_id}: {self.reference_minutes} minutes is no length")

    @property
    def rate(self) -> float:
        """Share of successes."""
        return self.successes / self.runs


def task_results(attempts: Iterable[Attempt]) -> tuple[TaskResult, ...]:
    """Return the results by task, in order of first appearance.

    Attempts that infrastructure ended before the goal are left out, as is a task with no others:
    count them beside it.

    Raises:
        ValueError: two attempts at one task disagree on its family, length or skill.
    """
    first: dict[str, Attempt] = {}
    tallies: dict[str, list[bool]] = {}
    for attempt in attempts:
        known = first.setdefault(attempt.task_id, attempt)
        if _facts(known) != _facts(attempt):
            raise ValueError(f"task {attempt.task_id}: attempts disagree on what it is")
        if attempt.counts:
            tallies.setdefault(attempt.task_id, []).append(attempt.succeeded)
    return tuple(
        TaskResult(name, first[name].family, first[name].reference_minutes, len(tally), sum(tally),
                   first[name].skill)
        for name, tally in tallies.items()
    )  # fmt: skip


def _facts(attempt: Attempt) -> tuple[str, float, str]:
    return attempt.family, attempt.reference_minutes, attempt.skill
