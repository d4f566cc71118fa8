"""Looks at pages with a real browser."""

import os
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

DESKTOP, PHONE = (1280, 800), (360, 740)
Scheme = Literal["light", "dark"]


def look_at(browser: Browser, path: Path, scheme: Scheme, size: tuple[int, int], name: str) -> None:
    """Open a page and assert that it says nothing, fits, and has no fault that axe knows.

    A picture is kept in `POKEBENCH_ARTIFACTS`, where that is set.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = context.new_page()
    said = listen(page)
    page.goto(path.as_uri())
    width = page.evaluate("document.documentElement.scrollWidth")
    heard = list(said)
    folder = os.environ.get("POKEBENCH_ARTIFACTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        file = Path(folder) / f"{name}-{size[0]}-{scheme}.png"
        page.screenshot(path=str(file), full_page=True)
    faults = Axe().run(page).response["violations"]
    context.close()

    found = [(fault["id"], fault["nodes"][0]["html"]) for fault in faults]
    assert heard == [], heard
    assert width <= size[0], f"{width} wide"
    assert found == [], found


def listen(page: Page) -> list[str]:
    """Return a list that fills with what the page says: console, errors, dialogs."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    return said
