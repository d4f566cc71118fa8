"""The page in a real browser: what a person does with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.viewer.conftest import Seen, Viewed, keep, until, violations
from tests.viewer.playing import THOUGHT, Thinker, played

Look = Callable[..., Seen]
FRAME = "Pokebench.page.state.playhead.frame"
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def model_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a model that thinks and keeps notes, with two contexts."""
    out = tmp_path_factory.mktemp("model")
    return played(out, Thinker(), "--max-turns", "60", "--set", "context.epoch_tokens=6000")


@pytest.fixture
def page(look: Look, view: Viewed, model_run: Path) -> Page:
    return look().open(view(model_run))


def test_the_page_opens_plays_and_seeks(look: Look, view: Viewed, oracle_run: Path) -> None:
    page = look().open(f"{view(oracle_run)}#t=900")

    assert page.text_content("#agent") == "Oracle"
    assert page.text_content("#frame") == "frame 900"
    films: list[str] = []
    page.on("request", lambda request: films.append(request.url))
    page.keyboard.press("7")
    page.keyboard.press("Space")
    until(page, f"{FRAME} > 1500")
    page.keyboard.press("Space")
    films = [url for url in films if "/screens/" in url]
    assert films
    assert all("every=64" in url for url in films), "more screens than a display shows"
    page.keyboard.press("Shift+ArrowRight")
    frame = page.evaluate(FRAME)
    milestones = page.evaluate("Pokebench.page.state.run.milestones.map((m) => m.clocks.frames)")
    assert frame in milestones
    until(page, f"Pokebench.page.screens[0].shown === {frame}")
    until(page, f"location.hash === '#t={frame}'")
    keep(page, "desktop-oracle")


@slow
def test_keys_step_by_frame_turn_and_milestone(page: Page) -> None:
    starts = page.evaluate("Pokebench.page.state.run.columns.frame")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FRAME) == starts[2]
    page.keyboard.press(".")
    assert page.evaluate(FRAME) == starts[2] + 1
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FRAME) == starts[2]
    page.keyboard.press(",")
    assert page.evaluate(FRAME) == starts[2] - 1
    page.keyboard.press("End")
    assert page.evaluate(FRAME) == page.evaluate("Pokebench.page.state.run.lastFrame")
    page.keyboard.press("Home")
    assert page.evaluate(FRAME) == page.evaluate("Pokebench.page.state.run.firstFrame")
    for key, tab in (("n", "notes"), ("g", "map"), ("t", "thoughts")):
        page.keyboard.press(key)
        assert page.is_visible(f"#panel-{tab}")
    clock = page.evaluate("Pokebench.page.state.clock")
    page.keyboard.press("x")
    assert page.evaluate("Pokebench.page.state.clock") != clock
    milestones = page.evaluate("Pokebench.page.state.run.milestones.map((m) => m.clocks.frames)")
    for key, frame in (("m", milestones[0]), ("PageDown", milestones[1]), ("M", milestones[0])):
        page.keyboard.press(key)
        assert page.evaluate(FRAME) == frame
    page.keyboard.press("k")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.keyboard.press("c")
    until(page, "document.querySelector('#toast').textContent.includes('ink')")
    page.keyboard.press("?")
    assert page.is_visible("#help")
    known = page.locator("#help-keys kbd").all_text_contents()
    assert {"Space", "k", "m", "n", "g", "t", "x", "c", "r", "?", "/", ",", "."} <= set(known)


@slow
def test_thoughts_and_notes_are_those_of_the_moment(page: Page) -> None:
    page.evaluate("Pokebench.page.state.playhead.seekTurn(30)")
    current = page.locator(".turn[aria-current]")
    page.locator('.turn[data-turn="30"][aria-current]').wait_for()
    assert "find somebody to talk to" in (current.text_content() or "")
    assert current.locator(".tool-name").first.text_content() == "press_buttons"
    current.locator("summary").first.click()
    current.locator(".saw-body pre").wait_for()
    assert "On screen" in (current.locator(".saw-body").first.text_content() or "")
    current.locator("summary").last.click()
    current.locator("text=Presses: ").wait_for()
    page.keyboard.press("n")
    page.locator("#panel-notes .paper").first.wait_for()
    head = "document.querySelector('#panel-notes .notes-head p').textContent"
    version = page.evaluate(head)
    page.evaluate("Pokebench.page.state.playhead.seekTurn(59)")
    until(page, f"{head} !== {version!r}")
    assert page.is_visible("text=The hand-over that this context began with")
    keep(page, "desktop-notes")


@slow
def test_search_finds_words_and_goes_there(page: Page) -> None:
    page.keyboard.press("/")
    page.fill("#search-words", "SOMEBODY to talk")
    page.keyboard.press("Enter")
    page.locator(".hit").first.wait_for()
    hits = page.locator(".hit").count()
    assert hits > 60
    before = page.evaluate(FRAME)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.text_content("#search-count") == f"3 of {hits}"
    assert page.evaluate(FRAME) >= before
    page.locator(".turn[aria-current] mark").first.wait_for()
    assert page.locator(".turn[aria-current] mark").first.text_content() == "somebody to talk"
    keep(page, "desktop-search")
    page.keyboard.press("Escape")
    assert page.is_hidden("#search-hits")


