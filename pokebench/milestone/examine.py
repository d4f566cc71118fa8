"""What one moment of RAM shows, without playing: for self-checks, and for RAM from elsewhere."""

from dataclasses import dataclass

from pokebench.milestone.predicate import ReadBytes
from pokebench.milestone.table import Flag, GameTable, Milestone


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds in RAM now.

    Attributes:
        milestones: those whose condition holds, in the table's order. One of kind `latch` may have
            been reached although it does not hold any more.
        flags: states that honest play does not bring about. In a running game some come up in
            passing, which is why an episode waits for `Flag.reads` reads in a row.
        out_of_order: pairs of a milestone that holds and one that must come before it, can never be
            undone, and does not hold: a glitch, or an edit.
    """

    milestones: tuple[Milestone, ...]
    flags: tuple[Flag, ...]
    out_of_order: tuple[tuple[str, str], ...]


def examine(table: GameTable, read: ReadBytes) -> Reading:
    """Return what holds in the RAM that `read` reads: `read(address, size) -> bytes`."""
    holding = tuple(m for m in table.milestones if m.when.bind(table.symbols)(read))
    ids = {milestone.id for milestone in holding}
    missing = {m.id for m in table.milestones if m.kind == "monotone" and m.id not in ids}
    return Reading(
        milestones=holding,
        flags=tuple(flag for flag in table.flags if flag.when.bind(table.symbols)(read)),
        out_of_order=tuple(
            (milestone.id, earlier)
            for milestone in holding
            for earlier in milestone.after
            if earlier in missing
        ),
    )
