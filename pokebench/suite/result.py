"""What an agent's trials add up to: set-length completion, horizons, compute exponent, skills.

Trials with a closed and an open book are never added up together: they answer other questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from pokebench.score.completion import LENGTHS_MINUTES, Completion, completion
from pokebench.score.horizon import FEWEST_TASKS, HorizonFit, horizon
from pokebench.score.proportion import Proportion, proportion
from pokebench.score.scaling import ComputeExponent, Spending, compute_exponent
from pokebench.score.skill import SkillProfile, skill_profile
from pokebench.score.task import Attempt, TaskResult, task_results
from pokebench.suite.form import Suite
from pokebench.suite.judge import Outcome
from pokebench.suite.trial import Book
from pokebench.types import FRAMES_PER_SECOND, Censoring, JsonObject

FACTORS: Final = (3.0, 10.0, 30.0)
"""Budgets in multiples of the reference time for which results are shown, where they are known."""
MOST_INFRASTRUCTURE: Final = 0.1
"""Share of an agent's trials that infrastructure may have ended; above it, what is left is a choice
of trials that nobody made, and the agent is not ranked."""
_MINUTE_FRAMES: Final = 60 * FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class CellResult:
    """One cell: famous or novel worlds, with the book of the row.

    Attributes:
        status: famous or novel.
        share: trials that reached the goal.
        results: by segment.
    """

    status: str
    share: Proportion
    results: tuple[TaskResult, ...]


@dataclass(frozen=True, slots=True)
class AgentResult:
    """One agent on a suite, with one book.

    Attributes:
        agent: its id.
        book: closed, or open: with the world's manual.
        tier: what it saw.
        privileged: it reads RAM.
        control: it is a baseline.
        factor: budget in multiples of the reference time.
        trials: how many count.
        infrastructure: how many do not, since neither game nor agent ended them.
        invalid: how many do not, since the run is not valid.
        fit: success against length, in minutes of the oracle.
        completions: C(L) for the set lengths, in human-equivalent minutes.
        tokens: how output tokens grow with length; None for agents without a model.
        game_time: how game time grows with length.
        skills: horizons by skill.
        cells: famous and novel worlds.
        by_factor: share of successes for smaller and larger budgets; None where it is not known.
        results: by segment.
        segments: how many the suite has; `results` may be fewer.
    """

    agent: str
    book: Book
    tier: str
    privileged: bool
    control: bool
    factor: float
    trials: int
    infrastructure: int
    invalid: int
    fit: HorizonFit
    completions: tuple[Completion, ...]
    tokens: ComputeExponent | None
    game_time: ComputeExponent | None
    skills: SkillProfile
    cells: tuple[CellResult, ...]
    by_factor: dict[float, Proportion | None]
    results: tuple[TaskResult, ...]
    segments: int

    @property
    def is_ranked(self) -> bool:
        """Whether infrastructure ended few enough of the trials."""
        return self.infrastructure <= MOST_INFRASTRUCTURE * (self.trials + self.infrastructure)


def attempts_of(suite: Suite, outcomes: Iterable[Outcome]) -> tuple[Attempt, ...]:
    """Return outcomes as scoring takes them, lengths in minutes of the oracle."""
    attempts = []
    for outcome in outcomes:
        segment = suite.segment(outcome.segment)
        assert segment is not None
        attempts.append(
            Attempt(
                task_id=segment.id,
                family=segment.family,
                reference_minutes=segment.reference.minutes,
                succeeded=outcome.succeeded,
                end=outcome.end,
                clocks=outcome.spent,
                skill=segment.skill,
            )
        )
    return tuple(attempts)


def within(suite: Suite, outcome: Outcome, factor: float) -> Outcome | None:
    """Return what an outcome would have been with another budget; None if that is not known.

    Who reached the goal in time would have with less; who did not with less, may have with more,
    unless the agent itself ended the episode.
    """
    segment = suite.segment(outcome.segment)
    assert segment is not None
    if outcome.succeeded and outcome.spent.frames > factor * segment.reference.median_frames:
        return replace(outcome, succeeded=False)
    is_known = (
        outcome.succeeded or outcome.factor >= factor * 0.999 or outcome.end is Censoring.AGENT
    )
    return outcome if is_known else None


def agent_results(suite: Suite, outcomes: Iterable[Outcome]) -> tuple[AgentResult, ...]:
    """Return the results of one agent, for each book that a trial counts with; chains left out."""
    single = [outcome for outcome in outcomes if not outcome.pieces]
    books: tuple[Book, ...] = ("closed", "open")
    found = [_book_result(suite, book, [o for o in single if o.book == book]) for book in books]
    return tuple(result for result in found if result is not None)


def _book_result(suite: Suite, book: Book, outcomes: Sequence[Outcome]) -> AgentResult | None:
    """Return the result of one agent with one book; None if none of its trials counts."""
    valid = [outcome for outcome in outcomes if not outcome.invalid_because]
    attempts = attempts_of(suite, valid)
    counting = [attempt for attempt in attempts if attempt.counts]
    results = task_results(attempts)
    if not results:
        return None
    fit = horizon(results)
    first = outcomes[0]
    return AgentResult(
        agent=first.agent,
        book=book,
        tier=first.tier,
        privileged=first.privileged,
        control=first.control,
        factor=round(min(outcome.factor for outcome in outcomes), 2),
        trials=len(counting),
        infrastructure=len(attempts) - len(counting),
        invalid=len(outcomes) - len(valid),
        fit=fit,
        completions=_completions(suite, results),
        tokens=_exponent(counting, "tokens_out"),
        game_time=_exponent(counting, "frames"),
        skills=skill_profile(results),
        cells=_cells(suite, valid),
        by_factor={factor: _share_within(suite, valid, factor) for factor in FACTORS},
        results=results,
        segments=len(suite.segments),
    )


def _completions(suite: Suite, results: Sequence[TaskResult]) -> tuple[Completion, ...]:
    """Return C(L) where L is in human-equivalent minutes: kappa times those of the oracle."""
    human = [
        replace(result, reference_minutes=result.reference_minutes * suite.human_factor)
        for result in results
    ]
    fit = horizon(human)
    return tuple(completion(human, fit, length) for length in LENGTHS_MINUTES)


def _exponent(attempts: Sequence[Attempt], clock: str) -> ComputeExponent | None:
    """Return how spending grows with length; None where there are too few tasks for a horizon."""
    if len({attempt.task_id for attempt in attempts}) < FEWEST_TASKS:
        return None
    spendings = [
        Spending(a.family, a.reference_minutes, float(getattr(a.clocks, clock)), a.succeeded)
        for a in attempts
        if getattr(a.clocks, clock) > 0
    ]
    return compute_exponent(spendings)


def _cells(suite: Suite, outcomes: Sequence[Outcome]) -> tuple[CellResult, ...]:
    cells = []
    for status in ("famous", "novel"):
        own = [outcome for outcome in outcomes if _status(suite, outcome) == status]
        results = task_results(attempts_of(suite, own))
        if results:
            runs = sum(result.runs for result in results)
            successes = round(sum(result.successes for result in results))
            cells.append(CellResult(status, proportion(successes, runs), results))
    return tuple(cells)


def _status(suite: Suite, outcome: Outcome) -> str:
    segment = suite.segment(outcome.segment)
    assert segment is not None
    return suite.world(segment.world).status


def _share_within(suite: Suite, outcomes: Sequence[Outcome], factor: float) -> Proportion | None:
    """Return the share of successes within a budget; None if it is not known of every trial."""
    counting = [o for o in outcomes if o.succeeded or o.end is not Censoring.INFRASTRUCTURE]
    known = [within(suite, outcome, factor) for outcome in counting]
    if not known or any(outcome is None for outcome in known):
        return None
    return proportion(sum(o.succeeded for o in known if o is not None), len(known))


def result_json(suite: Suite, result: AgentResult) -> JsonObject:
    """Return a result for programs; lengths say whose minutes they are."""
    data = asdict(replace(result, fit=replace(result.fit, replicates=None)))  # type: ignore[arg-type]
    fit = data.pop("fit")
    fit.pop("replicates")
    for name in ("h50", "h80"):
        fit[name]["text"] = getattr(result.fit, name).text
    data["is_ranked"] = result.is_ranked
    data["by_factor"] = {f"{factor:g}": share for factor, share in data["by_factor"].items()}
    return {
        "minutes_of": {
            "fit": "oracle, emulated",
            "completions": f"human-equivalent: oracle times {suite.human_factor:g} "
            f"({suite.human_factor_is})",
        },
        "horizon": fit,
        **data,
    }


def minutes_spent(outcome: Outcome) -> float:
    """Return game time from the start to the goal or the end, in emulated minutes."""
    return outcome.spent.frames / _MINUTE_FRAMES
