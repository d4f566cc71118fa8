import json
from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.errors import ConfigError, SubmissionError
from pokebench.leaderboard.board import boards
from pokebench.leaderboard.entry import Entry, EntryRun, Leaderboard, Proof
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.store import add_entry, load, save, set_proof

ROOT = Path(__file__).parents[2]


def slower(run: EntryRun, times: float, number: int) -> EntryRun:
    """A run that reached the same milestones later."""
    same = f"{number:064x}"
    milestones = tuple(
        m.model_copy(
            update={
                "clocks": replace(m.clocks, frames=int(m.clocks.frames * times)),
                "inputs": same[-16:],
            }
        )
        for m in run.milestones
    )
    changed = {"run_id": f"{number:032x}", "seed": number, "play": same, "head": same}
    return run.model_copy(update=changed | {"milestones": milestones})


def competing(entry: Entry, name: str, *paces: float, **changes: object) -> Entry:
    """A made-up competitor with one run for each pace."""
    first = int.from_bytes(name.encode(), "big") * 1000
    runs = tuple(slower(entry.runs[0], pace, first + n) for n, pace in enumerate(paces))
    card = {"adapter": "python", "harness": {"tier": "text"}}
    agent = entry.agent.model_copy(update={"id": name, "privileged": False, "card": card})
    declared = entry.submissions[0].declaration.model_copy(
        update={"runs_declared": len(runs), "runs_started": len(runs)}
    )
    handed = entry.submissions[0].model_copy(update={"name": name, "declaration": declared})
    values = {
        "id": f"{first:016x}"[-16:], "agent": agent, "tier": "text", "runs": runs,
        "submissions": (handed,),
    }  # fmt: skip
    return entry.model_copy(update=values | changes)


def board_of(*entries: Entry) -> Leaderboard:
    board = Leaderboard()
    for entry in entries:
        board = add_entry(board, entry)
    return board


def ranks(leaderboard: Leaderboard) -> list[tuple[str, int | None]]:
    (board,) = boards(leaderboard)
    return [(row.entry.agent.id, row.rank) for row in board.rows]


def test_the_faster_agent_stands_first_and_references_have_no_rank(entry: Entry) -> None:
    fast = competing(entry, "fast", 1.00, 1.01, 1.02)
    slow = competing(entry, "slow", 3.00, 3.01, 3.02)

    assert ranks(board_of(slow, entry, fast)) == [("oracle", None), ("fast", 1), ("slow", 2)]


def test_entries_whose_intervals_overlap_share_a_rank(entry: Entry) -> None:
    entries = [
        competing(entry, "a", 1.00, 1.05, 1.10),
        competing(entry, "b", 1.02, 1.06, 1.12),
        competing(entry, "c", 4.0, 4.01, 4.02),
    ]

    assert ranks(board_of(*entries)) == [("a", 1), ("b", 1), ("c", 3)]


def test_the_oracle_is_worth_one(entry: Entry) -> None:
    (board,) = boards(board_of(entry, competing(entry, "a", 2.0)))
    oracle, other = board.rows

    assert board.is_normalised
    assert oracle.log_auc.value == pytest.approx(1.0)
    assert 0 < other.log_auc.value < 1


def test_a_single_run_is_marked_and_not_ranked(entry: Entry) -> None:
    (board,) = boards(board_of(competing(entry, "a", 1.0)))

    assert board.rows[0].rank is None
    assert board.rows[0].note == "n = 1"
    assert board.rows[0].log_auc.interval is None


def test_runs_that_were_begun_and_not_handed_in_cost_the_rank(entry: Entry) -> None:
    whole = competing(entry, "a", 1.0, 1.1, 1.2)
    declared = whole.submissions[0].declaration.model_copy(update={"runs_started": 5})
    handed = whole.submissions[0].model_copy(update={"declaration": declared})
    (board,) = boards(board_of(whole.model_copy(update={"submissions": (handed,)})))

    assert board.rows[0].rank is None
    assert board.rows[0].note == "3 of 5 runs begun are handed in"


@pytest.mark.parametrize(
    "change",
    [
        {"tier": "pixels"},
        {"budget": {"frames": 9999}},
        {"game": {"table_sha256": "0" * 64}},
        {"game": {"emulator": "pyboy 9"}},
        {"agent": {"card": {"adapter": "python", "harness": {"tier": "text", "book": "open"}}}},
        {"agent": {"card": {"adapter": "model", "context": {"mode": "split"}}}},
    ],
    ids=str,
)
def test_what_differs_in_rules_or_help_is_never_on_one_board(
    change: dict[str, object], entry: Entry
) -> None:
    one, other = competing(entry, "a", 1.0), competing(entry, "b", 1.2)
    for name, value in change.items():
        changed = (
            getattr(other, name).model_copy(update=value) if isinstance(value, dict) else value
        )
        other = other.model_copy(update={name: changed})

    assert len(boards(board_of(one, other))) == 2


def test_the_same_play_is_entered_once_whatever_it_is_called(entry: Entry) -> None:
    first = competing(entry, "a", 1.0)
    copied = competing(entry, "b", 1.0)
    run = copied.runs[0].model_copy(update={"play": first.runs[0].play})

    with pytest.raises(SubmissionError, match="presses exactly the buttons of run"):
        board_of(first, copied.model_copy(update={"runs": (run,)}))


def test_runs_of_one_agent_and_submitter_are_joined(entry: Entry) -> None:
    first = competing(entry, "a", 1.0, 1.1)
    more = competing(entry, "b", 1.2)
    handed = more.submissions
    board = board_of(first, first.model_copy(update={"runs": more.runs, "submissions": handed}))

    assert [len(known.runs) for known in board.entries] == [3]
    assert board.entries[0].runs_started == 3


def test_a_board_survives_its_file_one_entry_a_line(entry: Entry, tmp_path: Path) -> None:
    path = tmp_path / "leaderboard.json"
    save(board_of(entry, competing(entry, "a", 1.0)), path)

    assert load(path).entries == board_of(entry, competing(entry, "a", 1.0)).entries
    assert len(path.read_text().splitlines()) == 4


def test_only_a_reviewer_states_more_than_replayed(entry: Entry) -> None:
    proof = Proof(level=Level.ATTRIBUTED, by="A reviewer", version="1", on="2026-01-02")
    board = set_proof(board_of(entry), entry.id, proof)

    assert board.entries[0].proof.by == "A reviewer"
    with pytest.raises(ConfigError, match="no entry"):
        set_proof(board, "0" * 16, proof)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"schema": 1, "entries": []}', "schema: Input should be 2"),
        ('{"schema": 2, "entries": [{}]}', r"entries\.0\.agent: Field required"),
        ('{"schema": 2, "score": 100}', "score: Extra inputs"),
        ('{"schema": 2, "schema": 2}', "a key stands twice"),
    ],
)
def test_a_malformed_leaderboard_names_the_key(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "leaderboard.json"
    path.write_text(text)

    with pytest.raises(ConfigError, match=message):
        load(path)


def test_the_repositorys_leaderboard_is_valid() -> None:
    assert load(ROOT / "leaderboard.json").schema_version == 2


def test_the_published_schema_is_the_models() -> None:
    published = json.loads((ROOT / "docs" / "leaderboard.schema.json").read_text())

    assert published == Leaderboard.model_json_schema()
