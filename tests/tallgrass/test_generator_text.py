import re
import string
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokebench.tallgrass.format import MAX_TEXT_BYTES, NO_FLAG, TEXT_COLUMNS, TEXT_LINES
from pokebench.tallgrass.generator import PRESETS, generate
from pokebench.tallgrass.names import NameMaker, is_blocked
from pokebench.tallgrass.phrases import Phrases, dialogue
from pokebench.tallgrass.rng import Pcg32
from pokebench.tallgrass.script import Script
from pokebench.tallgrass.text import lay_out
from pokebench.tallgrass.world import MapKind, World

any_world = pytest.mark.parametrize(
    ("preset", "seed"), [(preset, seed) for preset in PRESETS for seed in range(200, 208)]
)


@cache
def world_of(preset: str, seed: int) -> World:
    return generate(preset, seed)


def plain(text: str) -> str:
    return re.sub(r"[\n\f]+", " ", text)


def pages(text: str) -> list[list[str]]:
    return [page.split("\n") for page in text.split("\f")]


@any_world
def test_every_text_fits_the_box(preset: str, seed: int) -> None:
    for text in world_of(preset, seed).texts:
        assert text.isascii()
        assert len(text) < MAX_TEXT_BYTES
        assert all(1 <= len(page) <= TEXT_LINES for page in pages(text))
        assert all(len(line) <= TEXT_COLUMNS for page in pages(text) for line in page)


@any_world
def test_no_text_has_a_gap_or_a_leftover(preset: str, seed: int) -> None:
    for text in world_of(preset, seed).texts:
        assert not re.search(r"[{}_]|  |None|HINT|RANDOM| a [AEIOU]", plain(text)), text
        assert plain(text).strip() == plain(text) != ""


