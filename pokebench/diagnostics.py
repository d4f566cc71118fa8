"""Detectors for what goes wrong in long play, each a named event for people and scores.

They see fingerprints of moments and traces of turns, and nothing of where a game leads.
Memory is bounded, however long a run is.
"""

from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

from pokebench.types import Action, Effect, JsonObject, Trace

LOOP_PERIODS: Final = 3
"""A cycle of moments counts as a loop when it is gone through this often."""
LONGEST_LOOP_TURNS: Final = 12
STAGNATION_TURNS: Final = 60
"""Turns without a new moment after which an agent stands still."""
FRUITLESS_TURNS: Final = 4
"""Turns in a row without any effect that are worth a mark."""
WALL_PRESSES: Final = 6
"""Presses in a row against something solid that are worth a mark."""
MENU_TURNS: Final = 8
"""Turns in a row in menus that come back to where they were."""
REMEMBERED_MOMENTS: Final = 4096
_DIRECTIONS: Final = frozenset({Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT})


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something a detector saw.

    Attributes:
        kind: loop, stagnation, wall_bumping, menu_thrash, no_effect or truncated_replies.
        turn: the turn in which it was seen.
        detail: more words.
    """

    kind: str
    turn: int
    detail: str


class Diagnostics:
    """All detectors; each reports once, and again only after the trouble was over."""

    def __init__(self) -> None:
        self._recent: deque[str] = deque(maxlen=LOOP_PERIODS * LONGEST_LOOP_TURNS)
        self._seen: dict[str, None] = {}
        self._turns_without_new = 0
        self._counts: Counter[str] = Counter()
        self._active: set[str] = set()
        self._milestones = 0
        self._cut_off = 0

    def state(self) -> JsonObject:
        """Return what the detectors remember, as JSON."""
        return {
            "recent": list(self._recent),
            "seen": list(self._seen),
            "without_new": self._turns_without_new,
            "counts": dict(self._counts),
            "active": sorted(self._active),
            "milestones": self._milestones,
            "cut_off": self._cut_off,
        }

    def restore(self, state: JsonObject) -> None:
        """Take back what `state` returned."""
        self._recent.extend(state["recent"])
        self._seen = dict.fromkeys(state["seen"])
        self._turns_without_new = state["without_new"]
        self._counts = Counter(state["counts"])
        self._active = set(state["active"])
        self._milestones = state["milestones"]
        self._cut_off = state["cut_off"]

    def update(
        self,
        turn: int,
        fingerprint: str,
        actions: tuple[Action, ...],
        trace: Trace,
        scene: str,
        milestones: int,
        cut_off: int = 0,
    ) -> list[Diagnostic]:
        """Look at a turn that was done.

        Args:
            turn: its number.
            fingerprint: equal for moments that a person would call the same.
            actions: what it was to do; effects are in this order.
            trace: what it did.
            scene: what the game is doing now.
            milestones: how many were reached.
            cut_off: how many of the agent's replies were cut off by a ceiling of ours.
        """
        is_new = self._remember(fingerprint)
        if is_new or milestones > self._milestones:
            self._turns_without_new = 0
        else:
            self._turns_without_new += 1
        self._milestones = milestones
        found = {
            "loop": self._loop(),
            "stagnation": self._stagnation(),
            "no_effect": self._no_effect(trace),
            "wall_bumping": self._wall_bumping(actions, trace, scene),
            "menu_thrash": self._menu_thrash(scene, is_new),
            "truncated_replies": self._truncated_replies(cut_off),
        }
        started = [kind for kind, detail in found.items() if detail and kind not in self._active]
        self._active = {kind for kind, detail in found.items() if detail}
        return [Diagnostic(kind, turn, found[kind]) for kind in started]

    def _remember(self, fingerprint: str) -> bool:
        """Return whether a moment is new among those remembered."""
        self._recent.append(fingerprint)
        is_new = fingerprint not in self._seen
        self._seen.pop(fingerprint, None)
        self._seen[fingerprint] = None
        if len(self._seen) > REMEMBERED_MOMENTS:
            del self._seen[next(iter(self._seen))]
        return is_new

    def _loop(self) -> str:
        moments = list(self._recent)
        for period in range(2, LONGEST_LOOP_TURNS + 1):
            span = moments[-period * LOOP_PERIODS :]
            if len(span) < period * LOOP_PERIODS:
                return ""
            cycle = span[:period]
            if len(set(cycle)) > 1 and span == cycle * LOOP_PERIODS:
                return f"the same {period} moments, {LOOP_PERIODS} times over"
        return ""

    def _stagnation(self) -> str:
        turns = self._turns_without_new
        return f"{turns} turns without a new moment" if turns >= STAGNATION_TURNS else ""

    def _no_effect(self, trace: Trace) -> str:
        is_fruitless = bool(trace.effects) and set(trace.effects) == {Effect.NOTHING}
        turns = self._count("no_effect", is_fruitless)
        return f"{turns} turns without any effect" if turns >= FRUITLESS_TURNS else ""

    def _wall_bumping(self, actions: tuple[Action, ...], trace: Trace, scene: str) -> str:
        for action, effect in zip(actions, trace.effects, strict=False):
            is_bump = action in _DIRECTIONS and effect is Effect.NOTHING and scene == "walking"
            self._count("wall_bumping", is_bump)
        presses = self._counts["wall_bumping"]
        return f"{presses} presses against a wall" if presses >= WALL_PRESSES else ""

    def _menu_thrash(self, scene: str, is_new: bool) -> str:
        turns = self._count("menu_thrash", scene == "menu" and not is_new)
        return f"{turns} turns in menus seen before" if turns >= MENU_TURNS else ""

    def _truncated_replies(self, cut_off: int) -> str:
        newly, self._cut_off = cut_off - self._cut_off, cut_off
        return f"{newly} replies cut off before this turn" if newly else ""

    def _count(self, kind: str, goes_on: bool) -> int:
        self._counts[kind] = self._counts[kind] + 1 if goes_on else 0
        return self._counts[kind]
