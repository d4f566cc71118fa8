"""Copies of runs on the board, whole or up to some moment, whatever they are called."""

import json
from pathlib import Path

import pytest

from pokebench.agent import AgentSpec
from pokebench.episode import frames_of_minutes
from pokebench.errors import SubmissionError
from pokebench.leaderboard.board import boards
from pokebench.leaderboard.check import check
from pokebench.leaderboard.copies import likeness, marked, refuse_copies
from pokebench.leaderboard.entry import Entry, EntryRun, Proof
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.store import set_proof
from pokebench.milestone import Cartridge
from pokebench.runner import RunConfig, run
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Clocks
from tests.leaderboard.conftest import submit
from tests.leaderboard.test_board import board_of, competing

COPIER = """
import json
from pathlib import Path
from pokebench.types import Turn, actions_of

class Copier:
    def __init__(self):
        self.inputs = json.loads(Path(__file__).with_name("inputs.json").read_text())
        self.at = 0
    def act(self, observation):
        self.at += 50
        return Turn(tuple(actions_of(self.inputs[self.at - 50:self.at] or ".")))
    def state(self):
        return {"at": self.at}
    def restore(self, state):
        self.at = state["at"]
"""
STEPS = (30, 120, 250, 400, 700, 900)


def entered(entry: Entry, name: str, *paces: float) -> Entry:
    """A made-up competitor whose runs reached milestones at made-up moments by own inputs."""
    made = competing(entry, name, *paces)
    return made.model_copy(update={"runs": tuple(_long(run) for run in made.runs)})


def _long(run: EntryRun) -> EntryRun:
    like, seed = run.milestones[0], run.seed % 10**9
    milestones = tuple(
        like.model_copy(
            update={
                "id": f"m{steps}",
                "clocks": Clocks(frames=steps * 20 + seed, steps=steps),
                "inputs": f"{seed * 1000 + steps:016x}",
            }
        )
        for steps in STEPS
    )
    return run.model_copy(update={"milestones": milestones})


def copied(victim: Entry, thief: Entry, until: int, **changes: object) -> Entry:
    """A thief's run whose first milestones are those of the victim's run."""
    theirs, own = victim.runs[0].milestones[:until], thief.runs[0].milestones[until:]
    theirs = tuple(milestone.model_copy(update=changes) for milestone in theirs)
    run = thief.runs[0].model_copy(
        update={"milestones": (*theirs, *own), "seed": victim.runs[0].seed}
    )
    return thief.model_copy(update={"runs": (run, *thief.runs[1:])})


def test_a_run_that_reached_all_it_has_by_anothers_inputs_is_refused(entry: Entry) -> None:
    victim = entered(entry, "v", 1.0)
    thief = copied(victim, entered(entry, "t", 1.0), 4)
    cut = thief.runs[0].model_copy(update={"milestones": thief.runs[0].milestones[:4]})

    with pytest.raises(SubmissionError, match="reached every milestone by exactly the buttons of"):
        refuse_copies(thief.model_copy(update={"runs": (cut,)}), [victim])


def test_presses_that_do_nothing_do_not_hide_a_copy(entry: Entry) -> None:
    victim = entered(entry, "v", 1.0)
    thief = copied(victim, entered(entry, "t", 1.0), len(STEPS), inputs="0" * 16)

    with pytest.raises(SubmissionError, match="reached every milestone at the very frame of"):
        refuse_copies(thief, [victim])


@pytest.mark.parametrize(("inputs", "words"), [({}, "inputs equal"), ({"inputs": ""}, "frames")])
def test_a_run_that_goes_on_from_anothers_is_marked_and_keeps_no_rank(
    entry: Entry, inputs: dict[str, object], words: str
) -> None:
    victim = entered(entry, "v", 1.0, 1.01, 1.02)
    thief = copied(victim, entered(entry, "t", 1.0, 1.01, 1.02), 4, **inputs)
    found = marked(thief, [victim])
    (board,) = boards(board_of(victim, found))
    notes = {row.entry.agent.id: (row.rank, row.note) for row in board.rows}

    assert [bool(run.like) for run in found.runs] == [True, False, False]
    assert "up to milestone 4 of 6" in likeness(found.runs[0])
    assert words in likeness(found.runs[0])
    assert victim.id in likeness(found.runs[0])
    assert notes["v"][0] == 1
    assert notes["t"] == (None, "begins as another run did")


def test_a_reviewer_who_explained_a_mark_gives_the_rank_back(entry: Entry) -> None:
    victim = entered(entry, "v", 1.0, 1.01, 1.02)
    found = marked(copied(victim, entered(entry, "t", 1.0, 1.01, 1.02), 4), [victim])
    proof = Proof(level=Level.ATTRIBUTED, by="A reviewer", version="1", on="2026-01-02")
    (board,) = boards(set_proof(board_of(victim, found), found.id, proof))

    assert all(row.rank for row in board.rows)
    assert any(run.like for row in board.rows for run in row.entry.runs)


def test_what_anybody_presses_through_the_introduction_is_no_mark(entry: Entry) -> None:
    victim = entered(entry, "v", 1.0)
    found = marked(copied(victim, entered(entry, "t", 1.0), 3), [victim])

    assert found.runs[0].like is None


def test_code_of_one_author_may_play_alike_but_no_model_may(entry: Entry) -> None:
    victim = entered(entry, "v", 1.0)
    again = copied(victim, entered(entry, "t", 1.0), 4)
    again = again.model_copy(update={"agent": victim.agent})
    card = victim.agent.card | {"adapter": "model"}
    agent = victim.agent.model_copy(update={"card": card})
    model = again.model_copy(update={"agent": agent})

    assert marked(again, [victim]).runs[0].like is None
    assert marked(model, [victim.model_copy(update={"agent": agent})]).runs[0].like is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("steps", "change", "message"),
    [
        (500, "", "reached every milestone by exactly the buttons of run"),
        (651, "T", "reached every milestone at the very frame of run"),
    ],
)
def test_a_copy_that_was_played_under_another_name_is_refused(
    micro: Cartridge, oracle_run: Path, tmp_path: Path, steps: int, change: str, message: str
) -> None:
    inputs = "".join(turn.a for turn in read_trajectory(oracle_run).turns)[:steps]
    inputs = inputs[:-1] + change if change else inputs
    inputs = inputs.replace("A.D", f"A{change}D", 1) if change else inputs
    (tmp_path / "inputs.json").write_text(json.dumps(inputs))
    (tmp_path / "copier.py").write_text(COPIER)
    agent = AgentSpec.parse(f"{tmp_path}/copier.py:Copier")
    budget = BudgetPart(frames=frames_of_minutes(12))
    run(RunConfig(micro, agent, 3, budget, tmp_path / "copy"))
    known = check(submit([oracle_run], tmp_path / "first"))
    copy = check(submit([tmp_path / "copy"], tmp_path / "copied"), known=(known,))

    with pytest.raises(SubmissionError, match=message):
        refuse_copies(copy, [known])