@any_world
def test_sentences_begin_with_a_capital_and_end(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    names = {area.name for area in world.maps}
    for text in world.texts:
        if plain(text) in names or plain(text).startswith("Route "):
            continue
        assert text[0] in string.ascii_uppercase, text
        assert text[-1] in ".!?", text


def chart_says(world: World, attacker: str, defender: str) -> int:
    names = world.type_names
    return world.type_chart[names.index(attacker)][names.index(defender)]


@any_world
def test_rumours_are_true_to_the_chart(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    kinds = "|".join(world.type_names)
    texts = [plain(text) for text in world.texts]
    checked = 0
    for text in texts:
        for pattern in (
            rf"lost to a (?P<kind>{kinds}) team\. "
            rf"Then I learned: (?P<one>{kinds}) and (?P<two>{kinds})",
            rf"against (?P<kind>{kinds}), send (?P<one>{kinds}) and (?P<two>{kinds})",
            rf"(?P<kind>{kinds}) creatures hate (?P<one>{kinds}) and (?P<two>{kinds})",
            rf"beat a (?P<kind>{kinds}) team with (?P<one>{kinds}) and (?P<two>{kinds})",
            rf"(?P<one>{kinds}) and (?P<two>{kinds}): good against (?P<kind>{kinds})",
            rf"(?P<kind>{kinds})\? I take (?P<one>{kinds}) and (?P<two>{kinds})",
        ):
            for match in re.finditer(pattern, text):
                assert chart_says(world, match["one"], match["kind"]) == 20
                assert chart_says(world, match["two"], match["kind"]) == 20
                checked += 1
    assert checked


@any_world
def test_hints_name_the_cave_and_the_route_where_the_thing_is(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    for quest in (entry for entry in world.milestones if entry.id.startswith("quest_")):
        thing, cave = quest.title.split(" from ")
        floor = next(area for area in world.maps if area.name == cave)
        route = next(
            world.maps[warp.map].name
            for warp in floor.warps
            if world.maps[warp.map].kind is MapKind.ROUTE
        )
        hints = [
            plain(text) for text in world.texts if thing in plain(text) and cave in plain(text)
        ]
        assert hints
        assert all(route in hint for hint in hints)


@any_world
def test_the_thing_of_a_quest_lies_in_its_cave(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    for quest in (entry for entry in world.milestones if entry.id.startswith("quest_")):
        thing, cave = quest.title.split(" from ")
        found = [
            area.name
            for area in world.maps
            for npc in area.npcs
            if npc.hide_flag != NO_FLAG
            and any(
                f"found the {thing}!" in plain(text) or f"found a {thing}!" in plain(text)
                for text in texts_of(world, npc.script)
            )
        ]
        assert len(found) == 1
        assert found[0] in (cave, f"{cave} B1")


def texts_of(world: World, script: int) -> list[str]:
    code = world.scripts[script]
    return [world.texts[int.from_bytes(code[1:3], "little")]] if code[0] == 1 else []


@any_world
def test_route_signs_tell_where_the_ways_lead(preset: str, seed: int) -> None:
    world = world_of(preset, seed)
    for area in (area for area in world.maps if area.kind is MapKind.ROUTE):
        towns = [
            world.maps[w.map].name for w in area.warps if world.maps[w.map].kind is MapKind.TOWN
        ]
        signs = [plain(text) for sign in area.signs for text in texts_of(world, sign.script)]
        posts = [text for text in signs if text.startswith(f"{area.name} ")]
        assert posts
        assert all(town in post for town in towns for post in posts)


@pytest.mark.slow
def test_everything_in_the_dialogue_table_is_said_somewhere() -> None:
    said = {
        plain(text) for preset in PRESETS for seed in range(20)
        for text in world_of(preset, seed).texts
    }  # fmt: skip
    for key, phrases in dialogue().items():
        patterns = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(plain(phrase))) for phrase in phrases]
        assert any(re.search(pattern, text) for pattern in patterns for text in said), key


def test_lay_out_begins_a_new_page_with_a_sentence_that_does_not_fit() -> None:
    text = lay_out("One two three four five six seven. Eight nine ten eleven twelve thirteen then.")

    assert (
        text == "One two three four\nfive six seven.\fEight nine ten\neleven twelve\nthirteen then."
    )


def test_lay_out_splits_a_sentence_that_no_page_can_hold() -> None:
    text = lay_out(" ".join(["abcdefghi"] * 12))

    assert [len(page) for page in pages(text)] == [4, 4, 4]


def test_lay_out_keeps_glued_words_together() -> None:
    assert lay_out("The way in is on Route_12.") == "The way in is on\nRoute 12."


@pytest.mark.parametrize("text", ["Incomprehensibilities!", "caf\u00e9", "word " * 60])
def test_lay_out_refuses_what_the_box_cannot_show(text: str) -> None:
    with pytest.raises(ValueError, match=r"longer than|printable ASCII|bytes of text"):
        lay_out(text)


def test_a_phrase_comes_again_only_after_all_others() -> None:
    phrases = Phrases(Pcg32(1))
    count = len(dialogue()["tamer_open.tamer"])
    first = [phrases.pick("tamer_open.tamer") for _ in range(count)]
    second = [phrases.pick("tamer_open.tamer") for _ in range(count)]

    assert len(set(first)) == count
    assert sorted(first) == sorted(second)


def test_a_script_jumps_to_its_labels() -> None:
    script = Script(lambda text: 7).if_flag(3, "end").say("Hello").label("end").set_flag(258)

    assert script.assemble() == bytes((3, 3, 0, 7, 1, 7, 0, 2, 2, 1, 0))


def test_a_script_without_its_label_is_refused() -> None:
    with pytest.raises(ValueError, match="no label 'nowhere'"):
        Script(lambda text: 0).jump("nowhere").assemble()


def test_a_script_that_is_too_long_is_refused() -> None:
    script = Script(lambda text: 0)
    for _ in range(96):
        script.heal()

    with pytest.raises(ValueError, match="97 bytes"):
        script.assemble()


@given(st.integers(0, 2**64 - 1))
@settings(max_examples=20, deadline=None)
def test_names_are_new_pronounceable_and_clean(seed: int) -> None:
    names = NameMaker(Pcg32(seed))
    made = [names.name(2, 7) for _ in range(60)]

    assert len(set(made)) == len(made)
    assert all(3 <= len(name) <= 7 and name.istitle() for name in made)
    assert all(re.search("[aeiou]", name.lower()) for name in made)
    assert not any(is_blocked(name) for name in made)


def test_the_blocklist_finds_words_inside_words() -> None:
    assert is_blocked("Oldshitter")
    assert not is_blocked("Brimok")
