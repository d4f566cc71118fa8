"""Holds a record against the provider's bills, and against the record of a run left alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pokebench.models.prices import Pricing, load_pricing
from pokebench.models.protocol import Usage
from pokebench.testing import Bill
from pokebench.trajectory import (
    Event,
    FailedEvent,
    IntentEvent,
    OutcomeEvent,
    ResultEvent,
    SessionEvent,
    Trajectory,
    TurnEvent,
    UnknownEvent,
    read_trajectory,
)
from pokebench.types import Clocks
from pokebench.verify import verify
from tests.endurance.asked import MODEL, PRICES

_PLAY = ("reset", "turn", "milestone", "done", "checkpoint", "agent", "diagnostic")
_STEADY_CLOCKS = ("frames", "presses", "steps", "turns", "calls")
"""Clocks that are equal however often a run was killed; what is read from a cache is not."""
_CENT = 1e-9


@dataclass(frozen=True, slots=True)
class Audit:
    """What a record comes to beside the bills.

    Attributes:
        sessions: processes that wrote it.
        results: answers on record.
        bills: what the provider charged for.
        doubtful: attempts on record that may have been charged without an answer.
        play_equal: the play is that of the run left alone.
        state_equal: so is the machine at the end.
        problems: everything that does not hold, in words; empty if all does.
    """

    sessions: int
    results: int
    bills: int
    doubtful: int
    play_equal: bool
    state_equal: bool
    problems: tuple[str, ...]

    @property
    def extra_bills(self) -> int:
        """Bills for answers that were never received whole."""
        return self.bills - self.results


def audit(folder: Path, bills: Sequence[Bill], alone: Path) -> Audit:
    """Hold the ended run in `folder` against its `bills` and against the run in `alone`."""
    record, reference = read_trajectory(folder), read_trajectory(alone)
    events = [line.event for line in record.lines]
    outcome, wanted = record.outcome, reference.outcome
    assert outcome is not None
    assert wanted is not None
    play_equal = play_of(record) == play_of(reference)
    state_equal = outcome.state == wanted.state
    problems = [
        *([] if play_equal else ["the play differs"]),
        *([] if state_equal else ["the machine differs at the end"]),
        *([] if outcome.reason == wanted.reason else [f"ended by {outcome.reason}"]),
        *_asked_again(events),
        *_unexplained(events, bills),
        *_money(events, bills),
        *_clocks(events, outcome.clocks),
    ]
    if verify(folder).state != wanted.state:
        problems.append("verification ends elsewhere")
    return Audit(
        sessions=_count(events, SessionEvent),
        results=_count(events, ResultEvent),
        bills=len(bills),
        doubtful=sum(is_doubtful(event) for event in events),
        play_equal=play_equal,
        state_equal=state_equal,
        problems=tuple(problems),
    )


def play_of(trajectory: Trajectory) -> list[dict[str, Any]]:
    """Return what must be equal however often a run was cut off, in order.

    Left out are seconds, what the provider numbers itself, and what its cache changes.
    """
    return [
        _steady(line.event)
        for line in trajectory.lines
        if line.event.t in _PLAY or isinstance(line.event, ResultEvent)
    ]


def letters_of_play(trajectory: Trajectory) -> str:
    """Return all steps taken."""
    return "".join(turn.a for turn in trajectory.turns)


def is_doubtful(event: Event) -> bool:
    """Return whether an event says that an attempt may have been charged without an answer."""
    is_failed = isinstance(event, FailedEvent) and event.billed == "unknown"
    return is_failed or isinstance(event, UnknownEvent)


def _steady(event: Event) -> dict[str, Any]:
    if isinstance(event, ResultEvent):
        calls = [(call["name"], call["arguments"]) for call in event.reply["tool_calls"]]
        said = {name: event.reply[name] for name in ("text", "thinking", "stop")}
        return {"t": "result", "f": event.f, "call": event.call, **said, "tool_calls": calls}
    body = event.body()
    body.pop("w", None)
    if "clocks" in body:
        body["clocks"] = {name: body["clocks"].get(name) for name in _STEADY_CLOCKS}
    return body


def _asked_again(events: Sequence[Event]) -> list[str]:
    """Name each question that was asked although its answer was on record."""
    answered: set[int] = set()
    problems = []
    for event in events:
        if isinstance(event, IntentEvent) and event.call in answered:
            problems.append(f"call {event.call} was asked again after its answer was recorded")
        if isinstance(event, ResultEvent):
            if event.call in answered:
                problems.append(f"call {event.call} has two answers")
            answered.add(event.call)
    return problems


def _unexplained(events: Sequence[Event], bills: Sequence[Bill]) -> list[str]:
    """Name each question with more bills than its answer and its doubtful attempts explain.

    Questions are first billed in the order of their calls, since each waits for the one before.
    """
    calls = {request: call for call, request in enumerate(dict.fromkeys(b.request for b in bills))}
    billed = Counter(calls[bill.request] for bill in bills)
    answered = Counter(event.call for event in events if isinstance(event, ResultEvent))
    doubtful = Counter(
        event.call
        for event in events
        if isinstance(event, FailedEvent | UnknownEvent) and is_doubtful(event)
    )
    problems = [
        f"call {call} has {count} bills, {answered[call]} answers, {doubtful[call]} doubtful"
        for call, count in billed.items()
        if not answered[call] <= count <= answered[call] + doubtful[call]
    ]
    unpaid = [call for call in answered if not billed[call]]
    return problems + [f"call {call} has an answer and no bill" for call in unpaid]


def _money(events: Sequence[Event], bills: Sequence[Bill]) -> list[str]:
    """Compare dollars: known ones are exact, and with the uncertain ones nothing is left out."""
    pricing = load_pricing(PRICES, MODEL)
    results = [event for event in events if isinstance(event, ResultEvent)]
    known = sum(event.usd or 0.0 for event in results)
    uncertain = sum(_reserve(event) for event in events)
    charged = [_dollars(pricing, results, bill) for bill in bills]
    problems = []
    matched = _matched(results, bills)
    if len(matched) != len(results):
        problems.append(f"{len(results) - len(matched)} answers have tokens that no bill has")
    elif abs(known - sum(charged[index] for index in matched)) > _CENT:
        problems.append(f"${known} is known of ${sum(charged[index] for index in matched)}")
    if known + uncertain + _CENT < sum(charged):
        problems.append(f"${known} known, ${uncertain} uncertain, and ${sum(charged)} charged")
    return problems


def _matched(results: Sequence[ResultEvent], bills: Sequence[Bill]) -> list[int]:
    """Return the number of the bill of each result: a later one with the same tokens."""
    matched: list[int] = []
    for result in results:
        after = matched[-1] + 1 if matched else 0
        same = (i for i in range(after, len(bills)) if _is_bill_of(result, bills[i]))
        found = next(same, None)
        if found is None:
            break
        matched.append(found)
    return matched


def _is_bill_of(result: ResultEvent, bill: Bill) -> bool:
    """Compare tokens; chat completions do not tell what was written to the cache."""
    fresh = result.tokens_in + result.tokens_cache_write
    found = (fresh, result.tokens_cache_read, result.tokens_out)
    return found == (
        bill.tokens_in + bill.tokens_cache_write,
        bill.tokens_cache_read,
        bill.tokens_out,
    )


def _dollars(pricing: Pricing, results: Sequence[ResultEvent], bill: Bill) -> float:
    tells_writes = any(result.tokens_cache_write for result in results)
    fresh, written = bill.tokens_in, bill.tokens_cache_write
    if not tells_writes:
        fresh, written = fresh + written, 0
    usage = Usage(fresh, bill.tokens_cache_read, written, bill.tokens_out)
    return pricing.cost(usage) or 0.0


def _reserve(event: Event) -> float:
    if isinstance(event, FailedEvent | UnknownEvent) and is_doubtful(event):
        return event.reserve_usd
    return 0.0


def _clocks(events: Sequence[Event], clocks: Clocks) -> list[str]:
    """Compare the outcome's totals with the sums over all events."""
    letters = "".join(event.a for event in events if isinstance(event, TurnEvent))

    def total(value: Callable[[ResultEvent], float]) -> float:
        return sum(value(event) for event in events if isinstance(event, ResultEvent))

    sums = {
        "turns": _count(events, TurnEvent),
        "steps": len(letters),
        "presses": len(letters) - letters.count("."),
        "calls": _count(events, ResultEvent),
        "tokens_in": total(lambda e: e.tokens_in),
        "tokens_cache_read": total(lambda e: e.tokens_cache_read),
        "tokens_cache_write": total(lambda e: e.tokens_cache_write),
        "tokens_out": total(lambda e: e.tokens_out),
        "usd_known": total(lambda e: e.usd or 0.0),
        "usd_uncertain": sum(_reserve(event) for event in events),
    }
    problems = [
        f"the outcome says {name} {getattr(clocks, name)}, its events {value}"
        for name, value in sums.items()
        if abs(getattr(clocks, name) - value) > _CENT
    ]
    seconds = [event.w for event in events if isinstance(event, TurnEvent)]
    if seconds != sorted(seconds) or clocks.wall_s < seconds[-1]:
        problems.append("seconds run backwards")
    ended = [event for event in events if isinstance(event, OutcomeEvent)]
    if any(not event.reason.is_resumable for event in ended[:-1]):
        problems.append("the run went on after its end")
    return problems


def _count(events: Sequence[Event], kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in events)
