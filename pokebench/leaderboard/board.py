"""Boards: entries that may be compared, in order. Nothing here is stored."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

import numpy as np

from pokebench.leaderboard.entry import Entry, EntryRun, Leaderboard
from pokebench.score import CLOCKS, GAME, ScoredRun
from pokebench.score.auc import TimeScale, areas, group_area
from pokebench.score.censoring import MOST_INFRASTRUCTURE, infrastructure_share
from pokebench.score.clock import minutes_of
from pokebench.score.curve import count_weights, progress_at
from pokebench.score.interval import Estimate, Floats, Interval
from pokebench.score.times import MilestoneTimes, milestone_times
from pokebench.verify import Reached

RANKED_RUNS: Final = 3
"""Fewer runs than these are shown and get no rank."""
HEADLINE_RUNS: Final = 5
SORT_COLUMN: Final = "log-time nAUC"
"""The one column that boards are sorted by."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One entry on its board; every number is reckoned from its runs.

    Attributes:
        rank: 1 for the best, alike for entries whose intervals overlap with the best of them; None
            for what is not ranked.
        entry: the entry.
        note: why it has no rank, or what a reader must know; may be "".
        log_auc: area under the milestone curve over log time, as a share of the oracle's.
        linear_auc: the same over time.
        progress: share of milestones at the budget.
        milestones: mean number reached.
        badges: mean number of badges.
        minutes: mean game minutes at the last milestone reached.
        usd: mean dollars by list price, at most; None if the price is unknown.
        tokens: mean tokens of all classes.
    """

    rank: int | None
    entry: Entry
    note: str
    log_auc: Estimate
    linear_auc: Estimate
    progress: Estimate
    milestones: float
    badges: float
    minutes: float
    usd: float | None
    tokens: float


@dataclass(frozen=True, slots=True)
class Board:
    """Entries of one game, rules, machine, budget and conditions.

    Attributes:
        slug: short name, for addresses.
        game: what is played.
        conditions: tier and tags; empty if there are references only.
        budget_minutes: game minutes.
        rules: which table and ROM, shortened.
        of: number of milestones.
        is_normalised: areas are shares of the oracle's on this board.
        oracle_minutes: by milestone id, the oracle's median game minutes; those that it reached.
        rows: best first.
    """

    slug: str
    game: str
    conditions: tuple[str, ...]
    budget_minutes: float
    rules: str
    of: int
    is_normalised: bool
    oracle_minutes: dict[str, float]
    rows: tuple[BoardRow, ...]

    @property
    def title(self) -> str:
        """The board's name for people."""
        conditions = ", ".join(self.conditions) or "references only"
        return f"{self.game}, {self.budget_minutes:.0f} game minutes, {conditions}"


def boards(leaderboard: Leaderboard) -> tuple[Board, ...]:
    """Return all boards.

    A board holds entries of one game, rules, machine, budget and conditions (tier, book, split);
    references stand on every board of their game, in the same order, without a rank. Entries are in
    order of the area under their curve in log time, as a share of the oracle's; those that are only
    logged come after all others.
    """
    groups: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in leaderboard.entries:
        groups[_rules(entry)].append(entry)
    found = []
    for rules in sorted(groups, key=repr):
        entries = groups[rules]
        competing = sorted({e.conditions for e in entries if not e.is_reference}) or [()]
        for conditions in competing:
            shown = [e for e in entries if e.is_reference or e.conditions == conditions]
            found.append(_board(shown, conditions))
    return tuple(found)


def scored_runs(entry: Entry, runs: Sequence[EntryRun]) -> list[ScoredRun]:
    """Return runs of an entry as scoring takes them."""
    return [
        ScoredRun(
            name=run.run_id[:8],
            agent=entry.agent.id,
            privileged=entry.agent.privileged,
            game=entry.game.spec,
            seed=run.seed,
            reason=run.reason,
            invalid_because=run.invalid_because,
            budget_frames=entry.budget.frames,
            end=run.end,
            titles={m.id: m.title for m in entry.game.milestones},
            reached=tuple(Reached(m.id, m.clocks) for m in run.milestones),
        )
        for run in runs
    ]


def counted_runs(entry: Entry) -> list[ScoredRun]:
    """Return the runs that an entry is judged by: those that count, or all if none does."""
    return scored_runs(entry, entry.valid_runs or entry.runs)


def _rules(entry: Entry) -> tuple[object, ...]:
    """Return what two entries must share to be compared."""
    game = entry.game
    machine = (
        game.emulator,
        tuple(sorted(game.settings.items())),
        game.step_frames,
        game.hold_frames,
    )
    return game.spec, entry.budget.frames, game.rom_sha1, game.table_sha256, *machine


