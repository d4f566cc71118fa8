"""What a model is told and can do, by tier; the questions are looked at on the wire."""

from pathlib import Path
from typing import Any

import pytest

from pokebench.agent import AgentSpec, load_card
from pokebench.agent.card import AgentCard
from pokebench.agent.prompt import handover_question, system_prompt
from pokebench.agent.tiers import TIERS, TierName
from pokebench.errors import ConfigError
from pokebench.milestone import Cartridge
from pokebench.runner import run
from pokebench.testing import FakeProvider, ScriptedReply, ScriptPlayer
from pokebench.types import EndReason
from pokebench.verify import verify
from tests.harness.asking import config, events, letters, noted, press

GAME_FACTS = ("tallgrass", "badge", "pokemon", "gym", "champion", "milestone", "score")


def card(**tables: Any) -> AgentCard:
    model = {"provider": "anthropic", "model": "some-model"}
    data = {"id": "it", "title": "It", "adapter": "model", "model": model, **tables}
    return AgentCard.model_validate(data)


@pytest.mark.parametrize("tier", list(TIERS))
@pytest.mark.parametrize("mode", ["epochs", "split"])
def test_prompts_name_the_tools_there_are_and_nothing_of_any_game(
    tier: TierName, mode: str
) -> None:
    it = card(harness={"tier": tier}, context={"mode": mode})
    words = system_prompt(it, None) + handover_question(it)
    offered = it.context.tools_of(it.harness.allows)

    for name in TIERS["open"].tools:
        assert (f"`{name}`" in words) == (name in offered)
    assert "{" not in words
    for fact in GAME_FACTS:
        assert fact not in words.lower()


def test_the_manual_is_told_with_an_open_book_alone(micro: Cartridge) -> None:
    manual = micro.manual()
    assert manual is not None
    assert manual not in system_prompt(card(), manual)
    assert manual.strip() in system_prompt(card(harness={"book": "open"}), manual)
    with pytest.raises(ConfigError, match="has no manual"):
        system_prompt(card(harness={"book": "open"}), None)


def test_an_open_book_is_in_the_question_and_in_the_manifest(
    micro: Cartridge, tmp_path: Path
) -> None:
    heard: list[list[str]] = []

    def script(_number: int, texts: list[str]) -> ScriptedReply:
        heard.append(texts)
        return press("a")

    hashes = set()
    for book in ("open", "closed"):
        with FakeProvider(ScriptPlayer(script)) as provider:
            asked = config(
                micro, provider, tmp_path / book, harness={"book": book}, limits={"turns": 1}
            )
            run(asked)
        hashes.add(verify(tmp_path / book).trajectory.manifest.agent.prompts_sha256)
    manual = micro.manual()
    assert manual is not None

    assert [any(manual.strip() in text for text in texts) for texts in heard] == [True, False]
    assert len(hashes) == 2


def test_a_tier_shows_pictures_and_words_as_it_says(micro: Cartridge, tmp_path: Path) -> None:
    told: dict[str, str] = {}

    def script(_number: int, texts: list[str]) -> ScriptedReply:
        told.setdefault(name, texts[-1])
        return press("a")

    for name, harness in (
        ("pixels", {"tier": "pixels"}),
        ("text", {"tier": "text"}),
        ("words only", {"tier": "text", "screenshot": False}),
    ):
        with FakeProvider(ScriptPlayer(script)) as provider:
            run(config(micro, provider, tmp_path / name, harness=harness, limits={"turns": 3}))

    assert "Party" not in told["pixels"]
    assert "On screen:" in told["text"]


