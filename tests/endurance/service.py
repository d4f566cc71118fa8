"""A provider in a process of its own, so that it outlives the runs that are killed.

python -m tests.endurance.service
"""

import json
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from pokebench.testing import Bill, FakeProvider, MirrorPlayer, PlannedFault, ScriptedReply
from pokebench.testing.players import Question
from tests.endurance.asked import GAME, SEED

_ROOT: Final = Path(__file__).parents[2]
_ANSWER_S: Final = 0.01
"""How long a new answer takes, so that some processes die while they wait for one."""


class SlowMirror:
    """The mirror behind any model's name, with time to think."""

    def __init__(self, answer_s: float = 0.0) -> None:
        """Take `answer_s` seconds for each new answer."""
        self._mirror = MirrorPlayer()
        self._answer_s = answer_s

    def reply(self, question: Question) -> ScriptedReply:
        """Answer as the mirror does, whatever model was asked for."""
        time.sleep(self._answer_s)
        return self._mirror.reply(replace(question, model=f"scripted:{GAME}:seed{SEED}"))


class Service:
    """The other process, as a context manager that ends it."""

    def __init__(self) -> None:
        """Start it; it dies with this process, since it reads from its pipe."""
        command = [sys.executable, "-m", "tests.endurance.service"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @cached_property
    def url(self) -> str:
        """Where it listens; waits until it does."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def plan(self, faults: list[PlannedFault | None]) -> None:
        """Plan what goes wrong with the next requests; None is nothing."""
        assert self._process.stdin is not None
        planned = [None if fault is None else asdict(fault) for fault in faults]
        self._process.stdin.write(json.dumps(planned) + "\n")
        self._process.stdin.flush()

    def bills(self) -> list[Bill]:
        """Return all bills so far."""
        with urllib.request.urlopen(f"{self.url}/_fake/bills") as answer:
            return [Bill(**bill) for bill in json.load(answer)["bills"]]


def fault_of(data: dict[str, Any] | None) -> PlannedFault | None:
    """Return a planned fault as it came over the pipe."""
    if data is None:
        return None
    headers = tuple((str(name), str(value)) for name, value in data["headers"])
    return PlannedFault(**{**data, "headers": headers})


def main() -> None:
    """Serve until the other end of the pipe is closed, by intent or by death."""
    with FakeProvider(SlowMirror(_ANSWER_S)) as provider:
        sys.stdout.write(provider.url + "\n")
        sys.stdout.flush()
        for line in sys.stdin:
            provider.faults.extend(fault_of(data) for data in json.loads(line))


if __name__ == "__main__":
    main()
