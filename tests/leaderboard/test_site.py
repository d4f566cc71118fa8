"""The site: what is written, and what a browser makes of it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pokebench.leaderboard.entry import Entry, Leaderboard, Likeness
from pokebench.leaderboard.site import write_site
from tests.leaderboard.test_board import board_of, competing
from tests.report.looking import DESKTOP, PHONE, Scheme, listen, look_at

HOSTILE = "<img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Collects a page's elements, links and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def board(entry: Entry) -> Leaderboard:
    """A board with a hostile title on it, as if a check had let it through."""
    hostile = competing(entry, "hostile", 1.0, 1.3, 1.7)
    like = Likeness(
        entry_id=entry.id, run_id=entry.runs[0].run_id, milestones=2, steps=500, frames=10_500,
        is_exact=True,
    )  # fmt: skip
    hostile = hostile.model_copy(
        update={"runs": (hostile.runs[0].model_copy(update={"like": like}), *hostile.runs[1:])}
    )
    agent = hostile.agent.model_copy(update={"title": HOSTILE})
    return board_of(
        entry,
        competing(entry, "fast", 1.00, 1.01, 1.02),
        competing(entry, "alone", 2.0),
        hostile.model_copy(update={"agent": agent}),
    )


@pytest.fixture(scope="module")
def site(board: Leaderboard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    replays = tmp_path_factory.mktemp("replays")
    run_id = board.entries[0].runs[0].run_id
    (replays / run_id).mkdir()
    (replays / run_id / "index.html").write_text("<!doctype html><title>replay</title>")
    write_site(board, out, replays)
    return out


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if "replays" not in path.parts)


def test_every_board_and_entry_has_a_page_and_every_link_leads_somewhere(
    site: Path, board: Leaderboard
) -> None:
    assert len(pages(site)) == 2 + 1 + len(board.entries)
    for page in pages(site):
        for _, attributes in Tags(page.read_text()).found:
            target = attributes.get("href") or attributes.get("src") or ""
            if target and not target.startswith(("#", "https://")):
                assert (page.parent / target.split("#")[0]).resolve().is_file(), (page, target)


def test_pages_hold_no_inline_script_or_style(site: Path) -> None:
    for page in pages(site):
        text = page.read_text()
        tags = Tags(text).found
        policy = next(a["content"] or "" for t, a in tags if "http-equiv" in a)

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*src=)", text)
        assert not any(name.startswith("on") or name == "style" for _, a in tags for name in a)


def test_hostile_names_are_text(site: Path) -> None:
    for page in pages(site):
        assert HOSTILE not in page.read_text()
        assert not any(tag == "img" for tag, _ in Tags(page.read_text()).found)


def test_what_is_proven_stands_on_every_page(site: Path) -> None:
    for page in pages(site):
        assert "does not show who pressed the buttons" in page.read_text()


def test_a_replay_that_was_given_is_linked(site: Path, board: Leaderboard) -> None:
    entry = board.entries[0]
    text = (site / "entries" / f"{entry.id}.html").read_text()

    assert f"../replays/{entry.runs[0].run_id}/index.html" in text
    assert (site / "replays" / entry.runs[0].run_id / "index.html").is_file()


def test_a_run_that_begins_as_another_is_marked_on_its_page(site: Path, board: Leaderboard) -> None:
    (marked,) = [entry for entry in board.entries if entry.agent.title == HOSTILE]
    text = (site / "entries" / f"{marked.id}.html").read_text()

    assert "the inputs equal those of run" in text
    assert "not ranked: begins as another run did" in text


def test_every_figure_has_its_numbers(site: Path) -> None:
    (board,) = (site / "boards").iterdir()
    numbers = (site / "data" / board.stem / "game.csv").read_text().splitlines()

    assert numbers[0] == "group,run,game minutes,share,low,high"
    assert any(line.startswith("Oracle,mean,") for line in numbers)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_browser_finds_no_fault(
    site: Path, board: Leaderboard, browser: Browser, scheme: Scheme, size: tuple[int, int]
) -> None:
    marked = next(entry for entry in board.entries if entry.agent.title == HOSTILE)
    looked_at = (
        site / "index.html",
        next((site / "boards").iterdir()),
        site / "submit.html",
        *(site / "entries" / f"{entry.id}.html" for entry in (board.entries[0], marked)),
    )
    for path in looked_at:
        look_at(browser, path, scheme, size, f"site-{path.stem[:20]}")


@pytest.mark.slow
def test_tables_are_sorted_and_clocks_chosen_under_the_policy(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    said = listen(page)
    page.goto(next((site / "boards").iterdir()).as_uri())
    names = "[...document.querySelectorAll('tbody')[0].rows].map(r => r.cells[1].innerText)"
    best_first = page.evaluate(names)
    page.get_by_role("button", name="log-time nAUC").click()
    worst_first = page.evaluate(names)
    page.get_by_text("button presses", exact=True).first.click()
    shown = page.locator(".panel:visible svg.wide")

    assert worst_first == best_first[::-1]
    assert shown.count() == 1
    assert "button presses" in (shown.get_attribute("aria-label") or "")
    assert said == []
