"""Chains: segments of one world that follow each other, played as one task."""

from itertools import pairwise
from typing import Annotated, Final

from pydantic import StringConstraints

from pokebench.errors import ConfigError
from pokebench.suite.form import Reference, Segment, Start, Suite

LINK: Final = "+"
"""Stands between the names of segments in that of a chain."""
_LONGEST_NAME: Final = 100
_LONGEST_WORDS: Final = 1000


class Chain(Segment):
    """Segments in a row as one: from the start of the first to the goal of the last.

    Its reference is the sum of theirs, quartiles too, which are therefore no quartiles of the sum.

    Attributes:
        id: their names, with `+` between them.
        pieces: the segments.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+-]+$", max_length=_LONGEST_NAME)]
    pieces: tuple[Segment, ...]


def find_segment(suite: Suite, name: str) -> Segment | None:
    """Return the segment or the chain of that name; None if the suite has none."""
    if LINK not in name:
        return suite.segment(name)
    try:
        return chain_of(suite, tuple(name.split(LINK)))
    except ConfigError:
        return None


def chain_of(suite: Suite, names: tuple[str, ...]) -> Chain:
    """Return the chain of some segments.

    Raises:
        ConfigError: there are fewer than two, the suite lacks one, or one does not begin where the
            one before it ends, under every seed that is played.
    """
    pieces = tuple(_piece(suite, name) for name in names)
    if len(pieces) < 2:
        raise ConfigError("a chain has two segments at least; repeat --segment, in order")
    for before, after in pairwise(pieces):
        _check_follows(before, after)
    name = LINK.join(names)
    words = " ".join(f"{number}. {piece.words}" for number, piece in enumerate(pieces, start=1))
    words = f"In this order: {words}"
    if len(name) > _LONGEST_NAME or len(words) > _LONGEST_WORDS:
        raise ConfigError(f"a chain of {len(names)} segments is too long to be told; give fewer")
    return Chain(
        id=name,
        world=pieces[0].world,
        after=pieces[0].after,
        goal=pieces[-1].goal,
        family="chain",
        skill=pieces[-1].skill,
        skills=(),
        words=words,
        reference=_sum([piece.reference for piece in pieces]),
        starts=tuple(_start(start, pieces[-1]) for start in pieces[0].starts),
        pieces=pieces,
    )


def _piece(suite: Suite, name: str) -> Segment:
    piece = suite.segment(name)
    if piece is None:
        raise ConfigError(f"suite {suite.name} has no segment {name!r}")
    return piece


def _check_follows(before: Segment, after: Segment) -> None:
    ends = [start.goal_steps for start in before.starts]
    begins = [start.steps for start in after.starts]
    if before.world != after.world or ends != begins:
        raise ConfigError(
            f"{before.id} and {after.id} are no chain: the first ends with {before.goal} of "
            f"{before.world}, the second begins at {', '.join(after.after) or 'power-on'} of "
            f"{after.world}"
        )


def _start(start: Start, last: Segment) -> Start:
    return start.model_copy(update={"goal_steps": last.start(start.seed).goal_steps})


def _sum(references: list[Reference]) -> Reference:
    return Reference(
        median_frames=sum(r.median_frames for r in references),
        q1_frames=sum(r.q1_frames for r in references),
        q3_frames=sum(r.q3_frames for r in references),
        seeds=min(r.seeds for r in references),
    )
