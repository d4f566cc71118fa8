"""Runs to look at: a model that thinks aloud, and keeps notes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pokebench.testing import FakeProvider, MirrorPlayer
from pokebench.testing.players import Question
from pokebench.testing.reply import ScriptedReply

GAME = "tallgrass:micro@1"
_MIRRORED = f"scripted:{GAME}:seed1"
HOSTILE = (
    '<img src=x onerror="document.title=1"> </script><script>document.title=2</script> '
    "\u202eright to left\u202c \x07bell javascript:document.title=3 &lt;b&gt; {{7*7}}"
)
THOUGHT = "The door is below me. I should leave the house, and find somebody to talk to."


class Thinker:
    """Plays as the mirror does, with thoughts; every tenth reply it writes notes."""

    def __init__(
        self, thought: Callable[[int], str] = lambda number: f"{THOUGHT} ({number})"
    ) -> None:
        """Think what `thought` says, given the number of the reply."""
        self._mirror = MirrorPlayer()
        self._thought = thought
        self._replies = 0
        self._has_noted = False

    def reply(self, question: Question) -> ScriptedReply:
        """Answer, or write notes first."""
        self._replies += 1
        thought = self._thought(self._replies)
        if question.tools and not self._has_noted and self._replies % 10 == 0:
            self._has_noted = True
            notes = f"GOAL: become champion.\nReplies so far: {self._replies}.\n{thought}"
            return ScriptedReply("I write that down.", "write_notes", {"text": notes}, thought)
        self._has_noted = False
        answer = self._mirror.reply(replace(question, model=_MIRRORED))
        if answer.tool is None:
            return answer
        return replace(answer, thinking=thought, text=f"{answer.text} {thought}")


def command(out: Path, provider: FakeProvider, *more: str) -> list[str]:
    """Return the command line of a run of the model."""
    return [
        sys.executable, "-W", "ignore", "-m", "pokebench", "run", "--agent", "claude",
        "--game", GAME, "--out", str(out), "--set", f"model.base_url={provider.url}", *more,
    ]  # fmt: skip


def environment(out: Path) -> dict[str, str]:
    """Return the environment of such a run."""
    return os.environ | {"ANTHROPIC_API_KEY": "none", "POKEBENCH_CACHE": str(out / "cache")}


def played(out: Path, thinker: Thinker, *more: str) -> Path:
    """Let the model play; return the run folder."""
    with FakeProvider(thinker) as provider:
        subprocess.run(
            command(out, provider, *more),
            env=environment(out), check=True, capture_output=True,
        )  # fmt: skip
    return folder_in(out)


def folder_in(out: Path) -> Path:
    """Return the run folder under `out`, as soon as there is one."""
    deadline = time.monotonic() + 60
    while not (found := list(out.glob("*/events.jsonl"))):
        assert time.monotonic() < deadline, "the run never began"
        time.sleep(0.02)
    return found[0].parent
