"""From a verified run to the facts that a board is made of."""

import hashlib
import json
from typing import Final

from pydantic import ValidationError

from pokebench.content import explain
from pokebench.errors import SubmissionError
from pokebench.leaderboard.costs import pricing_of, with_dollars
from pokebench.leaderboard.facts import (
    AgentFacts,
    GameFacts,
    Judged,
    MilestoneFacts,
    MilestoneTitle,
    RunFacts,
    SharedFacts,
)
from pokebench.leaderboard.plain import check_json
from pokebench.milestone import Cartridge
from pokebench.score.clock import frames_of
from pokebench.tallgrass.build import engine_sha256
from pokebench.trajectory import Manifest, ResultEvent, SessionEvent, Trajectory, TurnEvent
from pokebench.trajectory.manifest import AgentPart
from pokebench.verify import Verification

MOST_CARD_BYTES: Final = 64 << 10
LEAST_MINUTES: Final = 2.0
"""A shorter budget leaves nothing to compare: log time begins at one minute."""


DIGITS: Final = 16
"""Of the digest of inputs until a milestone."""


def judged(verification: Verification) -> Judged:
    """Return the facts of a verified run.

    Raises:
        SubmissionError: its record was cut off before its end, it is a branch or no whole game, or
            it says of itself what no run can.
    """
    trajectory, manifest = verification.trajectory, verification.trajectory.manifest
    if verification.reason is None or trajectory.torn is not None:
        raise SubmissionError("the record was cut off before its end; resume the run first")
    if manifest.task is not None or manifest.prefix is not None:
        raise SubmissionError("a segment of a suite is no whole game; `suite score` scores it")
    if manifest.parent is not None:
        raise SubmissionError("a branch begins with another run's turns and makes no entry")
    if not any(turn.a for turn in trajectory.turns):
        raise SubmissionError("nobody played: the record holds no press")
    if manifest.budget.frames < frames_of(LEAST_MINUTES):
        raise SubmissionError(f"a budget below {LEAST_MINUTES:g} game minutes makes no board")
    _check_whole_game(manifest)
    _check_answers(trajectory)
    try:
        return Judged(
            shared=SharedFacts(
                agent=_agent(manifest.agent),
                game=_game(verification.cartridge, manifest),
                tier=manifest.tier,  # type: ignore[arg-type]  # pydantic checks that it is one
                budget=manifest.budget,
            ),
            run=_run(verification),
        )
    except ValidationError as error:
        raise SubmissionError(f"manifest.json: {explain(error)}") from error


def play_of(rom_sha1: str, inputs: str) -> str:
    """Return the digest of what was pressed: it does not depend on ids, times, texts or turns."""
    return hashlib.sha256((rom_sha1 + inputs).encode()).hexdigest()


def _check_whole_game(manifest: Manifest) -> None:
    """Refuse runs that the agent did not play from power-on: branches, and tasks of suites."""
    if manifest.parent is not None:
        raise SubmissionError("the run is a branch of another one; boards hold whole runs only")
    if manifest.prefix is not None or manifest.task is not None:
        raise SubmissionError("the run is a task of a suite; boards hold whole games only")


def _check_answers(trajectory: Trajectory) -> None:
    """Refuse a model's run in which buttons were pressed before the model had answered at all."""
    if trajectory.manifest.agent.card.get("adapter") != "model":
        return
    for line in trajectory.lines:
        if isinstance(line.event, ResultEvent):
            return
        if isinstance(line.event, TurnEvent) and line.event.a:
            raise SubmissionError(
                f"events.jsonl line {line.number}: a press before any answer of the model that the "
                "card names"
            )


def _run(verification: Verification) -> RunFacts:
    trajectory, manifest = verification.trajectory, verification.trajectory.manifest
    assert verification.reason is not None
    pricing = pricing_of(manifest.agent.card)
    rom, inputs = verification.cartridge.rom.sha1, "".join(turn.a for turn in trajectory.turns)
    return RunFacts(
        run_id=manifest.run_id,
        head=trajectory.head,
        state=verification.state,
        play=play_of(rom, inputs),
        seed=manifest.seed,
        created=manifest.created,
        version=manifest.code.version,
        commit=manifest.code.commit,
        sessions=sum(isinstance(line.event, SessionEvent) for line in trajectory.lines),
        reason=verification.reason,
        invalid_because=verification.invalid_because,
        end=with_dollars(verification.clocks, pricing),
        milestones=tuple(
            MilestoneFacts(
                id=m.id,
                clocks=with_dollars(m.clocks, pricing),
                inputs=play_of(rom, inputs[: m.clocks.steps])[:DIGITS],
            )
            for m in verification.milestones
        ),
    )


def _agent(agent: AgentPart) -> AgentFacts:
    check_json(agent.card, "manifest.json agent.card")
    if len(json.dumps(agent.card)) > MOST_CARD_BYTES:
        raise SubmissionError(f"manifest.json agent.card: larger than {MOST_CARD_BYTES} bytes")
    return AgentFacts(
        id=agent.id,
        title=agent.card.get("title") or agent.id,
        privileged=agent.privileged,
        card=agent.card,
        code_sha256=agent.code_sha256,
        api_host=agent.api_host,
        prompts_sha256=agent.prompts_sha256,
    )


def _game(cartridge: Cartridge, manifest: Manifest) -> GameFacts:
    table = cartridge.table
    return GameFacts(
        spec=str(cartridge.spec),
        title=table.game.title,
        rom_sha1=cartridge.rom.sha1,
        rom_bytes=manifest.game.rom_bytes,
        table_sha256=cartridge.table_sha256,
        engine_sha256=engine_sha256() if cartridge.world else None,
        milestones=tuple(
            MilestoneTitle(id=m.id, title=cartridge.titles[m.id]) for m in cartridge.milestones
        ),
        emulator=f"{manifest.emulator.name} {manifest.emulator.version}",
        settings=table.emulator.model_dump(),
        step_frames=table.timing.step_frames,
        hold_frames=table.timing.hold_frames,
    )
