"""`pokebench fake-provider` serves until it is told to stop."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anthropic
import pytest
from click.testing import CliRunner

from pokebench.cli import main
from pokebench.testing import read_ledger
from tests.testing.asking import messages

SCRIPT = '[[reply]]\ntext = "Scripted."\n'
FAULTS = '[[fault]]\nat = 2\nkind = "status"\nstatus = 529\n'


@contextmanager
def serving(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "pokebench", "fake-provider", "--port", "0", "--json"]
    with subprocess.Popen(
        [*words, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_serves_a_script_with_faults_and_a_ledger_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "script.toml").write_text(SCRIPT)
    (tmp_path / "faults.toml").write_text(FAULTS)
    ledger = tmp_path / "ledger.jsonl"
    with serving(
        "--player", "script", tmp_path / "script.toml",
        "--faults", tmp_path / "faults.toml", "--ledger", ledger,
    ) as process:  # fmt: skip
        assert process.stdout
        told = json.loads(process.stdout.readline())
        with anthropic.Anthropic(api_key="k", base_url=told["url"], max_retries=0) as claude:
            answer = claude.messages.create(**messages()).to_dict()
            with pytest.raises(anthropic.APIStatusError):
                claude.messages.create(**messages())
            process.send_signal(signal.SIGINT)
            _, talk = process.communicate(timeout=10)

    assert answer["content"] == [{"type": "text", "text": "Scripted."}]
    assert process.returncode == 0
    assert [bill.response for bill in read_ledger(ledger)] == [answer["id"]]
    assert f'anthropic.Anthropic(base_url="{told["url"]}"' in talk
    assert f'openai.OpenAI(base_url="{told["url"]}/v1"' in talk
    assert "Answers billed: 1." in talk


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--player", "script"], "needs the script's FILE"),
        (["script.toml"], "goes with --player script only"),
        (["--faults", "none.toml"], "cannot read fault plan"),
        (["--ledger", "/nowhere/ledger.jsonl"], "cannot write ledger"),
    ],
)
def test_what_cannot_be_served_is_said(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(main, ["fake-provider", "--port", "0", *arguments])

    assert result.exit_code == 2
    assert words in result.output
