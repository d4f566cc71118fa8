"""Runs the judge as a child with limits of time, memory and files, and kills it at the last."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from pydantic import ValidationError

import pokebench
from pokebench.content import explain
from pokebench.errors import RomNeededError, SubmissionError
from pokebench.leaderboard.facts import Judged
from pokebench.leaderboard.levels import Level
from pokebench.leaderboard.plain import parse_json
from pokebench.leaderboard.stage import Staged

_MOST_ANSWER_BYTES: Final = 4 << 20
_FRAMES_A_SECOND: Final = 2000
"""Far below what any machine of today re-simulates."""
_START_SECONDS: Final = 60
"""For starting Python and making the world."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the judge of one run may use.

    Attributes:
        seconds: at most, of processor and of wall clock; short runs are given less.
        memory_bytes: address space.
    """

    seconds: int = 3600
    memory_bytes: int = 4 << 30


def judge(
    staged: Staged,
    rom: Path | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
    level: Level = Level.REPLAYED,
) -> Judged:
    """Re-simulate a staged run in a child process and return what it found.

    Args:
        staged: the run.
        rom: the verifier's own ROM, for games that are not generated.
        limits: what the child may use.
        on_progress: called now and then with the frames re-simulated so far, from another thread.
        level: at `logged` the record is read and nothing is played.

    Raises:
        SubmissionError: the run does not hold, or the child did not come to an end.
        RomNeededError: it cannot be re-simulated without a ROM.
    """
    allowed = limits or Limits()
    seconds = min(allowed.seconds, _seconds_for(staged))
    command = [
        sys.executable, "-P", "-m", "pokebench.leaderboard.judge", str(staged.folder),
        str(seconds), str(allowed.memory_bytes), str(level), *([str(rom.resolve())] if rom else []),
    ]  # fmt: skip
    raw = _answer_of(command, staged.folder, 2 * seconds, on_progress)
    answer = parse_json(raw, "the judge's answer")
    if isinstance(answer, dict) and "fault" in answer:
        if answer.get("needs_rom"):
            raise RomNeededError(f"{answer['fault']}. Without it: --level logged")
        raise SubmissionError(str(answer["fault"]))
    try:
        return Judged.model_validate_json(json.dumps(answer["judged"]))
    except (ValidationError, KeyError, TypeError) as error:
        reason = explain(error) if isinstance(error, ValidationError) else str(error)
        raise SubmissionError(f"the judge's answer cannot be read: {reason}") from error


def _seconds_for(staged: Staged) -> int:
    """Return how long a run may take: no more frames can be played than it has letters for."""
    manifest, letters = staged.manifest, staged.packed.events_bytes
    frames = min(manifest.budget.frames, letters * max(manifest.timing.step_frames, 1))
    return _START_SECONDS + max(frames, 0) // _FRAMES_A_SECOND


def _answer_of(
    command: list[str], folder: Path, seconds: int, on_progress: Callable[[int], None]
) -> bytes:
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
        close_fds=True,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    talk = threading.Thread(target=_listen, args=(child.stderr, on_progress), daemon=True)
    deadline = threading.Timer(seconds, _kill, (child,))
    talk.start()
    deadline.start()
    try:
        raw = child.stdout.read(_MOST_ANSWER_BYTES + 1)
    finally:
        deadline.cancel()
        if child.poll() is None and not _ends_soon(child):
            _kill(child)
        code = child.wait()
        talk.join(timeout=5)
        child.stdout.close()
    if code != 0 or not raw or len(raw) > _MOST_ANSWER_BYTES:
        raise SubmissionError(f"the re-simulation did not come to an end: {_death(code)}")
    return raw


def _ends_soon(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with all that it may have started; it has a process group of its own."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _death(code: int) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "it used up its time"
    return f"it was ended by signal {-code}" if code < 0 else f"exit code {code}"


def _listen(stream: IO[bytes], on_progress: Callable[[int], None]) -> None:
    """Read what the child tells, so that it never waits for us; keep nothing."""
    with stream:
        while piece := stream.readline(256):
            if piece.strip().isdigit():
                on_progress(int(piece))


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without anybody's keys."""
    package = Path(pokebench.__file__).resolve().parents[1]
    return {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(package),
        "SDL_VIDEODRIVER": "dummy",
        "TMPDIR": str(folder),
    }
