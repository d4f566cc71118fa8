"""Boards: entries that may be compared, in order. Nothing here is stored."""

from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import fmean

from pokebench.leaderboard.entry import Entry, Leaderboard
from pokebench.types import FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One entry on its board.

    Attributes:
        rank: 1 for the best; None for references, which are not ranked.
        entry: the entry.
        milestones: mean number reached, over the runs that count.
        of: number there are.
        badges: mean number of badges.
        game_minutes: mean game time at the last milestone reached.
    """

    rank: int | None
    entry: Entry
    milestones: float
    of: int
    badges: float
    game_minutes: float


def boards(leaderboard: Leaderboard) -> dict[str, list[BoardRow]]:
    """Return all boards, best first.

    A board holds entries of one game, rules, emulator, budget and conditions (tier, book, split);
    references (privileged agents and controls) stand on every board of their game, in the same
    order, without a rank.
    Entries are in order of mean milestones, then of less game time. Equal entries share a rank.
    """
    groups: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in leaderboard.entries:
        groups[_rules(entry)].append(entry)
    result: dict[str, list[BoardRow]] = {}
    for rules in sorted(groups):
        conditions = sorted({e.conditions for e in groups[rules] if e.is_ranked}) or [""]
        for condition in conditions:
            shown = [e for e in groups[rules] if not e.is_ranked or e.conditions == condition]
            result[_name(shown[0], condition)] = _rows(shown)
    return result


def _rules(entry: Entry) -> tuple[str, ...]:
    """Return what two entries must share to be compared."""
    emulator = f"{entry.emulator.name} {entry.emulator.version}"
    budget = f"{entry.budget_frames:015d}"
    return entry.game.spec, budget, entry.game.rom_sha1, entry.game.table_sha256, emulator


def _name(entry: Entry, conditions: str) -> str:
    minutes = entry.budget_frames / (60 * FRAMES_PER_SECOND)
    shown = conditions or "references only"
    rules = f"rules {entry.game.table_sha256[:8]}, ROM {entry.game.rom_sha1[:8]}"
    return f"{entry.game.spec}, {minutes:.0f} game minutes, {shown} ({rules})"


def _rows(entries: list[Entry]) -> list[BoardRow]:
    rows = sorted((_row(entry) for entry in entries), key=_sort_key)
    competing = [_sort_key(row) for row in rows if row.entry.is_ranked]
    return [
        replace(row, rank=1 + sum(key < _sort_key(row) for key in competing))
        if row.entry.is_ranked
        else row
        for row in rows
    ]


def _sort_key(row: BoardRow) -> tuple[float, float]:
    return -row.milestones, row.game_minutes


def _row(entry: Entry) -> BoardRow:
    runs = entry.valid_runs or entry.runs
    reached = [len(run.milestones) for run in runs]
    badges = [sum(m.id.startswith("badge") for m in run.milestones) for run in runs]
    last = [run.milestones[-1].clocks.frames if run.milestones else 0 for run in runs]
    return BoardRow(
        rank=None,
        entry=entry,
        milestones=fmean(reached),
        of=len(entry.game.milestones),
        badges=fmean(badges),
        game_minutes=fmean(last) / (60 * FRAMES_PER_SECOND),
    )