@slow
def test_clocks_can_be_switched_and_the_link_opens_the_same_moment(page: Page, look: Look) -> None:
    for clock in ("usd", "tokens", "turns"):
        page.select_option("#clock", clock)
        box = page.locator("#curve").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 30)
        assert 20 < page.evaluate("Pokebench.page.state.run.turnAt(" + FRAME + ")") < 50
    page.click("#tab-cost")
    page.locator(".totals").wait_for()
    frame = page.evaluate(FRAME)
    until(page, "location.hash.includes('tab=cost')")
    address = page.url
    keep(page, "desktop-cost")

    again = look().open(address)

    assert again.evaluate(FRAME) == frame
    assert again.evaluate("Pokebench.page.state.clock") == "turns"
    assert again.is_visible("#panel-cost")
    turn = look().open(address.split("#")[0] + "#d=12")
    assert turn.evaluate("Pokebench.page.state.run.turnAt(" + FRAME + ")") == 11


@slow
def test_the_map_shows_where_the_player_stands(page: Page) -> None:
    until(page, "Pokebench.page.state.run.simulation.state === 'holds'")
    page.evaluate("Pokebench.page.toEnd()")
    page.click("#tab-map")
    until(page, "document.querySelector('.where').textContent.includes('column')")
    keep(page, "desktop-map")
    assert "steps walked" in (page.text_content("#panel-map") or "")


@slow
def test_a_milestone_in_the_table_is_a_way_to_its_moment(page: Page) -> None:
    page.click("#tab-milestones")
    page.locator(".jump").nth(2).click()
    assert page.evaluate(FRAME) == page.evaluate(
        "Pokebench.page.state.run.milestones[2].clocks.frames"
    )
    assert (
        page.locator("tr.latest .jump").text_content()
        == page.locator(".jump").nth(2).text_content()
    )


@slow
def test_two_runs_race_locked_on_frames_and_on_milestones(
    look: Look, view: Viewed, oracle_run: Path, random_run: Path, model_run: Path
) -> None:
    page = look().open(f"{view(oracle_run, model_run, random_run)}#t=3000")
    frames = "Pokebench.page.state.runs.map((run) => Pokebench.page.state.frameOf(run))"
    last = page.evaluate("Pokebench.page.state.runs.map((run) => run.lastFrame)")
    assert page.evaluate(frames) == [min(3000, frame) for frame in last]

    page.select_option("#lock", "milestones")
    oracle, model = page.evaluate(
        "Pokebench.page.state.runs.slice(0, 2).map((r) => r.milestones[1].clocks.frames)"
    )
    page.evaluate(f"Pokebench.page.state.playhead.seek({oracle})")
    assert page.evaluate(frames)[:2] == [oracle, model]
    assert "at " in (page.locator("#race tbody tr").nth(1).text_content() or "")
    assert page.locator("#lock option").count() == 2, "two of the runs cost nothing"
    page.click("#tab-milestones")
    page.locator("table.splits thead th").nth(3).wait_for()
    page.keyboard.press("r")
    assert page.evaluate("Pokebench.page.state.run.place") == 1
    for place in range(3):
        until(page, f"Pokebench.page.screens[{place}].shown >= 0")
    in_sight = "(id) => document.getElementById(id).getBoundingClientRect().bottom <= innerHeight"
    for name in ("screens", "deck", "race", "line"):
        assert page.evaluate(in_sight, name), f"{name} is out of sight"
    assert violations(page) == {}
    page.keyboard.press("r")
    page.keyboard.press("r")
    until(page, "Pokebench.page.state.run.battles.length > 0")
    keep(page, "desktop-race")


@slow
def test_two_models_race_locked_on_dollars(
    look: Look, view: Viewed, model_run: Path, tmp_path: Path
) -> None:
    dear = played(tmp_path, Thinker(lambda number: f"{number} {THOUGHT * 20}"), "--max-turns", "40")
    page = look().open(f"{view(model_run, dear)}")
    page.select_option("#lock", "usd")
    turn = 20
    page.evaluate(f"Pokebench.page.state.playhead.seekTurn({turn})")
    first, second = page.evaluate(
        "{ const { state } = Pokebench.page;"
        " state.runs.map((run) => Pokebench.race.money(run, state.frameOf(run))); }"
    )
    turns = page.evaluate(
        "Pokebench.page.state.runs.map((r) => r.turnAt(Pokebench.page.state.frameOf(r)))"
    )

    assert turns[0] == turn
    assert 0 < turns[1] < turn, "who thinks more at the same price has played less"
    assert second == pytest.approx(first, rel=0.02)
    assert "$" in (page.text_content("#race") or "")
    names = page.evaluate("Pokebench.page.state.runs.map((run) => run.name)")
    assert len(set(names)) == 2
    for place in range(2):
        until(page, f"Pokebench.page.screens[{place}].shown > 0")
    keep(page, "desktop-race-dollars")


@slow
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("phone", [False, True])
def test_it_is_whole_on_a_phone_and_in_the_dark(
    dark: bool, phone: bool, look: Look, view: Viewed, model_run: Path
) -> None:
    page = look(dark=dark, phone=phone).open(f"{view(model_run)}#d=40")
    page.locator(".turn[aria-current]").wait_for()
    until(page, f"Pokebench.page.screens[0].shown === {FRAME}")
    name = f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}"
    keep(page, name)
    for tab in ("thoughts", "notes", "milestones", "cost", "map", "raw"):
        page.click(f"#tab-{tab}")
        until(page, f"document.querySelector('#panel-{tab}').childElementCount > 0")
        page.wait_for_timeout(150)
        assert violations(page) == {}, tab
    if not phone:
        page.keyboard.press("?")
        assert violations(page) == {}, "help"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
