"""What a player has achieved in a world, and what running a script would add to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pokebench.tallgrass.format import MilestoneBit, Op
from pokebench.tallgrass.rom import Instruction, Script

MAX_ANSWERS: Final = 4
"""Yes/no questions followed within one script."""


@dataclass(slots=True)
class Progress:
    """All that opens ways and scripts; every field but `party_count` is a set of bits."""

    flags: int = 0
    items: int = 0
    keys: int = 0
    badges: int = 0
    milestones: int = 0
    party_count: int = 0
    species: int = 0
    """Kinds of creature given by scripts."""

    def copy(self) -> "Progress":
        """Return an equal one of its own."""
        return Progress(
            self.flags, self.items, self.keys, self.badges, self.milestones,
            self.party_count, self.species,
        )  # fmt: skip

    def merge(self, other: "Progress") -> None:
        """Add what `other` has."""
        self.flags |= other.flags
        self.items |= other.items
        self.keys |= other.keys
        self.badges |= other.badges
        self.milestones |= other.milestones
        self.party_count = max(self.party_count, other.party_count)
        self.species |= other.species

    def exceeds(self, other: "Progress") -> bool:
        """Return whether something was achieved here that `other` lacks."""
        return bool(
            self.flags & ~other.flags
            or self.items & ~other.items
            or self.keys & ~other.keys
            or self.badges & ~other.badges
            or self.milestones & ~other.milestones
            or self.party_count > other.party_count
            or self.species & ~other.species
        )


@dataclass(slots=True)
class Outcome:
    """What one way through a script comes to."""

    progress: Progress
    answers: tuple[bool, ...] = ()
    """Answers to its questions, in order."""
    trainers: tuple[int, ...] = ()
    """Tamers to be beaten on the way."""
    heals: bool = False
    shops: bool = False
    warp: tuple[int, int, int] | None = None
    """Map, column and row that the script ends in."""


@dataclass(slots=True)
class _Thread:
    offset: int
    outcome: Outcome
    seen: set[int] = field(default_factory=set)


def outcomes(script: Script, progress: Progress, *, keeps_items: bool = False) -> list[Outcome]:
    """Return every way through `script` from `progress`, the one of all yeses first.

    A battle counts as won; without a creature it ends the script.

    Args:
        script: the decoded script.
        progress: what holds before; left unchanged.
        keeps_items: whether an item that is taken away counts as still had, so that
            achievements only grow.
    """
    threads = [_Thread(0, Outcome(progress.copy()))]
    done: list[Outcome] = []
    while threads:
        thread = threads.pop()
        threads.extend(_run(script, thread, keeps_items))
        done.append(thread.outcome)
    return done


def _run(script: Script, thread: _Thread, keeps_items: bool) -> Iterator[_Thread]:
    """Run `thread` to its end, saying yes; yield the threads that say no."""
    offset: int | None = thread.offset
    while offset is not None and offset not in thread.seen:
        thread.seen.add(offset)
        instruction = script[offset]
        if instruction.op == Op.YES_NO:
            yield from _refusal(instruction, thread)
            thread.outcome.answers += (True,)
            offset = instruction.following
            continue
        offset = _next_offset(instruction, thread.outcome)
        _apply(instruction, thread.outcome, keeps_items)


def _refusal(instruction: Instruction, thread: _Thread) -> Iterator[_Thread]:
    answers = thread.outcome.answers
    if len(answers) < MAX_ANSWERS and instruction.target is not None:
        outcome = replace(
            thread.outcome, progress=thread.outcome.progress.copy(), answers=(*answers, False)
        )
        yield _Thread(instruction.target, outcome, set(thread.seen))


def _next_offset(instruction: Instruction, outcome: Outcome) -> int | None:
    """Return where the script goes on, None where it ends."""
    op = instruction.op
    ends = op in (Op.END, Op.WARP) or (op == Op.TRAINER and not outcome.progress.party_count)
    if ends:
        return None
    return instruction.target if _jumps(instruction, outcome.progress) else instruction.following


def _jumps(instruction: Instruction, progress: Progress) -> bool:
    match instruction.op:
        case Op.JUMP:
            return True
        case Op.IF_FLAG:
            return bool(progress.flags >> instruction.arguments[0] & 1)
        case Op.NEED_ITEM:
            return not progress.items >> instruction.arguments[0] & 1
        case Op.NEED_KEY:
            return not progress.keys >> instruction.arguments[0] & 1
        case Op.NEED_BADGES:
            return progress.badges.bit_count() < instruction.arguments[0]
        case _:
            return False


def _apply(instruction: Instruction, outcome: Outcome, keeps_items: bool) -> None:
    arguments = instruction.arguments
    match instruction.op:
        case Op.HEAL:
            outcome.heals = True
            if outcome.progress.party_count:
                outcome.progress.milestones |= 1 << MilestoneBit.FIRST_HEAL
        case Op.SHOP:
            outcome.shops = True
        case Op.WARP:
            outcome.warp = (arguments[0], arguments[1], arguments[2])
        case Op.TRAINER:
            _fight(outcome, arguments[0])
        case Op.TAKE_ITEM:
            if not keeps_items:
                outcome.progress.items &= ~(1 << arguments[0])
        case _:
            _gain(instruction.op, arguments, outcome.progress)


def _fight(outcome: Outcome, trainer: int) -> None:
    if outcome.progress.party_count:
        outcome.trainers += (trainer,)
        outcome.progress.milestones |= 1 << MilestoneBit.FIRST_WIN


def _gain(op: Op, arguments: tuple[int, ...], progress: Progress) -> None:
    match op:
        case Op.SET:
            progress.flags |= 1 << arguments[0]
        case Op.GIVE:
            progress.items |= 1 << arguments[0]
        case Op.KEY:
            progress.keys |= 1 << arguments[0]
        case Op.BADGE:
            progress.badges |= 1 << arguments[0]
        case Op.MILESTONE:
            progress.milestones |= 1 << arguments[0]
        case Op.GIVE_CREATURE:
            progress.party_count = min(6, progress.party_count + 1)
            progress.species |= 1 << arguments[0]
        case _:
            pass
