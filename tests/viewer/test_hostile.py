"""What comes from a record is text on the page, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pokebench.trajectory import (
    AgentEvent,
    DiagnosticEvent,
    FailedEvent,
    Manifest,
    ResetEvent,
    ResultEvent,
    TrajectoryWriter,
    TurnEvent,
)
from tests.viewer.conftest import Seen, Viewed, keep, until
from tests.viewer.playing import HOSTILE

pytestmark = pytest.mark.slow
LONG = "long " * 1_000_000


@pytest.fixture(scope="module")
def hostile_run(oracle_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record whose every text is hostile, with two answers of five megabytes.

    Its inputs come true, so that every screen can be shown: it only waits, and reaches nothing.
    """
    folder = tmp_path_factory.mktemp("hostile") / f"run {HOSTILE[:4]}"
    manifest = Manifest.model_validate_json((oracle_run / "manifest.json").read_bytes())
    card = manifest.agent.card | {"title": HOSTILE, "model": {"model": HOSTILE}}
    agent = manifest.agent.model_copy(update={"card": card, "api_host": HOSTILE})
    reset = next(
        line for line in (oracle_run / "events.jsonl").read_text().splitlines() if '"reset"' in line
    )
    start = ResetEvent.model_validate_json("{" + reset.split(",", 1)[1].rsplit(',"h":', 1)[0] + "}")
    changed = manifest.model_copy(update={"agent": agent})
    with TrajectoryWriter.create(folder, changed) as writer:
        writer.append(start)
        frame = start.f
        for turn in range(60):
            text = LONG if turn in (4, 5) else f"{HOSTILE} {turn}"
            call = {"id": HOSTILE, "name": HOSTILE, "arguments": HOSTILE}
            short = text[:1000]
            reply = {"text": short, "thinking": text, "tool_calls": [call], "stop": HOSTILE}
            result = ResultEvent(f=frame, call=turn, attempt=0, reply=reply, seconds=1, w=1)
            writer.append(result)
            writer.append(AgentEvent(f=frame, what="notes", data={"text": text[:9000]}))
            writer.append(AgentEvent(f=frame, what="strange", data={HOSTILE: HOSTILE}))
            writer.append(
                AgentEvent(f=frame, what="epoch", data={"handover": HOSTILE, "number": 1})
            )
            failed = FailedEvent(
                f=frame, call=turn, attempt=0, fault=HOSTILE, billed="no", detail=HOSTILE, w=1
            )
            writer.append(failed)
            writer.append(TurnEvent(f=frame, a=".", text=HOSTILE, w=2))
            writer.append(DiagnosticEvent(f=frame, what="loop", turn=turn, detail=HOSTILE))
            frame += manifest.timing.step_frames
    return folder


def test_hostile_text_is_shown_as_text_and_makes_nothing(
    look: Callable[..., Seen], view: Viewed, hostile_run: Path
) -> None:
    page = look().open(f"{view(hostile_run)}#d=21")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for tab in ("notes", "milestones", "cost", "map", "raw", "thoughts"):
        page.click(f"#tab-{tab}")
        until(page, f"document.querySelector('#panel-{tab}').childElementCount > 0")
        page.wait_for_timeout(200)
    page.locator(".turn[aria-current]").wait_for()
    until(page, "Pokebench.page.state.run.simulation.frame === Pokebench.page.state.run.lastFrame")
    page.click("#simulation")
    page.click("#proof .close")

    shown = page.locator(".turn[aria-current] .thinking").text_content() or ""
    assert '<img src=x onerror="document.title=1">' in shown
    assert "</script><script>" in shown
    assert "⟨202E⟩right to left⟨202C⟩ ⟨0007⟩bell" in shown
    kinds = set(page.evaluate("[...document.querySelectorAll('#page *')].map((e) => e.tagName)"))
    assert not kinds & {"IMG", "SCRIPT", "IFRAME", "A", "STYLE", "OBJECT", "SVG", "FORM2"}
    assert page.evaluate("document.scripts.length") == page.evaluate(
        "document.querySelectorAll('body > script[src^=\"static/\"]').length"
    )
    assert "plays" in page.title()
    assert all(url.startswith(view(hostile_run)) for url in asked)
    keep(page, "desktop-hostile")


def test_lines_of_five_megabytes_are_cut_on_the_page_and_say_so(
    look: Callable[..., Seen], view: Viewed, hostile_run: Path
) -> None:
    page = look().open(f"{view(hostile_run)}#d=5")
    page.locator(".turn[aria-current]").wait_for()
    thought = page.locator(".turn[aria-current] .thinking").text_content() or ""
    assert thought.endswith("4,980,000 more characters]")
    page.click("#tab-raw")
    page.locator("#panel-raw .more").first.click()
    assert len(page.locator("#panel-raw pre").first.text_content() or "") < 500_000


def test_the_pages_policy_refuses_markup_even_to_the_page_itself(
    look: Callable[..., Seen], view: Viewed, oracle_run: Path
) -> None:
    seen = look()
    page = seen.open(view(oracle_run))
    attempt = "try { document.body.innerHTML = '<b>x</b>'; 'done' } catch { 'refused' }"

    assert page.evaluate(attempt) == "refused"
    assert "TrustedHTML" in seen.complaints.pop()
