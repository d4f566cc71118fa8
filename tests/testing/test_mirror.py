"""The mirror player: a function of the conversation, at every tool that is offered."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import anthropic
import httpx2
import pytest

from pokebench.agent import AgentSpec
from pokebench.agent.card import AgentCard
from pokebench.episode import Episode, frames_of_minutes
from pokebench.hands import Hands
from pokebench.milestone import Cartridge
from pokebench.reader import TextReader, text_reader
from pokebench.runner import RunConfig, run
from pokebench.testing import (
    FakeProvider,
    MirrorPlayer,
    PlannedFault,
    Question,
    Said,
    ScriptedReply,
)
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.types import Action, Policy, Turn
from tests.testing.conftest import ClaudeAt

MODEL = "scripted:tallgrass:micro@1:seed1"
ALL_TOOLS = ("press_buttons", "navigate", "advance_text", "map", "write_notes")
SUMMARY = "Do not call a tool now. Write the hand-over."


@dataclass
class Harness:
    """A harness in small: does what a player calls, and says so.

    Attributes:
        said: the conversation.
        called: names of the tools that were called.
    """

    episode: Episode
    reader: TextReader
    refuses: bool = False
    said: list[Said] = field(default_factory=lambda: [Said("system", 0, ("Play.",))])
    called: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hands = Hands(self.episode, self.reader, draws=False)
        self.tell(self.hands.settle(lambda _: None).done)

    def say(self, role: str, *texts: str) -> None:
        self.said.append(Said(role, len(self.said), texts))

    def tell(self, done: str) -> None:
        self.say("user", f"Presses: some.\nDone: {done}\n\nA room.")

    def play(self, player: MirrorPlayer, turns: int, tools: tuple[str, ...] = ALL_TOOLS) -> None:
        while turns:
            reply = player.reply(Question(MODEL, tuple(self.said), tools))
            self.called.append(str(reply.tool))
            self.say("assistant", reply.text)
            turns -= self._do(reply)

    def _do(self, reply: ScriptedReply) -> bool:
        """Do a call; return whether it moved the game."""
        if reply.tool in ("map", "write_notes"):
            self.say("user", "Kept.")
            return False
        if reply.tool != "press_buttons" and self.refuses:
            self.say("user", "Not done: no.")
            return False
        trace = self.hands.perform(self._turn(reply), lambda _: None)
        self.tell(trace.done)
        return True

    def _turn(self, reply: ScriptedReply) -> Turn:
        if reply.tool == "advance_text":
            assert self.hands.situation().has_text
            return Turn((Action.A,) * 24, policy=Policy.TEXT)
        if reply.tool == "press_buttons":
            names = reply.arguments["buttons"]
            return Turn(tuple(Action[name.upper()] for name in names), policy=Policy.CAREFUL)
        view = self.reader.view(self.episode.emulator)
        assert view
        column, row = reply.arguments["column"], reply.arguments["row"]
        assert view.walkable[row - view.top][column - view.left] == "1"
        sideways = Action.RIGHT if column > view.column else Action.LEFT
        upright = Action.DOWN if row > view.row else Action.UP
        steps = (sideways,) * abs(column - view.column) + (upright,) * abs(row - view.row)
        return Turn(steps, policy=Policy.CAREFUL)


@pytest.fixture
def harness(micro: Cartridge) -> Iterator[Harness]:
    episode = Episode(micro, 1, 10**9)
    yield Harness(episode, text_reader("tallgrass", micro.rom.data))
    episode.close()


def state_of(player: MirrorPlayer) -> str:
    """The machine of the newest mirror."""
    return player._consoles[-1]._episode.emulator.ram_hash()


def test_every_tool_that_is_offered_is_used_and_the_mirror_keeps_up(harness: Harness) -> None:
    player = MirrorPlayer(uses_all_tools=True)
    harness.play(player, 90)
    player.reply(Question(MODEL, tuple(harness.said), ALL_TOOLS))

    assert set(harness.called) == set(ALL_TOOLS)
    assert harness.called.count("write_notes") == 2
    assert state_of(player) == harness.episode.emulator.ram_hash()


def test_buttons_do_where_a_tool_is_refused_or_not_offered(harness: Harness) -> None:
    harness.refuses = True
    player = MirrorPlayer(uses_all_tools=True)
    harness.play(player, 30)
    refused = [index for index, name in enumerate(harness.called) if name != "press_buttons"]
    harness.called.clear()
    harness.play(player, 10, ("press_buttons",))

    assert refused
    assert set(harness.called) == {"press_buttons"}
    assert all(later - earlier > 1 for earlier, later in itertools.pairwise(refused))


def test_a_question_is_answered_alike_whatever_was_asked_before(harness: Harness) -> None:
    player = MirrorPlayer(uses_all_tools=True)
    harness.play(player, 25)
    whole = tuple(harness.said)
    half = whole[: len(whole) // 2 * 2]
    asked = [Question(MODEL, said, ALL_TOOLS) for said in (half, whole, whole, half[:2])]
    replies = [player.reply(question) for question in asked]
    fresh = [MirrorPlayer(uses_all_tools=True).reply(question) for question in asked]

    assert replies == fresh


def test_a_cleared_context_is_known_by_its_hand_over(harness: Harness) -> None:
    player = MirrorPlayer()
    harness.play(player, 20)
    ask = Said("user", len(harness.said), (SUMMARY,))
    summary = player.reply(Question(MODEL, (*harness.said, ask), ALL_TOOLS))
    opening = f"Your hand-over:\n{summary.text}\n\nDone: \n\nThis is what you see now. A room."
    expected = player.reply(Question(MODEL, tuple(harness.said), ALL_TOOLS))
    harness.said = [harness.said[0]]
    harness.say("user", opening)

    assert summary.tool is None
    assert player.reply(Question(MODEL, tuple(harness.said), ALL_TOOLS)) == expected
    harness.play(player, 5)
    player.hear(Question(MODEL, tuple(harness.said), ALL_TOOLS))
    overflowed = [harness.said[0], Said("user", 1, (opening + " Another room.",))]
    player.reply(Question(MODEL, tuple(overflowed), ALL_TOOLS))
    assert state_of(player) == harness.episode.emulator.ram_hash()


def test_a_foreign_hand_over_is_refused() -> None:
    opening = Said("user", 0, (f"mirror mark {'0' * 16}\nDone: ",))
    with pytest.raises(ValueError, match="did not write"):
        MirrorPlayer().reply(Question(MODEL, (opening,), ALL_TOOLS))


@pytest.mark.slow
def test_runs_after_one_another_have_mirrors_of_their_own(
    micro: Cartridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "k")
    letters = []
    with FakeProvider(MirrorPlayer(uses_all_tools=True)) as provider:
        for number, tier in enumerate(("text", "pixels", "text")):
            model = {"provider": "anthropic", "base_url": provider.url, "model": MODEL}
            data = {
                "id": "scripted", "title": "Scripted", "adapter": "model",
                "model": model | {"api_key_env": "A_KEY"}, "harness": {"tier": tier},
            }  # fmt: skip
            agent = AgentSpec(AgentCard.model_validate(data))
            budget = BudgetPart(frames=frames_of_minutes(60), turns=15)
            folder = tmp_path / str(number)
            run(RunConfig(micro, agent, 1, budget, folder))
            letters.append("".join(turn.a for turn in read_trajectory(folder).turns))

    assert len(set(letters)) == 1


@pytest.mark.parametrize(
    "fault",
    [PlannedFault("refused"), PlannedFault("status", 400), PlannedFault("drop")],
    ids=lambda fault: fault.kind,
)
def test_a_mirror_hears_of_questions_that_fail(
    fault: PlannedFault, harness: Harness, claude_at: ClaudeAt
) -> None:
    player = MirrorPlayer()
    harness.play(player, 4)
    told = [{"role": said.role, "content": said.texts[0]} for said in harness.said[1:]]
    body = {"model": MODEL, "max_tokens": 4000, "system": "Play.", "messages": told}
    with FakeProvider(player) as provider:
        provider.faults.append(fault)
        with contextlib.suppress(anthropic.APIError, httpx2.TransportError):
            claude_at(provider).post("/v1/messages", body=body, cast_to=object)
    opening = Said("user", 0, ("Done: \n\nThis is what you see now. A room.",))
    player.reply(Question(MODEL, (opening,), ALL_TOOLS))

    assert state_of(player) == harness.episode.emulator.ram_hash()
