import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pokebench.errors import ConfigError, DesyncError, TrajectoryError
from pokebench.milestone import Cartridge
from pokebench.trajectory.chain import Chain
from pokebench.types import EndReason
from pokebench.verify import verify

Events = list[dict[str, Any]]


def forge(folder: Path, change: Callable[[dict[str, Any], Events], None]) -> None:
    """Change a run and recompute every hash and number, as a forger would."""
    manifest_path, events_path = folder / "manifest.json", folder / "events.jsonl"
    manifest = json.loads(manifest_path.read_bytes())
    events = [json.loads(line) for line in events_path.read_bytes().splitlines()]
    change(manifest, events)
    raw = json.dumps(manifest).encode()
    manifest_path.write_bytes(raw)
    chain = Chain(raw)
    lines = []
    for index, event in enumerate(events):
        event.pop("h", None)
        body = json.dumps(event | {"i": index}, separators=(",", ":")).encode()
        lines.append(chain.seal(body) + b"\n")
    events_path.write_bytes(b"".join(lines))


@pytest.fixture
def copy(oracle_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(oracle_run, tmp_path / "run"))


def kind(events: Events, name: str) -> Events:
    return [event for event in events if event["t"] == name]


def test_an_honest_run_holds(oracle_run: Path, micro: Cartridge) -> None:
    verification = verify(oracle_run)

    assert verification.reason is EndReason.FINISHED
    assert verification.milestones[-1].id == "champion"
    claimed = [event.clocks for event in verification.trajectory.milestones]
    assert [milestone.clocks for milestone in verification.milestones] == claimed
    assert verification.cartridge.rom.sha1 == micro.rom.sha1


def test_a_forged_copy_without_changes_holds(copy: Path) -> None:
    forge(copy, lambda manifest, events: None)

    assert verify(copy).reason is EndReason.FINISHED


def _swap_turns(_: Any, events: Events) -> None:
    turns = kind(events, "turn")
    one, other = next((a, b) for a, b in pairwise(turns[40:]) if a["a"] != b["a"])
    one["a"], other["a"] = other["a"], one["a"]


def _earlier_badge(_: Any, events: Events) -> None:
    badge = next(e for e in kind(events, "milestone") if e["id"] == "badge_1")
    badge["f"] -= 20
    badge["clocks"]["frames"] -= 20


def _other_milestone(_: Any, events: Events) -> None:
    kind(events, "milestone")[2]["id"] = "champion"


def _invent_milestone(_: Any, events: Events) -> None:
    first = kind(events, "milestone")[0]
    events.insert(3, first | {"id": "champion", "f": events[3]["f"]})


FORGERIES: dict[str, tuple[Callable[[dict[str, Any], Events], None], str]] = {
    "an input changed": (
        lambda m, e: kind(e, "turn")[60].update(a="S" * len(kind(e, "turn")[60]["a"])),
        "re-simulation gives|did not latch",
    ),
    "inputs swapped": (_swap_turns, "re-simulation gives|is not recorded"),
    "a turn left out": (lambda m, e: e.remove(kind(e, "turn")[50]), "frame is recorded as"),
    "a turn added": (
        lambda m, e: e.insert(e.index(kind(e, "turn")[50]), {**kind(e, "turn")[50], "a": "."}),
        "frame is recorded as",
    ),
    "a milestone earlier": (_earlier_badge, "frame is recorded as"),
    "another milestone": (_other_milestone, "milestone is recorded as champion"),
    "a milestone invented": (_invent_milestone, "champion is claimed but did not latch"),
    "a milestone left out": (
        lambda m, e: e.remove(kind(e, "milestone")[1]),
        "is not recorded",
    ),
    "fewer presses claimed": (
        lambda m, e: kind(e, "milestone")[-1]["clocks"].update(presses=1),
        "clock presses is recorded as 1",
    ),
    "fewer turns claimed": (
        lambda m, e: kind(e, "outcome")[0]["clocks"].update(turns=1),
        "clock turns is recorded as 1",
    ),
    "a RAM hash changed": (
        lambda m, e: kind(e, "done")[0].update(ram="0" * 16),
        "RAM hash is recorded as 0000",
    ),
    "the end state changed": (
        lambda m, e: kind(e, "outcome")[0].update(state="0" * 64),
        "state hash is recorded as 0000",
    ),
    "another reason": (
        lambda m, e: kind(e, "outcome")[0].update(reason="budget_frames"),
        "reason is recorded as budget_frames",
    ),
    "another start seed": (lambda m, e: m.update(seed=4), "seed is recorded as 3"),
    "another idle time": (
        lambda m, e: kind(e, "reset")[0].update(idle_frames=1),
        "idle_frames is recorded as 1",
    ),
    "another world": (
        lambda m, e: m["game"].update(spec="tallgrass:micro@2"),
        r"manifest.json game.rom_sha1",
    ),
    "another ROM": (lambda m, e: m["game"].update(rom_sha1="0" * 40), "game.rom_sha1: recorded 0"),
    "another table": (
        lambda m, e: m["game"].update(table_sha256="0" * 64),
        "game.table_sha256: recorded 0",
    ),
    "a mark that contradicts the card": (
        lambda m, e: m["agent"].update(privileged=False),
        "contradicts the card",
    ),
    "another name of the same world": (
        lambda m, e: m["game"].update(spec="tallgrass:micro@01"),
        "game.spec",
    ),
    "other timing": (lambda m, e: m["timing"].update(step_frames=40), "timing.step_frames"),
    "other sound": (lambda m, e: m["emulator"].update(sound_emulated=True), "sound_emulated"),
    "a smaller budget": (
        lambda m, e: m["budget"].update(frames=2000),
        "after the episode was over",
    ),
    "a second reset": (lambda m, e: e.insert(5, kind(e, "reset")[0]), "reset a second time"),
    "no reset": (lambda m, e: e.remove(kind(e, "reset")[0]), "a turn before the reset"),
    "something after the end": (
        lambda m, e: e.append(kind(e, "done")[0]),
        "an event after the outcome",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_with_hashes_that_fit_is_named(name: str, copy: Path) -> None:
    change, message = FORGERIES[name]
    forge(copy, change)

    with pytest.raises(DesyncError, match=message):
        verify(copy)


@pytest.mark.parametrize("value", [-1.0, 1e300, "long", None])
def test_clocks_that_cannot_be_are_refused(value: object, copy: Path) -> None:
    forge(copy, lambda _, events: kind(events, "milestone")[0]["clocks"].update(wall_s=value))

    with pytest.raises(TrajectoryError, match=r"clocks\.wall_s"):
        verify(copy)


def test_another_emulator_version_is_not_guessed_at(copy: Path) -> None:
    forge(copy, lambda manifest, _: manifest["emulator"].update(version="2.7.0"))

    with pytest.raises(ConfigError, match=r"recorded with pyboy 2\.7\.0; .*Install that version"):
        verify(copy)


def test_a_run_that_was_cut_off_holds_as_far_as_it_goes(copy: Path) -> None:
    path = copy / "events.jsonl"
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    verification = verify(copy)

    assert verification.reason is None
    assert verification.trajectory.torn
    assert 0 < len(verification.milestones) < len(verification.cartridge.milestones)


def test_screens_that_were_asked_for_are_kept(oracle_run: Path) -> None:
    plain = verify(oracle_run)
    frames = {milestone.clocks.frames for milestone in plain.milestones}
    verification = verify(oracle_run, screens_at=frames)

    assert verification.screens.keys() == frames
    assert all(screen.shape == (144, 160, 3) for screen in verification.screens.values())
    assert verification.state == plain.state
