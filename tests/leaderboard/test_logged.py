"""The level for games whose ROM the keeper of a board does not have: records are read only."""

from pathlib import Path
from typing import Any

import pytest

from pokebench.errors import ConfigError, DesyncError, RomNeededError, SubmissionError
from pokebench.leaderboard.board import boards
from pokebench.leaderboard.check import check
from pokebench.leaderboard.entry import Entry, Leaderboard, Proof
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.logged import read_log
from pokebench.leaderboard.store import add_entry, set_proof, without_logged
from pokebench.leaderboard.submission import EVENTS_NAME, MANIFEST_NAME
from pokebench.milestone import load_table
from pokebench.milestone.tables import load_hashed_table
from tests.leaderboard.forger import Draft, read_draft, write_folder
from tests.leaderboard.test_board import competing

GAME = "pokemon_red"


def on_a_rom(submission: Path) -> Draft:
    """A record that says it was played on a ROM which is not here, and fits in every count."""
    draft = read_draft(submission)
    table, digest = load_hashed_table(GAME)
    manifest, start = draft.manifest, draft.of_kind("reset")[0]["f"]
    old = manifest["timing"]["step_frames"]
    names = dict(
        zip(manifest["game"]["milestones"], [m.id for m in table.milestones], strict=False)
    )
    manifest["game"] |= {
        "spec": GAME, "id": table.game.id, "title": table.game.title, "world": None,
        "rom_sha1": table.rom[0].sha1, "rom_bytes": 1 << 20, "table_sha256": digest,
        "milestones": [milestone.id for milestone in table.milestones],
    }  # fmt: skip
    manifest["emulator"] |= table.emulator.model_dump()
    manifest["timing"] = {
        "step_frames": table.timing.step_frames, "hold_frames": table.timing.hold_frames,
        "boot_frames": table.start.boot_frames, "max_idle_frames": table.start.max_idle_frames,
    }  # fmt: skip
    for event in draft.record:
        if event["f"] > start:
            event["f"] = start + (event["f"] - start) // old * table.timing.step_frames
        if "clocks" in event:
            event["clocks"]["frames"] = event["f"]
        if event["t"] == "milestone":
            event["id"] = names[event["id"]]
    manifest["budget"]["frames"] = draft.record[-1]["f"]
    draft.refit()
    return draft


@pytest.fixture(scope="session")
def draft_folder(submission: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission of a run on a ROM that is not here; do not change it."""
    return write_folder(on_a_rom(submission).files, tmp_path_factory.mktemp("rom") / "logged")


@pytest.fixture(scope="session")
def logged(draft_folder: Path) -> Entry:
    """The entry that reading it gives."""
    return check(draft_folder, level=Level.LOGGED)


def test_a_record_of_a_rom_that_is_not_here_is_read_and_not_played(
    logged: Entry, entry: Entry, draft_folder: Path
) -> None:
    (run,), (played,) = logged.runs, entry.runs

    assert logged.proof.level is Level.LOGGED
    assert logged.game.title == load_table(GAME).game.title
    assert (run.end.presses, run.end.steps) == (played.end.presses, played.end.steps)
    assert [m.clocks.steps for m in run.milestones] == [m.clocks.steps for m in played.milestones]
    with pytest.raises(RomNeededError, match="Without it: --level logged"):
        check(draft_folder)


def test_a_world_that_anybody_can_make_is_never_only_logged(submission: Path) -> None:
    with pytest.raises(SubmissionError, match="is no ROM of tallgrass:micro@1"):
        check(submission, level=Level.LOGGED)


def _press_more(event: dict[str, Any]) -> None:
    event["clocks"]["presses"] += 1


def _come_earlier(event: dict[str, Any]) -> None:
    event["f"] -= 20
    event["clocks"]["frames"] -= 20


def _come_before(event: dict[str, Any]) -> None:
    event["clocks"]["steps"] = 0


def _be_unknown(event: dict[str, Any]) -> None:
    event["id"] = "badge_99"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_press_more, "clock presses is recorded as"),
        (_come_earlier, "frame is recorded as"),
        (_come_before, "which is not within the turn before it"),
        (_be_unknown, "milestone badge_99 is not left to be reached"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(
    submission: Path, tmp_path: Path, change: Any, message: str
) -> None:
    draft = on_a_rom(submission)
    change(draft.of_kind("milestone")[-1])
    draft.refit()

    (tmp_path / MANIFEST_NAME).write_bytes(draft.files[draft.manifest_name])
    (tmp_path / EVENTS_NAME).write_bytes(draft.events)

    with pytest.raises(DesyncError, match=message):
        read_log(tmp_path)


def test_what_is_only_logged_stands_below_everything_and_has_no_rank(logged: Entry) -> None:
    slow = competing(logged, "slow", 3.0, 3.1, 3.2)
    proof = slow.proof.model_copy(update={"level": Level.REPLAYED})
    board = add_entry(Leaderboard(entries=(logged,)), slow.model_copy(update={"proof": proof}))
    fast = competing(logged, "fast", 1.0, 1.1, 1.2)
    (shown,) = boards(add_entry(board, fast))

    assert shown.rows[0].entry.agent.id == "slow"
    assert shown.rows[0].log_auc.value < max(row.log_auc.value for row in shown.rows[1:])
    assert [row.rank for row in shown.rows] == [1, None, None]
    assert {row.note for row in shown.rows[1:]} == {"only logged: not played again"}
    assert not shown.is_normalised


def test_only_playing_it_again_lifts_an_entry(logged: Entry) -> None:
    board = Leaderboard(entries=(logged,))
    proof = Proof(level=Level.ATTRIBUTED, by="A reviewer", version="1", on="2026-01-02")
    name = logged.submissions[0].name

    with pytest.raises(ConfigError, match="is only logged"):
        set_proof(board, logged.id, proof)
    assert without_logged(board, name).entries == ()
    assert without_logged(board, "another").entries == (logged,)
