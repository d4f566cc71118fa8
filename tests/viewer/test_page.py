"""The page in a real browser: what a person does with it, and what it must never do."""

from collections.abc import Callable
from pathlib import Path

from tests.viewer.conftest import Seen, Viewed, keep, until

Look = Callable[..., Seen]


def test_the_page_opens_plays_and_seeks(look: Look, view: Viewed, oracle_run: Path) -> None:
    page = look().open(f"{view(oracle_run)}#t=900")

    assert page.text_content("#agent") == "Oracle"
    assert page.text_content("#frame") == "frame 900"
    page.keyboard.press("7")
    page.keyboard.press("Space")
    until(page, "Pokebench.page.state.playhead.frame > 1500")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    frame = page.evaluate("Pokebench.page.state.playhead.frame")
    milestones = page.evaluate("Pokebench.page.state.run.milestones.map((m) => m.clocks.frames)")
    assert frame in milestones
    until(page, f"Pokebench.page.screens[0].shown === {frame}")
    until(page, f"location.hash === '#t={frame}'")
    keep(page, "desktop")
