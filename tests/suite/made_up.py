"""A made-up suite and outcomes of it, for what is only added up."""

from dataclasses import replace

from pokebench.suite.form import Pins, Recording, Reference, Segment, Start, Suite, World
from pokebench.suite.judge import Outcome
from pokebench.types import Clocks, EndReason

MINUTE = 3584
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


def made_up() -> Suite:
    """Ten segments of 1 to 32 minutes, in five families, half of them famous."""
    segments = tuple(
        Segment(
            id=f"s{number}", world="old" if number % 2 else "new", after=(), goal="champion",
            family=f"f{number % 5}", skill="battle" if number < 5 else "memory", skills=(),
            words="Champion.", starts=tuple(
                Start(seed=seed, steps=0, frame=100, ram="0" * 16, goal_steps=9) for seed in (1, 2)
            ),
            reference=Reference(
                median_frames=length * MINUTE, q1_frames=length * MINUTE,
                q3_frames=length * MINUTE, seeds=2,
            ),
        )
        for number, length in enumerate(LENGTHS)
    )  # fmt: skip
    worlds = (
        World(id="old", preset="micro", status="famous", seed=1),
        World(id="new", preset="micro", status="novel", seed=7),
    )
    recordings = tuple(
        Recording(world=world.id, seed=seed, steps=9, sha256="0" * 64)
        for world in worlds
        for seed in (1, 2)
    )
    pins = Pins(emulator="x", table_sha256="0" * 64, engine_sha256="0" * 64, generator_version=1)
    return Suite(
        schema=1, id="made-up", version=1, title="Made up", edition="public", pins=pins,
        seeds=(1, 2), play_seeds=(1, 2), worlds=worlds, recordings=recordings, segments=segments,
    )  # fmt: skip


def outcome(number: int, succeeded: bool, **changes: object) -> Outcome:
    spent = Clocks(
        frames=(2 if succeeded else 10) * LENGTHS[number] * MINUTE,
        tokens_out=(1000 + 200 * (number % 3)) * LENGTHS[number] ** 2,
    )
    made = Outcome(
        segment=f"s{number}", seed=1, book="closed", agent="a", privileged=False, control=False,
        tier="text", factor=10.0, succeeded=succeeded,
        reason=EndReason.FINISHED if succeeded else EndReason.BUDGET_FRAMES, invalid_because="",
        spent=spent, inputs_sha256="0" * 64, head="",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]
