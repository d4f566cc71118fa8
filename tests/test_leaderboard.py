import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from pokebench.errors import ConfigError
from pokebench.leaderboard import Entry, Leaderboard, add_runs, boards, entry_of, load, save
from pokebench.verify import verify

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def oracle_entry(oracle_run: Path) -> Entry:
    return entry_of(verify(oracle_run))


def competing(entry: Entry, run_id: str, milestones: int) -> Entry:
    """A made-up competitor that reached fewer milestones."""
    run = entry.runs[0]
    shorter = run.model_copy(update={"run_id": run_id, "milestones": run.milestones[:milestones]})
    agent = entry.agent.model_copy(update={"id": f"a{run_id[0]}", "privileged": False, "card": {}})
    return entry.model_copy(update={"id": run_id[:16], "agent": agent, "runs": (shorter,)})


def test_an_entry_holds_facts_and_survives_the_file(oracle_entry: Entry, tmp_path: Path) -> None:
    path = tmp_path / "leaderboard.json"
    save(add_runs(Leaderboard(), [oracle_entry]), path)

    assert load(path).entries == (oracle_entry,)
    assert len(path.read_text().splitlines()) == 3


def test_a_run_is_entered_once(oracle_entry: Entry) -> None:
    board = add_runs(Leaderboard(), [oracle_entry])

    with pytest.raises(ConfigError, match="is on the leaderboard already"):
        add_runs(board, [oracle_entry])


def test_runs_of_one_agent_share_an_entry(oracle_entry: Entry) -> None:
    run = oracle_entry.runs[0].model_copy(update={"run_id": "0" * 32, "seed": 1})
    second = oracle_entry.model_copy(update={"runs": (run,)})
    board = add_runs(add_runs(Leaderboard(), [oracle_entry]), [second])

    assert len(board.entries) == 1
    assert [run.seed for run in board.entries[0].runs] == [1, 3]


def test_references_are_shown_and_not_ranked(oracle_entry: Entry) -> None:
    entries = [
        oracle_entry,
        competing(oracle_entry, "1" * 32, 2),
        competing(oracle_entry, "2" * 32, 4),
        competing(oracle_entry, "3" * 32, 4),
    ]
    (rows,) = boards(add_runs(Leaderboard(), entries)).values()

    assert [(row.entry.agent.id, row.rank) for row in rows] == [
        ("oracle", None),
        ("a2", 1),
        ("a3", 1),
        ("a1", 3),
    ]


def test_what_differs_in_rules_is_never_on_one_board(oracle_entry: Entry) -> None:
    changes = {
        "budget_frames": 1,
        "game": oracle_entry.game.model_copy(update={"table_sha256": "0" * 64}),
        "emulator": oracle_entry.emulator.model_copy(update={"version": "9"}),
    }
    others = [
        competing(oracle_entry, f"{i}" * 32, 2).model_copy(update={name: value})
        for i, (name, value) in enumerate(changes.items(), 4)
    ]

    assert len(boards(add_runs(Leaderboard(), [oracle_entry, *others]))) == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Invalid JSON"),
        ('{"schema": 2, "entries": []}', "schema: Input should be 1"),
        ('{"schema": 1, "entries": [{}]}', r"entries\.0\.id: Field required"),
        ('{"schema": 1, "score": 100}', "score: Extra inputs"),
    ],
)
def test_a_malformed_leaderboard_names_the_key(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "leaderboard.json"
    path.write_text(text)

    with pytest.raises(ConfigError, match=message):
        load(path)


def test_numbers_are_finite(oracle_entry: Entry) -> None:
    data = json.loads(oracle_entry.model_dump_json())
    data["budget_frames"] = 0

    with pytest.raises(ValidationError):
        Entry.model_validate(data)


def test_the_repositorys_leaderboard_is_valid() -> None:
    board = load(ROOT / "leaderboard.json")

    assert boards(board).keys() == boards(add_runs(Leaderboard(), board.entries)).keys()


def test_the_published_schema_is_the_models() -> None:
    published = json.loads((ROOT / "docs" / "leaderboard.schema.json").read_text())

    assert published == Leaderboard.model_json_schema()
