"""Two processes after one another, the second of which looked before the first was done."""

from contextlib import suppress
from pathlib import Path

from pokebench.errors import PokebenchError
from pokebench.milestone import Cartridge
from pokebench.runner import resume, run
from pokebench.testing import FakeProvider
from pokebench.trajectory import read_trajectory
from tests.endurance.asked import Asked
from tests.endurance.service import SlowMirror


def test_answers_recorded_since_the_record_was_read_are_not_lost(
    micro: Cartridge, tmp_path: Path
) -> None:
    with FakeProvider(SlowMirror()) as provider:
        config = Asked(micro, "anthropic", 20).config(tmp_path / "run", provider.url)
        run(config, stop_requested=lambda: True)
        early = read_trajectory(config.folder)
        resume(config, early, stop_requested=lambda: len(provider.bills) >= 5)
        late = read_trajectory(config.folder)
        with suppress(PokebenchError):
            resume(config, early)
        found = read_trajectory(config.folder)

    assert found.lines[: len(late.lines)] == late.lines
