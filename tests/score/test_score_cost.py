"""What `pokebench score` says of dollars: tokens by a dated table, not what a record says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pokebench.cli.score_cost import priced, print_costs
from pokebench.errors import ConfigError
from pokebench.types import Clocks
from tests.score.made_up import made_up
from tests.test_cli import invoke

CARD = {
    "adapter": "model",
    "model": {"model": "claude-opus-5-5"},
    "prices": {"table": "2026-11"},
}
CLOCKS = Clocks(
    frames=100, calls=3, tokens_in=1_000_000, tokens_cache_read=2_000_000,
    tokens_cache_write=500_000, tokens_out=100_000, usd_known=99.0,
)  # fmt: skip
RUN = replace(made_up([1, 2]), end=CLOCKS)


def test_tokens_are_priced_by_the_dated_table_and_not_by_the_record() -> None:
    found = priced(RUN, CARD, None)

    assert found is not None
    assert found.cost is not None
    assert found.cost.usd == pytest.approx(1 * 4 + 2 * 0.2 + 0.5 * 5 + 0.1 * 20)
    assert found.cost.uncached_usd == pytest.approx(3.5 * 4 + 0.1 * 20)
    assert found.recorded_usd == 99.0
    assert found.to_json()["usd"] == pytest.approx(8.9)


def test_an_unknown_price_is_said_and_not_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    found = priced(RUN, CARD | {"model": {"model": "somebody-s"}}, None)
    print_costs([RUN], [found])

    assert found is not None
    assert found.cost is None
    assert "has no price of somebody-s" in capsys.readouterr().out


def test_who_asks_no_model_has_no_cost_and_a_table_must_exist() -> None:
    assert priced(RUN, {"adapter": "random"}, None) is None
    with pytest.raises(ConfigError, match="there are 2026-11"):
        priced(RUN, CARD, "1999-01")


def test_score_tells_where_horizons_come_from(random_run: Path, tmp_path: Path) -> None:
    plain = invoke("score", random_run, "--out", tmp_path)
    data = json.loads(invoke("score", random_run, "--out", tmp_path, "--json").stdout)

    assert "suite run" in plain.stderr
    assert "h50" in plain.stderr
    assert data["runs"][0]["cost"] is None
