"""Whether a long task can be cut: three arms on one chain of segments.

A, continuous: one run over the chain. B, hand-over: likewise, in contexts that know of each other
by a note alone. C, oracle's start: each segment as it is in the suite. A piece is done if its goal
came within its own budget, counted from the goal before it, and all pieces before it are done.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal, get_args

from pokebench.score.split import SplitComparison, Tally, ThreeArms, split_comparison, three_arms
from pokebench.score.trend import CoherenceTax, coherence_tax
from pokebench.suite.chain import Chain, find_segment
from pokebench.suite.form import Suite
from pokebench.suite.judge import Outcome
from pokebench.types import Censoring, JsonObject

Arm = Literal["continuous", "handover", "oracle-start"]
ARMS: Final[tuple[Arm, ...]] = get_args(Arm)


@dataclass(frozen=True, slots=True)
class ArmTally:
    """One arm on a chain.

    Attributes:
        arm: which.
        pieces: by segment, runs that did it, of those that came to its start.
        whole: runs that did the whole chain; None in arm C, where nobody plays it.
        infrastructure: runs that are not counted, since neither game nor agent ended them.
    """

    arm: Arm
    pieces: tuple[Tally, ...]
    whole: Tally | None
    infrastructure: int


@dataclass(frozen=True, slots=True)
class ChainResult:
    """One agent on one chain.

    Attributes:
        chain: its name.
        agent: id of the agent.
        book: closed or open.
        factor: budget of each piece in multiples of the oracle's time: the smallest of all runs.
        arms: those that were played.
        split: A against the product of C's pieces; None unless both were played.
        contrasts: A over B, B over C, A over C; None unless all were played.
        tax: A against C on the same segment and seed, from the second piece on; None without pairs.
            The starts differ: A's is the agent's own, C's the oracle's.
    """

    chain: str
    agent: str
    book: str
    factor: float
    arms: tuple[ArmTally, ...]
    split: SplitComparison | None
    contrasts: ThreeArms | None
    tax: CoherenceTax | None


def chain_results(suite: Suite, outcomes: Sequence[Outcome]) -> tuple[ChainResult, ...]:
    """Return what was found on each chain, by agent and book."""
    valid = [outcome for outcome in outcomes if not outcome.invalid_because]
    keys = dict.fromkeys((o.segment, o.agent, o.book) for o in valid if o.pieces)
    found = []
    for name, agent, book in keys:
        chain = find_segment(suite, name)
        assert isinstance(chain, Chain)
        wanted = {name, *(piece.id for piece in chain.pieces)}
        own = [o for o in valid if (o.agent, o.book) == (agent, book) and o.segment in wanted]
        found.append(_chain_result(chain, own))
    return tuple(found)


def chain_json(result: ChainResult) -> JsonObject:
    """Return a result for programs, with the variance of each log ratio."""
    data = asdict(result)
    ratios = [data["split"]["ratio"]] if data["split"] else []
    for ratio in (*ratios, *(data["contrasts"] or {}).values()):
        if ratio is not None:
            ratio["variance"] = ratio["standard_error"] ** 2
    return data


def _chain_result(chain: Chain, outcomes: Sequence[Outcome]) -> ChainResult:
    factor = min(o.factor for o in outcomes)
    budgets = [round(factor * piece.reference.median_frames) for piece in chain.pieces]
    by_arm = {arm: [o for o in outcomes if _arm(o) == arm] for arm in ARMS}
    counting = {arm: [o for o in own if _counts(o)] for arm, own in by_arm.items()}
    tallies = {
        arm: ArmTally(
            arm,
            _afresh(chain, own, budgets) if arm == "oracle-start" else _in_a_row(own, budgets),
            None if arm == "oracle-start" else _whole(own, budgets),
            len(by_arm[arm]) - len(own),
        )
        for arm, own in counting.items()
        if own
    }
    a, b, c = (tallies.get(arm) for arm in ARMS)
    has_c = c is not None and all(tally.n for tally in c.pieces)
    return ChainResult(
        chain=chain.id,
        agent=outcomes[0].agent,
        book=outcomes[0].book,
        factor=round(factor, 2),
        arms=tuple(tallies.values()),
        split=split_comparison(c.pieces, a.whole) if a and a.whole and c and has_c else None,
        contrasts=three_arms(a.whole, b.pieces, c.pieces)
        if a and a.whole and b and c and has_c
        else None,
        tax=_tax(chain, counting["continuous"], counting["oracle-start"], factor),
    )


def _arm(outcome: Outcome) -> Arm:
    if not outcome.pieces:
        return "oracle-start"
    return "handover" if outcome.is_split else "continuous"


def _counts(outcome: Outcome) -> bool:
    return outcome.succeeded or outcome.end is not Censoring.INFRASTRUCTURE


def _done(outcome: Outcome, budgets: Sequence[int]) -> int:
    """Return how many pieces of a chain, from the first on, came within their budgets."""
    done = 0
    for frames, budget in zip(outcome.pieces, budgets, strict=True):
        if frames is None or frames > budget:
            break
        done += 1
    return done


def _in_a_row(outcomes: Sequence[Outcome], budgets: Sequence[int]) -> tuple[Tally, ...]:
    """Return for each piece the runs that did it, of those that had done all before it."""
    done = [_done(outcome, budgets) for outcome in outcomes]
    return tuple(
        Tally(sum(d > index for d in done), sum(d >= index for d in done))
        for index in range(len(budgets))
    )


def _whole(outcomes: Sequence[Outcome], budgets: Sequence[int]) -> Tally:
    return Tally(sum(_done(o, budgets) == len(budgets) for o in outcomes), len(outcomes))


def _afresh(chain: Chain, outcomes: Iterable[Outcome], budgets: Sequence[int]) -> tuple[Tally, ...]:
    outcomes = list(outcomes)
    tallies = []
    for piece, budget in zip(chain.pieces, budgets, strict=True):
        own = [o for o in outcomes if o.segment == piece.id]
        done = sum(o.succeeded and o.spent.frames <= budget for o in own)
        tallies.append(Tally(done, len(own)))
    return tuple(tallies)


def _tax(
    chain: Chain, continuous: Sequence[Outcome], afresh: Sequence[Outcome], factor: float
) -> CoherenceTax | None:
    """Return the tax over all pieces that were begun in mid-episode and afresh under one seed.

    Times are in multiples of the oracle's, so that one budget holds for all. A piece whose goal
    came before it began takes no time, and makes no pair.
    """
    budgets = [round(factor * piece.reference.median_frames) for piece in chain.pieces]
    fresh = {(o.segment, o.seed): o for o in afresh}
    pairs = []
    for outcome in continuous:
        for index in range(1, min(_done(outcome, budgets) + 1, len(budgets))):
            piece, frames = chain.pieces[index], outcome.pieces[index]
            other = fresh.get((piece.id, outcome.seed))
            if other is None or frames == 0:
                continue
            alone = other.spent.frames if other.succeeded else math.inf
            continued = math.inf if frames is None else frames
            median = piece.reference.median_frames
            pairs.append((continued / median, alone / median))
    if not pairs:
        return None
    continued_times, fresh_times = zip(*pairs, strict=True)
    return coherence_tax(continued_times, fresh_times, factor)
