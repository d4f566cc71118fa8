"""What a trial came to: its run re-simulated from power-on, and held against the suite."""

from dataclasses import asdict, dataclass
from pathlib import Path

from pokebench.errors import DesyncError, PokebenchError
from pokebench.suite.chain import Chain, find_segment
from pokebench.suite.content import FrozenSuite, load_suite
from pokebench.suite.form import Segment
from pokebench.suite.trial import Book, cartridge_of, digest_of, prefix_of, task_of
from pokebench.trajectory import Manifest
from pokebench.types import Censoring, Clocks, EndReason, JsonObject
from pokebench.verify import Verification, verify


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial that holds.

    Attributes:
        segment: id of the segment.
        seed: the start perturbation.
        book: whether the agent had the manual.
        agent: id of the agent.
        privileged: it reads RAM.
        control: it is a baseline.
        tier: what it saw.
        factor: budget of game time that it had, in multiples of the reference time.
        succeeded: the goal was reached.
        reason: why the episode ended; None if the record was cut off.
        invalid_because: why the run does not count, or "".
        spent: clocks from the start of the segment to the goal, or to the end.
        inputs_sha256: hash of the agent's own inputs.
        head: the record's chain head.
        pieces: of a chain, the frames that each piece took, from when all goals before it had
            latched until its own had; None from the first that was not reached on.
        is_split: it was played in contexts that know of each other by a note alone.
    """

    segment: str
    seed: int
    book: Book
    agent: str
    privileged: bool
    control: bool
    tier: str
    factor: float
    succeeded: bool
    reason: EndReason | None
    invalid_because: str
    spent: Clocks
    inputs_sha256: str
    head: str
    pieces: tuple[int | None, ...] = ()
    is_split: bool = False

    @property
    def end(self) -> Censoring:
        """What the end means for statistics; a record that was cut off says nothing."""
        return self.reason.censoring if self.reason else Censoring.INFRASTRUCTURE

    def to_json(self) -> JsonObject:
        """Return it for programs."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judging:
    """A run that is to be judged.

    Attributes:
        suite: the suite's folder.
        folder: the run folder.
    """

    suite: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Verdict:
    """What judging a run gave: an outcome, or why there is none."""

    folder: Path
    outcome: Outcome | None
    fault: str = ""


def judge_folder(judging: Judging) -> Verdict:
    """Judge a run; what is wrong with it is told and stops nobody else."""
    try:
        return Verdict(judging.folder, judge(load_suite(str(judging.suite)), judging.folder))
    except PokebenchError as error:
        return Verdict(judging.folder, None, str(error))


def judge(frozen: FrozenSuite, folder: Path) -> Outcome:
    """Re-simulate a run from power-on and return what it came to.

    Raises:
        ConfigError: the suite is not exact for this software.
        DesyncError: the run is none of this suite, or began or was asked for something else.
        TrajectoryError: it does not verify.
    """
    verification = verify(folder)
    manifest = verification.trajectory.manifest
    segment = _segment_of(frozen, manifest, folder)
    _check_played_as_asked(frozen, segment, verification)
    return _outcome(frozen, segment, verification)


def _segment_of(frozen: FrozenSuite, manifest: Manifest, folder: Path) -> Segment:
    """Return the segment that a run says it played.

    Raises:
        DesyncError: it says none, or one of another suite or version.
    """
    task = manifest.task
    if task is None:
        raise DesyncError(f"{folder}: a whole game, and no segment of a suite")
    if task.suite_sha256 != frozen.sha256:
        raise DesyncError(
            f"{folder}: played for suite {task.suite} with hash {task.suite_sha256[:16]}, and this "
            f"is {frozen.suite.name} with {frozen.sha256[:16]}"
        )
    segment = find_segment(frozen.suite, task.segment)
    if segment is None or manifest.seed not in frozen.suite.play_seeds:
        raise DesyncError(f"{folder}: no segment {task.segment} with seed {manifest.seed}")
    return segment


def _check_played_as_asked(
    frozen: FrozenSuite, segment: Segment, verification: Verification
) -> None:
    """Refuse a run with another world, start, goal or task than the suite's.

    Raises:
        DesyncError: it has.
    """
    manifest = verification.trajectory.manifest
    start = segment.start(manifest.seed)
    prefix = prefix_of(frozen, segment, manifest.seed)
    handover = verification.handover
    cartridge = cartridge_of(frozen, segment)
    found = {
        "world": (manifest.game.spec, str(cartridge.spec)),
        "task": (manifest.task, task_of(frozen, segment)),
        "prefix": (manifest.prefix, prefix.part() if prefix else None),
        "start": (
            (handover.clocks.frames, handover.ram) if handover else None,
            (start.frame, start.ram) if prefix else None,
        ),
    }
    for what, (recorded, wanted) in found.items():
        if recorded != wanted:
            raise DesyncError(
                f"{verification.trajectory.folder}: {what} is {recorded}, and the suite's is "
                f"{wanted}"
            )
    if manifest.budget.frames <= start.frame:
        raise DesyncError(f"{verification.trajectory.folder}: no game time after the start")


def _outcome(frozen: FrozenSuite, segment: Segment, verification: Verification) -> Outcome:
    trajectory = verification.trajectory
    manifest = trajectory.manifest
    card, start = manifest.agent.card, segment.start(manifest.seed)
    goal = next((m.clocks for m in verification.milestones if m.id == segment.goal), None)
    begin = verification.handover.clocks if verification.handover else Clocks(frames=start.frame)
    own_turns = trajectory.turns[1 if manifest.prefix else 0 :]
    is_told = card.get("adapter") == "model"
    return Outcome(
        segment=segment.id,
        seed=manifest.seed,
        book="open" if is_told and card["harness"]["book"] == "open" else "closed",
        agent=manifest.agent.id,
        privileged=manifest.agent.privileged,
        control=bool(card.get("control")),
        tier=manifest.tier,
        factor=(manifest.budget.frames - start.frame) / segment.reference.median_frames,
        succeeded=goal is not None,
        reason=verification.reason,
        invalid_because=verification.invalid_because,
        spent=_between(begin, goal or verification.clocks),
        inputs_sha256=digest_of("".join(turn.a for turn in own_turns)),
        head=trajectory.head,
        pieces=_pieces(segment, verification, begin.frames) if isinstance(segment, Chain) else (),
        is_split=is_told and card["context"]["mode"] == "split",
    )


def _pieces(chain: Chain, verification: Verification, begin: int) -> tuple[int | None, ...]:
    """Return the frames that each piece of a chain took."""
    latched = {reached.id: reached.clocks.frames for reached in verification.milestones}
    frames: list[int | None] = []
    before = begin
    for piece in chain.pieces:
        goal = latched.get(piece.goal)
        if goal is None or None in frames:
            frames.append(None)
            continue
        frames.append(max(goal - before, 0))
        before = max(goal, before)
    return tuple(frames)


def _between(begin: Clocks, end: Clocks) -> Clocks:
    """Return what passed between two moments."""
    first, last = asdict(begin), asdict(end)
    return Clocks(**{name: max(last[name] - first[name], 0) for name in last})