def _board(entries: list[Entry], conditions: tuple[str, ...]) -> Board:
    first = entries[0]
    budget = minutes_of(first.budget.frames)
    oracle = _oracle_times(entries)
    rows = sorted((_row(entry, budget, oracle) for entry in entries), key=_sort_key)
    game = first.game
    tags = "-".join(tag.replace("tier ", "").replace(" ", "-") for tag in conditions)
    spec = game.spec.replace(":", "-").replace("@", "-")
    ids = [milestone.id for milestone in game.milestones]
    reached = {} if oracle is None else dict(zip(ids, oracle, strict=True))
    return Board(
        slug=f"{spec}-{budget:.0f}min-{tags or 'references'}-{game.table_sha256[:6]}",
        game=game.spec,
        conditions=conditions,
        budget_minutes=budget,
        rules=f"rules {game.table_sha256[:8]}, ROM {game.rom_sha1[:8]}, {game.emulator}",
        of=len(game.milestones),
        is_normalised=oracle is not None,
        oracle_minutes={name: float(time) for name, time in reached.items() if np.isfinite(time)},
        rows=_ranked(rows),
    )


def _oracle_times(entries: Sequence[Entry]) -> Floats | None:
    """Return the oracle's median times in game minutes, or None if there is no oracle."""
    oracles = [e for e in entries if e.adapter == "oracle" and e.proof.level.is_ranked]
    runs = [run for entry in oracles for run in counted_runs(entry)]
    if not runs:
        return None
    times: Floats = np.median(milestone_times(runs, GAME).times, axis=0)
    return times if np.isfinite(times).any() else None


def _row(entry: Entry, budget: float, oracle: Floats | None) -> BoardRow:
    runs = counted_runs(entry)
    group = milestone_times(runs, GAME)
    weights = count_weights(len(entry.game.milestones))
    last = [GAME.value(run.reached[-1].clocks) if run.reached else 0.0 for run in runs]
    return BoardRow(
        rank=None,
        entry=entry,
        note=_note(entry, runs),
        log_auc=_share(group, oracle, budget, TimeScale.LOG),
        linear_auc=_share(group, oracle, budget, TimeScale.LINEAR),
        progress=progress_at(group, weights, budget),
        milestones=fmean(len(run.reached) for run in runs),
        badges=fmean(run.badges for run in runs),
        minutes=fmean(last),
        usd=_dollars(entry, runs),
        tokens=fmean(CLOCKS["tokens"].value(run.end) for run in runs),
    )


def _share(
    group: MilestoneTimes, oracle: Floats | None, budget: float, scale: TimeScale
) -> Estimate:
    """Return a group's area as a share of the oracle's; without an oracle the area itself."""
    weights = count_weights(len(group.milestones))
    area = group_area(group, weights, budget, scale)
    whole = 1.0 if oracle is None else float(areas(oracle, weights, budget, scale))
    if whole <= 0:
        return area
    ends = area.interval
    return replace(
        area,
        value=area.value / whole,
        standard_error=area.standard_error / whole,
        interval=ends and Interval(ends.low / whole, ends.high / whole, ends.method, ends.level),
    )


def _note(entry: Entry, runs: Sequence[ScoredRun]) -> str:
    if entry.unranked_because:
        return entry.unranked_because
    if infrastructure_share(runs) > MOST_INFRASTRUCTURE:
        return f"more than {MOST_INFRASTRUCTURE:.0%} of runs ended by infrastructure"
    if len(runs) < RANKED_RUNS:
        return f"n = {len(runs)}"
    return ""


def _dollars(entry: Entry, runs: Sequence[ScoredRun]) -> float | None:
    """Return mean dollars; 0 for agents that ask no model, None where prices are unknown."""
    if entry.adapter == "model" and entry.prices_are_unknown:
        return None
    return fmean(CLOCKS["usd"].value(run.end) for run in runs)


def _ranked(rows: Sequence[BoardRow]) -> tuple[BoardRow, ...]:
    """Return rows with ranks: one is shared by all whose intervals overlap with its best entry."""
    done: list[BoardRow] = []
    leader: BoardRow | None = None
    rank = place = 0
    for row in rows:
        if row.note:
            done.append(row)
            continue
        place += 1
        if leader is None or not _overlap(leader.log_auc, row.log_auc):
            leader, rank = row, place
        done.append(replace(row, rank=rank))
    return tuple(done)


def _overlap(one: Estimate, other: Estimate) -> bool:
    if one.interval is None or other.interval is None:
        return one.value == other.value
    return one.interval.overlaps(other.interval)


def _sort_key(row: BoardRow) -> tuple[bool, float, float, str]:
    """Best first; what nobody played again stands below all that somebody did."""
    is_below = not row.entry.proof.level.is_ranked
    return is_below, -row.log_auc.value, -row.progress.value, row.entry.id