def test_assisted_tools_move_the_game_and_the_map_does_not(
    micro: Cartridge, tmp_path: Path
) -> None:
    heard: list[str] = []
    plan = [
        press("a"),
        ScriptedReply("", "map"),
        ScriptedReply("", "navigate", {"column": 0, "row": 0}),
        ScriptedReply("", "navigate", {"column": 99, "row": 99}),
        ScriptedReply("", "advance_text"),
        ScriptedReply("", "write_notes", {"text": "the door is south"}),
        press("down", "down"),
    ]

    def script(number: int, texts: list[str]) -> ScriptedReply:
        heard.append(texts[-1])
        if number == 2:
            place = heard[1].split("Place: ")[1]
            column, row = (int(place.split(word)[1].split(",")[0]) for word in ("column", "row"))
            below = [line[4] for line in heard[1].split("\n") if "@" in line or line[4:5] == "."]
            assert below
            return ScriptedReply("", "navigate", {"column": column, "row": row + 1})
        return plan[number] if number < len(plan) else press("b")

    with FakeProvider(ScriptPlayer(script)) as provider:
        asked = config(
            micro, provider, tmp_path / "run", harness={"tier": "assisted"}, limits={"turns": 4}
        )
        result = run(asked)

    assert result.reason is EndReason.BUDGET_TURNS
    assert "what you have seen of it" in heard[2]
    assert "Done: " in heard[3]
    assert "was not seen yet" in heard[4]
    assert "no text on screen" in heard[5]
    assert heard[6] == "Your notes are kept."
    assert [n["text"] for n in noted(tmp_path / "run", "notes")] == ["the door is south"]
    assert verify(tmp_path / "run").reason is EndReason.BUDGET_TURNS
    assert letters(tmp_path / "run")


def test_a_tier_refuses_tools_that_it_does_not_offer(micro: Cartridge, tmp_path: Path) -> None:
    def script(number: int, _texts: list[str]) -> ScriptedReply:
        return ScriptedReply("", "map") if number % 2 else press("a")

    with FakeProvider(ScriptPlayer(script)) as provider:
        run(config(micro, provider, tmp_path / "run", limits={"turns": 3}))

    assert {n["detail"] for n in noted(tmp_path / "run", "rejected")} == {
        'there is no tool "map"; there are press_buttons, write_notes'
    }


def test_asides_without_end_are_stopped(micro: Cartridge, tmp_path: Path) -> None:
    def script(_number: int, _texts: list[str]) -> ScriptedReply:
        return ScriptedReply("", "write_notes", {"text": "hm"})

    with FakeProvider(ScriptPlayer(script)) as provider:
        result = run(config(micro, provider, tmp_path / "run"))

    assert result.reason is EndReason.AGENT_MALFORMED
    assert result.clocks.calls == 20
    assert len(noted(tmp_path / "run", "notes")) == 10


def test_a_card_is_changed_for_one_run() -> None:
    claude = load_card("claude")
    changed = claude.with_settings(("harness.tier=pixels", "context.epoch_tokens=30000"))

    assert (changed.tier, changed.context.epoch_tokens) == ("pixels", 30_000)
    assert changed.model == claude.model
    for setting, message in (
        ("tier=pixels", "write it like harness.tier=pixels"),
        ("harness.tier=psychic", "harness.tier"),
        ("harness.colour=red", "harness.colour"),
        ("nothing", "write it like"),
        ("food.apple=1", "there is no table 'food'"),
    ):
        with pytest.raises(ConfigError, match=message):
            claude.with_settings((setting,))


def test_a_card_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\ntitle = "Mine"\nadapter = "random"\n')
    assert AgentSpec.parse(str(path)).card.id == "mine"
    path.rename(tmp_path / "yours.toml")
    with pytest.raises(ConfigError, match="id is 'mine', not 'yours'"):
        AgentSpec.parse(str(tmp_path / "yours.toml"))


def test_what_a_model_writes_is_cleaned_and_bounded(micro: Cartridge, tmp_path: Path) -> None:
    wild = "\x1b[31mred\x00 \u202e" + "x" * 60_000

    def script(_number: int, _texts: list[str]) -> ScriptedReply:
        return press("a", text=wild)

    with FakeProvider(ScriptPlayer(script)) as provider:
        model = {"max_output_tokens": 100_000}
        result = run(config(micro, provider, tmp_path / "run", limits={"turns": 2}, model=model))
    turns = [e for e in events(tmp_path / "run") if e.t == "turn"]

    assert result.reason is EndReason.BUDGET_TURNS
    assert all("\x1b" not in getattr(turn, "text", "") for turn in turns)
    assert verify(tmp_path / "run").reason is EndReason.BUDGET_TURNS
